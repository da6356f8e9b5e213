"""Where a rest begins and ends: when the wrist falls quiet, and when sleep settles."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

BIN_S: Final = 15.0
"""Movement is judged in bins of this length, s: the coarsest that recordings come in."""
SETTLED_BINS: Final = 40
"""Ten minutes: the immobility by which actigraphs tell sleep onset and final waking (Actiware)."""
SETTLED_MAX_MOVED: Final = 1
"""Bins with movement that these ten minutes may have: all but one are still (Actiware)."""

SETTLED_MIN_SEEN: Final = 20
"""Bins of these ten minutes that must have been observed."""


def change_point(
    moved: NDArray[np.float64], first: int, stop: int, *, falls: bool, active: float = 0.0
) -> tuple[int, float]:
    """Tell where movement changes most between bins ``first`` and ``stop``, and by how much.

    ``moved`` (n,) is 1 for a bin with movement, 0 without, NaN when not observed. Returns the
    first bin of the later part, and the share of moved bins that it loses (``falls``) or gains
    there, 0..1. The cut is the likeliest of two Bernoulli levels (Hinkley 1970, Biometrika 57:1)
    of which the higher is above ``active``; ``first`` or ``stop`` and 0 when there is none.
    """
    seen = np.isfinite(moved[first:stop])
    n = np.concatenate(([0.0], np.cumsum(seen)))
    k = np.concatenate(([0.0], np.cumsum(np.where(seen, moved[first:stop], 0.0))))
    rest, others = k[-1] - k, n[-1] - n
    inner = (n > 0.0) & (others > 0.0)
    before, after = k / np.maximum(n, 1.0), rest / np.maximum(others, 1.0)
    change = before - after if falls else after - before
    # Half a bin of either kind keeps the logarithms finite where there is little to count.
    likely = _log_likelihood(k, n, (k + 0.5) / (n + 1.0))
    likely += _log_likelihood(rest, others, (rest + 0.5) / (others + 1.0))
    higher = before if falls else after
    likely[(change <= 0.0) | (higher <= active) | ~inner] = -np.inf
    best = int(np.argmax(likely))
    if not np.isfinite(likely[best]):
        return (first if falls else stop), 0.0
    return first + best, float(change[best])


def calm_bins(moved: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which bins of ``moved`` (n,) lie in ten minutes with at most one moved bin, (n,).

    The "immobile minutes" by which Actiware (Respironics) sets the onset and end of sleep within
    a rest, there with epochs of 15 to 60 s. Bins that were not observed did not move, but half of
    the ten minutes must have been.
    """
    calm = np.zeros(len(moved), dtype=bool)
    if len(moved) < SETTLED_BINS:
        return calm
    upto = np.concatenate(([0.0], np.cumsum(np.nan_to_num(moved))))
    seen = np.concatenate(([0], np.cumsum(np.isfinite(moved))))
    begins = upto[SETTLED_BINS:] - upto[:-SETTLED_BINS] <= SETTLED_MAX_MOVED
    begins &= seen[SETTLED_BINS:] - seen[:-SETTLED_BINS] >= SETTLED_MIN_SEEN
    lasts = np.zeros(len(moved) + 1, dtype=np.int64)
    lasts[: len(begins)] += begins
    lasts[SETTLED_BINS:] -= begins
    calm[:] = np.cumsum(lasts[:-1]) > 0
    return calm


def settled(moved: NDArray[np.float64]) -> tuple[int, int] | None:
    """First and end bin of settled sleep within a rest whose bins are ``moved`` (n,).

    From the first to the last still bin of ten minutes that are calm. None without any.
    """
    calm = np.flatnonzero(calm_bins(moved) & (moved == 0.0))
    return (int(calm[0]), int(calm[-1]) + 1) if len(calm) else None


def _log_likelihood(
    k: NDArray[np.float64], n: NDArray[np.float64], p: NDArray[np.float64]
) -> NDArray[np.float64]:
    found: NDArray[np.float64] = k * np.log(p) + (n - k) * np.log1p(-p)
    return found
