"""What other systems told of days, on disk, and the results that are made of it.

A day has one row for each source, and its result, if nobody measured it, is made of all of them:
so it comes back when a measured one is dropped. Everything runs within the caller's transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
import sqlite3
from typing import Final

from ..engine.imported import (
    IMPORTED_ALGORITHM,
    Fields,
    SourceName,
    from_text,
    join,
    journal_of,
    tells_of_day,
    to_text,
)
from ..engine.imported_day import compose
from ..engine.insight.journal import JournalDay
from . import days, push, told_rest, told_rows
from .days import DayRow
from .schema import get_meta, set_meta

IN_BASELINES: Final = "imported_in_baselines"
"""Name of the number that tells whether later days look back on imported ones."""


@dataclass(frozen=True, slots=True)
class ImportedTaken:
    """Which days say something now that they did not before."""

    new: frozenset[date]
    """Of which nothing was known from this source."""
    changed: frozenset[date]


def take(
    conn: sqlite3.Connection, told: Iterable[tuple[date, SourceName, Fields]]
) -> ImportedTaken:
    """Keep what sources tell of days; the order in which it comes does not matter."""
    new: set[date] = set()
    changed: set[date] = set()
    for (day, source), fields in _gathered(told).items():
        held = _held(conn, day)
        before = held.get(source)
        after = join([fields] if before is None else [before, fields])
        if after == before:
            continue
        (new if before is None else changed).add(day)
        conn.execute(
            "INSERT OR REPLACE INTO imported VALUES (?, ?, ?)",
            (day.isoformat(), source.value, to_text(after)),
        )
        _write_journal(conn, day, held, {**held, source: after})
        restore(conn, day)
    return ImportedTaken(frozenset(new), frozenset(changed))


def replace(
    conn: sqlite3.Connection, source: SourceName, told: Mapping[date, Fields | None]
) -> frozenset[date]:
    """Let a source tell this of days and nothing else, None for nothing; gives what changed."""
    changed: set[date] = set()
    for day, fields in sorted(told.items()):
        held = _held(conn, day)
        before = held.pop(source, None)
        if fields == before:
            continue
        changed.add(day)
        was = held if before is None else {**held, source: before}
        now = held if fields is None else {**held, source: fields}
        conn.execute(
            "DELETE FROM imported WHERE day = ? AND source = ?", (day.isoformat(), source.value)
        )
        if fields is not None:
            conn.execute(
                "INSERT INTO imported VALUES (?, ?, ?)",
                (day.isoformat(), source.value, to_text(fields)),
            )
        _write_journal(conn, day, was, now)
        if stands(conn, day) and not any(tells_of_day(left) for left in now.values()):
            days.delete(conn, day)
        else:
            restore(conn, day)
    return frozenset(changed)


def _gathered(
    told: Iterable[tuple[date, SourceName, Fields]],
) -> dict[tuple[date, SourceName], Fields]:
    """Bring the pieces of a day together, which would be composed one by one otherwise."""
    found: dict[tuple[date, SourceName], Fields] = {}
    for day, source, fields in told:
        name = day, source
        found[name] = join([found[name], fields]) if name in found else fields
    return found


def _write_journal(
    conn: sqlite3.Connection,
    day: date,
    before: Mapping[SourceName, Fields],
    after: Mapping[SourceName, Fields],
) -> None:
    """Let the journal follow, unless its entry is not as an import left it: the wearer's word."""
    was, entry = journal_of(before), journal_of(after)
    if entry == was:
        return
    if told_rest.journal(conn, day, day).get(day, JournalDay()) == was:
        told_rest.write_journal(conn, day, entry)


def restore(conn: sqlite3.Connection, day: date) -> None:
    """Let what was imported of a day stand as its result, unless a measured one does."""
    if is_measured(conn, day):
        return
    told = {source: fields for source, fields in _held(conn, day).items() if tells_of_day(fields)}
    if not told:
        return
    result = compose(day, told)
    row = DayRow(
        day=day,
        timezone=result.timezone,
        algorithm=IMPORTED_ALGORITHM,
        final=True,
        records=0,
        result=result.to_dict(),
    )
    if days.save(conn, row) and in_baselines(conn):
        told_rows.note(conn, [day])


def is_measured(conn: sqlite3.Connection, day: date) -> bool:
    """Tell whether the result of a day was computed here."""
    return _algorithm(conn, day) not in (None, IMPORTED_ALGORITHM)


def stands(conn: sqlite3.Connection, day: date) -> bool:
    """Tell whether the result of a day was imported."""
    return _algorithm(conn, day) == IMPORTED_ALGORITHM


def measured(conn: sqlite3.Connection, start: date, end: date) -> list[date]:
    """Give the days from start to end (both included) with a measured result, oldest first."""
    rows = conn.execute(
        "SELECT day FROM days WHERE day BETWEEN ? AND ? AND algorithm != ? ORDER BY day",
        (start.isoformat(), end.isoformat(), IMPORTED_ALGORITHM),
    )
    return [date.fromisoformat(day) for (day,) in rows]


def names(conn: sqlite3.Connection, start: date, end: date) -> list[date]:
    """Give the days from start to end (both included) that some source told of, oldest first."""
    rows = conn.execute(
        "SELECT DISTINCT day FROM imported WHERE day BETWEEN ? AND ? ORDER BY day",
        (start.isoformat(), end.isoformat()),
    )
    return [date.fromisoformat(day) for (day,) in rows]


def in_baselines(conn: sqlite3.Connection) -> bool:
    """Tell whether later days look back on imported ones."""
    return bool(get_meta(conn, IN_BASELINES))


def set_in_baselines(conn: sqlite3.Connection, *, on: bool) -> bool:
    """Let later days look back on imported ones, or not; True when that is another than before."""
    if in_baselines(conn) == on:
        return False
    set_meta(conn, IN_BASELINES, int(on))
    names = conn.execute("SELECT day FROM days WHERE algorithm = ?", (IMPORTED_ALGORITHM,))
    told_rows.note(conn, [date.fromisoformat(day) for (day,) in names])
    return True


def delete_before(conn: sqlite3.Connection, before: date) -> None:
    """Delete what was told of the days before one."""
    conn.execute("DELETE FROM imported WHERE day < ?", (before.isoformat(),))
    push.delete_before(conn, before.isoformat())


def _algorithm(conn: sqlite3.Connection, day: date) -> int | None:
    row = conn.execute("SELECT algorithm FROM days WHERE day = ?", (day.isoformat(),)).fetchone()
    return None if row is None else int(row[0])


def _held(conn: sqlite3.Connection, day: date) -> dict[SourceName, Fields]:
    """Give what is kept of a day; a source that only a later version knows is left out."""
    rows = conn.execute("SELECT source, fields FROM imported WHERE day = ?", (day.isoformat(),))
    known = {source.value for source in SourceName}
    return {SourceName(source): from_text(text) for source, text in rows if source in known}
