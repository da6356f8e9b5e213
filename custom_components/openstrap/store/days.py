"""Results of days on disk, and which days wait to be derived."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
import json
import sqlite3
from typing import Any
import zlib

from ..engine.imported import IMPORTED_ALGORITHM
from . import unpublished
from .schema import get_meta, set_meta

type Stamp = tuple[Any, ...]
"""What is another where a day's result, zone or finality is."""

_MARK = "mark"
_FACTS = "facts"


@dataclass(frozen=True, slots=True)
class DayRow:
    """The stored result of a local day."""

    day: date
    timezone: str
    """Name of the time zone whose day it is."""
    algorithm: int
    """Version of the algorithm that computed it."""
    final: bool
    """Nothing more is expected; only then may the day's raw frames be pruned."""
    records: int
    """Records that the result was computed from."""
    result: Mapping[str, Any]
    """What DayResult.to_dict gave."""


@dataclass(frozen=True, slots=True)
class DirtyDay:
    """A day whose input changed since it was last derived."""

    day: date
    mark: int
    """Moves with every change, so that a change during a derivation is not lost."""


def mark_dirty(conn: sqlite3.Connection, days: Iterable[date]) -> None:
    """Note that the input of days changed."""
    names = [day.isoformat() for day in days]
    if not names:
        return
    # A mark is never used twice, also not after its day was cleared.
    mark = get_meta(conn, _MARK) + 1
    set_meta(conn, _MARK, mark)
    conn.executemany("INSERT OR REPLACE INTO dirty VALUES (?, ?)", [(name, mark) for name in names])


def dirty(conn: sqlite3.Connection) -> list[DirtyDay]:
    """Give the days that wait, oldest first."""
    rows = conn.execute("SELECT day, mark FROM dirty ORDER BY day")
    return [DirtyDay(date.fromisoformat(day), mark) for day, mark in rows]


def clear_dirty(conn: sqlite3.Connection, day: date, mark: int) -> bool:
    """Note that a day was derived; False when its input changed again meanwhile."""
    cursor = conn.execute("DELETE FROM dirty WHERE day = ? AND mark = ?", (day.isoformat(), mark))
    return cursor.rowcount == 1


def save(conn: sqlite3.Connection, row: DayRow) -> bool:
    """Store the result of a day in place of an earlier one; if it is another, it is unpublished.

    Tells whether it is another.
    """
    result = dict(row.result)
    facts = result.pop(_FACTS) if result.get(_FACTS) is not None else None
    values = (
        row.day.isoformat(),
        row.timezone,
        row.algorithm,
        row.final,
        row.records,
        None if facts is None else _text(facts),
        pack(_text(result)),
    )
    if conn.execute("SELECT * FROM days WHERE day = ?", values[:1]).fetchone() == values:
        return False
    conn.execute("INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    unpublished.mark(conn, [row.day])
    return True


def delete(conn: sqlite3.Connection, day: date) -> None:
    """Delete the result of a day; that there was one is unpublished."""
    if conn.execute("DELETE FROM days WHERE day = ?", (day.isoformat(),)).rowcount:
        unpublished.mark(conn, [day])


def get(conn: sqlite3.Connection, day: date) -> DayRow | None:
    """Give the result of a day."""
    found = read(conn, day, day)
    return found[0] if found else None


def read(conn: sqlite3.Connection, start: date, end: date) -> list[DayRow]:
    """Give the results from start to end (both included), oldest first."""
    rows = conn.execute(
        "SELECT * FROM days WHERE day BETWEEN ? AND ? ORDER BY day",
        (start.isoformat(), end.isoformat()),
    )
    return _readable(rows)


def names(conn: sqlite3.Connection, start: date, end: date) -> list[date]:
    """Give the days from start to end (both included) that have a result, oldest first."""
    rows = conn.execute(
        "SELECT day FROM days WHERE day BETWEEN ? AND ? ORDER BY day",
        (start.isoformat(), end.isoformat()),
    )
    return [date.fromisoformat(day) for (day,) in rows]


def stamps(conn: sqlite3.Connection) -> dict[date, Stamp]:
    """Give every day that has a result, oldest first, and its stamp.

    No result is unpacked for it: its packed form ends in a sum over its text.
    """
    rows = conn.execute(
        "SELECT day, timezone, algorithm, final, length(result), substr(result, -4) FROM days"
        " ORDER BY day"
    )
    return {date.fromisoformat(day): tuple(stamp) for day, *stamp in rows}


def facts(
    conn: sqlite3.Connection, start: date, end: date, algorithm: int, *, imported: bool = False
) -> list[str]:
    """Give the facts in results of an algorithm or a later one, start and end included.

    With ``imported`` those of imported days too. Oldest first, as text. They stand apart from the
    results: a day looks back on many, and what a text says has to be found out only once.
    """
    rows = conn.execute(
        "SELECT facts FROM days WHERE day BETWEEN ? AND ? AND (algorithm >= ? OR algorithm = ?)"
        " AND facts IS NOT NULL ORDER BY day",
        (
            start.isoformat(),
            end.isoformat(),
            algorithm,
            IMPORTED_ALGORITHM if imported else algorithm,
        ),
    )
    return [text for (text,) in rows]


def latest(conn: sqlite3.Connection, limit: int) -> list[DayRow]:
    """Give the newest results, newest first."""
    rows = conn.execute("SELECT * FROM days ORDER BY day DESC LIMIT ?", (limit,))
    return _readable(rows)


def newest_names(conn: sqlite3.Connection, limit: int, until: date) -> list[date]:
    """Give the newest days that have a result, readable or not, up to one (included)."""
    rows = conn.execute(
        "SELECT day FROM days WHERE day <= ? ORDER BY day DESC LIMIT ?", (until.isoformat(), limit)
    )
    return [date.fromisoformat(day) for (day,) in rows]


def provisional(conn: sqlite3.Connection, before: date) -> list[date]:
    """Give the days before another whose result is not final, oldest first."""
    rows = conn.execute(
        "SELECT day FROM days WHERE final = 0 AND day < ? ORDER BY day", (before.isoformat(),)
    )
    return [date.fromisoformat(day) for (day,) in rows]


def unfinished(conn: sqlite3.Connection) -> set[date]:
    """Give the days that are dirty or not final."""
    rows = conn.execute("SELECT day FROM dirty UNION SELECT day FROM days WHERE final = 0")
    return {date.fromisoformat(day) for (day,) in rows}


def pack(text: str) -> bytes:
    """Compress the text of a result to about a third."""
    return zlib.compress(text.encode())


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)


def _readable(rows: Iterable[tuple[Any, ...]]) -> list[DayRow]:
    """Leave out rows that were changed on the disk: such a day is derived again if it can be."""
    found = []
    for row in rows:
        with suppress(ValueError, zlib.error):
            found.append(_row(row))
    return found


def _row(row: tuple[Any, ...]) -> DayRow:
    day, timezone, algorithm, final, records, facts, packed = row
    result = json.loads(zlib.decompress(packed))
    if facts is not None and isinstance(result, dict):
        result[_FACTS] = json.loads(facts)
    return DayRow(
        day=date.fromisoformat(day),
        timezone=timezone,
        algorithm=algorithm,
        final=bool(final),
        records=records,
        result=result,
    )
