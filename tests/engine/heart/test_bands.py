"""Slow and fast waves."""

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.heart.bands import ULF, BandPowers, band_powers

from ..series import beats_of, tone, tone_a


def of(rr_ms: NDArray[np.float64], artifact: float = 0.0) -> BandPowers:
    """Bands of intervals end to end."""
    beats = beats_of(rr_ms)
    return band_powers(beats.rr_ms, beats.t_s, artifact_fraction=artifact)


def test_half_an_hour() -> None:
    """HRV6: near half the squares of the amplitudes, and too short for slower waves."""
    found = of(tone_a())
    assert found.power_ms2["lf"] == pytest.approx(1243.430, abs=1e-3)
    assert found.power_ms2["hf"] == pytest.approx(464.116, abs=1e-3)
    assert (found.power_ms2["vlf"], found.total_ms2) == (None, None)
    assert found.lf_hf == pytest.approx(1243.430 / 464.116, rel=1e-5)
    assert (found.lf_nu or 0) + (found.hf_nu or 0) == pytest.approx(100.0)
    assert found.segments == {"vlf": 0, "lf": 13, "hf": 52}
    beats = beats_of(tone_a())
    slowest = band_powers(beats.rr_ms, beats.t_s, bands=(ULF,))
    assert slowest.power_ms2 == {"ulf": None}


def test_hours() -> None:
    """HRV7: 9000 beats, and slow waves that have no power."""
    found = of(tone(9000, 1000.0, (30.0, 0.1), (20.0, 0.25)))
    assert found.power_ms2["lf"] == pytest.approx(450.0, rel=0.1)
    assert found.power_ms2["hf"] == pytest.approx(200.0, rel=0.1)
    slow, total = found.power_ms2["vlf"], found.total_ms2
    assert slow is not None and total is not None
    assert slow < 20.0
    assert total == pytest.approx(650.0 + slow, rel=0.1)


def test_welch_agrees() -> None:
    """On an even resample of gap-free beats, but for what interpolation takes from fast waves."""
    from scipy.interpolate import CubicSpline
    from scipy.signal import welch

    beats = beats_of(tone_a())
    even = CubicSpline(beats.t_s, beats.rr_ms)(np.arange(beats.t_s[0], beats.t_s[-1], 0.25))
    freq, power = welch(even, fs=4.0, nperseg=1024)
    found = of(tone_a()).power_ms2
    for name, low, high, rel in (("lf", 0.04, 0.15, 0.02), ("hf", 0.15, 0.4, 0.1)):
        inside = (freq >= low) & (freq < high)
        theirs = float(power[inside].sum() * (freq[1] - freq[0]))
        assert found[name] == pytest.approx(theirs, rel=rel)


def test_artefacts_withhold_the_fast_part() -> None:
    """Above 15 %: slow waves stay."""
    assert of(tone_a(), 0.15).power_ms2["hf"] is not None
    found = of(tone_a(), 0.16)
    assert found.power_ms2["lf"] is not None
    assert found.power_ms2["hf"] is None
    assert (found.lf_hf, found.lf_nu, found.hf_nu) == (None, None, None)


def test_segments_of_few_beats_do_not_count() -> None:
    """The mean is of the others."""
    beats = beats_of(tone_a())
    kept = beats.only((beats.t_s < 600.0) | (beats.t_s > 1200.0))
    found = band_powers(kept.rr_ms, kept.t_s)
    assert 0 < found.segments["lf"] < 13
    assert found.power_ms2["lf"] == pytest.approx(1243.43, rel=0.1)


def test_too_little() -> None:
    """No beats, a minute, a heart like a clock."""
    for rr in (np.empty(0), tone_a()[:15], tone_a()[:60], np.full(1800, 1000.0)):
        found = of(rr)
        assert set(found.power_ms2.values()) == {None}
        assert (found.lf_hf, found.lf_nu) == (None, None)


@pytest.mark.parametrize("shift", [1e9, -5000.0])
def test_time_and_scale(shift: float) -> None:
    """Time may be shifted; twice the amplitude is four times the power."""
    beats = beats_of(tone_a())
    here = band_powers(beats.rr_ms, beats.t_s)
    there = band_powers(2.0 * beats.rr_ms, beats.t_s + shift)
    for name in ("lf", "hf"):
        # A beat at a segment's edge may fall to the other side when epoch seconds round.
        assert there.power_ms2[name] == pytest.approx(4.0 * (here.power_ms2[name] or 0), rel=1e-3)
