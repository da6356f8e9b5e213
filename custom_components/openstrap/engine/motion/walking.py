"""Whether an arm belongs to someone who walks: slow steps against the work of hands."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .cadence import Cadence, Spectra, band_pass, spectra_of, track_cadence, windows

WINDOW_S: Final = 12.0
"""Span around a second that is judged, s."""
SPREAD_S: Final = 15
"""Seconds over which the judgement is averaged: who walks goes on walking."""
STEP_BAND_HZ: Final = (0.5, 3.5)
SWAY_BAND_HZ: Final = (0.05, 0.4)
CLIP_G: Final = 0.6
LOCAL: Final = 7
"""Readings (0.56 s) over which the local spread is taken."""
LEAST_G: Final = 0.003
"""Added before a logarithm, g: the noise of the sensors."""
CENTRE: Final = 2.5
"""Logarithms of spreads in g lie around minus this."""
HELD: Final = 3.0
"""Standard deviations that a feature is held within: what was never seen is not extrapolated."""


FEATURES: Final = (
    "floor",
    "floor squared",
    "middle",
    "middle squared",
    "spread",
    "spread squared",
    "skewness",
    "peakedness",
    "sway",
    "sway squared",
    "regular",
    "regular x middle",
    "entropy",
    "above 3 Hz",
)
"""In the order of the columns.

Floor and middle: 10th percentile and median of the local spread, for who walks is never still.
Spread within the band of steps; skewness and peakedness there, for heels strike upwards.
Sway below it; regularity at the cadence; entropy of the spectrum."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Logistic regression over features: mean, standard deviation and weight of each, and bias."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability of walking of each row, (n,)."""
        off = (features - np.array(self.mean)) / np.array(self.scale)
        line = np.clip(off, -HELD, HELD) @ np.array(self.weight) + self.bias
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-line))
        return found


def walking_features(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Features of every second of a stretch at 12.5 Hz, (n, 14) in the order of ``FEATURES``."""
    spectra = spectra_of(values, WINDOW_S)
    return _columns(values, spectra, track_cadence(spectra))


def _columns(
    values: NDArray[np.float64], spectra: Spectra, cadence: Cadence
) -> NDArray[np.float64]:
    around = np.pad(values, (LOCAL // 2, LOCAL // 2), mode="edge")
    local = windows(np.lib.stride_tricks.sliding_window_view(around, LOCAL).std(axis=1), WINDOW_S)
    sway = windows(band_pass(values - 1.0, *SWAY_BAND_HZ), WINDOW_S)
    steps = np.clip(windows(band_pass(values - 1.0, *STEP_BAND_HZ), WINDOW_S), -CLIP_G, CLIP_G)
    steps = steps - steps.mean(axis=1, keepdims=True)
    sd = steps.std(axis=1)
    low, high = 0.3, 6.0
    share = spectra.between(low, high)
    share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-9)
    regular = cadence.regularity
    floor = _log(np.percentile(local, 10.0, axis=1))
    middle = _log(np.median(local, axis=1))
    spread = _log(sd)
    swaying = _log(sway.std(axis=1))
    odds = np.log(regular / (1.0 - np.minimum(regular, 0.97)) + 0.02)
    return np.column_stack(
        (
            floor,
            floor**2,
            middle,
            middle**2,
            spread,
            spread**2,
            (steps**3).mean(axis=1) / (sd**3 + 1e-6),
            np.log((steps**4).mean(axis=1) / (sd**4 + 1e-6) + 1.0),
            swaying,
            swaying**2,
            odds,
            odds * middle,
            -(share * np.log(share + 1e-12)).sum(axis=1),
            spectra.between(3.0, high).sum(axis=1),
        )
    )


def _log(spread_g: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of a spread in g, around 0 for moving arms."""
    found: NDArray[np.float64] = np.log(spread_g + LEAST_G) + CENTRE
    return found
