"""How fast the heart slows down once effort ends."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import clamp

BEFORE_S: Final = 30.0
AFTER_S: Final = 180.0
"""Stretch around the end of the effort that is looked at."""
HOLE_S: Final = 30.0
RECOVERED_S: Final = 60.0
AROUND_S: Final = 3.0
CONFIDENCE: Final = (0.2, 0.9)
TAUS_S: Final = np.arange(5.0, 201.0)
MIN_READINGS: Final = 30
MIN_READINGS_SLOW: Final = 12
"""Readings for a time constant; at ten seconds a reading fewer are as much (judgement)."""
SLOW_S: Final = 5.0
MIN_REACH_S: Final = 90.0
MAX_MISFIT: Final = 0.15
COOLING_S: Final = 900.0
"""A workout may go on so long after its effort, as long as its cooling down may be."""
FALL_S: Final = 300.0
"""How long a heart may take from the end of its effort to the floor of effort (judgement)."""
AGAIN_BPM: Final = 5.0
"""A heart that climbs by more than this once it has fallen was in a pause (judgement)."""
AS_STEEP: Final = 0.8
"""The told or found end stands when the heart falls nearly as steeply from there (judgement)."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Beats lost in the minute after effort: from ``peak_bpm`` by ``bpm``; confidence 0 to 1."""

    bpm: float
    peak_bpm: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Decay:
    """Exponential fall of the heart rate: level (bpm) + height (bpm) exp(-t / tau_s).

    ``misfit`` is the root mean square of what is left over, as a share of the height.
    """

    tau_s: float
    level_bpm: float
    height_bpm: float
    misfit: float


def heart_rate_drop(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], end_ts: float
) -> Drop | None:
    """Heart-rate recovery of one minute (after Cole 1999, N Engl J Med 341:1351).

    ``ts`` (n,) epoch s ascending, ``hr_bpm`` (n,) NaN where unknown, ``end_ts`` when the effort
    ended. The highest of the last 30 s of effort, less the median around the first reading a
    minute later. None over a hole of more than 30 s, or when the heart did not slow down. The
    published cut-point (12 bpm) belongs to a laboratory protocol and is not applied.
    """
    at, hr = _tail(ts, hr_bpm, end_ts)
    early = at <= 0.0
    if not early.any():
        return None
    last = int(np.flatnonzero(early)[-1])
    first = last
    while first > 0 and at[first] - at[first - 1] <= HOLE_S:
        first -= 1
    peak = float(hr[first : last + 1].max())
    later = np.flatnonzero(at >= RECOVERED_S)
    if not len(later):
        return None
    there = int(later[0])
    if np.diff(at[last : there + 1]).max() > HOLE_S:
        return None
    recovered = float(np.median(hr[np.abs(at - at[there]) <= AROUND_S]))
    if peak <= recovered:
        return None
    seen = slice(first, there + 1)
    step = float(np.median(np.diff(at[seen])))
    share = min(len(at[seen]) * step / (BEFORE_S + RECOVERED_S), 1.0)
    full = at[last] - at[first] >= BEFORE_S - step
    confidence = 0.3 + 0.4 * share + (0.2 if full else 0.0)
    return Drop(peak - recovered, peak, clamp(confidence, *CONFIDENCE))


def heart_rate_decay(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], end_ts: float
) -> Decay | None:
    """Time constant of the fall over three minutes (Imai 1994, J Am Coll Cardiol 24:1529).

    Arguments as in ``heart_rate_drop``. Least squares over a grid of time constants of 5 to 200 s.
    None with too few readings, for a heart that does not fall, at the ends of the grid, and for
    what is no exponential. Only workouts that ended at similar rates compare.
    """
    at, hr = _tail(ts, hr_bpm, end_ts)
    at, hr = at[at >= 0.0], hr[at >= 0.0]
    if len(at) < 2 or at[-1] < MIN_REACH_S:
        return None
    slow = float(np.median(np.diff(at))) >= SLOW_S
    if len(at) < (MIN_READINGS_SLOW if slow else MIN_READINGS):
        return None
    wave = np.exp(-at / TAUS_S[:, None])
    off = wave - wave.mean(axis=1, keepdims=True)
    height = off @ hr / (off**2).sum(axis=1)
    level = hr.mean() - height * wave.mean(axis=1)
    rest = hr - level[:, None] - height[:, None] * wave
    error = np.sqrt((rest**2).mean(axis=1))
    best = int(np.argmin(error))
    if best in (0, len(TAUS_S) - 1) or height[best] <= 0.0:
        return None
    misfit = float(error[best] / height[best])
    if misfit > MAX_MISFIT:
        return None
    return Decay(float(TAUS_S[best]), float(level[best]), float(height[best]), misfit)


def effort_end(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], end_ts: float, floor_bpm: float
) -> float | None:
    """When the effort of a workout that ended at ``end_ts`` was over, epoch s.

    Arguments as in ``heart_rate_drop``; ``floor_bpm`` is the heart rate that effort takes. A heart
    falls fast at first and then lingers above its quiet level for many minutes (Imai 1994), so that
    the end of a workout, told or found, may lie well beyond the fall. The effort ended where the
    heart lost most in a minute, without climbing again, in the last five minutes before it was
    last seen at the floor; at ``end_ts`` where that is nearly as steep. None when it was below the
    floor for the last quarter of an hour.
    """
    there = np.isfinite(hr_bpm) & (ts >= end_ts - COOLING_S - FALL_S)
    there &= ts <= end_ts + RECOVERED_S + HOLE_S
    at, hr = ts[there], hr_bpm[there]
    high = at[(at >= end_ts - COOLING_S) & (at <= end_ts) & (hr >= floor_bpm)]
    if not len(high):
        return None
    last = float(high[-1])
    lost = _lost_in_a_minute(at, hr, end_ts)
    tried = np.flatnonzero((at >= last - FALL_S) & (at <= last) & np.isfinite(lost))
    if not len(tried):
        return end_ts
    best = int(tried[np.argmax(lost[tried])])
    end = np.flatnonzero((at <= end_ts) & (at >= end_ts - BEFORE_S) & (hr >= floor_bpm))
    here = lost[end][np.isfinite(lost[end])]
    if lost[best] <= 0.0 or (len(here) and here[-1] >= AS_STEEP * lost[best]):
        return end_ts
    return float(at[best])


def _lost_in_a_minute(
    at: NDArray[np.float64], hr: NDArray[np.float64], end_ts: float
) -> NDArray[np.float64]:
    """Beats lost in the minute after each reading; NaN over a hole, and where it climbs again."""
    later = np.searchsorted(at, at + RECOVERED_S)
    known = later < len(at)
    later = np.minimum(later, len(at) - 1)
    known &= at[later] - at - RECOVERED_S <= HOLE_S
    inside = np.where(at <= end_ts, hr, -np.inf)
    highest = np.maximum.accumulate(inside[::-1])[::-1]
    known &= highest[later] <= hr[later] + AGAIN_BPM
    return np.where(known, hr - hr[later], np.nan)


def _tail(
    ts: NDArray[np.float64], hr_bpm: NDArray[np.float64], end_ts: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds from the end of the effort, and heart rates, of the known readings around it."""
    at = ts - end_ts
    there = np.isfinite(hr_bpm) & (at >= -BEFORE_S) & (at <= AFTER_S)
    return at[there], hr_bpm[there]
