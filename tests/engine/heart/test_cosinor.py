"""The wave of a day."""

from typing import Any

from hypothesis import given, settings, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.heart.cosinor import cosinor

HOURS = np.arange(72.0)


def wave(peak_h: float = 18.0) -> NDArray[np.float64]:
    """60 bpm, 10 bpm up and down, with a smaller wave of half a day."""
    found: NDArray[np.float64] = 60.0 + 10.0 * np.cos(2 * np.pi * (HOURS - peak_h) / 24.0)
    found += 2.0 * np.cos(2 * np.pi * HOURS / 12.0)
    return found


def test_known_wave() -> None:
    """Level, height, peak and fit of a wave made by hand."""
    found = cosinor(HOURS, wave())
    assert found is not None
    assert found.mesor == pytest.approx(60.0)
    assert found.amplitude == pytest.approx(10.0)
    assert found.acrophase_h == pytest.approx(18.0)
    assert found.r2 == pytest.approx(0.961538, abs=5e-7)
    assert found.r2_adjusted == pytest.approx(0.960424, abs=5e-7)
    assert found.n == 72


def test_fit_and_interval_are_those_of_scipy() -> None:
    """A nonlinear fit with its covariance gives the same numbers."""
    from scipy.optimize import curve_fit
    from scipy.stats import t

    y = wave() + np.random.default_rng(0).normal(0.0, 3.0, 72)

    def shape(x: NDArray[np.float64], mesor: float, amplitude: float, peak: float) -> Any:
        return mesor + amplitude * np.cos(2 * np.pi * (x - peak) / 24.0)

    best, spread = curve_fit(shape, HOURS, y, (60.0, 9.0, 17.0))
    found = cosinor(HOURS, y)
    assert found is not None
    assert (found.mesor, found.amplitude, found.acrophase_h) == pytest.approx(best, rel=1e-5)
    assert found.acrophase_ci_h == pytest.approx(t.ppf(0.975, 69) * np.sqrt(spread[2, 2]), rel=1e-3)


def test_the_interval_holds_the_peak_as_often_as_it_says() -> None:
    """In 300 noisy weeks the 95 % interval holds the true peak about so often."""
    dice = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        found = cosinor(
            HOURS, 60.0 + 3.0 * np.cos(2 * np.pi * HOURS / 24.0) + dice.normal(0.0, 3.0, 72)
        )
        assert found is not None and found.acrophase_ci_h is not None
        off = (found.acrophase_h + 12.0) % 24.0 - 12.0
        held += abs(off) <= found.acrophase_ci_h
    assert 0.91 <= held / 300 <= 0.98


def test_noise_has_no_peak() -> None:
    """A wave that may be chance has no hour."""
    found = cosinor(HOURS, 60.0 + np.random.default_rng(2).normal(0.0, 3.0, 72))
    assert found is not None
    assert found.acrophase_ci_h is None


def test_a_perfect_wave_has_a_sharp_peak() -> None:
    """Without residuals the interval closes."""
    found = cosinor(HOURS, 60.0 + 10.0 * np.cos(2 * np.pi * (HOURS - 3.0) / 24.0))
    assert found is not None
    assert found.acrophase_ci_h == pytest.approx(0.0, abs=1e-6)


def test_what_has_no_wave() -> None:
    """Empty, thin, constant, unknown, or all at one hour."""
    assert cosinor([], []) is None
    assert cosinor(HOURS[:7], wave()[:7]) is None
    assert cosinor(HOURS, np.full(72, 60.0)) is None
    assert cosinor(np.full(72, 5.0), wave()) is None
    assert cosinor(HOURS, np.full(72, np.nan)) is None


def test_missing_hours_are_left_out() -> None:
    """Holes cost points, not the answer."""
    y = wave()
    y[::5] = np.nan
    found = cosinor(HOURS, y)
    assert found is not None
    assert found.n == 57
    assert found.amplitude == pytest.approx(10.0, abs=1.0)


@settings(max_examples=40)
@given(st.floats(0.0, 24.0), st.floats(0.1, 50.0), st.floats(-50.0, 50.0))
def test_later_higher_taller(shift: float, scale: float, level: float) -> None:
    """A shift in time moves the peak alone, scale and level only theirs."""
    here, there = cosinor(HOURS, wave()), cosinor(HOURS + shift, scale * wave() + level)
    assert here is not None and there is not None
    assert there.amplitude == pytest.approx(scale * here.amplitude, rel=1e-6)
    assert there.mesor == pytest.approx(scale * here.mesor + level, rel=1e-6, abs=1e-5)
    off = (there.acrophase_h - here.acrophase_h - shift + 12.0) % 24.0 - 12.0
    assert off == pytest.approx(0.0, abs=1e-6)
    assert 0.0 <= there.acrophase_h < 24.0
