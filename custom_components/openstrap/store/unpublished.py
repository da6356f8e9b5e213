"""Days of which somebody beside the store, such as graphs, has not been told the newest yet.

They are marked in the transaction that changes them and cleared once they were told, so nothing
in between is lost by a crash.
"""

from collections.abc import Iterable
from datetime import date
import sqlite3

from .schema import get_meta, set_meta

_MARK = "unpublished_mark"


def mark(conn: sqlite3.Connection, days: Iterable[date]) -> None:
    """Note that the results or the minutes of days changed."""
    names = sorted({day.isoformat() for day in days})
    if names:
        number = _next(conn)
        conn.executemany(
            "INSERT OR REPLACE INTO unpublished VALUES (?, ?)", [(name, number) for name in names]
        )


def mark_all(conn: sqlite3.Connection) -> None:
    """Note every stored day, as if nobody had been told of any."""
    conn.execute(
        "INSERT OR REPLACE INTO unpublished SELECT day, ? FROM days WHERE day IS date(day)",
        (_next(conn),),
    )


def read(conn: sqlite3.Connection, limit: int, until: date) -> list[tuple[date, int]]:
    """Give days up to one (included), newest first, each with its mark."""
    rows = conn.execute(
        "SELECT day, mark FROM unpublished WHERE day <= ? ORDER BY day DESC LIMIT ?",
        (until.isoformat(), limit),
    )
    return [(date.fromisoformat(day), number) for day, number in rows]


def clear(conn: sqlite3.Connection, day: date, number: int) -> bool:
    """Note that a day was told; False when it changed again since it had this mark."""
    cursor = conn.execute(
        "DELETE FROM unpublished WHERE day = ? AND mark = ?", (day.isoformat(), number)
    )
    return cursor.rowcount == 1


def _next(conn: sqlite3.Connection) -> int:
    """Give a number that was never a mark before, also not of a day that was cleared."""
    number = get_meta(conn, _MARK) + 1
    set_meta(conn, _MARK, number)
    return number
