"""When a nightly value took on a new level."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.insight.change_points import (
    WINDOW_DAYS,
    ChangePoint,
    change_points,
    partition,
)
from tests.engine.heart.made import day_at, series

LOW = [54.0, 55, 53, 54, 56, 55, 54, 53, 55, 54]
HIGH = [58.0, 59, 58, 59, 60, 58, 59, 58, 57, 59]


def alike_nights(seed: int, alike: float, step: float = 0.0) -> NDArray[np.float64]:
    """Make 120 nights that resemble the one before, with a step in the middle."""
    dice = np.random.default_rng(seed)
    x = dice.standard_normal(120)
    for at in range(1, 120):
        x[at] = alike * x[at - 1] + np.sqrt(1 - alike**2) * x[at]
    x[60:] += step
    return x


def changes(values: dict[date, float], day: date) -> tuple[ChangePoint, ...]:
    """Return the changes of a series that is long enough."""
    found = change_points(values, day)
    assert not isinstance(found, str)
    return found


def test_known_answer() -> None:
    """Ten nights and ten nights."""
    assert partition(np.array(LOW + HIGH)) == [10]
    (found,) = changes(series(LOW + HIGH), day_at(19))
    assert found.day == day_at(10)
    assert (found.before, found.after) == pytest.approx((54.3, 58.5))
    assert found.nights == 10
    assert found.to_dict() == {
        "day": day_at(10).isoformat(),
        "before": 54.3,
        "after": 58.5,
        "nights": 10,
    }


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.5])
def test_steady_nights_have_one_level(alike: float) -> None:
    """Nights that resemble the one before make no levels by that alone."""
    found = [len(partition(alike_nights(seed, alike))) for seed in range(40)]
    assert np.mean(found) <= 0.1


@pytest.mark.parametrize(("alike", "share"), [(0.0, 0.95), (0.5, 0.75)])
def test_a_step_is_found_where_it_is(alike: float, share: float) -> None:
    """A step of two standard deviations, within a week."""
    found = [partition(alike_nights(seed, alike, 2.0)) for seed in range(40)]
    assert np.mean([any(abs(at - 60) <= 7 for at in one) for one in found]) >= share


def test_a_gap_takes_no_room() -> None:
    """The change is dated to the first known night of the new level."""
    values = series(LOW)
    values |= {day_at(20 + at): value for at, value in enumerate(HIGH)}
    (found,) = changes(values, day_at(40))
    assert found.day == day_at(20)


def test_two_changes() -> None:
    """Each level reaches to the next."""
    found = changes(series(LOW * 2 + HIGH * 2 + LOW * 2), day_at(59))
    assert [one.day for one in found] == [day_at(20), day_at(40)]
    assert [one.nights for one in found] == [20, 20]
    assert found[0].after == found[1].before


def test_refusals() -> None:
    """Too few nights; nights that never vary, or differ by nothing but a step, have no change."""
    assert change_points(series(LOW), day_at(9)) == "need_baseline:have=10,need=14"
    assert change_points(series([50.0] * 30), day_at(29)) == ()
    assert partition(np.array(LOW)) == []
    long_ago = series(LOW + HIGH)
    assert change_points(long_ago, day_at(WINDOW_DAYS + 10)) == "need_baseline:have=9,need=14"


def test_where_most_nights_are_the_same() -> None:
    """The standard deviation of the differences stands in for their median."""
    assert partition(np.array([50.0] * 20 + [60.0] * 20)) == [20]


@given(st.integers(0, 500), st.floats(-50.0, 50.0), st.floats(0.1, 20.0))
def test_unit_and_zero_do_not_matter_nor_do_later_nights(
    seed: int, shift: float, scale: float
) -> None:
    """Levels last a week, and lie where they lie in any unit."""
    x = alike_nights(seed, 0.3, 2.0)
    found = partition(x)
    assert partition(shift + scale * x) == found
    assert np.diff([0, *found, len(x)]).min() >= 7
    values = series(x.tolist())
    day = day_at(80)
    known = {one: value for one, value in values.items() if one <= day}
    assert change_points(values, day) == change_points(known, day)
    assert max(known) == day_at(0) + timedelta(days=80)
