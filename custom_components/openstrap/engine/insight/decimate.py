"""Curves with fewer points than there are numbers, for screens."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

BUCKETS: Final = 250
"""Two points of each: no chart is wider than 500 of its own pixels by much."""


def stride(count: int, limit: int) -> NDArray[np.int64]:
    """Return indices of at most ``limit`` of ``count`` points, evenly apart, with both ends.

    For curves whose last point is what they came to. Raises ValueError for a limit below two.
    """
    if limit < 2:
        raise ValueError("a curve has two ends")
    if count <= limit:
        return np.arange(count, dtype=np.int64)
    # Steps of more than one, so that rounding never gives the same index twice.
    return np.floor(np.linspace(0.0, count - 1.0, limit) + 0.5).astype(np.int64)


def low_and_high(ts: ArrayLike, values: ArrayLike, buckets: int = BUCKETS) -> NDArray[np.int64]:
    """Return indices of the lowest and highest value in each of ``buckets`` stretches of time.

    The stretches are equally long. ``ts`` (n,) ascending and ``values`` (n,); values that are not finite are left out, so a stretch
    without any has no point and the gap stays a gap. Ascending, at most two a stretch: peaks stay,
    which an even stride would miss. Of equal values the first is taken.
    """
    times, series = np.asarray(ts, dtype=np.float64), np.asarray(values, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(series) & np.isfinite(times))
    if len(known) <= 2 * buckets:
        return known
    span = times[known[-1]] - times[known[0]]
    if not span:
        raise ValueError("times ascend")
    place = np.minimum(
        ((times[known] - times[known[0]]) / span * buckets).astype(np.int64), buckets - 1
    )
    low = known[np.lexsort((series[known], place))]
    high = known[np.lexsort((-series[known], place))]
    # Sorted by stretch first, each stretch begins at the same place in both.
    first = np.flatnonzero(np.diff(place, prepend=-1))
    return np.unique(np.concatenate((low[first], high[first])))
