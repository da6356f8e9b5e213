"""Buckets of a week, five weeks, a quarter."""

from datetime import date, timedelta
import json

import pytest

from custom_components.openstrap.engine.insight.trend_explorer import explore

DAY = date(2026, 3, 15)
VALUES = {DAY - timedelta(days=back): 100.0 - back for back in range(120)}


def test_a_week() -> None:
    """A bucket a day."""
    found = explore(VALUES, DAY, "week")
    assert [bucket.mean for bucket in found.buckets] == [94.0, 95, 96, 97, 98, 99, 100]
    assert (found.mean, found.low, found.high) == (97.0, 94.0, 100.0)
    assert found.second_half == pytest.approx(99.0 - 95.0)


def test_five_weeks() -> None:
    """Means of seven days that end with the day."""
    found = explore(VALUES, DAY, "month")
    assert [bucket.mean for bucket in found.buckets] == [69.0, 76.0, 83.0, 90.0, 97.0]
    last = found.buckets[-1]
    assert (last.first, last.last, last.days, last.coverage) == (date(2026, 3, 9), DAY, 7, 1.0)
    assert (last.low, last.high, last.met) == (94.0, 100.0, None)


def test_a_quarter() -> None:
    """Months of the calendar, over the end of a year."""
    firsts = [bucket.first for bucket in explore(VALUES, date(2026, 2, 28), "quarter").buckets]
    assert firsts == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    found = explore(VALUES, DAY, "quarter")
    assert [(one.first, one.last) for one in found.buckets] == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), DAY),
    ]
    assert [one.days for one in found.buckets] == [31, 28, 15]


def test_gaps() -> None:
    """A bucket without a value has none, and none is made up."""
    there = {on: value for on, value in VALUES.items() if not DAY - timedelta(7) < on <= DAY}
    found = explore(there, DAY, "month")
    last = found.buckets[-1]
    assert (last.days, last.coverage, last.mean, last.low, last.high) == (0, 0.0, None, None, None)
    assert (found.mean, found.high) == (79.5, 90.0)
    empty = explore({}, DAY, "week")
    assert (empty.mean, empty.low, empty.second_half) == (None, None, None)
    assert len(empty.buckets) == 7


def test_the_target_is_the_one_of_its_day() -> None:
    """Met by half of the days that had one."""
    target = {DAY - timedelta(days=back): 97.0 for back in range(6)}
    found = explore(VALUES, DAY, "month", target=target)
    assert [bucket.met for bucket in found.buckets] == [None, None, None, None, True]
    harder = explore(VALUES, DAY, "month", target=dict.fromkeys(target, 98.5))
    assert harder.buckets[-1].met is False
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()
