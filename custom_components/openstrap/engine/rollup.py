"""Minutes as integer sums, kept apart by where the records came from.

Only integers are added, so the order and the cutting of the input never show; averages are made
on read, from the best source that has readings, so a moment that came three ways is weighed once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .protocol import BeatRecords, Reason
from .signal.accel import magnitude_mg

SECONDS_PER_MINUTE = 60
NO_HR_MIN = 255
"""``hr_min`` of a minute without a heart rate: above every usable one, so that min() just works."""
MAX_DYN_ACCEL_G = 16.0
"""Above this the largest acceleration step of a record is a fault, g."""


class Source(IntEnum):
    """Where a record came from; the smaller, the better."""

    SUMMARY = 0
    """History, once-a-second summary (R24 and its kin, gen5 v18)."""
    HIGH_RATE = 1
    """History, record with raw motion (R10)."""
    LIVE = 2
    """Live heart rate (0x28)."""
    LIVE_HIGH_RATE = 3
    """Live record with raw motion (R10 as 0x2B)."""
    IMPORTED = 4
    """Decoded by another system, of which there is no record here."""


HISTORY = (Source.SUMMARY, Source.HIGH_RATE)
"""What the band kept; live records are for display: the same moments come again in the history."""


@dataclass(frozen=True, slots=True)
class MinuteSums:
    """Sums per minute and source, one row each, sorted by (minute, source).

    All columns int64 but ``source`` (uint8), all of one length. ``minute`` is the epoch second at
    which the minute starts. Rows of the same key merge by adding, but ``hr_min`` and ``hr_max``
    by min and max: without a reading they are 255 and 0, so merging needs no special case.
    """

    minute: NDArray[np.int64]
    source: NDArray[np.uint8]
    records: NDArray[np.int64]
    hr_n: NDArray[np.int64]
    hr_sum: NDArray[np.int64]
    hr_min: NDArray[np.int64]
    hr_max: NDArray[np.int64]
    acc_n: NDArray[np.int64]
    acc_sum_mg: NDArray[np.int64]
    acc_sq_sum_mg2: NDArray[np.int64]
    dyn_n: NDArray[np.int64]
    dyn_sum_mg: NDArray[np.int64]
    rr_n: NDArray[np.int64]
    rr_sum_ms: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.minute)


@dataclass(frozen=True, slots=True)
class Minutes:
    """Averages per minute, one row a minute, sorted; NaN and 0 readings where there is none.

    Heart rate, acceleration and intervals are each taken from the best source that has readings
    of them in that minute. ``acc_g`` is the mean length of the acceleration, ``acc_sd_g`` its
    population standard deviation within the minute, ``dyn_g`` the mean of the largest steps.
    """

    minute: NDArray[np.int64]
    hr_bpm: NDArray[np.float64]
    hr_min: NDArray[np.int64]
    hr_max: NDArray[np.int64]
    hr_n: NDArray[np.int64]
    acc_g: NDArray[np.float64]
    acc_sd_g: NDArray[np.float64]
    acc_n: NDArray[np.int64]
    dyn_g: NDArray[np.float64]
    dyn_n: NDArray[np.int64]
    rr_ms: NDArray[np.float64]
    rr_n: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the minutes."""
        return len(self.minute)


def sum_minutes(records: BeatRecords, source: Source) -> MinuteSums:
    """Sum decoded records of one source into minutes; the order of rows is free."""
    rows = np.flatnonzero(records.reason == Reason.OK)
    epoch = records.epoch[rows].astype(np.int64)
    minute = epoch - epoch % SECONDS_PER_MINUTE
    hr = records.hr_bpm[rows].astype(np.int64)
    acc = magnitude_mg(records.accel_g[rows])
    dyn = records.dyn_accel_g[rows].astype(np.float64)
    has_hr, has_acc = hr > 0, acc >= 0
    has_dyn = np.isfinite(dyn) & (dyn >= 0.0) & (dyn <= MAX_DYN_ACCEL_G)
    dyn_mg = np.floor(np.where(has_dyn, dyn, 0.0) * 1000.0 + 0.5).astype(np.int64)
    acc = np.where(has_acc, acc, 0)
    return _merge(
        MinuteSums(
            minute=minute,
            source=np.full(len(minute), source, dtype=np.uint8),
            records=np.ones(len(minute), dtype=np.int64),
            hr_n=has_hr.astype(np.int64),
            hr_sum=hr,
            hr_min=np.where(has_hr, hr, NO_HR_MIN),
            hr_max=hr,
            acc_n=has_acc.astype(np.int64),
            acc_sum_mg=acc,
            acc_sq_sum_mg2=acc * acc,
            dyn_n=has_dyn.astype(np.int64),
            dyn_sum_mg=dyn_mg,
            rr_n=records.rr_count[rows].astype(np.int64),
            rr_sum_ms=records.rr_ms[rows].sum(axis=1, dtype=np.int64),
        )
    )


