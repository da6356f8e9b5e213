"""Spectra of beats: scipy's own, known powers, and many segments as one by one."""

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.signal import lombscargle

from custom_components.openstrap.engine.signal.spectrum import (
    band_power,
    lomb_scargle,
    segment_spectra,
)

from ..series import clock, lcg, tone_a

START = 1_782_900_000.0


def beats_a() -> tuple[np.ndarray, np.ndarray]:
    """Half an hour of beats whose waves are known."""
    nn = tone_a()
    return START + np.cumsum(nn) / 1000.0, nn


def spectrum(t: np.ndarray, y: np.ndarray, freq: np.ndarray) -> np.ndarray:
    """Give a spectrum that is there."""
    found = lomb_scargle(t, y, freq)
    assert found is not None
    return found


@pytest.mark.full
def test_known_answer() -> None:
    """Power of two waves, 50 and 30 ms, which is half their squares."""
    t, nn = beats_a()
    freq = np.linspace(0.0033, 0.4, 2000)
    psd = spectrum(t, nn, freq)
    assert band_power(freq, psd, 0.04, 0.15) == pytest.approx(1248.269, rel=1e-6)
    assert band_power(freq, psd, 0.15, 0.4) == pytest.approx(454.517, rel=1e-6)
    plain = lombscargle(t - t[0], nn - nn.mean(), 2.0 * np.pi * freq)
    np.testing.assert_allclose(psd, plain * 2.0 * (t[-1] - t[0]) / 1799, rtol=1e-12)


@pytest.mark.parametrize("points", [1, 2, 111, 200])
def test_segments_are_what_they_are_alone(points: int) -> None:
    """The fast way gives the numbers of the plain one."""
    t, nn = beats_a()
    freq = np.linspace(0.04, 0.4, points)
    starts = t[0] + np.array([0.0, 33.3, 700.0, 1500.0])
    found = segment_spectra(t, nn, starts, 250.0, freq, 16)
    for row, start in zip(found, starts, strict=True):
        inside = (t >= start) & (t < start + 250.0)
        alone = spectrum(t[inside], nn[inside], freq)
        np.testing.assert_allclose(row, alone, rtol=1e-7, atol=1e-9 * alone.max())


@given(st.integers(4, 60), st.integers(0, 1000))
def test_segments_of_uneven_beats(n: int, seed: int) -> None:
    """Also for few beats at any times."""
    draw = lcg(2 * n + seed)[seed:]
    t = START + np.cumsum(0.3 + 1.2 * draw[:n])
    y = 900.0 + 100.0 * draw[n:]
    freq = np.linspace(0.05, 0.5, 37)
    found = segment_spectra(t, y, t[:1], 1e6, freq, 4)[0]
    alone = spectrum(t, y, freq)
    np.testing.assert_allclose(found, alone, rtol=1e-6, atol=1e-8 * alone.max())


def test_time_and_scale() -> None:
    """The hour does not matter; twice the swing is four times the power."""
    t, nn = beats_a()
    freq = np.linspace(0.04, 0.4, 50)
    psd = spectrum(t, nn, freq)
    np.testing.assert_allclose(spectrum(t + 3600.0, nn, freq), psd, rtol=1e-4)
    np.testing.assert_allclose(spectrum(t, 2.0 * nn, freq), 4.0 * psd, rtol=1e-9)


def test_bands() -> None:
    """Lower end in, upper end out; over many spectra at once."""
    freq, psd = np.array([0.1, 0.2, 0.3, 0.4]), np.array([1.0, 10.0, 100.0, 1000.0])
    assert band_power(freq, psd, 0.2, 0.4) == pytest.approx(11.0)
    assert band_power(freq, np.stack([psd, 2.0 * psd]), 0.2, 0.4) == pytest.approx([11.0, 22.0])
    assert band_power(freq, psd, 0.5, 0.6) == 0.0


@pytest.mark.parametrize(
    ("t", "y"),
    [
        ([], []),
        ([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]),
        ([0.0, 1.0, 2.0, 3.0], [5.0, 5.0, 5.0, 5.0]),
        ([7.0, 7.0, 7.0, 7.0], [1.0, 2.0, 3.0, 4.0]),
        ([0.0, 1.0, 2.0, 3.0], [1.0, np.nan, 3.0, 4.0]),
        ([0.0, 1.0, np.inf, 3.0], [1.0, 2.0, 3.0, 4.0]),
        ([3.0, 2.0, 1.0, 0.0], [1.0, 2.0, 3.0, 5.0]),
    ],
)
def test_refused(t: list[float], y: list[float]) -> None:
    """Too few, constant, without span, not finite, backwards."""
    assert lomb_scargle(np.array(t), np.array(y), np.array([0.1, 0.2])) is None


def test_thin_segments_are_empty() -> None:
    """Rows of NaN where beats are too few, equal or not finite, the others untouched."""
    t = clock(START, START + 400.0)
    y = 900.0 + 50.0 * np.sin(0.7 * t)
    y[100:200] = 900.0
    y[250] = np.nan
    freq = np.linspace(0.04, 0.4, 20)
    found = segment_spectra(t, y, clock(START, START + 500.0, 100.0), 100.0, freq, 16)
    assert np.isnan(found).all(axis=1).tolist() == [False, True, True, False, True]
    assert np.isfinite(found[[0, 3]]).all()
    assert np.isnan(segment_spectra(t[:10], y[:10], t[:1], 100.0, freq, 16)).all()
    assert np.isnan(segment_spectra(t[:0], y[:0], t[:1], 100.0, freq, 16)).all()
    assert segment_spectra(t, y, t[:0], 100.0, freq, 16).shape == (0, 20)


def test_needs_an_even_grid() -> None:
    """A grid that is not even would give wrong numbers silently."""
    t, nn = beats_a()
    with pytest.raises(ValueError, match="even grid"):
        segment_spectra(t, nn, t[:1], 250.0, np.array([0.1, 0.2, 0.4]), 16)
