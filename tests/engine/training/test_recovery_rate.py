"""How fast the heart comes down."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.training.recovery_rate import (
    effort_end,
    heart_rate_decay,
    heart_rate_drop,
)

from .workout_days import times

FALL = times(0.0, 181.0, 1.0)
FALLING = np.floor(110.0 + 55.0 * np.exp(-FALL / 60.0) + 0.5)


def test_known_fall() -> None:
    """An exponential from 165 to 110 with a time constant of a minute."""
    drop = heart_rate_drop(FALL, FALLING, 0.0)
    assert drop is not None
    assert (drop.peak_bpm, drop.bpm) == (165.0, 35.0)
    decay = heart_rate_decay(FALL, FALLING, 0.0)
    assert decay is not None
    assert decay.tau_s == 60.0
    assert decay.level_bpm == pytest.approx(110.02, abs=0.01)
    assert decay.height_bpm == pytest.approx(54.93, abs=0.01)
    assert decay.misfit == pytest.approx(0.0052, abs=0.0001)


def test_more_of_it_seen_is_surer() -> None:
    """Half a minute of effort before, and every second."""
    ts = times(-30.0, 181.0, 1.0)
    hr = np.where(ts < 0.0, 165.0, 110.0 + 55.0 * np.exp(-np.maximum(ts, 0.0) / 60.0))
    whole = heart_rate_drop(ts, hr, 0.0)
    bare = heart_rate_drop(FALL, FALLING, 0.0)
    assert whole is not None and bare is not None
    assert whole.confidence == pytest.approx(0.9)
    assert bare.confidence < 0.7
    tens = heart_rate_drop(ts[::10], hr[::10], 0.0)
    assert tens is not None and tens.bpm == pytest.approx(whole.bpm, abs=1.0)
    slow = heart_rate_decay(ts[::10], hr[::10], 0.0)
    assert slow is not None and slow.tau_s == pytest.approx(60.0, abs=2.0)


def test_refusals() -> None:
    """A hole, an end that was not seen, a heart that does not slow down."""
    hole = (FALL > 10.0) & (FALL < 45.0)
    assert heart_rate_drop(FALL[~hole], FALLING[~hole], 0.0) is None
    assert heart_rate_drop(FALL[FALL < 60.0], FALLING[FALL < 60.0], 0.0) is None
    assert heart_rate_drop(FALL, np.full(len(FALL), 150.0), 0.0) is None
    assert heart_rate_drop(FALL + 1.0, FALLING, 0.0) is None
    assert heart_rate_drop(FALL, np.full(len(FALL), np.nan), 0.0) is None
    assert heart_rate_decay(FALL[FALL < 80.0], FALLING[FALL < 80.0], 0.0) is None
    assert heart_rate_decay(FALL[::10], FALLING[::-10], 0.0) is None
    assert heart_rate_decay(FALL[:0], FALLING[:0], 0.0) is None
    assert heart_rate_decay(FALL[::20], FALLING[::20], 0.0) is None
    wild = 130.0 + 25.0 * np.sin(FALL / 5.0)
    assert heart_rate_decay(FALL, wild, 0.0) is None


def test_the_hole_before_the_peak_is_not_crossed() -> None:
    """A higher rate beyond it is of another time."""
    ts = np.concatenate(([-300.0, -29.0, -2.0, -1.0], FALL))
    hr = np.concatenate(([200.0, 190.0, 160.0, 161.0], FALLING))
    drop = heart_rate_drop(ts, hr, 0.0)
    assert drop is not None and drop.peak_bpm == 190.0


def lingering(
    step_s: float, *, rest_bpm: float = 65.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Half an hour at 165 that ends at 0, then a fast fall and a tail of many minutes."""
    ts = times(-1800.0, 1200.0, step_s)
    after = np.maximum(ts, 0.0)
    tail = 60.0 * np.exp(-after / 60.0) + 40.0 * np.exp(-after / 480.0)
    return ts, np.floor(rest_bpm + tail + 0.5)


@pytest.mark.parametrize("step_s", [1.0, 10.0])
@pytest.mark.parametrize("late_s", [60.0, 300.0, 700.0])
def test_a_workout_that_ends_long_after_its_effort(step_s: float, late_s: float) -> None:
    """The tail is part of the workout, and what the heart lost is still measured from its fall."""
    ts, hr = lingering(step_s)
    over = effort_end(ts, hr, late_s, 103.0)
    assert over is not None and over == pytest.approx(0.0, abs=10.0)
    drop = heart_rate_drop(ts, hr, over)
    assert drop is not None
    assert drop.bpm == pytest.approx(100.0 - 60.0 * np.exp(-1.0) - 40.0 * np.exp(-0.125), abs=3.0)


def test_an_end_that_is_right_stands() -> None:
    """To the second, though another reading nearby would give a beat more."""
    ts, hr = lingering(10.0)
    noisy = hr + np.where(ts == -20.0, 2.0, 0.0)
    assert effort_end(ts, noisy, 0.0, 103.0) == 0.0
    assert effort_end(ts, noisy, 5.0, 103.0) == 5.0


def test_a_pause_is_no_end_of_the_effort() -> None:
    """A deeper fall, after which the heart climbs again, lies within the workout."""
    ts, hr = lingering(10.0)
    paused = np.where((ts >= -240.0) & (ts < -150.0), 100.0, hr)
    assert effort_end(ts, paused, 400.0, 103.0) == pytest.approx(0.0, abs=10.0)


def test_no_end_without_effort_nor_without_what_came_after() -> None:
    """A quarter of an hour below the floor; a record that stops."""
    ts, hr = lingering(10.0)
    assert effort_end(ts, hr, 1150.0, 103.0) is None
    assert effort_end(ts, np.full(len(ts), np.nan), 0.0, 103.0) is None
    assert effort_end(ts[ts <= 0.0], hr[ts <= 0.0], 0.0, 103.0) == 0.0
    steady = np.full(len(ts), 150.0)
    assert effort_end(ts, steady, 300.0, 103.0) == 300.0


@given(st.floats(-1e6, 1e6), st.floats(0.0, 40.0), st.floats(20.0, 180.0))
def test_level_and_time_do_not_matter(shift: float, lift: float, tau: float) -> None:
    """The drop and the constant are of the shape alone."""
    hr = 100.0 + 60.0 * np.exp(-FALL / tau)
    drop, decay = heart_rate_drop(FALL, hr, 0.0), heart_rate_decay(FALL, hr, 0.0)
    at = round(shift)
    moved = heart_rate_drop(FALL + at, hr + lift, at)
    assert drop is not None and moved is not None and decay is not None
    assert moved.bpm == pytest.approx(drop.bpm)
    assert decay.tau_s == pytest.approx(tau, abs=0.51)
