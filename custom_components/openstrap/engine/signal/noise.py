"""Whether differences between beats come from a heart or from a shaky clock."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp

ACF1_LIMIT = -0.35
"""Lag-1 autocorrelation of the differences: timing noise lies below. White error of
intervals gives -1/2, of beat times -2/3; straps worn well were seen between -0.32 and -0.06."""
CONCENTRATION_NEEDED = 0.45
"""Spectral concentration from which a low autocorrelation is breathing, not noise."""
CONCENTRATION_SURE = 0.6
"""Spectral concentration from which it is nothing else; between the two quality rises evenly, so
that a night a hair below is not worthless."""
MIN_DIFFERENCES = 30
WINDOW_BEATS = 300
FFT_SIZE = 1024
PEAK_HALF_WIDTH = 0.03
"""Cycles per beat on either side of the strongest frequency."""
MIN_FILLED = 0.5
"""Share of differences that must exist in a window whose spectrum is read."""


@dataclass(frozen=True, slots=True)
class Noise:
    """``acf1`` and ``concentration``, NaN when unknown; ``quality`` 0..1; ``refused``."""

    acf1: float
    concentration: float
    quality: float
    refused: bool


def judge_noise(difference: NDArray[np.float64]) -> Noise:
    """Judge successive differences, (m,) ms with NaN where two beats are not joined.

    White error of beat times pushes the lag-1 autocorrelation of the differences to -2/3, but so
    does strong slow breathing of a slow heart, whose spectrum, unlike that of noise, is one
    narrow peak. Refuses only when both speak for noise. With fewer than 30 differences nothing
    is known and nothing refused.
    """
    known = np.isfinite(difference)
    pairs = int((known[1:] & known[:-1]).sum())
    if int(known.sum()) < MIN_DIFFERENCES or not pairs:
        return Noise(np.nan, np.nan, 1.0, False)
    filled = np.where(known, difference, 0.0)
    power = float((filled * filled).sum())
    if power == 0.0:
        return Noise(np.nan, np.nan, 1.0, False)
    acf1 = _acf1(filled, known, pairs)
    concentration = _concentration(filled, known)
    quality = clamp(1.0 - acf1 / ACF1_LIMIT, 0.0, 1.0)
    if concentration > CONCENTRATION_NEEDED:
        surely = (concentration - CONCENTRATION_NEEDED) / (
            CONCENTRATION_SURE - CONCENTRATION_NEEDED
        )
        quality = max(quality, min(surely, 1.0))
    refused = acf1 < ACF1_LIMIT and not concentration >= CONCENTRATION_NEEDED
    return Noise(acf1, concentration, quality, refused)


def _acf1(filled: NDArray[np.float64], known: NDArray[np.bool_], pairs: int) -> float:
    """Pool over runs: mean removed over all, products inside runs only, as many as there are.

    Holes take products away but no squares; without the count of pairs they would pull the
    result to 0 and let noise pass.
    """
    centred = np.where(known, filled - filled[known].mean(), 0.0)
    share = (int(known.sum()) - 1) / pairs
    # Sums instead of np.dot, whose threads cost more than they save on one night.
    products, squares = centred[1:] * centred[:-1], centred * centred
    return float(share * products.sum() / squares.sum())


def _concentration(filled: NDArray[np.float64], known: NDArray[np.bool_]) -> float:
    """Median over windows of the power near the strongest frequency, as a share of all."""
    size = min(WINDOW_BEATS, len(filled))
    windows = len(filled) // size
    block = filled[: windows * size].reshape(windows, size)
    dense = known[: windows * size].reshape(windows, size).mean(axis=1) >= MIN_FILLED
    block = block[dense & block.any(axis=1)]
    if not len(block):
        return float("nan")
    spectrum = np.abs(np.fft.rfft(block * np.hanning(size), FFT_SIZE, axis=1)) ** 2
    width = int(PEAK_HALF_WIDTH * FFT_SIZE)
    total = np.concatenate((np.zeros((len(block), 1)), np.cumsum(spectrum, axis=1)), axis=1)
    peak = spectrum.argmax(axis=1)
    line = np.arange(len(block))
    upto = np.minimum(peak + width + 1, spectrum.shape[1])
    near = total[line, upto] - total[line, np.maximum(peak - width, 0)]
    return float(np.median(near / total[:, -1]))
