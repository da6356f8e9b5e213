"""The lowest half hour, in true time."""

from typing import Any

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.heart.resting import RestingHr, resting_hr

from ..series import GEN4_STEP_S, clock


def of(hr: Any, *, step_s: float = 1.0, start: float = 0.0) -> RestingHr:
    """Resting heart rate of readings at a constant distance."""
    values = np.asarray(hr, dtype=np.int16)
    ts: NDArray[np.float64] = (start + np.arange(len(values)) * step_s).astype(np.float64)
    return resting_hr(ts, values, start, float(ts[-1]) + step_s if len(ts) else start)


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S])
def test_half_an_hour_of_sleep(step_s: float) -> None:
    """RHR1: half an hour at 70, half an hour at 50, whatever the distance of the records."""
    n = round(1800 / step_s)
    found = of([70] * n + [50] * n, step_s=step_s)
    assert found.bpm == pytest.approx(50.0, abs=1e-9)
    assert found.p1_bpm == 50.0
    assert found.seconds == pytest.approx(3600, abs=1)


def test_a_window_needs_nine_tenths() -> None:
    """RHR2: 200 s without a reading in every half hour."""
    found = of([60] * 1600 + [0] * 200 + [50] * 1000)
    assert (found.bpm, found.p1_bpm) == (None, None)
    assert found.best_window_s == 1600
    assert of([60] * 1620 + [0] * 180).bpm == 60.0
    assert of([60] * 1619 + [0] * 181).bpm is None


def test_half_an_hour_of_true_time() -> None:
    """1800 readings at 0.961 s are no half hour, nor are 1800 with a hole between."""
    assert of([60] * 1800, step_s=GEN4_STEP_S).bpm is None
    ts = np.concatenate([clock(0.0, 900), clock(9000.0, 9900)])
    assert resting_hr(ts, np.full(1800, 60, np.int16), 0.0, 9900.0).bpm is None


def test_too_little() -> None:
    """No readings, none usable, a window that ends before it begins."""
    assert of([]).bpm is None
    assert of([0] * 4000).bpm is None
    assert resting_hr(clock(0.0, 10.0), np.full(10, 60, np.int16), 5.0, 1.0).seconds == 0


def test_only_the_window_counts() -> None:
    """Readings before and after are not looked at."""
    ts = clock(0.0, 7200.0)
    hr = np.where((ts >= 1800) & (ts < 5400), 60, 40).astype(np.int16)
    assert resting_hr(ts, hr, 1800.0, 5400.0).bpm == 60.0


@given(st.integers(0, 2**32 - 1), st.integers(-(10**7), 10**7))
def test_shifting_time_changes_nothing(seed: int, shift: int) -> None:
    """Whole seconds, as days are shifted."""
    hr = np.random.default_rng(seed).integers(40, 80, 2400)
    assert of(hr, start=1.7e9) == of(hr, start=1.7e9 + shift)
