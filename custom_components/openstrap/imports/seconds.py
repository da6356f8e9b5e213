"""Readings of whole seconds, as the columns in which records are kept."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..engine.protocol import BeatRecords, Reason
from ..engine.protocol.base import ACCEL_LIMIT_G, HR_MAX_BPM, HR_MIN_BPM, RR_MAX_MS, RR_MIN_MS
from ..engine.protocol.bulk import NO_STEPS, NO_TIME

SLOTS = 8
"""Intervals that a record has room for."""
EARLIEST_TS = 1_262_304_000
LATEST_TS = 2**32 - 1
"""What is told of other times is a fault, epoch s."""


def heart_seconds(ts: ArrayLike, bpm: ArrayLike) -> BeatRecords:
    """Put heart rates (n,) to seconds (n,), epoch s; impossible ones and times are left out."""
    at, rate = np.asarray(ts, np.float64), np.asarray(bpm, np.float64)
    kept = _possible(at) & (rate >= HR_MIN_BPM) & (rate <= HR_MAX_BPM)
    found = _empty(at[kept])
    found.hr_bpm[:] = np.rint(rate[kept])
    return found


def beat_seconds(ts: ArrayLike, rr_ms: ArrayLike) -> BeatRecords:
    """Put intervals (n,) in the order in which they came, each with its second (n,), epoch s.

    A second has one record, with its first eight intervals that are possible.
    """
    at, rr = np.asarray(ts, np.float64), np.asarray(rr_ms, np.float64)
    kept = _possible(at) & (rr >= RR_MIN_MS) & (rr <= RR_MAX_MS)
    at, rr = at[kept], rr[kept]
    order = np.argsort(at, kind="stable")
    seconds, first, group = np.unique(at[order], return_index=True, return_inverse=True)
    place = np.arange(len(order)) - first[group]
    fits = place < SLOTS
    found = _empty(seconds)
    found.rr_ms[group[fits], place[fits]] = np.rint(rr[order][fits])
    found.rr_count[:] = np.minimum(np.bincount(group, minlength=len(seconds)), SLOTS)
    return found


def motion_seconds(
    ts: ArrayLike, accel_g: ArrayLike, dyn_accel_g: ArrayLike | None = None
) -> BeatRecords:
    """Put acceleration (n, 3) in g of seconds (n,), epoch s, and its largest step (n,) in g or NaN."""
    at = np.asarray(ts, np.float64)
    accel = np.asarray(accel_g, np.float64).reshape(-1, 3)
    with np.errstate(invalid="ignore"):
        kept = _possible(at) & (np.abs(accel) <= ACCEL_LIMIT_G).all(axis=1)
    found = _empty(at[kept])
    found.accel_g[:] = accel[kept]
    if dyn_accel_g is not None:
        step = np.asarray(dyn_accel_g, np.float64)[kept]
        with np.errstate(invalid="ignore"):
            possible = (step >= 0.0) & (step <= ACCEL_LIMIT_G)
        found.dyn_accel_g[possible] = step[possible]
    return found


def step_seconds(ts: ArrayLike, counter: ArrayLike) -> BeatRecords:
    """Put counts of steps (n,) of the band, which wraps at 65536, of seconds (n,), epoch s."""
    at, count = np.asarray(ts, np.float64), np.asarray(counter, np.float64)
    kept = _possible(at) & (count >= 0) & (count < 65536)
    found = _empty(at[kept])
    found.step_counter[:] = count[kept]
    return found


def _possible(ts: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        possible: NDArray[np.bool_] = (ts >= EARLIEST_TS) & (ts <= LATEST_TS)
    return possible


def _empty(ts: NDArray[np.float64]) -> BeatRecords:
    size = len(ts)
    return BeatRecords(
        reason=np.full(size, Reason.OK, np.uint8),
        epoch=ts.astype(np.int64),
        subsec=np.zeros(size, np.int32),
        counter=np.full(size, NO_TIME, np.int64),
        hr_bpm=np.zeros(size, np.int16),
        rr_count=np.zeros(size, np.uint8),
        rr_ms=np.zeros((size, SLOTS), np.int16),
        accel_g=np.full((size, 3), np.nan, np.float32),
        dyn_accel_g=np.full(size, np.nan, np.float32),
        skin_temp_c=np.full(size, np.nan, np.float32),
        step_counter=np.full(size, NO_STEPS, np.int32),
    )
