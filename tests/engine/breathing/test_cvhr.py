"""Cyclic variation of heart rate: cycles are counted, noise is not."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.breathing.cvhr import (
    RHYTHM,
    CyclicVariation,
    cyclic_variation,
    night_variation,
    variation_confidence,
)

from ..series import tone_a
from .hearts import breath, cleaned, heart, waves

HOUR = 3600.0


def pauses(period_s: float, depth_ms: float, hours: float = 1.0) -> NDArray[np.float64]:
    """Return a slow plateau and a fast end in every period, with breathing."""

    def wave(t: float) -> float:
        part = (t % period_s) / period_s
        dip = depth_ms * np.sin(np.pi * (part - 0.75) / 0.25) if part > 0.75 else 0.0
        return float(25.0 * np.sin(2 * np.pi * 0.25 * t) - dip)

    return heart(hours * HOUR, 1000.0, wave)


def of(rr_ms: NDArray[np.float64]) -> CyclicVariation:
    """Count in intervals laid end to end."""
    return cyclic_variation(rr_ms, np.cumsum(rr_ms) / 1000.0)


@pytest.mark.parametrize(
    ("period", "depth", "cycles"), [(60, 150, 60), (45, 100, 80), (90, 200, 40)]
)
def test_every_pause_counts(period: float, depth: float, cycles: int) -> None:
    """CVHR2."""
    found = of(pauses(period, depth))
    assert found.cycles == pytest.approx(cycles, abs=1)
    assert found.hours == pytest.approx(1.0, abs=0.01)
    assert found.depth_ms == pytest.approx(depth, rel=0.15)


def test_slow_waves_and_breathing_are_none() -> None:
    """CVHR3."""
    assert of(tone_a()).cycles == 0
    assert of(breath(HOUR, 14, bpm=60)).cycles == 0
    flat = of(np.full(3600, 1000.0))
    assert (flat.cycles, flat.depth_ms, flat.width_s) == (0, None, None)
    assert flat.hours == pytest.approx(1.0, abs=0.01)


def test_dips_without_a_rhythm_are_none() -> None:
    """As deep, but now and then."""
    chance = np.random.default_rng(4)
    bottoms = np.cumsum(chance.choice([30.0, 75.0, 125.0, 190.0], 40))

    def wave(t: float) -> float:
        off = np.abs(bottoms - t).min()
        return float(
            25 * np.sin(np.pi * t / 2) - (150 * np.cos(np.pi * off / 15) if off < 7.5 else 0)
        )

    assert of(heart(HOUR, 1000.0, wave)).cycles <= 6


def test_falling_spectrum_gives_few() -> None:
    """Ordinary variability, which passed for 38 an hour with a method without periodicity."""
    drift = waves(5 * HOUR, 7, centre_hz=0.0, width_hz=0.0)
    found = of(heart(5 * HOUR, 1000.0, lambda t: 60.0 * drift[int(4 * t)]))
    assert found.cycles / found.hours < 12.0


def test_gaps_split_and_short_pieces_do_not_count() -> None:
    """Neither as time nor as cycles."""
    rr = pauses(60, 150)
    t_s = np.cumsum(rr) / 1000.0
    torn = t_s + 31.0 * np.floor(t_s / 240.0)
    assert cyclic_variation(rr, torn) == CyclicVariation(0, 0.0, None, None)
    halves = cyclic_variation(rr, t_s + 36000.0 * (t_s > 1800.0))
    assert halves.cycles == pytest.approx(60, abs=2)
    assert halves.hours == pytest.approx(1.0, abs=0.01)
    assert cyclic_variation(np.empty(0), np.empty(0)) == CyclicVariation(0, 0.0, None, None)


@given(st.integers(-(10**9), 2 * 10**9))
def test_time_shift(shift: int) -> None:
    """The same night at another time."""
    rr = pauses(60, 150, 0.3)
    moved = cyclic_variation(rr, np.cumsum(rr) / 1000.0 + shift)
    assert moved.cycles == of(rr).cycles > 0


def test_refusals() -> None:
    """An irregular rhythm, artefacts, too short, nothing."""
    long = cleaned(pauses(60, 150, 2.2))
    assert night_variation(long, irregular=True) == RHYTHM
    assert isinstance(night_variation(long, irregular=False), CyclicVariation)
    short = night_variation(cleaned(pauses(60, 150)), irregular=False)
    assert isinstance(short, str)
    assert short.startswith("need_input:name=observed_h,have=1")
    wild = night_variation(
        cleaned(np.resize([1000.0, 600.0, 1500.0, 700.0], 9000)), irregular=False
    )
    assert isinstance(wild, str)
    assert wild.startswith("artifact:fraction=")
    assert night_variation(cleaned([]), irregular=False) == "need_input:name=rr,have=0,need=1"


def test_confidence_falls_with_hours_and_artefacts() -> None:
    """And is never more than 0.6."""
    sure = [
        variation_confidence(CyclicVariation(9, hours, 1.0, 1.0), 0.0) for hours in (9, 6, 4, 2)
    ]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] == 0.6
    assert sure[-1] == pytest.approx(0.2)
    assert variation_confidence(CyclicVariation(9, 6.0, 1.0, 1.0), 0.3) == pytest.approx(0.42)
