"""What was told, on disk: a key is claimed before anything is shown, by one alone.

A key is ``<date>:<topic>``: nudges, and all else that happens and is told once. One of a stretch
of time (``span_key``) also stands for every stretch of its topic that overlaps it, for the edges of
a workout or a nap move when its day is derived again.

Everything here runs within the caller's transaction, which makes a claim one step.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
import json
import math
import sqlite3
from typing import Final

from . import cursors

FIRED_CURSOR: Final = "fired_nudges"
KEPT_DAYS: Final = 7
"""Keys of older days are forgotten: nothing of them is ever told again."""
_SPAN: Final = "@"


def span_key(day: date, topic: str, start_ts: float, end_ts: float) -> str:
    """Make the key of a stretch (epoch s) of a day, the same for all that overlap it."""
    start = math.floor(start_ts)
    # One that has only begun overlaps, too.
    end = max(math.ceil(end_ts), start + 1)
    return f"{day.isoformat()}:{topic}{_SPAN}{start}-{end}"


def keys(conn: sqlite3.Connection) -> frozenset[str]:
    """Give the keys that are used up, of the last days."""
    held = cursors.get(conn, FIRED_CURSOR)
    return frozenset(json.loads(held)) if held else frozenset()


def is_used(key: str, held: Collection[str]) -> bool:
    """Tell whether a key is among those used up; that of a stretch by any that overlaps it."""
    if key in held:
        return True
    if (span := _span(key)) is None:
        return False
    topic, start, end = span
    return any(
        other is not None and other[0] == topic and other[1] < end and start < other[2]
        for other in map(_span, held)
    )


def claim(conn: sqlite3.Connection, wanted: Sequence[str], today: date) -> tuple[str, ...]:
    """Use up keys (``<date>:<topic>``), the first of which must be new; nothing if it is not.

    Nor for one of a day that is forgotten. Returns those that are the caller's now, for
    ``release``: some of the others may have been used up before. ``today`` is the wearer's.
    """
    held = keys(conn)
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    if not wanted or wanted[0] < oldest or is_used(wanted[0], held):
        return ()
    taken = tuple(key for key in dict.fromkeys(wanted) if key not in held)
    _put(conn, (key for key in (*held, *taken) if key >= oldest))
    return taken


def release(conn: sqlite3.Connection, taken: Iterable[str]) -> None:
    """Give keys back, when nothing was shown."""
    _put(conn, keys(conn) - set(taken))


def _span(key: str) -> tuple[str, int, int] | None:
    """Read topic, start and end (epoch s) out of a key; None for one without a stretch."""
    name, found, bounds = key.rpartition(_SPAN)
    if not found:
        return None
    start, _, end = bounds.partition("-")
    return name.partition(":")[2], int(start), int(end)


def _put(conn: sqlite3.Connection, held: Iterable[str]) -> None:
    cursors.put(conn, FIRED_CURSOR, json.dumps(sorted(held), separators=(",", ":")))
