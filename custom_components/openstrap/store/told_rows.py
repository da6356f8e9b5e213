"""Rows of what the wearer told, and the days that are looked at anew when one changes.

A row is (what, id, start, end, rest as JSON). Rows of a ``what`` that a later version wrote, and
rows that make no sense, are left alone. Everything here runs within the caller's transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta, tzinfo
import json
import sqlite3
from typing import Any, Final

from ..engine.told import Span
from . import cursors, days

CHANGED_CURSOR: Final = "changed_days"
"""Name of the days from which on results are looked at anew; see ``note``."""
HALF_DAY_S: Final = 43200.0
"""A day is derived from noon on: what ends after it matters to the day after, s."""

type Row = tuple[str, float | None, float | None, str]
"""Id, start, end (epoch s), rest as JSON."""


def write(conn: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """Keep a row in place of the one of its kind and id."""
    conn.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)", row)


def get(conn: sqlite3.Connection, what: str, row_id: str) -> Row | None:
    """Give the row of a kind and an id."""
    found: Row | None = conn.execute(
        "SELECT id, start, end, rest FROM told WHERE what = ? AND id = ?", (what, row_id)
    ).fetchone()
    return found


def rows(conn: sqlite3.Connection, what: str, first: float, last: float) -> list[Row]:
    """Give the rows that begin from ``first`` to ``last`` (excluded), in the order of time."""
    return conn.execute(
        "SELECT id, start, end, rest FROM told WHERE what = ? AND start >= ? AND start < ?"
        " ORDER BY start, id",
        (what, first, last),
    ).fetchall()


def delete(conn: sqlite3.Connection, what: str, row_id: str) -> bool:
    """Delete the row of a kind and an id; False when there is none."""
    cursor = conn.execute("DELETE FROM told WHERE what = ? AND id = ?", (what, row_id))
    return cursor.rowcount > 0


def day_of(text: str) -> date | None:
    """Read the day that a row is named by; None for what is none."""
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def note_spans(
    conn: sqlite3.Connection,
    spans: Iterable[Span],
    tz: tzinfo,
    *,
    settling_s: float = HALF_DAY_S,
) -> None:
    """Let the days of stretches be derived anew; ``settling_s`` as ``_days`` has it."""
    touched = {day for span in spans for day in _days(span, tz, settling_s)}
    # Its frames, if they are there, say something else beside what was told: no nap, no rest.
    days.mark_dirty(conn, touched)
    note(conn, touched)


def _days(span: Span, tz: tzinfo, settling_s: float) -> Iterator[date]:
    """Local days that a stretch touches, or matters to for some seconds more.

    And the one before: a day keeps the time zone it was lived in, which may lie to the west.
    """
    day = datetime.fromtimestamp(span[0], tz).date() - timedelta(days=1)
    last = datetime.fromtimestamp(span[1] + settling_s, tz).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def note(conn: sqlite3.Connection, touched: Iterable[date]) -> None:
    """Remember days together with the days before them.

    Results after a changed day are looked at anew, so the day before brings in the day itself:
    what was told of it changes its result, but not its facts.
    """
    held = cursors.get(conn, CHANGED_CURSOR)
    names = set(json.loads(held)) if held else set()
    for day in touched:
        names |= {day.isoformat(), (day - timedelta(days=1)).isoformat()}
    cursors.put(conn, CHANGED_CURSOR, json.dumps(sorted(names), separators=(",", ":")))
