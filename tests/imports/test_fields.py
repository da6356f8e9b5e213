"""What is kept of the parts of days, and what cannot be true."""

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.openstrap.engine.imported import SourceName
from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.imports import (
    ImportedDay,
    ImportedJournal,
    ImportedNap,
    ImportedWorkout,
)
from custom_components.openstrap.imports.fields import day_fields, journal_fields, workout_fields

BERLIN = ZoneInfo("Europe/Berlin")
NOW = 1_780_261_200.0
DAY = date(2026, 5, 3)
APP = SourceName.OPENSTRAP_APP


def kept(**told: Any) -> tuple[list[Any], dict[str, int]]:
    """Give what is kept of a day, and what is counted."""
    skipped: Counter[str] = Counter()
    day = told.pop("day", DAY)
    found = list(day_fields(ImportedDay(day, "Europe/Berlin", APP, **told), 7, NOW, skipped))
    return [set(fields) - {"timezone"} for _, _, fields in found], dict(skipped)


def test_what_cannot_be_true_is_left_out() -> None:
    """Metrics that are none, numbers beyond bodies, times beyond now, nights of two days."""
    values = {
        "resting_hr_bpm": 52.0, "rmssd_ms": -4.0, "steps": float("nan"), "mojo": 1.0,
        "recovery": 101.0, "rest_onset": 5.0, "awakenings": 3.0,
    }  # fmt: skip
    assert kept(values=values) == (
        [{"value/resting_hr_bpm", "value/awakenings"}],
        {"out_of_range": 4, "unknown_metric": 1},
    )
    assert kept(sleep=(NOW - 9e5, NOW - 8e5)) == ([], {"bad_time": 1})
    light, deep = Stage.LIGHT, Stage.DEEP
    for stages in (
        ((NOW - 90, NOW - 30, light), (NOW - 60, NOW, deep)),
        ((NOW - 90, NOW - 90, light),),
        ((NOW, NOW + 3 * 86400.0, light),),
    ):
        assert kept(stages=stages) == ([], {"bad_time": 1}), stages
    naps = (ImportedNap(NOW - 900, NOW - 90, 9.0), ImportedNap(NOW, NOW - 1))
    assert kept(naps=naps) == ([{f"nap/{NOW - 900:.0f}"}], {"bad_time": 1})
    for day in (date(2027, 1, 1), date(1999, 1, 1)):
        assert kept(day=day, values={"steps": 1.0}) == ([], {"bad_time": 1})


def test_a_workout_belongs_to_the_day_on_which_it_ends() -> None:
    """With what is known of it."""
    skipped: Counter[str] = Counter()
    workout = ImportedWorkout(
        APP, NOW - 900, NOW + 7200, kcal=-5.0, zone_s=(1.0, 2.0, 3.0, 4.0, float("inf"))
    )
    ((day, _, fields),) = workout_fields(workout, 7, BERLIN, NOW, skipped)
    assert (day, skipped) == (date(2026, 6, 1), {"out_of_range": 2})
    row = [NOW - 900, NOW + 7200, *[None] * 7]
    assert fields == {"timezone": (7, "Europe/Berlin"), f"workout/{NOW - 900:.0f}": (7, row)}
    backwards = ImportedWorkout(APP, NOW, NOW - 5)
    assert list(workout_fields(backwards, 7, BERLIN, NOW, skipped)) == []


def test_the_journal() -> None:
    """Its own limits hold; an empty entry is none."""
    skipped: Counter[str] = Counter()
    whole = ImportedJournal(DAY, ("Sick ",), {"alcohol": 2.0}, " wine ")
    ((_, source, fields),) = journal_fields(whole, 7, BERLIN, APP, skipped)
    assert source is APP
    assert set(fields) == {"timezone", "tag/sick", "number/alcohol", "note"}
    for entry in (ImportedJournal(DAY), ImportedJournal(DAY, numbers={"mood": 9.0})):
        assert list(journal_fields(entry, 7, BERLIN, APP, skipped)) == []
    assert skipped == {"out_of_range": 1}
