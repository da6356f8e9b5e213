"""Physiology or a shaky clock."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.signal.noise import judge_noise

from ..series import lcg, tone, tone_a, tone_b


def test_white_noise_is_refused() -> None:
    """ACF1: intervals of chance."""
    noise = judge_noise(np.diff(800.0 + 40.0 * (lcg(3000) - 0.5)))
    assert noise.acf1 == pytest.approx(-0.527547, abs=1e-6)
    assert noise.concentration < 0.45
    assert noise.refused
    assert noise.quality == 0.0


def test_breathing_is_not() -> None:
    """ACF2, HRV3: waves are signal."""
    assert judge_noise(np.diff(tone_b())).acf1 == pytest.approx(0.366807, abs=1e-6)
    noise = judge_noise(np.diff(tone_a()))
    assert noise.acf1 == pytest.approx(0.278494, abs=1e-6)
    assert (noise.quality, noise.refused) == (1.0, False)


def test_jitter_of_beat_times_is_refused() -> None:
    """ACF3: a second difference, lag 1 near -2/3."""
    times = 1000.0 * np.arange(3001) + 20.0 * (2.0 * lcg(3001) - 1.0)
    step = np.diff(np.diff(times))
    noise = judge_noise(step)
    assert np.sqrt(np.mean(step**2)) == pytest.approx(29.2607, abs=1e-4)
    assert noise.acf1 == pytest.approx(-0.6817, abs=1e-4)
    assert noise.refused


def test_a_slow_heart_that_breathes_deeply_is_not() -> None:
    """ACF4: the same lag 1 as noise, but one narrow peak."""
    noise = judge_noise(np.diff(tone(3000, 1333.33, (0.0, 0.1), (80.0, 0.25))))
    assert noise.acf1 == pytest.approx(-0.5, abs=0.01)
    assert noise.concentration >= 0.95
    assert (noise.quality, noise.refused) == (1.0, False)


def sleeper(hr_bpm: float, breaths_per_min: float, rsa_ms: float) -> NDArray[np.float64]:
    """Beats of a slow heart whose breaths all differ a little, beside slower waves."""
    chance = lcg(4000)
    phase, t, found = 0.0, 0.0, []
    hz = breaths_per_min / 60.0
    for _ in range(3000):
        nn = 60000.0 / hr_bpm + rsa_ms * np.sin(phase) + 20.0 * np.sin(2 * np.pi * 0.1 * t)
        breath = int(phase / (2 * np.pi))
        phase += 2 * np.pi * hz * (1.0 + 0.28 * (chance[breath] - 0.5)) * nn / 1000.0
        t += nn / 1000.0
        found.append(nn)
    return np.array(found)


@pytest.mark.parametrize(
    ("hr_bpm", "breaths", "rsa_ms"),
    [(45, 15, 80), (45, 15, 60), (42, 14, 60), (50, 18, 60), (40, 13, 100), (48, 16, 40)],
)
@pytest.mark.parametrize("jitter_ms", [0.0, 5.0])
def test_fit_sleepers_are_not_refused(
    hr_bpm: float, breaths: float, rsa_ms: float, jitter_ms: float
) -> None:
    """Breaths that vary by 8 %, as asleep, and a clock that is a little unsteady."""
    times = np.cumsum(sleeper(hr_bpm, breaths, rsa_ms)) + jitter_ms * 3.46 * (lcg(3000) - 0.5)
    noise = judge_noise(np.diff(np.diff(times)))
    assert noise.acf1 < -0.3
    assert (noise.quality, noise.refused) == (1.0, False)


def test_quality_has_no_cliff() -> None:
    """Between noise and breathing it rises with the concentration."""
    breath = np.diff(tone(3000, 1333.33, (0.0, 0.1), (80.0, 0.25)))
    chance = np.diff(np.diff(lcg(3001) - 0.5))
    found = [judge_noise(breath + size * chance[: len(breath)]) for size in range(0, 400, 10)]
    quality = [noise.quality for noise in found]
    assert quality == sorted(quality, reverse=True)
    assert any(0.1 < value < 0.9 for value in quality)
    assert (quality[0], quality[-1]) == (1.0, 0.0)


def test_too_little_is_not_judged() -> None:
    """Fewer than 30 differences, none that follow each other, none at all."""
    lonely = np.diff(tone_a())
    lonely[1::2] = np.nan
    few = np.diff(tone_a()[:30])
    for step in (few, lonely, np.zeros(500), np.full(500, np.nan), np.empty(0)):
        noise = judge_noise(step)
        assert np.isnan(noise.acf1)
        assert (noise.quality, noise.refused) == (1.0, False)


def test_a_torn_series_is_judged_by_its_lag_alone() -> None:
    """With most differences missing there is no spectrum; noise is still noise."""
    step = np.diff(800.0 + 40.0 * (lcg(3000) - 0.5))
    step[np.arange(len(step)) % 5 > 1] = np.nan
    noise = judge_noise(step)
    assert np.isnan(noise.concentration)
    assert noise.refused


@given(st.integers(0, 2**32 - 1), st.integers(0, 700), st.floats(0.0, 1.0))
def test_any_input(seed: int, n: int, holes: float) -> None:
    """Quality lies between 0 and 1; nothing raises."""
    chance = np.random.default_rng(seed)
    step = chance.normal(0.0, 50.0, n)
    step[chance.random(n) < holes] = np.nan
    assert 0.0 <= judge_noise(step).quality <= 1.0
