"""What is told of each epoch: heart rate at octave scales, movement, and time.

After the wearable literature (Walch et al. 2019 for smoothed counts and differences of Gaussians
of heart rate; Aktaruzzaman et al. 2017 and Beattie et al. 2017 for multi-scale features around an
epoch). The set, the scales and the context were chosen on the labelled nights. Bands faster than
20 s are left out: they mirror the filter of the device more than the heart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .series import BIN_S, GRID_S, PER_EPOCH, Series, share_below

SCALES_S: Final = (10, 20, 40, 80, 160, 320, 640, 1280, 2560)
"""Sigmas of the Gaussians; a band is what lies between one and the next."""
LEVELS_S: Final = (20, 80, 320, 1280)
BANDS_S: Final = SCALES_S[1:-1]
ENERGY_BANDS_S: Final = (0, 10, 20, 40, 80, 160, 320, 640)
"""Band 0 is what is faster than the first Gaussian. A device that smooths heart rate empties the
fast ones; alignment, and copies of the fit's nights smoothed likewise, make up for that."""
ENERGY_WINDOWS_S: Final = (80, 240)
ENERGIES: Final = tuple(
    f"e{band}_{window}"
    for band in ENERGY_BANDS_S
    for window in ENERGY_WINDOWS_S
    if window >= 0.75 * band
)
"""Absolute energies, which depend on how the device filters heart rate."""
ENERGY_FLOOR: Final = 0.02
"""bpm²: keeps the logarithm of a constant heart rate finite."""
SLOPES_S: Final = ((40, 60), (80, 150), (160, 300), (320, 600))
"""Sigma, and the distance either side."""
EXTREMES_S: Final = (150, 300, 900)
EXTREME_MAX_BPM: Final = 60.0
LOCAL_EPOCHS: Final = 90
"""45 min either side: half a sleep cycle."""
LOCAL_MIN: Final = 12
MIN_SPREAD_BPM: Final = 3.0
"""A night whose heart rate hardly moves is not blown up to look as if it did."""
MOTION_SCALES_S: Final = (15, 45, 120, 300, 900, 2400)
OCCURRENCE_SCALES_S: Final = (120, 600, 2400)
STRONG_MOTION: Final = 2.0
SINCE_MAX: Final = 120.0
"""Epochs: an hour without movement is as good as two."""
STILL_MAX: Final = 160.0
CUT_SIGMAS: Final = 3.0
CONTEXT: Final = (
    "lev80", "dev", "rank80", "e10_80", "e40_240", "n80_240", "n20_80", "jump", "b320", "m45",
    "m300",
)  # fmt: skip
OFFSETS: Final = (4, 8, 12, 16, 24, 32, 40, 48)
"""Epochs before and after, 2 to 24 min, at which the context is shown too."""


@dataclass(frozen=True, slots=True)
class EnergyFrame:
    """How lively heart rate was in the nights of the fit: median and spread of night medians."""

    median: Mapping[str, float]
    sd: Mapping[str, float]


