"""A window of days: its numbers, its direction, what it is compared with."""

from datetime import timedelta
import json
import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.insight.window_summary import (
    WINDOWS_DAYS,
    Direction,
    WindowSummary,
    summarise,
)

from ..heart.made import day_at, series


def of(values: list[float], days: int) -> WindowSummary:
    """Summarise the last days of a series."""
    found = summarise(series(values), day_at(len(values) - 1), days)
    assert found is not None
    return found


def test_numbers() -> None:
    """A week against the one before."""
    found = of([50.0] * 7 + [52.0, 55.0, 53.0, 54.0, 56.0, 51.0, 57.0], 7)
    assert (found.mean, found.low, found.high, found.total) == (54.0, 51.0, 57.0, 378.0)
    assert (found.first, found.latest, found.days, found.coverage) == (52.0, 57.0, 7, 1.0)
    assert found.sd == pytest.approx(math.sqrt(28.0 / 6.0))
    assert found.versus_previous == 4.0
    assert found.versus_previous_pct == pytest.approx(8.0)
    # Seven days are too few to tell a trend.
    assert (found.p, found.direction) == (None, Direction.UNKNOWN)


def test_gaps_are_gaps() -> None:
    """No older day steps in, and slopes are of days, not of rows."""
    values = series([10.0 + at for at in range(30)])
    for at in (3, 4, 11, 12, 13, 20):
        del values[day_at(at)]
    found = summarise(values, day_at(29), 30)
    assert found is not None
    assert (found.days, found.coverage) == (24, 0.8)
    assert found.slope == pytest.approx(1.0)
    assert found.change == pytest.approx(29.0)
    assert found.direction is Direction.RISING
    assert summarise(values, day_at(60), 30) is None
    one = summarise({day_at(0): 5.0}, day_at(0), 7)
    assert one is not None
    assert (one.sd, one.slope, one.change, one.detectable) == (None, None, None, None)
    assert one.versus_previous is None


def test_what_is_no_night_is_left_out() -> None:
    """A nap is not the shortest night."""
    values = series([420.0, 400.0, 95.0, 430.0, math.nan])
    found = summarise(values, day_at(4), 7, least=120.0)
    assert found is not None
    assert (found.low, found.days, found.latest) == (400.0, 3, 430.0)


def test_a_direction_is_no_chance() -> None:
    """Clear of noise, and named the right way round."""
    noise = np.random.default_rng(5).normal(0.0, 1.0, 90)
    up = 50.0 + 0.1 * np.arange(90) + noise
    assert of(up.tolist(), 90).direction is Direction.RISING
    assert of((-up).tolist(), 90).direction is Direction.FALLING
    assert of((50.0 + noise).tolist(), 90).direction is Direction.STEADY
    # Beyond chance, but less than nights differ.
    slight = of((50.0 + 0.02 * np.arange(90) + noise).tolist(), 90)
    assert slight.p is not None
    assert slight.p < 0.05
    assert slight.direction is Direction.STEADY


def test_the_window_before_may_be_empty_or_nothing() -> None:
    """No share of nothing; a negative mean rises when it comes nearer to 0."""
    assert of([5.0] * 9, 7).versus_previous is None
    nothing = of([0.0] * 7 + [5.0] * 7, 7)
    assert (nothing.versus_previous, nothing.versus_previous_pct) == (5.0, None)
    assert of([-2.0] * 7 + [-1.0] * 7, 7).versus_previous_pct == pytest.approx(50.0)


@given(
    st.dictionaries(st.integers(0, 400), st.floats(-1e3, 1e3), max_size=60),
    st.sampled_from(WINDOWS_DAYS),
)
def test_only_two_windows_matter(values: dict[int, float], days: int) -> None:
    """Later days and those before the window before are not looked at; it becomes JSON."""
    known = {day_at(at): value for at, value in values.items()}
    day = day_at(200)
    found = summarise(known, day, days)
    near = {on: value for on, value in known.items() if day - timedelta(days=2 * days) < on <= day}
    assert found == summarise(near, day, days)
    if found is not None:
        assert found.low <= found.mean + 1e-9 and found.mean <= found.high + 1e-9
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()
