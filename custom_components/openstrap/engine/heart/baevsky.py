"""Stress index from the histogram of intervals (Baevsky & Chernikova 2017, Cardiometry 10:66)."""

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from ..signal.artifacts import RR_RANGE_MS

WINDOW_BEATS = 256
STEP_BEATS = 128
MIN_BEATS = 30
BIN_MS = 50.0
MIN_RANGE_S = 0.020
"""Below it the intervals do not vary, and the index would be of the clock."""
TRIM_PERCENT = (1.0, 99.0)
"""Range of the intervals: between these percentiles, because one artefact halves an index that
takes the extremes (judgement)."""
WHOLE_RANGE = (0.0, 100.0)
"""Extremes, as published."""
SCORE_LOW, SCORE_HIGH = 20.0, 600.0
"""Indices that the scale from 0 to 100 begins and ends with."""


@dataclass(frozen=True, slots=True)
class StressIndex:
    """Medians over windows: the index (1/s²), mode (s), its share (%), range (s); windows counted."""

    index: float
    mode_s: float
    mode_percent: float
    range_s: float
    windows: int


def stress_index(
    nn_ms: NDArray[np.float64], *, range_percent: tuple[float, float] = TRIM_PERCENT
) -> StressIndex | None:
    """Index over windows of 256 intervals every 128, and one shorter one at the end.

    ``nn_ms`` (m,) ms of gated intervals; those outside 300..2000 ms are left out. None with fewer
    than 30 or when no window has a range of 20 ms. The index is the share of the fullest bin of
    50 ms over twice its middle times the range. Deviation: the range reaches from the first to
    the 99th percentile, unless ``range_percent`` says otherwise. The usual bands are of five
    seated minutes and do not fit a night.
    """
    low, high = RR_RANGE_MS
    nn = nn_ms[(nn_ms >= low) & (nn_ms <= high)]
    if len(nn) < MIN_BEATS:
        return None
    found = []
    if len(nn) >= WINDOW_BEATS:
        windows = np.lib.stride_tricks.sliding_window_view(nn, WINDOW_BEATS)[::STEP_BEATS]
        found.append(_of_windows(windows, range_percent))
        rest = len(windows) * STEP_BEATS
        fresh = len(nn) - (rest - STEP_BEATS + WINDOW_BEATS)
    else:
        rest, fresh = 0, len(nn)
    if fresh and len(nn) - rest >= MIN_BEATS:
        found.append(_of_windows(nn[None, rest:], range_percent))
    parts = np.concatenate(found, axis=1)
    parts = parts[:, np.isfinite(parts[0])]
    if not parts.shape[1]:
        return None
    index, mode_s, percent, range_s = np.median(parts, axis=1).tolist()
    return StressIndex(index, mode_s, percent, range_s, parts.shape[1])


def stress_score(index: float) -> float:
    """Place an index on a logarithmic scale from 0 (20 and less) to 100 (600 and more)."""
    if index <= SCORE_LOW:
        return 0.0
    share = math.log(index / SCORE_LOW) / math.log(SCORE_HIGH / SCORE_LOW)
    return min(100.0 * share, 100.0)


def _of_windows(
    windows: NDArray[np.float64], range_percent: tuple[float, float]
) -> NDArray[np.float64]:
    """Index, mode, share and range of each row, (4, w); the index NaN where the range is small."""
    size = windows.shape[1]
    bins = np.floor(windows / BIN_MS).astype(np.intp)
    width = int(bins.max()) + 1
    line = np.arange(len(windows))[:, None]
    count = np.bincount((line * width + bins).ravel(), minlength=len(windows) * width)
    count = count.reshape(len(windows), width)
    # Of equally full bins the one that came first.
    full = np.take_along_axis(count, bins, axis=1) == count.max(axis=1)[:, None]
    mode = bins[line[:, 0], full.argmax(axis=1)]
    mode_s = (mode + 0.5) * BIN_MS / 1000.0
    share = 100.0 * count.max(axis=1) / size
    ends = np.percentile(windows, range_percent, axis=1)
    range_s = (ends[1] - ends[0]) / 1000.0
    with np.errstate(divide="ignore", invalid="ignore"):
        index = share / (2.0 * mode_s * range_s)
    # The intervals are milliseconds: a range of 20 of them is enough whatever its last bit.
    index[range_s < MIN_RANGE_S - 1e-9] = np.nan
    return np.stack([index, mode_s, share, range_s])
