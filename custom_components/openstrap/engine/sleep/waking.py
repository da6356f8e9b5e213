"""Whether the wearer has got up: minute by minute, by several witnesses."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import need_input
from ..samples import Samples
from ..signal.accel import is_reading
from ..signal.minutes import MINUTE_S, Minutes
from ..signal.rolling import rolling_quantiles
from ..signal.runs import runs

MIN_MINUTES: Final = 10
KERNEL: Final = np.array([106.0, 54.0, 58.0, 76.0, 230.0]) / 524.0
"""How much each minute from -4 on counts for the present one (Cole et al. 1992). Their two minutes
after it are left out: the present has none, and waking would begin before it does."""
MOVED_AWAKE: Final = 0.05
"""Weighted share of moving seconds that says awake. Labelled sleep and a real night have 0.025
at their third quartile, people who sit 0.04 at their first decile (0.14 at the median)."""
ABOVE_TROUGH_BPM: Final = 8.0
TROUGH_PERCENTILE: Final = 10.0
SMOOTH_MINUTES: Final = 5
AROUSED_RR_SD_MS: Final = 45.0
"""Spread of intervals within a minute that, with a raised heart rate, says aroused."""
POSTURE_DEG: Final = 30.0
"""Turn of the wrist's rest position that says the wearer changed posture."""
BURST_MOVED: Final = 0.3
"""Share of moving seconds of a minute in which somebody walks."""
MOTION_WEIGHT: Final = 2
"""One witness of movement counts for two: two of the same signal would not be independent."""
AWAKE_VOTES: Final = 2
MIN_RUN: Final = 10
"""Minutes: shorter states take on that of the longer neighbour, and an awakening needs them."""
MAX_PASSES: Final = 4
MIN_SLEEP: Final = 90
"""Minutes of sleep that an awakening needs before it."""
QUICK_MINUTES: Final = 30
QUICK_MIN_WORN: Final = 3
QUICK_ABOVE_BPM: Final = 6.0

UNKNOWN, AWAKE, ASLEEP = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Waking:
    """What the minutes say, (n,) int8 ``state`` of each: -1 unknown, 0 awake, 1 asleep.

    ``wake_ts`` and ``onset_ts`` (epoch s) of an awakening that stands at the end of the minutes,
    else None. ``confidence``: share of known minutes times how far their witnesses agree.
    """

    state: NDArray[np.int8]
    wake_ts: float | None
    onset_ts: float | None
    confidence: float


def wake_consensus(
    minutes: Minutes,
    *,
    resting_bpm: float | None = None,
    tilt: NDArray[np.float64] | None = None,
) -> Waking | str:
    """Judge the last hours by minutes; a reason (str) below ten of them.

    Witnesses: movement (weight 2), the heart rate against its trough, and the spread of intervals
    under a raised heart rate. A minute is awake with two votes, else asleep when any witness
    speaks. A change of posture with a burst of walking is decisive. ``resting_bpm`` raises the
    trough, ``tilt`` (n, 3) is ``minute_tilt``. An awakening is a trailing run awake of at least
    ten minutes after at least 90 asleep. Source of the kernel: Cole et al. 1992, Sleep 15:461;
    the consensus is a judgement.
    """
    if len(minutes) < MIN_MINUTES:
        return need_input("minutes", len(minutes), MIN_MINUTES)
    votes = _votes(minutes, resting_bpm)
    weight = np.array([MOTION_WEIGHT, 1, 1])[:, None]
    known = ((votes != UNKNOWN) * weight).sum(axis=0)
    awake = ((votes == AWAKE) * weight).sum(axis=0)
    state = np.where(awake >= AWAKE_VOTES, AWAKE, np.where(known > 0, ASLEEP, UNKNOWN))
    if tilt is not None:
        state[_got_up(minutes, tilt)] = AWAKE
    agree = np.maximum(awake, known - awake)[known > 0] / known[known > 0]
    state = _smoothed(state.astype(np.int8))
    wake_ts, onset_ts = _awakening(state, minutes)
    confidence = float((known > 0).mean() * agree.mean()) if len(agree) else 0.0
    return Waking(state, wake_ts, onset_ts, confidence)


def minute_tilt(samples: Samples, worn: NDArray[np.bool_], minutes: Minutes) -> NDArray[np.float64]:
    """Mean direction of gravity in each minute, (n, 3) of length 1, NaN where not observed."""
    row = np.floor((samples.ts - minutes.start_ts) / MINUTE_S)
    use = worn & is_reading(samples.accel_g) & (row >= 0) & (row < len(minutes))
    place = row[use].astype(np.intp)
    total = np.stack(
        [np.bincount(place, axis, minlength=len(minutes)) for axis in samples.accel_g[use].T],
        axis=1,
    )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 0.0, total / np.where(length > 0.0, length, 1.0), np.nan)


