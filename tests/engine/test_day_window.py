"""Which stretch of time a day needs, and which days a moment belongs to."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.day_window import days_touched, window_of

from .series import BERLIN, at

DAY = date(2026, 6, 10)
AUTUMN, SPRING = date(2025, 10, 26), date(2026, 3, 29)
"""Days of 25 and of 23 hours."""


def test_the_window_of_a_day() -> None:
    """From the noon before to the end of the day: 35 to 37 hours."""
    hours = {day: np.diff(window_of(day, BERLIN))[0] / 3600 for day in (DAY, AUTUMN, SPRING)}
    assert hours == {DAY: 36, AUTUMN: 37, SPRING: 35}
    assert window_of(DAY, UTC)[0] == datetime(2026, 6, 9, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("hour", "minute", "days"),
    [(0, 0, [0]), (11, 59, [0]), (12, 0, [0, 1]), (23, 0, [0, 1]), (23, 59, [0, 1])],
)
def test_days_touched(hour: int, minute: int, days: list[int]) -> None:
    """From noon on a record belongs to the next night, too."""
    for day in (DAY, AUTUMN, SPRING):
        touched = days_touched(np.array([at(day, hour, minute)]), BERLIN)
        assert touched == {day + timedelta(days=shift) for shift in days}


@given(st.lists(st.floats(1.42e9, 2.5e9), max_size=20), st.sampled_from(["utc", "berlin"]))
def test_days_touched_are_those_whose_window_holds_a_time(times: list[float], zone: str) -> None:
    """No more and no fewer."""
    tz = UTC if zone == "utc" else BERLIN
    touched = days_touched(np.array(times), tz)
    for ts in times:
        local = datetime.fromtimestamp(ts, tz).date()
        for shift in (-1, 0, 1, 2):
            day = local + timedelta(days=shift)
            start, end = window_of(day, tz)
            assert (day in touched) or not start <= ts < end
    for day in touched:
        start, end = window_of(day, tz)
        assert any(start <= ts < end for ts in times)
