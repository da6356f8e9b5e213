"""How much the wrist moved: the size of movement per record and its means per minute."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples
from ..signal.accel import is_reading
from ..signal.minutes import MINUTE_S

WINDOW_S: Final = 15.0
"""Span of the mean that is taken for gravity, s: a posture lasts longer, a swing shorter."""
MICRO: Final = 1e6
"""Sums are of whole micro-g, so that they are exact whatever came before in the day."""
MIN_READINGS: Final = 30
"""Readings of a minute from which its means are known."""


def dyn_amp_g(
    ts: NDArray[np.float64], accel_g: NDArray[np.float64], usable: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Size of each acceleration without its gravity, (n,) g; NaN where not usable.

    ``ts`` (n,) ascending epoch s, ``accel_g`` (n, 3) g, ``usable`` (n,) true for worn records with
    a reading. Gravity is the mean of the usable vectors of the last 15 s, this one included; after
    a hole of 15 s the first one is its own gravity and moves by 0. A constant offset of an axis
    falls out. One of the family of high-passed magnitudes (van Hees et al. 2013, PLoS ONE
    8:e61691) with a moving mean in place of their filter, which 1 Hz does not carry. It tells how
    fast the wrist turns and swings, not how hard it pushes, and never how often it steps.
    """
    found = np.full(len(ts), np.nan)
    rows = np.flatnonzero(usable)
    if not len(rows):
        return found
    times = ts[rows]
    first = np.searchsorted(times, times - WINDOW_S, side="right")
    count = np.arange(1, len(rows) + 1) - first
    square = np.zeros(len(rows))
    for axis in range(3):
        micro = np.rint(accel_g[rows, axis] * MICRO).astype(np.int64)
        total = np.concatenate(([0], np.cumsum(micro)))
        off = micro - (total[1:] - total[first]) / count
        square += off * off
    found[rows] = np.sqrt(square) / MICRO
    return found


def worn_dyn_g(samples: Samples, worn: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give ``dyn_amp_g`` of the worn records (n,) that have a reading."""
    usable = worn & is_reading(samples.accel_g)
    return dyn_amp_g(samples.ts, samples.accel_g, usable)


@dataclass(frozen=True, slots=True)
class MotionMinutes:
    """Movement of whole minutes from ``start_ts`` (epoch s) on, (n,) each; NaN below 30 readings."""

    start_ts: float
    enmo_g: NDArray[np.float64]
    """Mean of what the length of acceleration exceeds the still one by, none below it (van Hees
    et al. 2013)."""
    mad_g: NDArray[np.float64]
    """Mean distance of the length from its mean of the minute (Vähä-Ypyä et al. 2015)."""
    dyn_g: NDArray[np.float64]
    """Mean of ``dyn_amp_g``."""

    @property
    def covered(self) -> NDArray[np.bool_]:
        """(n,) Minutes with readings enough."""
        return np.isfinite(self.dyn_g)


def still_length_g(length_g: NDArray[np.float64]) -> float:
    """Length of the acceleration of an arm at rest, g: the wearer's own 1 g.

    ``length_g`` (n,) in order. Median of those that differ from the one before by no more than
    such steps do in the middle; 1 g below two of them.
    """
    if len(length_g) < 2:
        return 1.0
    step = np.abs(np.diff(length_g))
    still = length_g[1:][step <= np.median(step)]
    found = float(np.median(still if len(still) > 1 else length_g))
    return found if found > 0.0 else 1.0


def motion_minutes(
    samples: Samples, dyn_g: NDArray[np.float64], start_ts: float, end_ts: float
) -> MotionMinutes:
    """Roll up the worn records of whole minutes from ``start_ts`` to before ``end_ts``.

    ``dyn_g`` (n,) is ``worn_dyn_g`` of the samples.

    At 1 Hz ENMO and MAD are all but blind to turning; they are here for comparison with studies,
    whose cut points, made for 30 Hz and more, must not be put to them.
    """
    size = max(int(np.ceil((end_ts - start_ts) / MINUTE_S)), 0)
    minute = np.floor((samples.ts - start_ts) / MINUTE_S)
    rows = np.flatnonzero(np.isfinite(dyn_g) & (minute >= 0) & (minute < size))
    place = minute[rows].astype(np.intp)
    vectors = samples.accel_g[rows]
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    count = np.bincount(place, minlength=size)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        # Whole millionths: their sums are exact.
        total = np.bincount(place, np.rint(values * MICRO), minlength=size) / MICRO
        return np.where(count >= MIN_READINGS, total / np.maximum(count, 1), np.nan)

    middle = mean(length)
    return MotionMinutes(
        start_ts=start_ts,
        enmo_g=mean(np.maximum(length - still_length_g(length), 0.0)),
        mad_g=mean(np.abs(length - np.where(np.isfinite(middle), middle, 1.0)[place])),
        dyn_g=mean(dyn_g[rows]),
    )
