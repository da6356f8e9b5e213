"""How steady breathing is over a night: rates of half hours, their spread and their trend."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp
from ..signal.stats import sd, theil_sen
from .rate import AGREE_BRPM, MIN_CONSENSUS, MIN_SEGMENTS, BreathTrack

BIN_S: Final = 1800.0
MIN_BINS: Final = 3


@dataclass(frozen=True, slots=True)
class BreathVariability:
    """Mean, standard deviation, its share of the mean (%) and slope per hour of ``bins`` rates.

    All None below three bins, and then ``confidence`` is 0.
    """

    bins: int
    mean_brpm: float | None
    sd_brpm: float | None
    cv_pct: float | None
    slope_brpm_h: float | None
    confidence: float


def bin_rates(track: BreathTrack) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the middles (hours from the first segment on) and rates of half hours, (b,) each.

    A half hour has a rate when at least three segments that begin in it tell one and at least
    half of these are within 2 of their median.
    """
    hours, rates = [], []
    if len(track):
        place = np.floor((track.start_ts - track.start_ts[0]) / BIN_S).astype(np.intp)
        for at in range(int(place[-1]) + 1):
            brpm = track.brpm[place == at]
            brpm = brpm[np.isfinite(brpm)]
            if len(brpm) < MIN_SEGMENTS:
                continue
            middle = float(np.median(brpm))
            if (np.abs(brpm - middle) <= AGREE_BRPM).mean() >= MIN_CONSENSUS:
                hours.append((at + 0.5) * BIN_S / 3600.0)
                rates.append(middle)
    return np.array(hours), np.array(rates)


def breath_variability(hours: NDArray[np.float64], brpm: NDArray[np.float64]) -> BreathVariability:
    """Sum rates up, (b,) with their times in hours; the slope is that of Theil (1950) and Sen (1968)."""
    bins = len(brpm)
    spread = sd(brpm) if bins >= MIN_BINS else None
    slope = theil_sen(hours, brpm) if bins >= MIN_BINS else None
    if spread is None or slope is None:
        return BreathVariability(bins, None, None, None, None, 0.0)
    mean = float(brpm.mean())
    return BreathVariability(
        bins=bins,
        mean_brpm=mean,
        sd_brpm=spread,
        cv_pct=100.0 * spread / mean if mean else None,
        slope_brpm_h=slope,
        confidence=clamp(0.3 + 0.05 * bins, 0.3, 0.8),
    )
