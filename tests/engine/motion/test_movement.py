"""The wearer's own measure of movement."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import numpy as np

from custom_components.openstrap.engine.baseline import need_baseline
from custom_components.openstrap.engine.motion.movement import (
    BLOCK_DAYS,
    day_summary_mg,
    movement_floor_mg,
    movement_minutes,
    reference_days,
)

DAY = date(2026, 5, 10)
BORDER = date.fromordinal(DAY.toordinal() // BLOCK_DAYS * BLOCK_DAYS)


def back(day: date, days: int) -> dict[date, float]:
    """Values of the days before a day: 1 for the day before it, and so on."""
    return {day - timedelta(days=n): float(n) for n in range(1, days + 1)}


def test_a_days_summary() -> None:
    """Of an hour of covered minutes at least, and never nothing."""
    minutes = np.concatenate((np.arange(1.0, 102.0), np.full(50, np.nan)))
    assert day_summary_mg(minutes) == 91.0
    assert day_summary_mg(minutes[:59]) is None
    assert day_summary_mg(np.zeros(100)) is None


def test_a_floor_takes_five_days() -> None:
    """Of days before, not of the day itself."""
    known = back(DAY, 4) | {DAY: 500.0, DAY + timedelta(days=1): 900.0}
    assert movement_floor_mg(known, DAY) == need_baseline(4, 5)
    assert movement_floor_mg(back(DAY, 5), DAY) == (3.0, 5)


def test_a_floor_stands_still_within_its_block() -> None:
    """However the days of the block go: or a change would take its own measure along."""
    before = back(BORDER, BLOCK_DAYS)
    busy = {BORDER + timedelta(days=n): 1000.0 for n in range(BLOCK_DAYS)}
    floors = {
        movement_floor_mg(before | busy, BORDER + timedelta(days=n)) for n in range(BLOCK_DAYS)
    }
    assert floors == {(49.5, 14)}
    assert movement_floor_mg(before | busy, BORDER + timedelta(days=BLOCK_DAYS)) == (1000.0, 14)


@given(st.sets(st.integers(-130, 3)), st.integers(0, 60))
def test_reference_days_lie_before_and_near(offsets: set[int], shift: int) -> None:
    """Within the history that trends may look at, whatever else is known."""
    day = DAY + timedelta(days=shift)
    known = {day + timedelta(days=n): 1.0 for n in offsets}
    found = reference_days(known, day)
    assert found == sorted(found)
    assert all(1 <= (day - one).days < 2 * BLOCK_DAYS <= 120 for one in found)
    recent = {one: value for one, value in known.items() if (day - one).days <= 120}
    assert reference_days(recent, day) == found


def test_minutes_count_in_runs_of_three() -> None:
    """What is not covered ends a run; at the floor is not above it."""
    high, low, hole = 2.0, 1.0, np.nan
    minutes = np.array([high] * 3 + [low] + [high] * 2 + [low] + [high] * 2 + [hole] + [high] * 4)
    assert movement_minutes(minutes, 1.0) == (7, 2)
    assert movement_minutes(minutes, 1.0, 1) == (11, 4)
    assert movement_minutes(np.full(5, np.nan), 1.0) == (0, 0)


@given(st.lists(st.floats(0.0, 200.0), min_size=1, max_size=100), st.floats(1.0, 3.0))
def test_more_movement_is_never_fewer_minutes(values: list[float], times: float) -> None:
    """Against a floor that stands still."""
    minutes = np.array(values)
    assert movement_minutes(times * minutes, 50.0)[0] >= movement_minutes(minutes, 50.0)[0]
