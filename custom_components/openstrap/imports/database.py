"""Somebody else's SQLite file, opened so that it can be read and nothing else."""

from contextlib import suppress
from pathlib import Path
import sqlite3
from typing import Any, Final
from urllib.parse import quote

from .parts import ImportRefused, Refusal

HEADER: Final = b"SQLite format 3\x00"
SOUND: Final = ("ok",)
FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What reading one may raise: where SQLite quotes damaged text, its words cannot be decoded."""
_LARGEST_VALUE: Final = 64 * 1024**2
"""Bytes of one value; the largest honest ones are packed batches of a few hundred kB."""


def connect(path: Path, *, check: bool = True) -> sqlite3.Connection:
    """Open a database that lies still. Raises ImportRefused when it is none, or damaged.

    ``check`` looks through the whole file, about a second for 300 MB.

    Nothing is written beside it, no extension is loaded, and what the file defines itself
    (functions in views, triggers, checks) is not trusted. Text that is no text is replaced. Threads
    may take turns with it.
    """
    try:
        conn = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    except sqlite3.Error as err:
        raise ImportRefused(Refusal.GONE) from err
    try:
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
        conn.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        conn.setconfig(sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False)
        conn.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        conn.execute("PRAGMA query_only = ON")
        conn.execute("PRAGMA cell_size_check = ON")
        conn.text_factory = lambda raw: raw.decode("utf-8", "replace")
        found = conn.execute("PRAGMA quick_check(1)").fetchone() if check else SOUND
    except FAULTS as err:
        conn.close()
        raise ImportRefused(Refusal.DAMAGED) from err
    if found != SOUND:
        conn.close()
        raise ImportRefused(Refusal.DAMAGED)
    return conn


def tables(conn: sqlite3.Connection) -> frozenset[str]:
    """Give the names of the tables in lower case; neither views nor virtual ones."""
    rows = conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
    return frozenset(str(name).lower() for (name,) in rows)


def columns(conn: sqlite3.Connection, table: str) -> frozenset[str]:
    """Give the names of a table's columns in lower case; none when there is no such table.

    A view is no table, nor is a virtual one: reading either could run whatever it says.
    """
    known = conn.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
        " AND lower(name) = lower(?)",
        (table,),
    ).fetchone()
    if known is None:
        return frozenset()
    rows = conn.execute("SELECT name FROM pragma_table_info(?)", known)
    return frozenset(str(name).lower() for (name,) in rows)


def number(value: Any) -> float | None:
    """Give a column's value as a finite number; None for anything else, also true and false."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    with suppress(ValueError, OverflowError):
        found = float(value)
        return found if abs(found) < float("inf") else None
    return None
