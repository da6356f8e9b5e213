"""How far the heart rate falls at night (Verdecchia et al. 1998; Cuspidi et al. 2018)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

MIN_SECONDS: Final = 300
DIPPER_PERCENT: Final = 10.0
"""A fall of a tenth is the usual border (Verdecchia et al. 1998, of blood pressure)."""


class DipKind(StrEnum):
    """How the night lies to the day."""

    DIPPER = "dipper"
    BLUNTED = "blunted"
    RISER = "riser"


@dataclass(frozen=True, slots=True)
class Dip:
    """The fall as a share of the day's heart rate (%), its class, and both rates (bpm)."""

    percent: float
    kind: DipKind
    day_bpm: float
    night_bpm: float


def nocturnal_dip(day_bpm: NDArray[np.float64], night_bpm: NDArray[np.float64]) -> Dip | None:
    """Compare the median of awake, still seconds with the mean of the main sleep.

    Both (n,) bpm, a value a second, NaN where unknown; None with fewer than 300 of either.
    Deviation: the day is the median of the seconds given, and the caller gives still ones, where
    the source takes all; a day of training is no deeper night.
    """
    day, night = day_bpm[np.isfinite(day_bpm)], night_bpm[np.isfinite(night_bpm)]
    if len(day) < MIN_SECONDS or len(night) < MIN_SECONDS:
        return None
    at_day, at_night = float(np.median(day)), float(night.mean())
    percent = 100.0 * (at_day - at_night) / at_day
    if percent >= DIPPER_PERCENT:
        kind = DipKind.DIPPER
    else:
        kind = DipKind.BLUNTED if percent >= 0.0 else DipKind.RISER
    return Dip(percent, kind, at_day, at_night)
