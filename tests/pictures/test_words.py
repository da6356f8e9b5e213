"""How numbers, times and reasons are written."""

from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.engine.baseline import need_baseline
from custom_components.openstrap.engine.metric import NO_SLEEP, Tier, absent, need_input
from custom_components.openstrap.engine.recovery.bands import Band
from custom_components.openstrap.engine.recovery.recovery_trends import WORDS
from custom_components.openstrap.engine.sleep.hypnogram import Stage
from custom_components.openstrap.engine.told import WorkoutKind
from custom_components.openstrap.pictures import words


@pytest.mark.parametrize(
    ("note", "text"),
    [
        (NO_SLEEP, "No sleep was found in this night."),
        (need_baseline(2, 4), "Calibrating: 2 of 4 nights are known."),
        (need_input("birth_year", 0, 1), "Missing: a year of birth."),
        (need_input("still_10_s", 3, 12.5), "Not enough yet: still 10 s (3 of 12.5)."),
        ("hrv_refused:acf1=0.1,conc=0.2", "Not known (hrv refused)."),
        ("not_computed:algorithm=2", "Not known (not computed)."),
    ],
)
def test_reasons(note: str, text: str) -> None:
    """The notes of metrics, as sentences."""
    assert words.why(absent("%", "Recovery", note, tier=Tier.ESTIMATE)) == text


def test_without_a_reason() -> None:
    """Nothing is made up."""
    assert words.why(None) == words.NOTHING_YET


def test_days_and_times() -> None:
    """24 hours, where the wearer was; days as they are said."""
    assert words.day_words(date(2026, 2, 1)) == "Sun 1 Feb"
    assert words.clock(0.0, ZoneInfo("Asia/Kathmandu")) == "05:30"
    assert len(set(words.WEEKDAYS)) == 7
    assert len(set(words.MONTHS)) == 12


def test_numbers() -> None:
    """Rounded as they are shown, with a true minus, and a dash for what is not known."""
    assert [words.duration(minutes) for minutes in (None, float("nan"), 0, 59.4, 59.5, 605)] == [
        *("–", "–", "0 min", "59 min", "1 h 00", "10 h 05")
    ]
    assert words.full_duration(605) == "10 h 05 min"
    assert words.full_duration(5) == "5 min"
    assert [words.plain(value, 1) for value in (None, float("inf"), 1.25, -2.0, -0.01)] == [
        *("–", "–", "1.2", "−2.0", "0.0")
    ]
    assert [words.signed(value) for value in (8.3, -1.6, 0.04, -0.04)] == [
        *("+8.3", "−1.6", "0.0", "0.0")
    ]
    assert words.between(4.0, 4.2) == "4"
    assert words.between(4.0, 9.0) == "4–9"


def test_everything_has_a_word() -> None:
    """Stages, bands, workouts and drivers of the engine."""
    assert set(words.STAGES) == set(Stage) - {Stage.UNOBSERVED}
    assert set(words.BANDS) == set(Band)
    assert set(words.KINDS) == set(get_args(WorkoutKind.__value__))
    assert set(words.DRIVERS) == set(WORDS)
