"""The logical content of a store, independent of how it came to be: for tests and checks."""

import sqlite3
from typing import Any

from . import blocks
from .examine import reason_text
from .frames import Rows


def dump(conn: sqlite3.Connection) -> dict[str, list[Any]]:
    """Give every table in one fixed order.

    Frames stand as (bytes without trailing zeros, length, evidence, reason); the days on
    which they arrived, the marks of dirty days and what is unpublished are left out, as they
    tell of history.
    Raises BlockUnreadable.
    """
    frames = [
        (
            frame.rstrip(b"\0"),
            block.kind.length,
            block.kind.evidence.name,
            reason_text(block.reason),
        )
        for block in blocks.every(conn)
        for frame in Rows.of_matrix(block.kind, block.matrix()).frames
    ]
    tables = {
        "minutes": "SELECT * FROM minutes ORDER BY minute, source",
        "events": "SELECT * FROM events ORDER BY epoch, subsec, event_id, body",
        "days": "SELECT * FROM days ORDER BY day",
        "dirty": "SELECT day FROM dirty ORDER BY day",
        "sealed": "SELECT * FROM sealed ORDER BY start",
        "cursors": "SELECT * FROM cursors ORDER BY name",
        "told": "SELECT * FROM told ORDER BY what, id",
        "outside": "SELECT hour, seconds, packed FROM outside ORDER BY hour",
        "feed": "SELECT * FROM feed ORDER BY day, code",
        "imported": "SELECT * FROM imported ORDER BY day, source",
    }
    return {"frames": sorted(frames)} | {
        name: conn.execute(query).fetchall() for name, query in tables.items()
    }
