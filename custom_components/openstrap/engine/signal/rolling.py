"""Centred moving quantiles that skip holes and are cut short at the ends."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def rolling_quantiles(
    values: NDArray[np.float64], size: int, quantiles: Sequence[float], *, min_count: int = 1
) -> NDArray[np.float64]:
    """Quantiles of the ``size`` values around each value, (len(quantiles), n).

    The window of value i holds i - size // 2 and the ``size - 1`` values after it, as far as they
    exist; NaN is skipped. Linear interpolation as in ``numpy.percentile``. NaN where fewer than
    ``min_count`` values are left.
    """
    n = len(values)
    found = np.full((len(quantiles), n), np.nan)
    if not n:
        return found
    before = size // 2
    finite = np.isfinite(values)
    seen = np.concatenate(([0], np.cumsum(finite)))
    at = np.arange(n)
    count = seen[np.minimum(at + size - before, n)] - seen[np.maximum(at - before, 0)]

    whole = np.flatnonzero((count == size) & (count >= min_count))
    if len(whole):
        from scipy.ndimage import rank_filter  # noqa: PLC0415  scipy loads with the first analysis

        filled = np.where(finite, values, 0.0)
        for row, quantile in enumerate(quantiles):
            rank, share = divmod((size - 1) * quantile, 1.0)
            low = rank_filter(filled, rank=int(rank), size=size)[whole]
            if share:
                high = rank_filter(filled, rank=int(rank) + 1, size=size)[whole]
                low = low + share * (high - low)
            found[row, whole] = low

    torn = np.flatnonzero((count < size) & (count >= max(min_count, 1)))
    if len(torn):
        padded = np.full(n + size - 1, np.inf)
        padded[before : before + n] = np.where(finite, values, np.inf)
        window = np.sort(np.lib.stride_tricks.sliding_window_view(padded, size)[torn], axis=1)
        for row, quantile in enumerate(quantiles):
            place = (count[torn] - 1) * quantile
            rank = np.floor(place).astype(np.intp)
            above = np.minimum(rank + 1, count[torn] - 1)
            line = np.arange(len(torn))
            low, high = window[line, rank], window[line, above]
            found[row, torn] = low + (place - rank) * (high - low)
    return found
