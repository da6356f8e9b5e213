"""How much the wrist moved: the size of movement per record and its means per minute."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

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
