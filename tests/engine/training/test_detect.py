"""Efforts are found whole, with their edges, and a desk is none."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.training.detect import (
    CONFIDENCE_HR,
    CONFIDENCE_MOVING,
    Effort,
    effort_floor_bpm,
    find_efforts,
)

from .workout_days import MAXIMUM, QUIET, RESTING, Bout, heart, noise, times

DAY_S = 86400.0
EDGE_S = 45.0


def efforts(
    ts: NDArray[np.float64], hr: NDArray[np.float64], moving_mg: float | None = None
) -> tuple[Effort, ...]:
    """Find efforts of the usual person, moving alike all day."""
    at = times(ts[0], ts[-1], 60.0)
    movement = None if moving_mg is None else (at, np.full(len(at), moving_mg))
    return find_efforts(ts, hr, RESTING, MAXIMUM, movement=movement)


def matches(found: tuple[Effort, ...], expected: list[tuple[float, float]]) -> None:
    """Hold edges against those that were made."""
    assert len(found) == len(expected)
    for one, (start, end) in zip(found, expected, strict=True):
        assert one.start_ts == pytest.approx(start, abs=EDGE_S)
        assert one.end_ts == pytest.approx(end, abs=EDGE_S)


@pytest.mark.parametrize(
    ("resting", "maximum", "floor"),
    [(57, 190, 117), (60, 190, 118), (55, 187, 114), (60, 130, 100)],
)
def test_floor_of_effort(resting: float, maximum: float, floor: float) -> None:
    """At 45 % of the reserve, and at least 40 above rest."""
    assert effort_floor_bpm(resting, maximum) == floor


@pytest.mark.parametrize("step", [1.0, 5.0, 10.0])
def test_a_run_is_found_from_its_start_to_its_end(step: float) -> None:
    """At every spacing of readings."""
    ts = times(0.0, 4 * 3600.0, step)
    matches(efforts(ts, heart(ts, [(5000.0, 7400.0, 150.0)])), [(5000.0, 7400.0)])


def test_warming_up_and_cooling_down_belong_to_it() -> None:
    """The hard core alone would be a third of it."""
    ts = times(0.0, 4 * 3600.0, 10.0)
    bouts: list[Bout] = [(5000.0, 5600.0, 105.0), (5600.0, 6500.0, 155.0), (6500.0, 7000.0, 104.0)]
    matches(efforts(ts, heart(ts, bouts)), [(5000.0, 7000.0)])


def test_walking_about_before_does_not_belong_to_it() -> None:
    """A long raised stretch is the level from which the effort rises."""
    ts = times(0.0, 4 * 3600.0, 10.0)
    bouts: list[Bout] = [(600.0, 5600.0, 98.0), (5600.0, 8000.0, 155.0)]
    (found,) = efforts(ts, heart(ts, bouts))
    assert found.start_ts == pytest.approx(5600.0, abs=EDGE_S)


def test_intervals_are_one_workout() -> None:
    """Four minutes hard, three easy, six times."""
    ts = times(0.0, 4 * 3600.0, 10.0)
    bouts: list[Bout] = []
    for start in times(4000.0, 6520.0, 420.0).tolist():
        bouts += [(start, start + 240.0, 165.0), (start + 240.0, start + 420.0, 105.0)]
    matches(efforts(ts, heart(ts, bouts)), [(4000.0, 6520.0)])


def test_rest_between_makes_two() -> None:
    """More than five minutes of it; a shorter one does not."""
    ts = times(0.0, 5 * 3600.0, 10.0)
    apart: list[Bout] = [(4000.0, 5200.0, 150.0), (6000.0, 7200.0, 150.0)]
    matches(efforts(ts, heart(ts, apart)), [(4000.0, 5200.0), (6000.0, 7200.0)])
    near: list[Bout] = [(4000.0, 5200.0, 150.0), (5400.0, 6600.0, 150.0)]
    matches(efforts(ts, heart(ts, near)), [(4000.0, 6600.0)])


def test_a_hole_does_not_bridge() -> None:
    """An hour off the wrist is no workout; a minute without reading is."""
    ts = times(0.0, 5 * 3600.0, 10.0)
    hr = heart(ts, [(4000.0, 9000.0, 150.0)])
    hr[(ts >= 5000.0) & (ts < 5060.0)] = np.nan
    matches(efforts(ts, hr), [(4000.0, 9000.0)])
    hr[(ts >= 5000.0) & (ts < 8000.0)] = np.nan
    first, second = efforts(ts, hr)
    assert first.end_ts <= 5000.0 and second.start_ts >= 8000.0


def test_an_edge_lies_on_this_side_of_a_hole() -> None:
    """What was before it may be another matter."""
    ts = times(0.0, 4 * 3600.0)
    hr = heart(ts, [(5000.0, 5800.0, 98.0), (5800.0, 8000.0, 155.0)])
    hr[(ts >= 5300.0) & (ts < 5500.0)] = np.nan
    (found,) = efforts(ts, hr)
    assert found.start_ts == 5500.0


def test_bursts_of_a_raised_day_are_none() -> None:
    """Three minutes in ten above the floor, or five in fifteen a little below it."""
    ts = times(0.0, 5 * 3600.0)
    for above, length, every in ((130.0, 180.0, 600.0), (112.0, 300.0, 900.0)):
        bouts: list[Bout] = [(2000.0, 12000.0, 96.0)]
        bouts += [(at, at + length, above) for at in times(2600.0, 11000.0, every).tolist()]
        assert efforts(ts, heart(ts, bouts)) == ()


def test_a_steady_easy_hour_is_found() -> None:
    """Below the floor, for longer; half as long is not enough."""
    ts = times(0.0, 4 * 3600.0)
    matches(efforts(ts, heart(ts, [(5000.0, 8000.0, 112.0)]), 100.0), [(5000.0, 8000.0)])
    assert efforts(ts, heart(ts, [(5000.0, 6500.0, 112.0)]), 100.0) == ()
    assert efforts(ts, heart(ts, [(5000.0, 8000.0, 112.0)]), 20.0) == ()


def test_a_long_walk_between_makes_two() -> None:
    """Also when the heart never rests."""
    ts = times(0.0, 5 * 3600.0)
    bouts: list[Bout] = [(3600.0, 7800.0, 100.0), (4000.0, 5200.0, 150.0), (6700.0, 7800.0, 150.0)]
    first, second = efforts(ts, heart(ts, bouts))
    assert first.end_ts < 5400.0 and second.start_ts > 6500.0


def test_a_long_ride_is_whole() -> None:
    """Six hours are one workout."""
    ts = times(0.0, 12 * 3600.0, 10.0)
    matches(efforts(ts, heart(ts, [(9000.0, 30600.0, 135.0)])), [(9000.0, 30600.0)])


def test_movement_agrees_or_refuses() -> None:
    """A still wrist at a moderate rate is none; a hard indoor ride is one all the same."""
    ts = times(0.0, 4 * 3600.0, 10.0)
    moderate, hard = (heart(ts, [(5000.0, 7400.0, level)]) for level in (128.0, 160.0))
    assert efforts(ts, moderate, 20.0) == ()
    (ridden,) = efforts(ts, hard, 20.0)
    (moved,) = efforts(ts, moderate, 150.0)
    assert ridden.confidence == CONFIDENCE_HR
    assert moved.confidence == CONFIDENCE_MOVING
    (alone,) = efforts(ts, moderate)
    assert alone.confidence == CONFIDENCE_HR


def test_nothing_to_look_at() -> None:
    """No reading, and no reserve."""
    ts = times(0.0, 3600.0, 10.0)
    assert efforts(ts, np.full(len(ts), np.nan)) == ()
    assert find_efforts(ts, np.full(len(ts), 150.0), 60.0, 60.0) == ()
    assert find_efforts(np.empty(0), np.empty(0), 60.0, 190.0) == ()


@given(
    st.integers(0, 2**32 - 1),
    st.floats(-10.0, 14.0),
    st.lists(
        st.tuples(st.integers(0, 57000), st.integers(60, 540), st.floats(85.0, 140.0)), max_size=8
    ),
)
def test_a_desk_is_no_workout(
    seed: int, level: float, bursts: list[tuple[int, int, float]]
) -> None:
    """Whatever excites for minutes; the heart alone is enough to tell."""
    ts = times(0.0, 57600.0, 10.0)
    hr = np.full(len(ts), QUIET + level) + noise(len(ts), seed, 5.0)
    end = -2000
    for start, length, height in sorted(bursts):
        if start < end + 1800:  # bursts that follow each other at once are another matter
            continue
        end = start + length
        inside = (ts >= start) & (ts < end)
        hr[inside] = np.maximum(hr[inside], height)
        after = (ts >= end) & (ts < end + 600.0)
        hr[after] = np.maximum(hr[after], QUIET + (height - QUIET) * np.exp((end - ts[after]) / 60))
    assert efforts(ts, hr) == ()


@given(
    st.integers(0, 2**32 - 1),
    st.lists(
        st.tuples(st.integers(0, 50000), st.integers(60, 7200), st.floats(85.0, 135.0)), max_size=8
    ),
)
def test_a_desk_is_no_workout_while_the_wrist_is_still(
    seed: int, bursts: list[tuple[int, int, float]]
) -> None:
    """However long the excitement lasts."""
    ts = times(0.0, 57600.0, 10.0)
    hr = np.full(len(ts), QUIET) + noise(len(ts), seed, 4.0)
    for start, length, height in bursts:
        inside = (ts >= start) & (ts < start + length)
        hr[inside] = np.maximum(hr[inside], height)
    assert efforts(ts, hr, 25.0) == ()


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 10**6),
    st.integers(1000, 4000),
    st.integers(1000, 6000),
    st.floats(130.0, 180.0),
)
def test_when_it_was_does_not_matter(
    seed: int, shift: int, start: int, length: int, level: float
) -> None:
    """A day moved on is the same efforts moved on; they lie within what was recorded, apart."""
    ts = times(0.0, 4 * 3600.0, 10.0)
    hr = heart(ts, [(start, start + length, level)], seed)
    found = efforts(ts, hr)
    moved = efforts(ts + 10.0 * shift, hr)
    assert [(one.start_ts + 10.0 * shift, one.end_ts + 10.0 * shift) for one in found] == [
        (one.start_ts, one.end_ts) for one in moved
    ]
    edges = [edge for one in found for edge in (one.start_ts, one.end_ts)]
    assert edges == sorted(edges) and edges[0] >= 0.0 and edges[-1] <= ts[-1] + 10.0
    assert len(found) == 1
