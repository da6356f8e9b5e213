"""Time spent in the five zones of the heart rate, over any spacing of readings."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from .anchors import Anchors

type ZoneSource = Literal["karvonen", "observed", "tanaka"]

FLOORS: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower ends of zones 1 to 5, as shares of the maximum or of the reserve (the usual five)."""
RESERVE_NIGHTS: Final = 14
"""Nights from which the resting heart rate is known well enough for zones of the reserve."""
MAX_GAP_S: Final = 10.0
"""A reading stands for no more than this."""


@dataclass(frozen=True, slots=True)
class ZoneScale:
    """Lower ends of zones 1 to 5, bpm, and what they are shares of.

    ``karvonen`` of the reserve above rest (Karvonen 1957); of the maximum where that was told or
    seen (``observed``) or follows from the age (``tanaka``). Minutes of different sources are not
    to be compared: zones of the reserve begin about one zone higher.
    """

    floors_bpm: tuple[float, ...]
    source: ZoneSource


def zone_scale(anchors: Anchors) -> ZoneScale:
    """Choose the zones that the ends of a wearer's heart rate allow."""
    maximum = anchors.hr_max
    if not maximum.seen:
        return ZoneScale(zones_of_maximum(maximum.bpm), "tanaka")
    if anchors.resting_nights < RESERVE_NIGHTS:
        return ZoneScale(zones_of_maximum(maximum.bpm), "observed")
    return ZoneScale(zones_of_reserve(anchors.resting_bpm, maximum.bpm), "karvonen")


def zones_of_maximum(max_bpm: float) -> tuple[float, ...]:
    """Floors of zones 1 to 5 as shares of the maximum heart rate, bpm."""
    return tuple(floor * max_bpm for floor in FLOORS)


def zones_of_reserve(resting_bpm: float, max_bpm: float) -> tuple[float, ...]:
    """Floors of zones 1 to 5 as shares of the reserve above the resting heart rate, bpm."""
    return tuple(resting_bpm + floor * (max_bpm - resting_bpm) for floor in FLOORS)


def owned_seconds(
    ts: NDArray[np.float64], max_gap_s: float = MAX_GAP_S, last_s: float = 0.0
) -> NDArray[np.float64]:
    """Seconds (n,) that each reading stands for: until the next, but no longer than the gap.

    ``ts`` (n,) s, ascending. The last stands for ``last_s``.
    """
    owned: NDArray[np.float64] = np.minimum(np.diff(ts, append=ts[-1:] + last_s), max_gap_s)
    return owned


def zone_seconds(
    hr_bpm: NDArray[np.float64], seconds: NDArray[np.float64] | float, floors_bpm: tuple[float, ...]
) -> tuple[float, ...]:
    """Seconds below zone 1 and in zones 1 to 5 (six numbers).

    ``hr_bpm`` (n,) stand for ``seconds`` each; NaN are in no zone. A zone begins at its floor.
    """
    known = np.isfinite(hr_bpm)
    zone = np.searchsorted(np.asarray(floors_bpm), hr_bpm[known], side="right")
    spent = np.broadcast_to(seconds, hr_bpm.shape)[known]
    found = np.bincount(zone, spent, minlength=len(floors_bpm) + 1)
    return tuple(float(total) for total in found)
