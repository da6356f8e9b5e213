"""Steps out of raw acceleration."""

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.motion.cadence import resampled
from custom_components.openstrap.engine.motion.pedometer import Steps, count_steps

from ..series import clock


def sway(spm: float, swing_g: float = 0.3, seconds: float = 60.0, fs_hz: float = 100.0) -> Steps:
    """Count a pure sine."""
    t_s = np.arange(int(seconds * fs_hz)) / fs_hz
    found = count_steps(t_s, 1.0 + swing_g * np.sin(2.0 * np.pi * spm / 60.0 * t_s))
    assert found is not None
    return found


def bout(seconds: float) -> NDArray[np.float64]:
    """Three seconds of stillness, gait at 110 steps a minute, stillness, at 100 Hz."""
    t_s = np.arange(int((6.0 + seconds) * 100)) / 100.0 - 3.0
    gait = (t_s >= 0.0) & (t_s < seconds)
    return np.where(gait, 1.0 + 0.3 * np.sin(2.0 * np.pi * 110.0 / 60.0 * t_s), 1.0)


@pytest.mark.full
@pytest.mark.parametrize("spm", [60, 80, 100, 110, 120, 140, 160, 180, 200])
@pytest.mark.parametrize("fs_hz", [100.0, 50.0, 33.0, 25.0, 12.5])
def test_pure_cadences(spm: int, fs_hz: float) -> None:
    """One minute at each is as many steps, at any rate of sampling."""
    assert sway(spm, fs_hz=fs_hz).total == pytest.approx(spm, abs=2)


def test_no_gait_is_so_fast() -> None:
    """An engine shakes the arm, not a foot."""
    assert sway(290).total <= 2
    assert sway(320).total == 0


def test_weak_sway_is_no_gait() -> None:
    """Up to 50 mg; from 60 mg on it is."""
    assert [sway(110, swing).total for swing in (0.03, 0.05)] == [0, 0]
    assert sway(110, 0.06).total == pytest.approx(110, abs=2)


@pytest.mark.parametrize(("seconds", "steps"), [(5, 9), (6, 11), (8, 15), (10, 18), (20, 37)])
def test_short_walks(seconds: int, steps: int) -> None:
    """Counted without what lies around them."""
    signal = bout(seconds)
    found = count_steps(np.arange(len(signal)) / 100.0, signal)
    assert found is not None
    assert found.total == pytest.approx(steps, abs=2)
    assert found.walking.sum() <= seconds + 6


def test_stillness_and_noise_hold_no_steps() -> None:
    """Nor does a strap that lies on a table."""
    t_s = np.arange(6000) / 100.0
    noise = np.random.default_rng(0).normal(size=6000)
    for signal in (np.ones(6000), np.zeros(6000), 1.0 + 0.005 * noise, 1.0 + 0.05 * noise):
        found = count_steps(t_s, signal)
        assert found is not None
        assert found.total == 0


def test_what_cannot_be_told() -> None:
    """Too slow, too short, empty: not 0 steps but none known."""
    t_s = clock(0.0, 60.0, 0.1)
    assert count_steps(t_s, np.ones(len(t_s))) is None
    assert count_steps(clock(0.0, 60.0), np.ones(60)) is None
    assert count_steps(np.arange(500) / 100.0, np.ones(500)) is None
    assert count_steps(np.empty(0), np.empty(0)) is None
    assert len(resampled(np.zeros(1), np.ones(1))) == 0


def test_uneven_times_change_little() -> None:
    """A watch that stamps late by up to a reading."""
    rng = np.random.default_rng(4)
    t_s = np.sort(np.arange(750) / 12.5 + rng.uniform(0.0, 0.04, 750))
    found = count_steps(t_s, 1.0 + 0.3 * np.sin(2.0 * np.pi * 1.8 * t_s))
    assert found is not None
    assert found.total == pytest.approx(108, abs=4)


def test_the_same_twice() -> None:
    """A function of its input."""
    first, second = sway(110), sway(110)
    np.testing.assert_array_equal(first.steps, second.steps)
    assert (first.steps >= 0.0).all()
    assert not first.steps[~first.walking].any()
