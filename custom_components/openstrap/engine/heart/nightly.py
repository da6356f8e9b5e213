"""The night's HRV: the median of many five-minute windows, which one bad stretch cannot move."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..signal.artifacts import RR_RANGE_MS
from ..signal.beats import Beats
from ..signal.clean import hr_gate
from .hrv import binned_rmssd, differences

WINDOW_S = 300.0
MIN_WINDOW_DIFFERENCES = 60
"""A window with fewer says too little of five minutes (judgement)."""
MAX_CHANGE = 0.2
"""Share by which a beat may differ from the median of its four neighbours (Malik)."""


@dataclass(frozen=True, slots=True)
class WindowedRmssd:
    """RMSSD per window, in order, with its start and its number of differences, (w,) each.

    Windows without a difference are not among them. ``ts`` (m,) epoch s is the time of each beat
    that passed, ``step`` (m,) ms its difference to the one before, NaN where none may be taken.
    """

    start_ts: NDArray[np.float64]
    rmssd_ms: NDArray[np.float64]
    count: NDArray[np.int64]
    ts: NDArray[np.float64]
    step: NDArray[np.float64]
    onset_ts: float

    def enough(self, minimum: int = MIN_WINDOW_DIFFERENCES) -> NDArray[np.float64]:
        """RMSSD of the windows with at least so many differences."""
        return self.rmssd_ms[self.count >= minimum]

    def within(self, chosen: NDArray[np.bool_]) -> WindowedRmssd:
        """Return the same windows from the chosen beats' differences alone, (m,) mask."""
        return _windows(self.ts, np.where(chosen, self.step, np.nan), self.onset_ts)


def windowed_rmssd(beats: Beats, onset_ts: float) -> WindowedRmssd:
    """RMSSD in windows of 300 s from ``onset_ts`` on, by the records' times.

    Beats pass the gate of the strap's heart rate, lie in 300..2000 ms and within 20 % of the
    median of their up to four neighbours in the window (when they have two); differences are
    taken only between beats that follow one another. Windows of five minutes: Task Force 1996;
    nocturnal averages of them: Nuuttila et al. 2022, Plews et al. 2013 (Sports Med 43:773).
    """
    low, high = RR_RANGE_MS
    window = np.floor((beats.record_ts - onset_ts) / WINDOW_S)
    keep = hr_gate(beats) & (beats.rr_ms >= low) & (beats.rr_ms <= high)
    keep[keep] = _like_neighbours(beats.rr_ms[keep], window[keep])
    kept, kept_window = beats.only(keep), window[keep]

    joined = kept.joined.copy()
    joined[1:] &= kept_window[1:] == kept_window[:-1]
    return _windows(kept.record_ts, differences(kept.rr_ms, joined), onset_ts)


def _windows(ts: NDArray[np.float64], step: NDArray[np.float64], onset_ts: float) -> WindowedRmssd:
    number, rmssd, count = binned_rmssd(step, np.floor((ts - onset_ts) / WINDOW_S))
    return WindowedRmssd(
        start_ts=onset_ts + WINDOW_S * number,
        rmssd_ms=rmssd,
        count=count,
        ts=ts,
        step=step,
        onset_ts=onset_ts,
    )


def _like_neighbours(rr_ms: NDArray[np.float64], window: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Keep beats within 20 % of the median of two neighbours on either side in their window."""
    n = len(rr_ms)
    around = np.full((n, 4), np.inf)
    for column, offset in enumerate((-2, -1, 1, 2)):
        here = np.arange(max(-offset, 0), n - max(offset, 0))
        same = here[window[here + offset] == window[here]]
        around[same, column] = rr_ms[same + offset]
    around.sort(axis=1)
    count = np.isfinite(around).sum(axis=1)
    line = np.arange(n)
    low = around[line, np.maximum(count - 1, 0) // 2]
    high = around[line, np.minimum(count // 2, 3)]
    with np.errstate(invalid="ignore"):
        median = (low + high) / 2.0
        alike: NDArray[np.bool_] = np.abs(rr_ms - median) <= MAX_CHANGE * median
    alike |= count < 2
    return alike
