"""Smoothing by a parabola through the values around each."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

DEGREE: Final = 2
EPSILON: Final = float(np.finfo(np.float64).eps)
"""Precision of a number; smaller singular values are rounding."""


def parabola_smoothed(values: NDArray[np.float64], samples: int) -> NDArray[np.float64]:
    """Fit a parabola to ``samples`` even spaced values around each (Savitzky & Golay 1964), (n,).

    ``values`` (n,), n >= ``samples``, which is odd (ValueError else). Within half of them from
    an end all are on the parabola through the ``samples`` at that end. To the bit as
    ``savgol_filter`` of scipy's, which is not used: ``scipy.signal`` takes 40 MiB to load,
    these parts of it take none that are not loaded anyway.
    """
    if not samples % 2 or len(values) < samples:
        raise ValueError("needs an odd number of samples, and as many values")
    from scipy.ndimage import convolve1d  # noqa: PLC0415  scipy loads with the first analysis

    found: NDArray[np.float64] = convolve1d(values, _weights(samples), mode="constant")
    half = samples // 2
    found[:half] = _fitted(values[:samples])[:half]
    found[-half:] = _fitted(values[-samples:])[-half:]
    return found


@lru_cache(maxsize=4)
def _weights(samples: int) -> NDArray[np.float64]:
    """Give what each value around counts for the one in the middle, (samples,)."""
    from scipy.linalg import lstsq  # noqa: PLC0415  scipy loads with the first analysis

    half = samples // 2
    powers = np.arange(half, -half - 1, -1, dtype=np.float64) ** np.arange(DEGREE + 1.0)[:, None]
    middle = np.zeros(DEGREE + 1)
    middle[0] = 1.0
    weights: NDArray[np.float64] = lstsq(powers, middle, cond=EPSILON)[0]
    return weights


def _fitted(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the parabola through values, at their places, (n,)."""
    from scipy.linalg import lstsq  # noqa: PLC0415  scipy loads with the first analysis

    place = np.arange(len(values), dtype=np.float64)
    powers = place[:, None] ** np.arange(DEGREE, -1.0, -1.0)
    scale = np.sqrt((powers * powers).sum(axis=0))
    cond = len(values) * EPSILON
    factors = lstsq(powers / scale, values, cond=cond)[0] / scale
    found = np.zeros(len(values))
    for factor in factors.tolist():
        found = found * place + factor
    return found
