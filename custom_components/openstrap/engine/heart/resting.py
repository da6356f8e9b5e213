"""Resting heart rate of a night."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..signal.grid import on_grid

WINDOW_S = 1800
MIN_COVERED = 0.9
"""Share of the seconds of a window that must have a heart rate."""


@dataclass(frozen=True, slots=True)
class RestingHr:
    """Lowest half-hour mean and first percentile (bpm), None when no half hour is covered.

    ``seconds`` is how many seconds had a heart rate, ``best_window_s`` how many of them the best
    half hour had.
    """

    bpm: float | None
    p1_bpm: float | None
    seconds: int
    best_window_s: int


def resting_hr(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.int16], onset_ts: float, offset_ts: float
) -> RestingHr:
    """Lowest mean heart rate over half an hour of true time within [onset, offset).

    ``ts`` (n,) epoch s ascending, ``hr_bpm`` (n,) with 0 for none. Readings are laid on seconds
    of true time first (the mean, where 0.961 s records put two in one), so that half an hour is
    1800 s whatever the distance of the records and whatever is missing.
    """
    length = max(int(np.ceil(offset_ts - onset_ts)), 0)
    hr = on_grid(
        ts,
        np.where(hr_bpm > 0, hr_bpm.astype(np.float64), np.nan),
        start_ts=onset_ts,
        step_s=1.0,
        size=length,
    )
    covered = np.isfinite(hr)
    seconds = int(covered.sum())
    if length < WINDOW_S:
        return RestingHr(None, None, seconds, seconds)
    n = _window_sums(covered.astype(np.float64))
    total = _window_sums(np.where(covered, hr, 0.0))
    enough = n >= MIN_COVERED * WINDOW_S
    if not enough.any():
        return RestingHr(None, None, seconds, int(n.max()))
    return RestingHr(
        bpm=float((total[enough] / n[enough]).min()),
        p1_bpm=float(np.percentile(hr[covered], 1)),
        seconds=seconds,
        best_window_s=int(n.max()),
    )


def _window_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    upto = np.concatenate(([0.0], np.cumsum(values)))
    total: NDArray[np.float64] = upto[WINDOW_S:] - upto[:-WINDOW_S]
    return total
