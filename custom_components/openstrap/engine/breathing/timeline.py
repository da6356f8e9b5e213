"""Breathing through the night in steps of three minutes, where the wearer lay still."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.motion import Motion
from .rate import AGREE_BRPM, MIN_CONSENSUS, MIN_SEGMENTS, breath_track
from .tachogram import Tachogram

WINDOW_S: Final = 180.0
SEGMENT_S: Final = 60.0
MIN_STILL: Final = 0.9
"""Share of a window's seconds that were observed and still."""


@dataclass(frozen=True, slots=True)
class BreathTimeline:
    """Breaths a minute by window, (w,) each: NaN where the wearer moved or it was not told.

    ``start_ts`` epoch s; windows last 180 s.
    """

    start_ts: NDArray[np.float64]
    brpm: NDArray[np.float64]


def breath_timeline(line: Tachogram, motion: Motion) -> BreathTimeline:
    """Follow the breath in windows of 180 s from the tachogram's start on.

    Each is the median of the segments of 60 s within it, at least three, of which at least half
    are within 2 of it; and 90 % of it was still.
    """
    windows = int(line.span_s // WINDOW_S)
    start = line.start_ts + WINDOW_S * np.arange(windows, dtype=np.float64)
    brpm = np.full(windows, np.nan)
    track = breath_track(line, SEGMENT_S, SEGMENT_S / 2.0)
    each, stride = int(2.0 * WINDOW_S / SEGMENT_S) - 1, int(2.0 * WINDOW_S / SEGMENT_S)
    windows = min(windows, (len(track) + 1) // stride)
    if not windows:
        return BreathTimeline(start, brpm)
    rates = np.lib.stride_tricks.sliding_window_view(track.brpm, each)[::stride][:windows]
    ordered = np.sort(rates, axis=1)
    known = np.isfinite(ordered)
    count = known.sum(axis=1)
    row = np.arange(len(rates))
    below, above = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, each - 1)
    middle = (ordered[row, below] + ordered[row, above]) / 2.0
    with np.errstate(invalid="ignore"):
        same = (np.abs(ordered - middle[:, None]) <= AGREE_BRPM).sum(axis=1)
    good = (count >= MIN_SEGMENTS) & (same >= MIN_CONSENSUS * count)
    good &= _still(motion, start[: len(rates)]) >= MIN_STILL
    brpm[: len(rates)] = np.where(good, middle, np.nan)
    return BreathTimeline(start, brpm)


def _still(motion: Motion, start_ts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each window that was observed and still, (w,)."""
    still = np.concatenate(([0.0], np.cumsum(motion.amount == 0.0))) * motion.step_s
    first, last = (
        np.searchsorted(motion.ts, start_ts),
        np.searchsorted(motion.ts, start_ts + WINDOW_S),
    )
    share: NDArray[np.float64] = (still[last] - still[first]) / WINDOW_S
    return share