def merge_minutes(parts: Iterable[MinuteSums]) -> MinuteSums:
    """Merge sums, each of distinct records, into one row per (minute, source)."""
    kept = list(parts)
    if not kept:
        return empty_sums()
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in kept]) for name in COLUMNS
    }
    return _merge(MinuteSums(**columns))


def empty_sums() -> MinuteSums:
    """No rows."""
    columns: dict[str, Any] = dict.fromkeys(COLUMNS, np.empty(0, dtype=np.int64))
    columns["source"] = np.empty(0, dtype=np.uint8)
    return MinuteSums(**columns)


def best_minutes(sums: MinuteSums) -> Minutes:
    """Averages per minute; heart rate, motion and intervals each from the best source with any.

    What another system decoded counts only in minutes without a record of the band's history.
    """
    sums = _without_doubles(_merge(sums))
    minute, row_minute = np.unique(sums.minute, return_inverse=True)

    def best(count: NDArray[np.int64]) -> NDArray[np.int64]:
        """Row to read for each minute: the first (best) with readings, else any row without."""
        row = np.searchsorted(row_minute, np.arange(len(minute)))
        filled = np.flatnonzero(count > 0)
        which, first = np.unique(row_minute[filled], return_index=True)
        row[which] = filled[first]
        return row

    def mean(total: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(count > 0, total / count, np.nan)

    hr, acc = best(sums.hr_n), best(sums.acc_n)
    dyn, rr = best(sums.dyn_n), best(sums.rr_n)
    acc_n, acc_sum = sums.acc_n[acc], sums.acc_sum_mg[acc]
    spread = acc_n * sums.acc_sq_sum_mg2[acc] - acc_sum * acc_sum
    return Minutes(
        minute=minute,
        hr_bpm=mean(sums.hr_sum[hr], sums.hr_n[hr]),
        hr_min=np.where(sums.hr_n[hr] > 0, sums.hr_min[hr], 0),
        hr_max=sums.hr_max[hr],
        hr_n=sums.hr_n[hr],
        acc_g=mean(acc_sum, acc_n) / 1000.0,
        acc_sd_g=np.sqrt(mean(spread, acc_n * acc_n)) / 1000.0,
        acc_n=acc_n,
        dyn_g=mean(sums.dyn_sum_mg[dyn], sums.dyn_n[dyn]) / 1000.0,
        dyn_n=sums.dyn_n[dyn],
        rr_ms=mean(sums.rr_sum_ms[rr], sums.rr_n[rr]),
        rr_n=sums.rr_n[rr],
    )


COLUMNS = tuple(field.name for field in fields(MinuteSums))
"""Names of the columns of MinuteSums, in order."""

_ADDED = tuple(name for name in COLUMNS if name not in ("minute", "source", "hr_min", "hr_max"))


def _without_doubles(sums: MinuteSums) -> MinuteSums:
    """Leave out what was imported of minutes that the band's history has."""
    imported = sums.source == Source.IMPORTED
    if not imported.any():
        return sums
    keep = ~(imported & np.isin(sums.minute, sums.minute[np.isin(sums.source, HISTORY)]))
    columns: dict[str, Any] = {name: getattr(sums, name)[keep] for name in COLUMNS}
    return MinuteSums(**columns)


def _merge(rows: MinuteSums) -> MinuteSums:
    """Sort by (minute, source) and fold rows of the same key."""
    if not len(rows):
        return empty_sums()
    key = rows.minute * len(Source) + rows.source
    order = None if (key[1:] >= key[:-1]).all() else np.argsort(key, kind="stable")
    if order is not None:
        key = key[order]
    start = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    folded: dict[str, Any] = {
        "minute": key[start] // len(Source),
        "source": (key[start] % len(Source)).astype(np.uint8),
    }
    for name in _ADDED:
        folded[name] = np.add.reduceat(_ordered(getattr(rows, name), order), start)
    folded["hr_min"] = np.minimum.reduceat(_ordered(rows.hr_min, order), start)
    folded["hr_max"] = np.maximum.reduceat(_ordered(rows.hr_max, order), start)
    return MinuteSums(**folded)


def _ordered(column: NDArray[np.int64], order: NDArray[np.intp] | None) -> NDArray[np.int64]:
    return column if order is None else column[order]
