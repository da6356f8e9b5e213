"""What a sender of pushes gave, on disk: batches that were taken, parts of windows, and their rows.

A batch is known by its sender, its device and its own name, and by the hash of its bytes: so one
that comes again changes nothing, and another of the same name is noticed. A window stands once
all of its parts are there. Everything runs within the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import sqlite3
from typing import Final

KEPT_S: Final = 90 * 86400
"""How long a batch is remembered: a sender tries for hours, not months, s (judgement)."""
_STATE: Final = "receiver"
_WHOLE: Final = 0
"""Stands for the number of a part in the row of a window that is over."""


@dataclass(frozen=True, slots=True)
class PushScope:
    """Whose rows: an installation of the sender, one of its devices, and a stream."""

    source: str
    device: str
    stream: str


@dataclass(frozen=True, slots=True)
class PushRow:
    """A row that is replaced: its key and its data as JSON, and what selects it in a window.

    ``day`` is the local day to which it belongs, ISO.
    """

    key: str
    selector: str | int
    day: str
    data: str


@dataclass(frozen=True, slots=True)
class PushPart:
    """A part of a window; ``window`` is what all parts of it have in common, as text."""

    replacement: str
    window: str
    start: str | int
    end: str | int
    part: int
    parts: int
    batch: str
    rows: tuple[PushRow, ...]


class PushConflict(Exception):
    """A name was used again for something else; ``code`` is a stable word."""

    def __init__(self, code: str) -> None:
        """Take the word."""
        super().__init__(code)
        self.code = code


def state_id(conn: sqlite3.Connection, fresh: str) -> str:
    """Give the name of what was received so far, which is ``fresh`` before anything was."""
    conn.execute("INSERT OR IGNORE INTO push_state VALUES (?, ?)", (_STATE, fresh))
    return str(conn.execute("SELECT value FROM push_state WHERE name = ?", (_STATE,)).fetchone()[0])


def is_known(conn: sqlite3.Connection, scope: PushScope, batch: str, digest: bytes) -> bool:
    """Tell whether a batch was taken; raises PushConflict for another one of its name."""
    found = conn.execute(
        "SELECT digest FROM push_batch WHERE source = ? AND device = ? AND batch = ?",
        (scope.source, scope.device, batch),
    ).fetchone()
    if found is not None and found[0] != digest:
        raise PushConflict("batch_conflict")
    return found is not None


def note(conn: sqlite3.Connection, scope: PushScope, batch: str, digest: bytes, now: float) -> None:
    """Remember that a batch was taken; long past ones are forgotten."""
    conn.execute("DELETE FROM push_batch WHERE taken < ?", (int(now - KEPT_S),))
    conn.execute(
        "INSERT OR REPLACE INTO push_batch VALUES (?, ?, ?, ?, ?)",
        (scope.source, scope.device, batch, digest, int(now)),
    )


def stage(conn: sqlite3.Connection, scope: PushScope, part: PushPart) -> bool:
    """Lay a part by; True when its window is whole. Raises PushConflict.

    The first part of a window ends every other one of the scope that is not whole.
    """
    name = scope.source, scope.device, scope.stream
    held = conn.execute(
        "SELECT part, parts, span, batch FROM push_part"
        " WHERE source = ? AND device = ? AND stream = ? AND replacement = ?",
        (*name, part.replacement),
    ).fetchall()
    if any(number == _WHOLE for number, *_ in held):
        raise PushConflict("replacement_over")
    for number, parts, span, batch in held:
        if parts != part.parts or span != part.window:
            raise PushConflict("replacement_conflict")
        if number == part.part and batch != part.batch:
            raise PushConflict("part_conflict")
    if not held:
        _end_others(conn, scope)
    rows = [(row.key, row.selector, row.day, row.data) for row in part.rows]
    conn.execute(
        "INSERT OR IGNORE INTO push_part VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*name, part.replacement, part.part, part.parts, part.window, part.batch),
    )
    conn.executemany(
        "INSERT OR IGNORE INTO push_staged VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*name, part.replacement, part.part, *row) for row in rows],
    )
    there = {number for number, *_ in held} | {part.part}
    if len(there) < part.parts:
        return False
    (count, keys) = conn.execute(
        "SELECT count(*), count(DISTINCT key) FROM push_staged"
        " WHERE source = ? AND device = ? AND stream = ? AND replacement = ?",
        (*name, part.replacement),
    ).fetchone()
    if count != keys:
        raise PushConflict("duplicate_key")
    return True


def replace(conn: sqlite3.Connection, scope: PushScope, part: PushPart) -> set[str]:
    """Let a whole window stand for all that was within it; gives the days (ISO) it moved."""
    name = scope.source, scope.device, scope.stream
    within = (*name, part.start, part.end)
    where = "source = ? AND device = ? AND stream = ?"
    moved = {
        day
        for (day,) in conn.execute(
            f"SELECT DISTINCT day FROM push_row WHERE {where}"  # noqa: S608 - from here
            " AND selector >= ? AND selector < ?",
            within,
        )
    }
    conn.execute(
        f"DELETE FROM push_row WHERE {where} AND selector >= ? AND selector < ?",  # noqa: S608 - from here
        within,
    )
    staged = (*name, part.replacement)
    moved |= {
        day
        for (day,) in conn.execute(
            f"SELECT DISTINCT day FROM push_staged WHERE {where} AND replacement = ?",  # noqa: S608 - from here
            staged,
        )
    }
    conn.execute(
        "INSERT OR REPLACE INTO push_row SELECT source, device, stream, key, selector, day, data"
        " FROM push_staged"
        " WHERE source = ? AND device = ? AND stream = ? AND replacement = ?",
        staged,
    )
    conn.execute(f"DELETE FROM push_staged WHERE {where} AND replacement = ?", staged)  # noqa: S608 - from here
    conn.execute(f"DELETE FROM push_part WHERE {where} AND replacement = ?", staged)  # noqa: S608 - from here
    _end(conn, scope, part.replacement)
    return moved


def rows_of(conn: sqlite3.Connection, days: Iterable[str]) -> list[tuple[str, str, str, str, str]]:
    """Give every row of some days: day, stream, device, key and data, in a fixed order."""
    wanted: Sequence[str] = sorted(days)
    found: list[tuple[str, str, str, str, str]] = []
    for day in wanted:
        found += conn.execute(
            "SELECT day, stream, device, key, data FROM push_row WHERE day = ?"
            " ORDER BY stream, device, source, key",
            (day,),
        )
    return found


def delete_before(conn: sqlite3.Connection, before: str) -> None:
    """Delete the rows of the days before one, ISO."""
    conn.execute("DELETE FROM push_row WHERE day < ?", (before,))
    conn.execute("DELETE FROM push_staged WHERE day < ?", (before,))


def _end_others(conn: sqlite3.Connection, scope: PushScope) -> None:
    name = scope.source, scope.device, scope.stream
    others = conn.execute(
        "SELECT DISTINCT replacement FROM push_part"
        " WHERE source = ? AND device = ? AND stream = ? AND part != ?",
        (*name, _WHOLE),
    ).fetchall()
    for (replacement,) in others:
        for table in ("push_part", "push_staged"):
            conn.execute(
                f"DELETE FROM {table} WHERE source = ? AND device = ? AND stream = ?"  # noqa: S608 - from here
                " AND replacement = ?",
                (*name, replacement),
            )
        _end(conn, scope, replacement)


def _end(conn: sqlite3.Connection, scope: PushScope, replacement: str) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO push_part VALUES (?, ?, ?, ?, ?, 0, '', '')",
        (scope.source, scope.device, scope.stream, replacement, _WHOLE),
    )
