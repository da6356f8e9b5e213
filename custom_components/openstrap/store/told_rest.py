"""What the wearer told of nights, of naps and of their days, on disk.

Everything here runs within the caller's transaction; see ``told_rows`` for the rows.
"""

from contextlib import suppress
from datetime import date, tzinfo
import json
import sqlite3
from typing import Final

from ..engine.day_window import span_of
from ..engine.insight.journal import JournalDay
from ..engine.sleep.groups import MAX_PAUSE_S
from ..engine.told import MAX_REST_S, SleepEdit, Span
from ..engine.told_rules import checked_edit, checked_nap
from .told_rows import Row, day_of, delete, get, note_spans, rows, write

SLEEP: Final = "sleep"
NO_NAP: Final = "no_nap"
JOURNAL: Final = "journal"


def edits(conn: sqlite3.Connection, start_ts: float, end_ts: float) -> tuple[SleepEdit, ...]:
    """Give the corrected nights that touch a stretch (end excluded), in the order of time."""
    found = (_edit(row) for row in rows(conn, SLEEP, start_ts - MAX_REST_S, end_ts))
    return tuple(edit for edit in found if edit is not None and edit.offset_ts > start_ts)


def rejected(conn: sqlite3.Connection, start_ts: float, end_ts: float) -> tuple[Span, ...]:
    """Give the spans of rejected naps that touch a stretch (end excluded), in the order of time."""
    return tuple(
        (first, last)
        for _, first, last, _ in rows(conn, NO_NAP, start_ts - MAX_REST_S, end_ts)
        if first is not None and last is not None and last > start_ts
    )


def edit_sleep(
    conn: sqlite3.Connection, day: date, span: Span, *, tz: tzinfo, now_ts: float | None
) -> SleepEdit:
    """Keep the rest of a night in place of an earlier word on it. Raises ToldError."""
    held = _held(conn, day)
    others = edits(conn, span[0] - MAX_REST_S, span[1] + MAX_REST_S)
    edit = checked_edit(day, span, others, tz=tz, now_ts=now_ts)
    if edit != held:
        write(conn, (SLEEP, day.isoformat(), *edit.span, "{}"))
        _note_edits(conn, [edit, *([] if held is None else [held])], tz)
    return edit


def restore_sleep(conn: sqlite3.Connection, day: date, tz: tzinfo) -> None:
    """Take back what was told of a night; nothing happens where nothing was."""
    held = _held(conn, day)
    if held is not None:
        delete(conn, SLEEP, day.isoformat())
        _note_edits(conn, [held], tz)


def reject_nap(conn: sqlite3.Connection, span: Span, tz: tzinfo) -> None:
    """Let no nap be found again where one was. Raises ToldError."""
    first, last = checked_nap(span)
    name = f"{first:.3f}/{last:.3f}"
    if get(conn, NO_NAP, name) is None:
        write(conn, (NO_NAP, name, first, last, "{}"))
        _note_naps(conn, [span], tz)


def restore_naps(conn: sqlite3.Connection, day: date, tz: tzinfo) -> int:
    """Take back the rejections of naps that touch a local day; gives how many there were."""
    window = span_of(day, tz)
    gone = rejected(conn, window.midnight, window.end)
    for first, last in gone:
        conn.execute(
            "DELETE FROM told WHERE what = ? AND start = ? AND end = ?", (NO_NAP, first, last)
        )
    if gone:
        _note_naps(conn, list(gone), tz)
    return len(gone)


def write_journal(conn: sqlite3.Connection, day: date, entry: JournalDay | None) -> None:
    """Keep the entry of a day in place of an earlier one; an empty one is none.

    No result of a day follows from it, so none is looked at anew.
    """
    if entry:
        text = json.dumps(entry.to_dict(), ensure_ascii=False, separators=(",", ":"))
        write(conn, (JOURNAL, day.isoformat(), None, None, text))
    else:
        delete(conn, JOURNAL, day.isoformat())


def journal(conn: sqlite3.Connection, start: date, end: date) -> dict[date, JournalDay]:
    """Give the entries from start to end (both included), oldest first."""
    found = conn.execute(
        "SELECT id, rest FROM told WHERE what = ? AND id BETWEEN ? AND ? ORDER BY id",
        (JOURNAL, start.isoformat(), end.isoformat()),
    )
    return {
        day: entry
        for name, text in found
        if (day := day_of(name)) is not None and (entry := _entry(text)) is not None
    }


def _held(conn: sqlite3.Connection, day: date) -> SleepEdit | None:
    row = get(conn, SLEEP, day.isoformat())
    return None if row is None else _edit(row)


def _edit(row: Row) -> SleepEdit | None:
    """Read a night; None for one that makes no sense, or only to a later version."""
    name, first, last, _ = row
    with suppress(TypeError, ValueError):
        if (day := day_of(name)) is not None and first is not None and last is not None:
            return SleepEdit(day, first, last)
    return None


def _entry(text: str) -> JournalDay | None:
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        return JournalDay.from_dict(json.loads(text))
    return None


def _note_edits(conn: sqlite3.Connection, told: list[SleepEdit], tz: tzinfo) -> None:
    note_spans(conn, [edit.span for edit in told], tz)


def _note_naps(conn: sqlite3.Connection, spans: list[Span], tz: tzinfo) -> None:
    # A nap is over for good only some time after it ended, and belongs to the day in which it is.
    note_spans(conn, spans, tz, settling_s=MAX_PAUSE_S)
