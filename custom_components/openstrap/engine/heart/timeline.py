"""HRV through the night, minute by minute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hrv import differences

TRAIL_S = 300.0
STEP_S = 60.0
MAX_CHANGE = 0.2
"""Share of an interval by which the next may differ (Malik)."""
MAX_STEP_MS = 200.0
MIN_DIFFERENCES = 8
MAX_RMSSD_MS = 220.0
"""A line of values above it shows artefacts, no heart."""


@dataclass(frozen=True, slots=True)
class HrvTimeline:
    """RMSSD (ms, NaN where there is none) over the five minutes before each ``ts`` (epoch s)."""

    ts: NDArray[np.float64]
    rmssd_ms: NDArray[np.float64]


def hrv_timeline(
    nn_ms: NDArray[np.float64],
    t_s: NDArray[np.float64],
    joined: NDArray[np.bool_],
    start_ts: float,
    end_ts: float,
) -> HrvTimeline:
    """One point a minute within [start, end], each only when five minutes lie before it.

    ``nn_ms`` (m,) ms, ``t_s`` (m,) epoch s ascending, ``joined`` (m,). Differences of more than a
    fifth or 200 ms are left out; a point takes eight, and one above 220 ms is not shown. Empty
    when the window is shorter than five minutes.
    """
    points = max(int((end_ts - start_ts - TRAIL_S) // STEP_S) + 1, 0)
    ts = start_ts + TRAIL_S + STEP_S * np.arange(points, dtype=np.float64)
    step = differences(nn_ms, joined)
    before = np.concatenate((nn_ms[:1], nn_ms[:-1]))
    with np.errstate(invalid="ignore"):
        size = np.abs(step)
        good = (size <= MAX_STEP_MS) & (size <= MAX_CHANGE * before)
    at = t_s[good]
    # Summed from the first beat on, squares of a night stay far below the precision of a double.
    upto = np.concatenate(([0.0], np.cumsum(step[good] ** 2)))
    first, last = np.searchsorted(at, ts - TRAIL_S), np.searchsorted(at, ts)
    count = last - first
    with np.errstate(invalid="ignore", divide="ignore"):
        rmssd = np.sqrt(np.maximum(upto[last] - upto[first], 0.0) / count)
        rmssd[(count < MIN_DIFFERENCES) | (rmssd > MAX_RMSSD_MS)] = np.nan
    return HrvTimeline(ts, rmssd)
