"""Robust and circular statistics of few numbers, with None where they are not defined."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAD_TO_SD = 1.4826
"""Makes the median absolute deviation of a normal distribution its standard deviation."""
FEW = 128
"""A list up to this long is sorted faster than it is made an array (measured)."""
HOURS = 24.0
MINUTES = 1440.0
MIN_RESULTANT = 1e-9
"""Mean vector on the circle below which times have no common direction."""


def _finite(x: ArrayLike) -> NDArray[np.float64] | None:
    """Return numbers (n,), n > 0; None where there is none or one of them is not finite."""
    values = np.asarray(x, dtype=np.float64)
    return values if values.size and bool(np.isfinite(values).all()) else None


def _few(x: ArrayLike) -> list[float] | None:
    """Return a short list of finite numbers as it is: trends look at thousands of them.

    A call of numpy costs some twenty times what sorting them does. None for anything else.
    """
    if not isinstance(x, list) or not 0 < len(x) <= FEW:
        return None
    found = all(isinstance(value, float) and math.isfinite(value) for value in x)
    return x if found else None


def _middle(values: list[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2.0


def sd(x: ArrayLike) -> float | None:
    """Sample standard deviation (n - 1); None below two numbers or with one that is not finite."""
    values = _finite(x)
    if values is None or len(values) < 2:
        return None
    # Equal numbers have none: their mean may be off by a last digit, and a tiny scale is no scale.
    return float(values.std(ddof=1)) if values.min() < values.max() else 0.0


def median(x: ArrayLike) -> float | None:
    """Middle of the numbers; None without any or with one that is not finite."""
    if (few := _few(x)) is not None:
        return _middle(few)
    values = _finite(x)
    return None if values is None else float(np.median(values))


def mad(x: ArrayLike) -> float | None:
    """Median absolute deviation from the median, scaled to a standard deviation; None as above."""
    if (few := _few(x)) is not None:
        centre = _middle(few)
        return MAD_TO_SD * _middle([abs(value - centre) for value in few])
    values = _finite(x)
    if values is None:
        return None
    return MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))


def theil_sen(x: ArrayLike, y: ArrayLike) -> float | None:
    """Median of the slopes between all pairs of points (Theil 1950, Sen 1968), units y / x.

    ``x`` and ``y`` are (n,); pairs of the same x are left out. None without a pair or with a
    number that is not finite.
    """
    places, values = _finite(x), _finite(y)
    if places is None or values is None or not np.ptp(places):
        return None
    apart = places[:, None] - places
    ahead = apart > 0.0
    return float(np.median((values[:, None] - values)[ahead] / apart[ahead]))


def average_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank finite values (n,) from 1; equal ones share the mean of their ranks, (n,).

    ``scipy.stats`` has it too, and takes 40 MiB to load.
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: NDArray[np.float64] = (last + (last - count + 1)) / 2.0
    return ranks[place]


def _mean_vector(hours: ArrayLike) -> complex | None:
    """Mean of the unit vectors of clock times; None where they have no common direction."""
    values = _finite(hours)
    if values is None:
        return None
    vector = complex(np.exp(2j * np.pi / HOURS * values).mean())
    return vector if abs(vector) >= MIN_RESULTANT else None


def _hour(angle: float) -> float:
    """Clock time of an angle, in [0, 24)."""
    hour = angle * HOURS / (2.0 * math.pi) % HOURS
    return 0.0 if hour == HOURS else hour


def circular_mean_h(hours: ArrayLike) -> float | None:
    """Mean clock time on the circle of 24 h, in [0, 24) h.

    ``hours`` are (n,), any range. None without any, or when they cancel each other out.
    """
    vector = _mean_vector(hours)
    return None if vector is None else _hour(math.atan2(vector.imag, vector.real))


def circular_sd_min(hours: ArrayLike) -> float | None:
    """Circular standard deviation of clock times (h) in minutes: sqrt(-2 ln R) (Mardia 1972).

    None below two times, or when they cancel each other out.
    """
    vector = _mean_vector(hours)
    if vector is None or np.size(hours) < 2:
        return None
    return math.sqrt(-2.0 * math.log(min(abs(vector), 1.0))) * MINUTES / (2.0 * math.pi)


def circular_median_h(hours: ArrayLike) -> float | None:
    """Median clock time in [0, 24) h: the circle is cut opposite the circular mean.

    None without any, or when they cancel each other out.
    """
    mean = circular_mean_h(hours)
    if mean is None:
        return None
    off = (np.asarray(hours, dtype=np.float64) - mean + HOURS / 2.0) % HOURS - HOURS / 2.0
    found = (mean + float(np.median(off))) % HOURS
    return 0.0 if found == HOURS else found
