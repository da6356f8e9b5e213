"""How fast the heart comes down."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.recovery_rate import (
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
