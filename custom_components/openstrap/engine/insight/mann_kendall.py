"""Whether a series has a trend at all."""

from collections.abc import Sequence
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.stats import theil_sen

MIN_VALUES: Final = 8
"""From here on the sum is normal enough (Mann 1945 gives exact tables below)."""
CLEAR_ECHO: Final = 1.645
"""Standard errors (1 / sqrt(n)) from which neighbours are alike by more than chance."""
MAX_ECHO: Final = 0.95


def mann_kendall(values: Sequence[float]) -> float | None:
    """Tell the two-sided chance of so clear a trend, up or down, in numbers without one.

    ``values`` in the order of time, gaps left out. Normal approximation with ties and correction
    for continuity (Mann 1945; Kendall 1975). Nights take after the night before, which makes runs
    look like trends: the variance grows as Hamed & Rao 1998 (J Hydrol 204:182) have it, with the
    correlation of neighbours alone, what is left of the trend taken out. None below eight
    numbers, with one that is not finite, or when all are the same.
    """
    series = np.asarray(values, dtype=np.float64)
    count = len(series)
    if count < MIN_VALUES or not np.isfinite(series).all():
        return None
    later = np.sign(series[None, :] - series[:, None])
    score = float(np.triu(later, 1).sum())
    ties = np.unique(series, return_counts=True)[1].astype(np.float64)
    variance = (
        count * (count - 1.0) * (2.0 * count + 5.0)
        - float((ties * (ties - 1.0) * (2.0 * ties + 5.0)).sum())
    ) / 18.0
    if variance <= 0.0:
        return None
    z = max(abs(score) - 1.0, 0.0) / math.sqrt(variance * _inflation(series))
    return math.erfc(z / math.sqrt(2.0))


def _inflation(series: NDArray[np.float64]) -> float:
    """By how much more the sum varies than that of numbers that do not depend on each other."""
    count = len(series)
    places = np.arange(count, dtype=np.float64)
    rest = series - (theil_sen(places, series) or 0.0) * places
    rest -= rest.mean()
    power = float(rest @ rest)
    # What a straight line leaves is rounding.
    if power <= 1e-12 * float(series @ series):
        return 1.0
    echo = float(rest[1:] @ rest[:-1]) / power
    if echo <= CLEAR_ECHO / math.sqrt(count):
        return 1.0
    # Of few numbers it comes out too low (Marriott & Pope 1954).
    echo = min(((count - 1.0) * echo + 1.0) / (count - 4.0), MAX_ECHO)
    lags = np.arange(1, count)
    return 1.0 + 2.0 * float(((1.0 - lags / count) * echo**lags).sum())
