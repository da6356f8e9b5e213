"""Readings once a second that the phone app decoded, with their beats."""

from collections.abc import Iterator
import sqlite3
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import BeatRecords
from ..engine.protocol.bulk import NO_STEPS
from .database import columns
from .parts import OutsideSamples, Part, Skipped

SECONDS: Final = 4_000
"""Seconds of one part: making columns of more holds everything else up."""
ROWS_AT_ONCE: Final = 800
"""Rows that are objects at a time; with 2000 the interpreter looks for garbage, and after some such
rounds through all that it has, which holds Home Assistant's event loop up."""
SLOTS: Final = 8
"""Beats of one second that a record holds."""
SCALE: Final = 10_000.0
"""Later versions keep accelerations as whole numbers of this part of a g, where they say so."""
FAMILIES: Final = "('', 'gen4', 'gen5')"
"""Devices whose readings mean what ours do; the app also reads rings and other makers' bands."""
STEPS_WRAP: Final = 65_536
MAX_SECOND: Final = 2**40
"""What lies behind is no second, epoch s; the store refuses it."""

type Beats = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The second of each beat, ascending, and its interval, ms."""


def samples(conn: sqlite3.Connection) -> Iterator[Part]:
    """Give the readings, in the order of time; beats of a second without one stand alone."""
    known = columns(conn, "decoded_onehz")
    if "rec_ts" not in known:
        return
    ours = f"coalesce(device_family, '') IN {FAMILIES}" if "device_family" in known else "1"
    beats = _Beats(conn)
    rows = conn.execute(
        f"SELECT {_columns(known)} FROM decoded_onehz WHERE rec_ts IS NOT NULL AND {ours}"  # noqa: S608 - names from here
        " ORDER BY rec_ts"
    )
    while len(table := _fetched(rows, SECONDS)):
        yield OutsideSamples(_records(table, beats.until(table[-1, 0])))
    while len((left := beats.until(np.inf, SECONDS))[0]):
        yield OutsideSamples(_records(table, left))
    others = conn.execute(
        f"SELECT count(*) FROM decoded_onehz WHERE rec_ts IS NULL OR NOT ({ours})"  # noqa: S608 - names from here
    ).fetchone()[0]
    if others:
        yield Skipped("other_device", others)


_WANTED: Final = (
    "rec_ts", "hr", "ax", "ay", "az", "dyn_accel_g", "skin_temp_c", "step_count", "onehz_enc",
    "hr_valid",
)  # fmt: skip


def table_width() -> int:
    """Give the number of columns that are read."""
    return len(_WANTED)


def _fetched(rows: sqlite3.Cursor, count: int) -> NDArray[np.float64]:
    """Fetch the next rows, at most so many."""
    pieces = [np.empty((0, table_width()))]
    while count > 0 and (chunk := rows.fetchmany(min(count, ROWS_AT_ONCE))):
        pieces.append(np.array(chunk, dtype=np.float64))
        count -= len(chunk)
    return np.concatenate(pieces)


def _columns(known: frozenset[str]) -> str:
    """Give the columns as SQL: numbers, whatever was put into them, and null for what is not there."""
    return ", ".join(f"CAST({name} AS REAL)" if name in known else "NULL" for name in _WANTED)


class _Beats:
    """The beats of all seconds, read alongside in the order of time."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        known = columns(conn, "decoded_rr")
        second = "rec_ts" if "rec_ts" in known else "rr_ts_ms / 1000"
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        if {"rr_ms", "beat_index"} <= known and ("rec_ts" in known or "rr_ts_ms" in known):
            source = "decoded_rr"
            if "rec_ts" not in known and "counter" in known:
                # The oldest form names the record by its counter, whose second is the true one.
                source = "decoded_rr JOIN decoded_onehz USING (counter)"
                second = "decoded_onehz.rec_ts"
            self._rows = conn.execute(
                f"SELECT CAST({second} AS INTEGER) AS at, CAST(rr_ms AS INTEGER)"  # noqa: S608 - names from here
                f" FROM {source} WHERE rr_ms IS NOT NULL AND {second} IS NOT NULL"
                " ORDER BY at, beat_index"
            )
        self._next: tuple[Any, ...] | None = next(self._rows, None)

    def until(self, last: float, most: int | None = None) -> Beats:
        """Give the beats of seconds up to one (included), of at most so many seconds."""
        seconds: list[int] = []
        intervals: list[int] = []
        begun = 0
        while self._next is not None and self._next[0] <= last:
            second, interval = self._next
            if not seconds or second != seconds[-1]:
                if begun == most:
                    break
                begun += 1
            seconds.append(second)
            intervals.append(interval)
            self._next = next(self._rows, None)
        return np.array(seconds, np.int64), np.array(intervals, np.int64)


def _records(table: NDArray[np.float64], beats: Beats) -> BeatRecords:
    """Give rows and beats as records; beats without a row are records of their own."""
    seconds = np.clip(table[:, 0], 0, MAX_SECOND).astype(np.int64)
    at, interval = beats
    alone = np.setdiff1d(at, seconds)
    more = np.full((len(alone), table_width()), np.nan)
    more[:, 0] = alone
    table = np.concatenate((table, more))
    count = len(table)
    every = np.concatenate((seconds, alone))
    order = np.argsort(every, kind="stable")
    row = order[np.searchsorted(every, at, side="right", sorter=order) - 1]
    slot = np.arange(len(at)) - np.searchsorted(at, at)
    row, slot, interval = (part[slot < SLOTS] for part in (row, slot, interval))
    rr_ms = np.zeros((count, SLOTS), np.int16)
    rr_ms[row, slot] = np.clip(interval, 0, 32767)
    rr_count = np.bincount(row, minlength=count).astype(np.uint8)
    column = dict(zip(_WANTED, table.T, strict=True))
    scale = np.where(column["onehz_enc"] == 1.0, SCALE, 1.0)
    hr = np.where(column["hr_valid"] == 0.0, 0.0, column["hr"])
    steps = column["step_count"]
    whole = (steps >= 0) & (steps < STEPS_WRAP)
    accel = np.stack((column["ax"], column["ay"], column["az"]), axis=1) / scale[:, None]
    return BeatRecords(
        reason=np.zeros(count, np.uint8),
        epoch=np.clip(column["rec_ts"], 0, MAX_SECOND).astype(np.int64),
        subsec=np.zeros(count, np.int32),
        counter=np.full(count, -1, np.int64),
        hr_bpm=np.clip(np.nan_to_num(hr, nan=0.0), 0, 255).astype(np.int16),
        rr_count=rr_count,
        rr_ms=rr_ms,
        accel_g=_single(accel),
        dyn_accel_g=_single(column["dyn_accel_g"] / scale),
        skin_temp_c=_single(column["skin_temp_c"]),
        step_counter=np.where(whole, np.nan_to_num(steps), NO_STEPS).astype(np.int32),
    )


def _single(values: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return values.astype(np.float32)
