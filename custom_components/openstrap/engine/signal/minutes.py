"""The day minute by minute: heart rate, wear, movement, beats."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..samples import Samples
from .accel import MAX_ACCEL_G
from .artifacts import RR_RANGE_MS
from .beats import Beats
from .clean import hr_gate
from .motion import Motion

MINUTE_S: Final = 60.0
MIN_HR_S: Final = 15
"""Seconds with a heart rate for a minute's heart rate."""
MIN_WORN_S: Final = 30
"""Seen worn seconds for a worn minute."""
MIN_ACCEL: Final = 30
"""Readings of acceleration for a minute's activity."""
MIN_RMSSD_STEPS: Final = 10
"""Beats with a difference to the one before for a minute's RMSSD (judgement)."""
MIN_SD_BEATS: Final = 4
MAX_CHANGE: Final = 0.2
"""Share by which an interval may differ from the one before it (Malik et al. 1989)."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """One row per clock minute, (n,) each; row i is [start_ts + 60 i, start_ts + 60 (i + 1))."""

    start_ts: float
    """Epoch s, a whole minute."""
    hr_mean: NDArray[np.float64]
    """bpm over worn records, as ``hr_min`` and ``hr_max``; NaN below 15 seconds of them."""
    hr_min: NDArray[np.float64]
    hr_max: NDArray[np.float64]
    hr_n: NDArray[np.int64]
    """Worn seconds with a heart rate."""
    seen_s: NDArray[np.int64]
    """Seconds with a record, worn or not."""
    worn: NDArray[np.bool_]
    """At least 30 seconds with a worn record."""
    act_g: NDArray[np.float64]
    """Standard deviation of the length of acceleration, g; NaN below 30 worn readings."""
    moved: NDArray[np.float64]
    """Share of the observed values of motion that moved; NaN without any."""
    rr_count: NDArray[np.int64]
    """Beats that came."""
    rmssd_ms: NDArray[np.float64]
    """Of gated beats that differ by at most 20 %; NaN below ten differences."""
    rr_sd_ms: NDArray[np.float64]
    """Population standard deviation of gated intervals; NaN below four."""

    def __len__(self) -> int:
        """Count the minutes."""
        return len(self.hr_mean)

    @property
    def ts(self) -> NDArray[np.float64]:
        """Start of each minute, epoch s."""
        return self.start_ts + MINUTE_S * np.arange(len(self), dtype=np.float64)

    def between(self, start_ts: float, end_ts: float) -> Minutes:
        """Return the minutes that start in start <= ts < end."""
        first, last = (
            min(max(int(np.ceil((ts - self.start_ts) / MINUTE_S)), 0), len(self))
            for ts in (start_ts, end_ts)
        )
        columns = {
            field.name: getattr(self, field.name)[first:last]
            for field in fields(self)
            if field.name != "start_ts"
        }
        return Minutes(start_ts=self.start_ts + MINUTE_S * first, **columns)


def minutes_of(  # noqa: PLR0917  what is rolled up, then from when to when
    samples: Samples,
    worn: NDArray[np.bool_],
    motion: Motion,
    beats: Beats,
    start_ts: float,
    end_ts: float,
) -> Minutes:
    """Roll up whole clock minutes, from the one that holds ``start_ts`` to before ``end_ts``.

    ``samples`` with calibrated acceleration, ``worn`` (n,) for its records, ``beats`` its beats,
    which belong to the minute of their record. All may reach beyond the minutes.
    """
    start = float(np.floor(start_ts / MINUTE_S) * MINUTE_S)
    size = max(int(np.ceil((end_ts - start) / MINUTE_S)), 0)

    def place(ts: NDArray[np.float64]) -> NDArray[np.intp]:
        """Minute of each time; ``size`` for those outside."""
        minute = np.floor((ts - start) / MINUTE_S)
        return np.where((minute >= 0) & (minute < size), minute, size).astype(np.intp)

    def count(row: NDArray[np.intp]) -> NDArray[np.int64]:
        return np.bincount(row, minlength=size + 1)[:size].astype(np.int64)

    row, second, beat_row = place(samples.ts), np.floor(samples.ts), place(beats.record_ts)
    pulse = worn & (samples.hr_bpm > 0)
    hr_n = count(row[pulse][_first_of(second[pulse])])
    mean, low, high = _heart_rate(row[pulse], samples.hr_bpm[pulse], size)
    few = hr_n < MIN_HR_S
    for column in (mean, low, high):
        column[few] = np.nan
    moving = np.isfinite(motion.amount)
    rmssd_ms, rr_sd_ms = _beats(beats, beat_row, size)
    return Minutes(
        start_ts=start,
        hr_mean=mean,
        hr_min=low,
        hr_max=high,
        hr_n=hr_n,
        seen_s=count(row[_first_of(second)]),
        worn=count(row[worn][_first_of(second[worn])]) >= MIN_WORN_S,
        act_g=_activity(samples.accel_g[worn], row[worn], size),
        moved=_mean(place(motion.ts[moving]), motion.amount[moving] > 0.0, size),
        rr_count=count(beat_row),
        rmssd_ms=rmssd_ms,
        rr_sd_ms=rr_sd_ms,
    )


def _first_of(second: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell the first record of each second, so that a second counts once."""
    first = np.ones(len(second), dtype=bool)
    first[1:] = second[1:] > second[:-1]
    return first