def quick_look(minutes: Minutes, resting_bpm: float) -> bool | None:
    """Tell whether somebody is awake by the last half hour's heart rate alone.

    Awake when its mean lies over 6 bpm above the resting heart rate; None when fewer than three
    minutes were worn with a heart rate.
    """
    bpm = minutes.hr_mean[-QUICK_MINUTES:][minutes.worn[-QUICK_MINUTES:]]
    bpm = bpm[np.isfinite(bpm)]
    if len(bpm) < QUICK_MIN_WORN:
        return None
    return bool(bpm.mean() > resting_bpm + QUICK_ABOVE_BPM)


def _votes(minutes: Minutes, resting_bpm: float | None) -> NDArray[np.int8]:
    """Movement, heart and arousal, (3, n)."""
    votes = np.full((3, len(minutes)), UNKNOWN, dtype=np.int8)
    moved = _weighted(minutes.moved)
    told = np.isfinite(moved) & np.isfinite(minutes.moved) & minutes.worn
    votes[0, told] = np.where(moved[told] >= MOVED_AWAKE, AWAKE, ASLEEP)

    hr = np.where(minutes.worn, minutes.hr_mean, np.nan)
    if not np.isfinite(hr).any():
        return votes
    trough = float(np.nanpercentile(hr, TROUGH_PERCENTILE))
    trough = trough if resting_bpm is None else max(trough, resting_bpm)
    (smooth,) = rolling_quantiles(hr, SMOOTH_MINUTES, (0.5,))
    told = np.isfinite(hr) & np.isfinite(smooth)
    votes[1, told] = np.where(smooth[told] > trough + ABOVE_TROUGH_BPM, AWAKE, ASLEEP)

    (spread,) = rolling_quantiles(minutes.rr_sd_ms, SMOOTH_MINUTES, (0.5,))
    told &= np.isfinite(spread) & np.isfinite(minutes.rr_sd_ms)
    aroused = (spread > AROUSED_RR_SD_MS) & (smooth > trough)
    votes[2, told] = np.where(aroused[told], AWAKE, ASLEEP)
    return votes


def _weighted(moved: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of moving seconds around each minute, over what was observed."""
    seen = np.pad(np.isfinite(moved).astype(np.float64), (len(KERNEL) - 1, 0))
    value = np.pad(np.nan_to_num(moved), (len(KERNEL) - 1, 0))
    total = np.asarray(np.convolve(seen, KERNEL[::-1], mode="valid"), dtype=np.float64)
    found = np.asarray(np.convolve(value, KERNEL[::-1], mode="valid"), dtype=np.float64)
    return np.where(total > 0.0, found / np.where(total > 0.0, total, 1.0), np.nan)


def _got_up(minutes: Minutes, tilt: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell the minutes of walking between two rest positions of the wrist."""
    turned = np.zeros(len(minutes), dtype=bool)
    cosine = np.einsum("ij,ij->i", tilt[:-2], tilt[2:])
    with np.errstate(invalid="ignore"):
        turned[1:-1] = cosine <= np.cos(np.radians(POSTURE_DEG))
        got_up: NDArray[np.bool_] = turned & (minutes.moved >= BURST_MOVED)
    return got_up


def _smoothed(state: NDArray[np.int8]) -> NDArray[np.int8]:
    """Let runs below ten minutes take on the state of their longer neighbour."""
    state = state.copy()
    for _ in range(MAX_PASSES):
        edge = np.flatnonzero(np.diff(state)) + 1
        first = np.concatenate(([0], edge))
        stop = np.concatenate((edge, [len(state)]))
        length = stop - first
        short = np.flatnonzero(length < MIN_RUN)
        if not len(short) or len(first) == 1:
            break
        before = np.concatenate(([0], length[:-1]))
        after = np.concatenate((length[1:], [0]))
        told = state[first]
        for run in short:
            neighbour = run - 1 if before[run] >= after[run] else run + 1
            state[first[run] : stop[run]] = told[neighbour]
    return state


def _awakening(state: NDArray[np.int8], minutes: Minutes) -> tuple[float | None, float | None]:
    """Start of a trailing run awake, and of the sleep before it; None and None without."""
    first, stop = runs(state == AWAKE)
    if not len(first) or stop[-1] != len(state) or stop[-1] - first[-1] < MIN_RUN:
        return None, None
    wake = int(first[-1])
    asleep_first, asleep_stop = runs(state == ASLEEP)
    earlier = np.flatnonzero(asleep_stop <= wake)
    if not len(earlier):
        return None, None
    bout = int(earlier[-1])
    between = state[asleep_stop[bout] : wake]
    long = asleep_stop[bout] - asleep_first[bout] >= MIN_SLEEP
    if not long or (between == AWAKE).any():
        return None, None
    return float(minutes.ts[wake]), float(minutes.ts[asleep_first[bout]])
