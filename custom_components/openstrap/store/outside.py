"""Readings that another system decoded, of which there are no frames: an hour of seconds a row.

What an hour holds is a function of the set of readings alone: of a second each quantity is kept
once, the known one before the unknown, of two known ones the larger. They count beside the frames
only where these have nothing; see ``engine.samples``.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, tzinfo
import sqlite3
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engine.day_window import days_touched
from ..engine.protocol import BeatRecords, Reason
from ..engine.protocol.base import HR_MAX_BPM, HR_MIN_BPM, RR_MAX_MS, RR_MIN_MS
from ..engine.protocol.bulk import NO_STEPS
from ..engine.rollup import MAX_DYN_ACCEL_G, SECONDS_PER_MINUTE, Source, sum_minutes
from ..engine.signal.accel import is_reading
from . import codec, days, minutes, unpublished
from .errors import BlockUnreadable
from .examine import EARLIEST_TS, FUTURE_S, SECONDS_PER_HOUR
from .schema import MINUTES_FLOOR, get_meta
from .sealed import SealedHours

SLOTS: Final = 8
"""Intervals between beats of one second."""
MAX_SKIN_C: Final = 60.0
MAX_STEPS: Final = 65535
SECONDS_PER_DAY: Final = 86400
_ROW: Final = np.dtype(
    [
        ("second", "<u2"),
        ("hr", "u1"),
        ("rr_count", "u1"),
        ("rr", "<i2", (SLOTS,)),
        ("accel", "<f4", (3,)),
        ("dyn", "<f4"),
        ("skin", "<f4"),
        ("steps", "<i4"),
    ]
)
"""A second as it is packed; what is absent is 0, NaN, or -1 steps."""

type Rows = NDArray[Any]
"""(n,) of ``_ROW``, ascending, each second once."""


@dataclass(slots=True)
class OutsideTaken:
    """What became of some readings, in seconds."""

    new: int = 0
    """Seconds that were not known before."""
    better: int = 0
    """Known seconds of which something more is known now."""
    known: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    days: frozenset[date] = frozenset()
    """Days made dirty."""

    def __add__(self, other: OutsideTaken) -> OutsideTaken:
        """Give both together."""
        return OutsideTaken(
            self.new + other.new,
            self.better + other.better,
            self.known + other.known,
            self.refused + other.refused,
            self.days | other.days,
        )


def take(
    conn: sqlite3.Connection, sealed: SealedHours, records: BeatRecords, *, now: float, tz: tzinfo
) -> OutsideTaken:
    """Take readings in, within the caller's transaction; ``now`` is epoch s.

    Those of an hour that was let go are refused, as frames are: nobody can tell whether they were
    counted. Marks the days of what changed.
    """
    taken = OutsideTaken()
    epoch, rows = _rows_of(records, now, taken.refused)
    hours = epoch // SECONDS_PER_HOUR
    closed = sealed.mask(conn, hours)
    if closed.any():
        taken.refused["sealed"] += int(np.count_nonzero(closed))
        hours, rows = hours[~closed], rows[~closed]
    moved = [np.empty(0, dtype=np.int64)]
    floor = get_meta(conn, MINUTES_FLOOR)
    for hour in np.unique(hours).tolist():
        fresh = _once(rows[hours == hour])
        try:
            held = _held(conn, hour)
        except BlockUnreadable:
            sealed.quarantine(conn, hour, now)
            taken.refused["sealed"] += len(fresh)
            continue
        whole = _joined(held, fresh)
        changed = _changed(held, whole)
        taken.new += len(whole) - len(held)
        taken.better += len(changed) - (len(whole) - len(held))
        taken.known += len(fresh) - len(changed)
        if not changed.size:
            continue
        _write(conn, hour, whole, int(now // SECONDS_PER_DAY))
        minutes.delete_hour(conn, hour, imported=True)
        sums = sum_minutes(_records(hour, whole), Source.IMPORTED)
        minutes.add(conn, minutes.since(sums, floor))
        stamps = hour * SECONDS_PER_HOUR + changed.astype(np.int64)
        moved.append(np.unique(stamps - stamps % SECONDS_PER_MINUTE))
    stamps = np.concatenate(moved)
    if stamps.size:
        taken.days = frozenset(days_touched(stamps.astype(np.float64), tz))
        days.mark_dirty(conn, taken.days)
        unpublished.mark(conn, taken.days)
    return taken


def read(conn: sqlite3.Connection, hour: int) -> BeatRecords | None:
    """Give the readings of an hour, None without any. Raises BlockUnreadable."""
    held = _held(conn, hour)
    return _records(hour, held) if len(held) else None


def hours(conn: sqlite3.Connection, first: int, last: int) -> list[int]:
    """Give the hours from first to last (both included) that have readings, in order."""
    rows = conn.execute(
        "SELECT hour FROM outside WHERE hour BETWEEN ? AND ? ORDER BY hour", (first, last)
    )
    return [hour for (hour,) in rows]


def arrivals(conn: sqlite3.Connection, first: int, last: int) -> list[tuple[int, int]]:
    """Give the hours from first to last (both included) with the day their last reading came."""
    return conn.execute(
        "SELECT hour, arrived FROM outside WHERE hour BETWEEN ? AND ? ORDER BY hour", (first, last)
    ).fetchall()


def delete_hour(conn: sqlite3.Connection, hour: int) -> None:
    """Delete the readings of an hour; their minutes stay."""
    conn.execute("DELETE FROM outside WHERE hour = ?", (hour,))


def _rows_of(
    records: BeatRecords, now: float, refused: Counter[str]
) -> tuple[NDArray[np.int64], Rows]:
    """Bring readings into the one form; what no band can have read is absent."""
    epoch = records.epoch
    past, future = epoch < EARLIEST_TS, epoch > now + FUTURE_S
    unread = records.reason != Reason.OK
    for name, which in (
        ("undecoded", unread),
        ("time_past", past & ~unread),
        ("time_future", future & ~unread),
    ):
        if count := int(np.count_nonzero(which)):
            refused[name] += count
    pick = np.flatnonzero(~(past | future | unread))
    rows = np.zeros(len(pick), dtype=_ROW)
    rows["second"] = epoch[pick] % SECONDS_PER_HOUR
    hr = records.hr_bpm[pick]
    rows["hr"] = np.where((hr >= HR_MIN_BPM) & (hr <= HR_MAX_BPM), hr, 0)
    rr = records.rr_ms[pick]
    sound = (rr >= RR_MIN_MS) & (rr <= RR_MAX_MS)
    sound &= np.arange(rr.shape[1]) < records.rr_count[pick, None]
    # Those that are left move up, in their order.
    order = np.argsort(~sound, axis=1, kind="stable")
    kept = np.take_along_axis(np.where(sound, rr, 0), order, axis=1)[:, :SLOTS]
    rows["rr"][:, : kept.shape[1]] = kept
    rows["rr_count"] = np.minimum(np.count_nonzero(sound, axis=1), SLOTS)
    accel = records.accel_g[pick]
    # Adding nothing makes one zero of both.
    rows["accel"] = np.where(is_reading(accel)[:, None], accel, np.nan) + np.float32(0.0)
    dyn, skin = records.dyn_accel_g[pick], records.skin_temp_c[pick]
    with np.errstate(invalid="ignore"):
        rows["dyn"] = np.where((dyn >= 0.0) & (dyn <= MAX_DYN_ACCEL_G), dyn, np.nan) + 0.0
        rows["skin"] = np.where((skin > 0.0) & (skin <= MAX_SKIN_C), skin, np.nan)
    steps = records.step_counter[pick]
    rows["steps"] = np.where((steps >= 0) & (steps <= MAX_STEPS), steps, NO_STEPS)
    told = (rows["hr"] > 0) | (rows["rr_count"] > 0) | (rows["steps"] >= 0)
    told |= np.isfinite(rows["accel"][:, 0]) | np.isfinite(rows["skin"])
    if empty := int(np.count_nonzero(~told)):
        refused["no_reading"] += empty
    return epoch[pick][told], rows[told]


def _once(rows: Rows) -> Rows:
    """Bring readings of an hour into order, each second once."""
    found = np.zeros(0, dtype=_ROW)
    while len(rows):
        _, first = np.unique(rows["second"], return_index=True)
        found = _joined(found, rows[first])
        rows = np.delete(rows, first)
    return found


def _joined(one: Rows, other: Rows) -> Rows:
    """Give the seconds of both, with the best of each where both have one."""
    if not len(one) or not len(other):
        return one if len(one) else other
    _, at, to = np.intersect1d(one["second"], other["second"], True, True)
    both = _best(one[at], other[to])
    every = np.concatenate((np.delete(one, at), np.delete(other, to), both))
    ordered: Rows = every[np.argsort(every["second"], kind="stable")]
    return ordered


def _best(one: Rows, other: Rows) -> Rows:
    """Give of each quantity the known one, and the larger of two known ones."""
    best = one.copy()
    for name in ("hr", "steps"):
        best[name] = np.maximum(one[name], other[name])
    for name in ("dyn", "skin"):
        best[name] = np.fmax(one[name], other[name])
    # More intervals before fewer, then by the first that differ.
    counted = (one["rr_count"], *one["rr"].T), (other["rr_count"], *other["rr"].T)
    more = _larger(*([column.astype(np.float64) for column in side] for side in counted))
    for name in ("rr_count", "rr"):
        best[name][more] = other[name][more]
    axes = (
        [np.nan_to_num(side["accel"][:, at], nan=-np.inf) for at in range(3)]
        for side in (one, other)
    )
    more = _larger(*axes)
    best["accel"][more] = other["accel"][more]
    return best


def _larger(one: list[NDArray[Any]], other: list[NDArray[Any]]) -> NDArray[np.bool_]:
    """Tell where the other comes after the one, by the first column that differs."""
    larger = np.zeros(len(one[0]), dtype=bool)
    equal = np.ones(len(one[0]), dtype=bool)
    for a, b in zip(one, other, strict=True):
        larger |= equal & (b > a)
        equal &= a == b
    return larger


def _changed(held: Rows, whole: Rows) -> NDArray[np.uint16]:
    """Give the seconds that are new or say something else than before."""
    before = np.zeros(SECONDS_PER_HOUR, dtype=_ROW)
    known = np.zeros(SECONDS_PER_HOUR, dtype=bool)
    before[held["second"]] = held
    known[held["second"]] = True
    same = _bytes(before[whole["second"]]) == _bytes(whole)
    changed: NDArray[np.uint16] = whole["second"][~(known[whole["second"]] & same.all(axis=1))]
    return changed


def _held(conn: sqlite3.Connection, hour: int) -> Rows:
    row = conn.execute("SELECT seconds, packed FROM outside WHERE hour = ?", (hour,)).fetchone()
    if row is None:
        return np.zeros(0, dtype=_ROW)
    seconds, packed = row
    rows: Rows = codec.unpack(packed, seconds, _ROW.itemsize).reshape(-1).view(_ROW)
    if (np.diff(rows["second"].astype(np.int64)) <= 0).any() or rows["second"][-1] >= (
        SECONDS_PER_HOUR
    ):
        raise BlockUnreadable("seconds out of order")
    return rows


def _write(conn: sqlite3.Connection, hour: int, rows: Rows, arrived: int) -> None:
    packed = codec.pack(_bytes(rows), codec.TIGHT)
    conn.execute(
        "INSERT OR REPLACE INTO outside VALUES (?, ?, ?, ?)", (hour, arrived, len(rows), packed)
    )


def _bytes(rows: Rows) -> NDArray[np.uint8]:
    return np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), _ROW.itemsize)


def _records(hour: int, rows: Rows) -> BeatRecords:
    """Give rows as decoded records."""
    count = len(rows)
    return BeatRecords(
        reason=np.zeros(count, np.uint8),
        epoch=hour * SECONDS_PER_HOUR + rows["second"].astype(np.int64),
        subsec=np.zeros(count, np.int32),
        counter=np.full(count, -1, np.int64),
        hr_bpm=rows["hr"].astype(np.int16),
        rr_count=rows["rr_count"].copy(),
        rr_ms=np.ascontiguousarray(rows["rr"].astype(np.int16)),
        accel_g=np.ascontiguousarray(rows["accel"].astype(np.float32)),
        dyn_accel_g=rows["dyn"].astype(np.float32),
        skin_temp_c=rows["skin"].astype(np.float32),
        step_counter=rows["steps"].astype(np.int32),
    )