def _mean(
    row: NDArray[np.intp], values: NDArray[np.generic], size: int, least: int = 1
) -> NDArray[np.float64]:
    """Mean of the values of each minute, (size,); NaN below ``least`` of them."""
    count = np.bincount(row, minlength=size + 1)[:size]
    total = np.bincount(row, values, minlength=size + 1)[:size]
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)


def _heart_rate(
    row: NDArray[np.intp], hr_bpm: NDArray[np.int16], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean, lowest and highest of each minute, NaN without any; ``hr_bpm`` in the order of time."""
    low, high = np.full(size + 1, np.nan), np.full(size + 1, np.nan)
    # What lies outside may come before and after, under one row number.
    inside = row < size
    held, readings = row[inside], hr_bpm[inside]
    if len(held):
        first = np.flatnonzero(np.diff(held, prepend=-1))
        low[held[first]] = np.minimum.reduceat(readings, first)
        high[held[first]] = np.maximum.reduceat(readings, first)
    return _mean(row, hr_bpm, size), low[:size], high[:size]


def _activity(
    accel_g: NDArray[np.float64], row: NDArray[np.intp], size: int
) -> NDArray[np.float64]:
    """Sample standard deviation of the length of acceleration, g."""
    length = np.sqrt(np.einsum("ij,ij->i", accel_g, accel_g))
    usable = (length > 0.0) & (length <= MAX_ACCEL_G)
    row, length = row[usable], length[usable]
    count = np.bincount(row, minlength=size + 1)
    # Around each minute's mean, for the difference of large sums would lose the small rest.
    mean = np.bincount(row, length, minlength=size + 1) / np.maximum(count, 1)
    squares = np.bincount(row, (length - mean[row]) ** 2, minlength=size + 1)
    found = np.sqrt(squares / np.maximum(count - 1, 1))
    return np.where(count >= MIN_ACCEL, found, np.nan)[:size]


def _beats(
    beats: Beats, row: NDArray[np.intp], size: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """RMSSD and population standard deviation of the gated intervals of each minute, ms."""
    low, high = RR_RANGE_MS
    keep = hr_gate(beats) & (beats.rr_ms >= low) & (beats.rr_ms <= high)
    kept, row = beats.only(keep), row[keep]
    rr_ms = kept.rr_ms
    step = np.diff(rr_ms, prepend=np.nan)
    with np.errstate(invalid="ignore"):
        alike = kept.joined & (np.abs(step) <= MAX_CHANGE * (rr_ms - step))
    square = _mean(row[alike], step[alike] ** 2, size, MIN_RMSSD_STEPS)
    mean = _mean(row, rr_ms, size + 1)
    spread = _mean(row, (rr_ms - mean[row]) ** 2, size, MIN_SD_BEATS)
    return np.sqrt(square), np.sqrt(spread)
