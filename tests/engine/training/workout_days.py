"""Made days with efforts, desks and what lies between, for tests of workouts."""

from collections.abc import Sequence
import math

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.training.anchors import Anchors
from custom_components.openstrap.engine.training.hr_max import HrMax
from custom_components.openstrap.engine.training.track import LEAD_S, STEPS, Track

MIDNIGHT = 1_780_264_800.0
DAY_S = 86400.0
RESTING, MAXIMUM = 60.0, 190.0
ANCHORS = Anchors(RESTING, HrMax(MAXIMUM, 2.0, "lab"), "m", 28, 0.85)
QUIET = 70.0

type Bout = tuple[float, float, float]
"""Start and end of an effort in seconds after midnight, and its heart rate, bpm."""


def times(start: float, stop: float, step: float = 10.0) -> NDArray[np.float64]:
    """Return times from start to stop (excluded), s."""
    return np.arange(start, stop, step, dtype=np.float64)


def noise(n: int, seed: int = 0, spread: float = 2.0) -> NDArray[np.float64]:
    """Return slow noise (n,) of a heart rate, bpm."""
    dice = np.random.Generator(np.random.PCG64(seed))
    found, last = np.empty(n), 0.0
    for at, step in enumerate(dice.normal(0.0, spread * math.sqrt(1.0 - 0.9**2), n)):
        last = 0.9 * last + step
        found[at] = last
    return found


def heart(
    ts: NDArray[np.float64], bouts: Sequence[Bout], seed: int = 0, skip: int = 0
) -> NDArray[np.float64]:
    """Heart rate (bpm) at seconds after midnight: up within a minute, down by an exponential.

    ``skip`` leaves out so much of the noise: stretches of one time then share it.
    """
    hr = np.full(len(ts), QUIET)
    for start, end, level in bouts:
        up = QUIET + (level - QUIET) * -np.expm1(-np.maximum(ts - start, 0.0) / 25.0)
        last = QUIET + (level - QUIET) * -math.expm1(-(end - start) / 25.0)
        down = QUIET + (last - QUIET) * np.exp(-np.maximum(ts - end, 0.0) / 60.0)
        hr = np.where(ts < start, hr, np.where(ts < end, np.maximum(up, hr), np.maximum(down, hr)))
    return hr + noise(skip + len(ts), seed)[skip:]


def day_track(
    bouts: Sequence[Bout] = (),
    *,
    moving: Sequence[tuple[float, float]] | None = None,
    until: float = DAY_S,
    midnight: float = MIDNIGHT,
    seed: int = 0,
) -> Track:
    """Make a track; ``moving`` are the stretches in which the wrist works (those of the bouts).

    Times in seconds after midnight; records end at ``until``.
    """
    minutes = int((LEAD_S + DAY_S) // 60.0)
    ts = times(-LEAD_S, -LEAD_S + 60.0 * minutes)
    skip = int((midnight - MIDNIGHT + DAY_S) // 10.0)
    hr = np.where(ts < until, np.floor(heart(ts, bouts, seed, skip) + 0.5), np.nan)
    at = ts[::STEPS]
    dyn = np.where(at < until, 20.0, np.nan)
    for start, end in [bout[:2] for bout in bouts] if moving is None else moving:
        dyn[(at >= start) & (at < end) & np.isfinite(dyn)] = 200.0
    return Track(midnight - LEAD_S, midnight, hr, dyn, np.ones(minutes, dtype=bool))
