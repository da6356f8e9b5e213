"""Minute sums on disk: integers that only ever grow, so neither order nor cutting shows."""

from dataclasses import fields
import sqlite3
from typing import Any

import numpy as np

from ..engine.rollup import MinuteSums, Source

SECONDS_PER_HOUR = 3600

_COLUMNS = tuple(field.name for field in fields(MinuteSums))
"""Columns of the table too, in the same order."""


def add(conn: sqlite3.Connection, sums: MinuteSums) -> None:
    """Add the sums of records that were not counted before."""
    columns = [getattr(sums, name).tolist() for name in _COLUMNS]
    conn.executemany(
        """
        INSERT INTO minutes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            records = records + excluded.records,
            hr_n = hr_n + excluded.hr_n,
            hr_sum = hr_sum + excluded.hr_sum,
            hr_min = min(hr_min, excluded.hr_min),
            hr_max = max(hr_max, excluded.hr_max),
            acc_n = acc_n + excluded.acc_n,
            acc_sum_mg = acc_sum_mg + excluded.acc_sum_mg,
            acc_sq_sum_mg2 = acc_sq_sum_mg2 + excluded.acc_sq_sum_mg2,
            dyn_n = dyn_n + excluded.dyn_n,
            dyn_sum_mg = dyn_sum_mg + excluded.dyn_sum_mg,
            rr_n = rr_n + excluded.rr_n,
            rr_sum_ms = rr_sum_ms + excluded.rr_sum_ms
        """,
        zip(*columns, strict=True),
    )


def read(conn: sqlite3.Connection, start_ts: float, end_ts: float) -> MinuteSums:
    """Give the minutes that start at or after ``start_ts`` and before ``end_ts``, in order."""
    rows = conn.execute(
        "SELECT * FROM minutes WHERE minute >= ? AND minute < ? ORDER BY minute, source",
        (start_ts, end_ts),
    ).fetchall()
    table = np.array(rows, dtype=np.int64).reshape(-1, len(_COLUMNS))
    columns: dict[str, Any] = {
        name: np.ascontiguousarray(table[:, at]) for at, name in enumerate(_COLUMNS)
    }
    columns["source"] = columns["source"].astype(np.uint8)
    return MinuteSums(**columns)


def since(sums: MinuteSums, floor: int) -> MinuteSums:
    """Leave out minutes before ``floor`` (epoch s): they were let go, a part would be wrong."""
    keep = sums.minute >= floor
    if keep.all():
        return sums
    return MinuteSums(**{name: getattr(sums, name)[keep] for name in _COLUMNS})


def delete_hour(conn: sqlite3.Connection, hour: int, *, imported: bool) -> None:
    """Delete the minutes of an hour, those of frames or the imported ones, to be summed again."""
    start = hour * SECONDS_PER_HOUR
    conn.execute(
        "DELETE FROM minutes WHERE minute >= ? AND minute < ? AND (source = ?) = ?",
        (start, start + SECONDS_PER_HOUR, Source.IMPORTED, imported),
    )


def newest(conn: sqlite3.Connection, *, with_hr: bool) -> int | None:
    """Give the newest minute (epoch s) that has a record, or a usable heart rate."""
    row = conn.execute(
        "SELECT minute FROM minutes WHERE hr_n >= ? ORDER BY minute DESC LIMIT 1", (int(with_hr),)
    ).fetchone()
    return None if row is None else int(row[0])


def delete_before(conn: sqlite3.Connection, floor: int, limit: int) -> bool:
    """Delete up to ``limit`` rows before a time; tells whether there are more."""
    rows = conn.execute(
        "SELECT minute, source FROM minutes WHERE minute < ? LIMIT ?", (floor, limit)
    ).fetchall()
    conn.executemany("DELETE FROM minutes WHERE minute = ? AND source = ?", rows)
    return len(rows) == limit
