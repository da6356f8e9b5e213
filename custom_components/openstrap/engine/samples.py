"""One wearer's records as arrays with their true times."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .protocol import BeatRecords, Reason
from .protocol.bulk import NO_STEPS
from .rollup import HISTORY, SECONDS_PER_MINUTE, Source

type _Part = tuple[Source, BeatRecords, NDArray[np.intp]]
"""Records of one source, and the rows of them that count."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Records in the order of time, each moment once.

    ``ts`` (n,) float64 epoch seconds with the record's own fraction, ascending. ``hr_bpm`` (n,)
    int16, 0 = no reading. ``accel_g`` (n, 3) float64 g, NaN where absent. ``rr_ms`` (m,) float64
    intervals between beats, oldest first; ``rr_index`` (m,) int64 the record each came in,
    ascending. Records are about 0.961 s apart on gen4, so time comes from ``ts``, never from
    counting. ``skin_temp_c`` (n,) float64 degrees C, NaN absent, or None where no record has one:
    gen4 straps do not send it. ``step_counter`` (n,) int64 the band's own count of steps, which
    wraps at 65536, -1 absent, or None likewise. ``outside`` counts the records among them that
    another system decoded.
    """

    ts: NDArray[np.float64]
    hr_bpm: NDArray[np.int16]
    accel_g: NDArray[np.float64]
    rr_ms: NDArray[np.float64]
    rr_index: NDArray[np.int64]
    skin_temp_c: NDArray[np.float64] | None = None
    step_counter: NDArray[np.int64] | None = None
    outside: int = 0

    def __len__(self) -> int:
        """Count the records."""
        return len(self.ts)

    def between(self, start_ts: float, end_ts: float) -> Samples:
        """Return the records with start <= ts < end, beats with them."""
        first, last = (int(row) for row in np.searchsorted(self.ts, (start_ts, end_ts)))
        beats = slice(*(int(row) for row in np.searchsorted(self.rr_index, (first, last))))
        return Samples(
            ts=self.ts[first:last],
            hr_bpm=self.hr_bpm[first:last],
            accel_g=self.accel_g[first:last],
            rr_ms=self.rr_ms[beats],
            rr_index=self.rr_index[beats] - first,
            skin_temp_c=None if self.skin_temp_c is None else self.skin_temp_c[first:last],
            step_counter=None if self.step_counter is None else self.step_counter[first:last],
        )


def empty_samples() -> Samples:
    """No records."""
    return Samples(
        ts=np.empty(0),
        hr_bpm=np.empty(0, dtype=np.int16),
        accel_g=np.empty((0, 3)),
        rr_ms=np.empty(0),
        rr_index=np.empty(0, dtype=np.int64),
    )


def build_samples(parts: Iterable[tuple[Source, BeatRecords]]) -> Samples:
    """Bring decoded records of any sources and order into samples.

    Records that were not decoded and live ones are left out, and what another system decoded in
    minutes of which the band's history has a record. Of records of the same counter,
    epoch and sub-second one is kept: the better source, then (for a fault that repeats a stamp)
    the one whose content sorts last, so that the result is a function of the set alone.
    """
    found = [
        (source, records, np.flatnonzero(records.reason == Reason.OK))
        for source, records in parts
        if source in HISTORY or source is Source.IMPORTED
    ]
    kept = [part for part in found if len(part[2]) and part[0] in HISTORY]
    outside = _of_other_minutes(kept, [part for part in found if part[0] is Source.IMPORTED])
    kept += outside
    if not kept:
        return empty_samples()

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(records, name)[rows] for _, records, rows in kept])

    epoch, subsec, counter = (
        column(name).astype(np.int64) for name in ("epoch", "subsec", "counter")
    )
    source = np.concatenate([np.full(len(rows), source) for source, _, rows in kept])
    hr, rr, rr_count = column("hr_bpm"), column("rr_ms"), column("rr_count")
    accel, skin, steps = (column(name) for name in ("accel_g", "skin_temp_c", "step_counter"))

    moment = epoch * 32768 + subsec
    order = np.arange(len(moment))
    if not (moment[1:] > moment[:-1]).all():
        order = np.lexsort((source, counter, moment))
        if _repeats(order, moment, counter, source).any():
            # Bits, not values: NaN has an order too.
            bits = np.column_stack((skin, accel)).view(np.int32)
            content = [-value.astype(np.int64) for value in (*bits.T, *rr.T, rr_count, hr, steps)]
            order = np.lexsort((*content, source, counter, moment))
        order = order[~_repeats(order, moment, counter)]
    rr, rr_count = rr[order], rr_count[order]
    filled = np.arange(rr.shape[1]) < rr_count[:, None]
    return Samples(
        ts=epoch[order] + subsec[order] / 32768.0,
        hr_bpm=hr[order].astype(np.int16),
        accel_g=accel[order].astype(np.float64),
        rr_ms=rr[filled].astype(np.float64),
        rr_index=np.repeat(np.arange(len(order), dtype=np.int64), rr_count),
        skin_temp_c=_hundredths(skin[order]),
        step_counter=steps[order].astype(np.int64) if (steps != NO_STEPS).any() else None,
        outside=int(np.count_nonzero(source[order] == Source.IMPORTED)) if outside else 0,
    )


def _of_other_minutes(history: list[_Part], outside: list[_Part]) -> list[_Part]:
    """Give the rows from outside in minutes of which the history has none."""
    if not outside:
        return []
    known = [records.epoch[rows] // SECONDS_PER_MINUTE for _, records, rows in history]
    minutes = np.unique(np.concatenate(known)) if known else np.empty(0, dtype=np.int64)
    left = [
        (
            source,
            records,
            rows[np.isin(records.epoch[rows] // SECONDS_PER_MINUTE, minutes, invert=True)],
        )
        for source, records, rows in outside
    ]
    return [part for part in left if len(part[2])]


def _hundredths(skin_temp_c: NDArray[np.float32]) -> NDArray[np.float64] | None:
    """Return the temperatures as the strap meant them, None where there is none at all."""
    if np.isnan(skin_temp_c).all():
        return None
    hundredths: NDArray[np.float64] = np.rint(skin_temp_c.astype(np.float64) * 100.0)
    return hundredths / 100.0


def _repeats(order: NDArray[np.intp], *columns: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which rows agree with the row before them in every column."""
    same = np.ones(len(order), dtype=bool)
    same[0] = False
    for column in columns:
        same[1:] &= column[order[1:]] == column[order[:-1]]
    return same
