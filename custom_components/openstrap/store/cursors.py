"""How far something got, by name: kept with the frames, so both hold or neither."""

import sqlite3


def put(conn: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a value."""
    conn.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", (name, value))


def get(conn: sqlite3.Connection, name: str) -> str | None:
    """Give what was remembered, None when nothing was."""
    row = conn.execute("SELECT value FROM cursors WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])
