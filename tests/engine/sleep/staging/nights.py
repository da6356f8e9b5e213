"""Nights made for tests: a heart with stages in it, a wrist that moves when awake."""

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.signal.motion import Motion

from ...series import clock, samples_of

START = 1_700_000_000.0


def made_night(
    hours: float = 8.0, *, step_s: float = 1.0, seed: int = 1, start_ts: float = START
) -> tuple[Samples, Motion]:
    """Make a night: cycles of 90 min in heart rate, waves of a minute, movement now and then."""
    dice = np.random.default_rng(seed)
    t_s = clock(0.0, hours * 3600.0, step_s)
    hr = 58.0 - 1.2 * t_s / 3600.0 + 3.0 * np.sin(2 * np.pi * t_s / 5400.0)
    hr += (1.5 + np.sin(2 * np.pi * t_s / 5400.0)) * np.sin(2 * np.pi * t_s / 70.0)
    hr += dice.normal(0.0, 0.6, len(t_s))
    bins = clock(0.0, hours * 3600.0, 15.0)
    chance = np.where(bins < 900.0, 0.6, 0.03)
    amount = np.where(dice.random(len(bins)) < chance, dice.uniform(0.1, 1.5, len(bins)), 0.0)
    return (
        samples_of(start_ts + t_s, hr_bpm=np.round(hr).astype(np.int16)),
        Motion(clock(start_ts, start_ts + hours * 3600.0, 15.0), amount, 15.0),
    )


def without(samples: Samples, lost: NDArray[np.bool_]) -> Samples:
    """Take the heart rate away where told."""
    return samples_of(samples.ts, hr_bpm=np.where(lost, 0, samples.hr_bpm))


def beats_every(
    interval_ms: float, start_ts: float, end_ts: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and lengths of even beats."""
    count = int((end_ts - start_ts) * 1000.0 / interval_ms)
    rr = np.full(count, interval_ms)
    return start_ts + np.cumsum(rr) / 1000.0, rr
