"""By how much one group of days lies above another, and how sure that is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 499
COVERED: Final = 0.90
"""Share of the interval."""


@dataclass(frozen=True, slots=True)
class Shift:
    """An estimate and the interval that covers it in nine of ten."""

    value: float
    low: float
    high: float


def hodges_lehmann(
    with_it: NDArray[np.bool_], values: NDArray[np.float64], block: int, rng: np.random.Generator
) -> Shift:
    """Median of all differences between days with and days without (Hodges & Lehmann 1963).

    ``values`` (n,) of consecutive days, NaN where unknown; ``with_it`` (n,). The interval comes
    from resampling blocks of neighbouring days (Kuensch 1989). Both groups have a known day.
    """
    known = np.isfinite(values)
    one, other = np.flatnonzero(known & with_it), np.flatnonzero(known & ~with_it)
    pairs = np.stack([part.ravel() for part in np.meshgrid(one, other, indexing="ij")])
    return _median_over(pairs, values[pairs[0]] - values[pairs[1]], len(values), block, rng)


def slope(
    x: NDArray[np.float64], values: NDArray[np.float64], block: int, rng: np.random.Generator
) -> Shift:
    """Median of the slopes between all pairs of days (Theil 1950, Sen 1968), interval as above.

    ``x`` and ``values`` (n,) of consecutive days, NaN where unknown; x varies.
    """
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(values))
    left, right = np.triu_indices(len(known), 1)
    pairs = np.stack([known[left], known[right]])
    apart = x[pairs[1]] - x[pairs[0]]
    pairs, apart = pairs[:, apart != 0.0], apart[apart != 0.0]
    slopes = (values[pairs[1]] - values[pairs[0]]) / apart
    return _median_over(pairs, slopes, len(values), block, rng)


def _median_over(
    pairs: NDArray[np.intp],
    of_pairs: NDArray[np.float64],
    days: int,
    block: int,
    rng: np.random.Generator,
) -> Shift:
    """Median over pairs of days, and over the pairs of days drawn in blocks."""
    value = float(np.median(of_pairs))
    starts = rng.integers(0, days, (RESAMPLES, -(-days // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % days).reshape(RESAMPLES, -1)[:, :days]
    flat = drawn + days * np.arange(RESAMPLES)[:, None]
    times = np.bincount(flat.ravel(), minlength=RESAMPLES * days).reshape(RESAMPLES, days)
    order = np.argsort(of_pairs, kind="stable")
    times = times.astype(np.float32)
    weight = times[:, pairs[0][order]] * times[:, pairs[1][order]]
    total = np.cumsum(weight, axis=1, dtype=np.float64)
    drawn_some = total[:, -1] > 0.0
    middle = np.argmax(total >= total[:, -1:] / 2.0, axis=1)
    medians = of_pairs[order][middle[drawn_some]]
    if not len(medians):
        return Shift(value, float(of_pairs.min()), float(of_pairs.max()))
    tail = (1.0 - COVERED) / 2.0
    low, high = np.quantile(medians, (tail, 1.0 - tail))
    return Shift(value, float(min(low, value)), float(max(high, value)))
