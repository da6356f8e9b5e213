"""Which nudges were told, on disk: a key is claimed before anything is shown, by one alone.

Everything here runs within the caller's transaction, which makes a claim one step.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
import json
import sqlite3
from typing import Final

from . import cursors

FIRED_CURSOR: Final = "fired_nudges"
KEPT_DAYS: Final = 7
"""Keys of older days are forgotten: nothing of them is ever told again."""


def keys(conn: sqlite3.Connection) -> frozenset[str]:
    """Give the keys that are used up, of the last days."""
    held = cursors.get(conn, FIRED_CURSOR)
    return frozenset(json.loads(held)) if held else frozenset()


def claim(conn: sqlite3.Connection, wanted: Sequence[str], today: date) -> tuple[str, ...]:
    """Use up keys (``<date>:<topic>``), the first of which must be new; nothing if it is not.

    Nor for one of a day that is forgotten. Returns those that are the caller's now, for
    ``release``: some of the others may have been used up before. ``today`` is the wearer's.
    """
    held = keys(conn)
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    if not wanted or wanted[0] in held or wanted[0] < oldest:
        return ()
    taken = tuple(key for key in dict.fromkeys(wanted) if key not in held)
    _put(conn, (key for key in (*held, *taken) if key >= oldest))
    return taken


def release(conn: sqlite3.Connection, taken: Iterable[str]) -> None:
    """Give keys back, when nothing was shown."""
    _put(conn, keys(conn) - set(taken))


def _put(conn: sqlite3.Connection, held: Iterable[str]) -> None:
    cursors.put(conn, FIRED_CURSOR, json.dumps(sorted(held), separators=(",", ":")))
