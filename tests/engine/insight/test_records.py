"""Records: the margin, what they are compared with, refusals."""

from datetime import date, timedelta
import json

import numpy as np
import pytest

from custom_components.openstrap.engine.insight.records import (
    RECORDS,
    NewRecord,
    Record,
    best_of,
    new_record,
)

from ..heart.made import day_at, series

EARLIER = [50.0, 51, 52, 52, 53, 54, 55, 52, 51, 53, 50, 54, 56, 52]
LOW, HIGH = Record("sleeping_hr_bpm", "low"), Record("sleep_min", "high")


def set_by(value: float, record: Record = LOW) -> NewRecord | str | None:
    """Ask whether a value after the fourteen is a record."""
    return new_record(series([*EARLIER, value]), day_at(14), record)


def test_a_record_beats_the_best_by_more_than_days_differ() -> None:
    """1.96 sqrt(2) of 1.4826 beats below 50."""
    found = set_by(45.88)
    assert isinstance(found, NewRecord)
    assert found.detectable == pytest.approx(4.1096, abs=1e-3)
    assert (found.previous, found.previous_day, found.since) == (50.0, day_at(0), day_at(0))
    assert (found.values, found.confidence) == (14, 0.3)
    assert set_by(45.90) is None
    assert set_by(60.0) is None
    high = set_by(60.2, HIGH)
    assert isinstance(high, NewRecord)
    assert (high.previous, high.previous_day) == (56.0, day_at(12))
    assert set_by(45.0, HIGH) is None
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


def test_refusals() -> None:
    """Few days, no spread, no value, a day that was hardly seen."""
    short = new_record(series(EARLIER), day_at(13), LOW)
    assert short == "need_baseline:have=13,need=14"
    flat = new_record(series([50.0] * 14 + [30.0]), day_at(14), LOW)
    assert flat == "degenerate_baseline:scale=0"
    none = new_record(series(EARLIER), day_at(14), LOW)
    assert none == "need_input:name=sleeping_hr_bpm,have=0,need=1"
    walked = Record("steps", "high", of_day=True)
    values = series([*EARLIER, 90.0])
    part = new_record(values, day_at(14), walked, coverage=0.59)
    assert part == "need_input:name=coverage,have=0.59,need=0.6"
    assert isinstance(new_record(values, day_at(14), walked, coverage=0.6), NewRecord)


def test_later_days_do_not_matter() -> None:
    """A record stays one when it is beaten later."""
    values = series([*EARLIER, 45.0, 30.0])
    assert new_record(values, day_at(14), LOW) == set_by(45.0)


def test_a_mean_is_compared_with_means_that_share_no_day() -> None:
    """A week well below all weeks before it, and no single low night."""
    record = Record("resting_hr_bpm", "low", mean_days=7)
    dice = np.random.default_rng(2)
    steady = (55.0 + dice.normal(0.0, 1.0, 40)).tolist()
    values = series(steady + [48.0] * 12)
    found = [new_record(values, on, record) for on in sorted(values)]
    # Once, when the mean has come down far enough, and not again on each day that it stays.
    (week,) = [one for one in found if isinstance(one, NewRecord)]
    assert week.value < week.previous - week.detectable
    assert week.previous_day <= week.day - timedelta(days=7)
    assert new_record(series([*steady, 48.0]), day_at(40), record) is None
    thin = {day_at(50): 40.0, **series(steady)}
    missing = new_record(thin, day_at(50), record)
    assert missing == "need_input:name=resting_hr_bpm,have=0,need=1"


def test_chance_sets_hardly_any() -> None:
    """A year of somebody who stays the same."""
    dice = np.random.default_rng(11)
    values = series(dice.normal(420.0, 45.0, 365).tolist())
    found = [day for day in values if isinstance(new_record(values, day, HIGH), NewRecord)]
    assert len(found) <= 1


def test_the_best() -> None:
    """The first of equal ones; what is no number is none."""
    assert best_of(series([3.0, 1.0, 1.0, 5.0, 5.0]), "low") == (day_at(1), 1.0)
    assert best_of(series([3.0, 1.0, 1.0, 5.0, 5.0]), "high") == (day_at(3), 5.0)
    assert best_of({date(2026, 1, 1): float("nan")}, "low") is None


def test_no_records_of_load() -> None:
    """Their highest values are those with the most noise."""
    assert not {one.key for one in RECORDS} & {"strain", "trimp", "energy_kcal", "active_kcal"}
    assert all(one.mean_days == 7 for one in RECORDS if one.key == "resting_hr_bpm")
