"""How fast the heart slows down and speeds up (Bauer et al. 2006, Lancet 367:1674)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AROUND = 2
"""Intervals on either side that the capacity is made of."""
MIN_BEATS = 2 * AROUND + 4
MAX_CHANGE = 0.05
"""An anchor that changes by more is taken for an artefact (same source)."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """Deceleration and acceleration capacity (ms), None without an anchor; the anchors' numbers."""

    deceleration_ms: float | None
    acceleration_ms: float | None
    decelerations: int
    accelerations: int


def heart_rate_capacity(nn_ms: NDArray[np.float64], joined: NDArray[np.bool_]) -> Capacity:
    """Phase-rectified signal averaging of normal intervals, (m,) ms, ``joined`` (m,).

    Anchors are intervals longer (shorter) than the one before by at most 5 %. The capacity is a
    quarter of the mean of (anchor + next - the two before). Deviation: an anchor counts only when
    its four intervals follow one another without a hole. The risk strata of the source are of
    patients after an infarction, and are not for this.
    """
    n = len(nn_ms)
    if n < MIN_BEATS:
        return Capacity(None, None, 0, 0)
    at = np.arange(AROUND, n - AROUND)
    at = at[joined[at - 1] & joined[at] & joined[at + 1]]
    change = nn_ms[at] - nn_ms[at - 1]
    like = np.abs(change) <= MAX_CHANGE * nn_ms[at - 1]
    wave = (nn_ms[at] + nn_ms[at + 1] - nn_ms[at - 1] - nn_ms[at - 2]) / 4.0
    slower, faster = (wave[(sign * change > 0.0) & like] for sign in (1.0, -1.0))
    return Capacity(
        deceleration_ms=float(slower.mean()) if len(slower) else None,
        acceleration_ms=float(faster.mean()) if len(faster) else None,
        decelerations=len(slower),
        accelerations=len(faster),
    )