class _Smoother:
    """Gaussian smoothing that leaves out what is absent, cut at three sigmas, by FFT."""

    def __init__(self, present: NDArray[np.bool_], step_s: float, longest_s: float) -> None:
        self.n, self.step_s = len(present), step_s
        self.present = present.astype(np.float64)
        need = self.n + int(CUT_SIGMAS * longest_s / step_s) + 1
        self.size = 1 << (need - 1).bit_length()
        self.mask = np.fft.rfft(self.present, self.size)
        self.weights: dict[float, tuple[NDArray[np.complex128], NDArray[np.float64]]] = {}

    def _kernel(self, sigma_s: float) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        if sigma_s not in self.weights:
            sigma = sigma_s / self.step_s
            reach = int(CUT_SIGMAS * sigma + 0.5)
            bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
            line = np.zeros(self.size)
            line[np.arange(-reach, reach + 1)] = bell / bell.sum()
            spectrum = np.fft.rfft(line)
            weight = np.fft.irfft(self.mask * spectrum, self.size)[: self.n]
            self.weights[sigma_s] = (spectrum, np.maximum(weight, 1e-6))
        return self.weights[sigma_s]

    def spectrum(self, values: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Transform a series once for all scales."""
        return np.fft.rfft(values * self.present, self.size)

    def smooth(self, spectrum: NDArray[np.complex128], sigma_s: float) -> NDArray[np.float64]:
        """Smooth what was transformed."""
        kernel, weight = self._kernel(sigma_s)
        found = np.fft.irfft(spectrum * kernel, self.size)[: self.n]
        return found / weight


type Features = dict[str, NDArray[np.float64]]
"""Named features, (epochs,) each."""


def night_features(series: Series) -> Features:
    """Describe each epoch of a night."""
    hours = np.arange(series.epochs) / 120.0
    time = {"hours": hours, "early": np.exp(-hours / 0.25), "hour1": np.exp(-hours)}
    return _heart(series) | _motion(series) | time


def energy_medians(features: Features) -> dict[str, float]:
    """Return the night's median of each absolute energy."""
    return {name: float(np.median(features[name])) for name in ENERGIES}


def align_energy(features: Features, frame: EnergyFrame) -> Features:
    """Shift each absolute energy by what its night median lies beyond one SD of the fit's nights.

    A device that smooths heart rate takes energy from every epoch alike; a calm person does so
    too, but hardly by more than the people of the fit differ among each other.
    """
    shifted = {}
    for name, median in energy_medians(features).items():
        off = median - frame.median[name]
        beyond = np.sign(off) * max(abs(off) - frame.sd[name], 0.0)
        shifted[name] = features[name] - beyond
    return features | shifted


def matrix(features: Features) -> NDArray[np.float64]:
    """Return the features of each epoch and the context around it, (epochs, columns)."""
    own = np.stack(list(features.values()), axis=1)
    at = np.arange(len(own))
    around = np.stack([features[name] for name in CONTEXT], axis=1)
    near = [
        around[np.clip(at + side * offset, 0, len(own) - 1)]
        for offset in OFFSETS
        for side in (-1, 1)
    ]
    return np.concatenate([own, *near], axis=1)


def _heart(series: Series) -> Features:
    from scipy.ndimage import maximum_filter1d, minimum_filter1d  # noqa: PLC0415  scipy loads with the first analysis

    present, epochs = series.present, series.epochs
    middle = np.arange(epochs) * PER_EPOCH + PER_EPOCH // 2

    def at(values: NDArray[np.float64]) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = (values[middle - 1] + values[middle]) / 2.0
        return mean

    smoother = _Smoother(present, GRID_S, SCALES_S[-1])
    raw = smoother.spectrum(series.hr)
    level = {s: smoother.smooth(raw, s) for s in SCALES_S}
    band = {a: level[a] - level[b] for a, b in pairwise(SCALES_S)}
    band[0] = series.hr - level[10]
    calm = level[80]
    low, median, high = np.percentile(calm[present], (10, 50, 90))
    found: Features = {}
    for s in LEVELS_S:
        found[f"lev{s}"] = at((level[s] - median) / max(high - low, MIN_SPREAD_BPM))
        found[f"rank{s}"] = at(share_below(level[s], level[s][present]))
    found |= {f"b{s}": at(band[s]) for s in BANDS_S}
    found["jump"] = at(level[40] - level[640])
    for s in ENERGY_BANDS_S:
        squared = smoother.spectrum(band[s] ** 2)
        for w in ENERGY_WINDOWS_S:
            if w >= 0.75 * s:
                power = np.maximum(smoother.smooth(squared, w), 0.0)
                energy = 0.5 * np.log(power + ENERGY_FLOOR)
                found[f"e{s}_{w}"] = at(energy)
                found[f"n{s}_{w}"] = at(energy - np.median(energy[present]))
    for s, distance in SLOPES_S:
        step = round(distance / GRID_S)
        edged = np.pad(level[s], step, mode="edge")
        found[f"slope{s}"] = at(edged[2 * step :] - edged[: len(edged) - 2 * step])
    fast = level[10]
    for w in EXTREMES_S:
        size = 2 * round(w / GRID_S) + 1
        top = maximum_filter1d(np.where(present, fast, -1e3), size, mode="nearest")
        bottom = minimum_filter1d(np.where(present, fast, 1e3), size, mode="nearest")
        found[f"top{w}"] = np.clip(at(top - calm), 0.0, EXTREME_MAX_BPM)
        found[f"low{w}"] = np.clip(at(calm - bottom), 0.0, EXTREME_MAX_BPM)
    return found | _local(at(calm), present[middle])


def _local(calm: NDArray[np.float64], present: NDArray[np.bool_]) -> Features:
    """Place of each epoch's heart rate within 45 min either side."""
    padded = np.pad(np.where(present, calm, np.inf), LOCAL_EPOCHS, constant_values=np.inf)
    window = np.lib.stride_tricks.sliding_window_view(padded, 2 * LOCAL_EPOCHS + 1)
    count = np.isfinite(window).sum(axis=1)
    thin = count < LOCAL_MIN
    size = np.maximum(count, 1)
    below = (window < calm[:, None]).sum(axis=1) / size
    order = np.sort(window, axis=1)
    row = np.arange(len(calm))

    def quantile(share: float) -> NDArray[np.float64]:
        place = (size - 1) * share
        rank = np.floor(place).astype(np.intp)
        lower, upper = order[row, rank], order[row, np.minimum(rank + 1, size - 1)]
        with np.errstate(invalid="ignore"):
            between: NDArray[np.float64] = lower + (place - rank) * (upper - lower)
        return between

    return {
        "locrank": np.where(thin, 0.5, below),
        "dev": np.where(thin, 0.0, calm - quantile(0.5)),
        "above_low": np.where(thin, 0.0, calm - quantile(0.1)),
    }


def _motion(series: Series) -> Features:
    smoother = _Smoother(series.watched, BIN_S, MOTION_SCALES_S[-1])

    def pair(values: NDArray[np.float64]) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = (values[0::2] + values[1::2]) / 2.0
        return mean

    amount = smoother.spectrum(series.motion)
    moved = smoother.spectrum((series.motion > 0).astype(np.float64))
    found = {f"m{s}": np.maximum(pair(smoother.smooth(amount, s)), 0.0) for s in MOTION_SCALES_S}
    found |= {f"log{name}": np.log(values + 0.01) for name, values in found.items()}
    for s in OCCURRENCE_SCALES_S:
        found[f"any{s}"] = pair(smoother.smooth(moved, s))
    for tag, cut in (("", 0.0), ("big", STRONG_MOTION)):
        strong = series.motion > cut
        found |= _stillness(strong[0::2] | strong[1::2], tag)
    return found


def _stillness(moved: NDArray[np.bool_], tag: str) -> Features:
    """Log epochs since the last movement, until the next, and between them."""
    n = len(moved)
    at = np.arange(n)
    last = np.maximum.accumulate(np.where(moved, at, -1))
    following = np.minimum.accumulate(np.where(moved, at, n)[::-1])[::-1]
    since = np.where(last < 0, at, at - last)
    until = following - at
    return {
        f"since{tag}": np.log1p(np.minimum(since, SINCE_MAX)),
        f"until{tag}": np.log1p(np.minimum(until, SINCE_MAX)),
        f"still{tag}": np.log1p(np.minimum(since + until, STILL_MAX)),
    }
