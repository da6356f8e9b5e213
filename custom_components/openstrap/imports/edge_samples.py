"""Readings once a second that the phone app decoded, with their beats."""

from collections import defaultdict
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
SLOTS: Final = 8
"""Beats of one second that a record holds."""
SCALE: Final = 10_000.0
"""Later versions keep accelerations as whole numbers of this part of a g, where they say so."""
FAMILIES: Final = "('', 'gen4', 'gen5')"
"""Devices whose readings mean what ours do; the app also reads rings and other makers' bands."""
STEPS_WRAP: Final = 65_536

type Beats = dict[int, list[int]]
"""Second -> intervals in their order, ms."""


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
    while chunk := rows.fetchmany(SECONDS):
        table = np.array(chunk, dtype=np.float64)
        yield OutsideSamples(_records(table, beats.until(table[-1, 0])))
    while left := beats.until(np.inf, SECONDS):
        table = np.full((0, table_width()), np.nan)
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
        found: defaultdict[int, list[int]] = defaultdict(list)
        while self._next is not None and self._next[0] <= last:
            at, interval = self._next
            if most is not None and len(found) >= most and at not in found:
                break
            if len(found[at]) < SLOTS:
                found[at].append(interval)
            self._next = next(self._rows, None)
        return found


def _records(table: NDArray[np.float64], beats: Beats) -> BeatRecords:
    """Give rows and beats as records; beats without a row are records of their own."""
    at = dict(zip(table[:, 0].astype(np.int64).tolist(), range(len(table)), strict=True))
    alone = sorted(second for second in beats if second not in at)
    at |= {second: len(table) + place for place, second in enumerate(alone)}
    more = np.full((len(alone), table_width()), np.nan)
    more[:, 0] = alone
    table = np.concatenate((table, more))
    count = len(table)
    rr_ms, rr_count = np.zeros((count, SLOTS), np.int16), np.zeros(count, np.uint8)
    for second, intervals in beats.items():
        row = at[second]
        rr_ms[row, : len(intervals)] = np.clip(intervals, 0, 32767)
        rr_count[row] = len(intervals)
    column = dict(zip(_WANTED, table.T, strict=True))
    scale = np.where(column["onehz_enc"] == 1.0, SCALE, 1.0)
    hr = np.where(column["hr_valid"] == 0.0, 0.0, column["hr"])
    steps = column["step_count"]
    whole = (steps >= 0) & (steps < STEPS_WRAP)
    accel = np.stack((column["ax"], column["ay"], column["az"]), axis=1) / scale[:, None]
    return BeatRecords(
        reason=np.zeros(count, np.uint8),
        epoch=np.clip(column["rec_ts"], 0, 2**40).astype(np.int64),
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
