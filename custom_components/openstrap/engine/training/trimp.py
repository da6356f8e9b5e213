"""Training impulse: minutes weighted by how hard the heart worked in them."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..profile import Sex
from .anchors import Anchors

MEN: Final = (0.64, 1.92)
WOMEN: Final = (0.86, 1.67)
"""Weight and exponent of lactate over heart-rate reserve (Morton, Fitz-Clarke and Banister 1990).
Only two pairs are published; where no sex was told that of men stands in."""


def reserve(hr_bpm: ArrayLike, resting_bpm: float, max_bpm: float) -> NDArray[np.float64]:
    """Share of the heart-rate reserve, 0 to 1 (Karvonen 1957); NaN stays NaN.

    Raises ValueError where the maximum does not lie above the resting rate.
    """
    if not max_bpm > resting_bpm:
        raise ValueError("the maximum heart rate lies above the resting one")
    share = (np.asarray(hr_bpm, dtype=np.float64) - resting_bpm) / (max_bpm - resting_bpm)
    clipped: NDArray[np.float64] = np.clip(share, 0.0, 1.0)
    return clipped


def banister_rate(share: ArrayLike, sex: Sex | None) -> NDArray[np.float64]:
    """Load of a minute at a share of the reserve (Banister 1991): x a exp(b x)."""
    x = np.asarray(share, dtype=np.float64)
    weight, exponent = WOMEN if sex == "f" else MEN
    rate: NDArray[np.float64] = x * weight * np.exp(exponent * x)
    return rate


def banister_trimp(
    hr_bpm: NDArray[np.float64], minutes: NDArray[np.float64] | float, anchors: Anchors
) -> float | None:
    """Sum the load of heart rates (n,) bpm, each held for its minutes ((n,) or one for all).

    NaN rates are left out. None without any rate.
    """
    known = np.isfinite(hr_bpm)
    if not known.any():
        return None
    rate = banister_rate(reserve(hr_bpm, anchors.resting_bpm, anchors.hr_max.bpm), anchors.sex)
    return math.fsum((np.broadcast_to(minutes, rate.shape) * rate)[known])
