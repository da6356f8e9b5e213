"""The tables of a wearer's file, and the steps that bring an older file up to date."""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
import json
import sqlite3
from typing import Final
import zlib

type Step = Callable[[sqlite3.Connection], None]

_VERSION_1: Final = (
    """
    CREATE TABLE blocks (
        id INTEGER PRIMARY KEY,
        hour INTEGER NOT NULL,      -- hours since the epoch by the strap's clock, -1 undated
        evidence INTEGER NOT NULL CHECK (evidence BETWEEN 0 AND 2),  -- see frames.Evidence
        type INTEGER NOT NULL CHECK (type BETWEEN 0 AND 255),
        version INTEGER NOT NULL CHECK (version BETWEEN 0 AND 255),
        length INTEGER NOT NULL CHECK (length > 0),  -- bytes of a frame
        reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 255),  -- 0 = counts; see examine
        arrived INTEGER NOT NULL,   -- day since the epoch on which they came
        frames INTEGER NOT NULL CHECK (frames > 0),
        packed BLOB NOT NULL        -- see codec
    ) STRICT
    """,
    "CREATE INDEX blocks_hour ON blocks (hour)",
    "CREATE INDEX blocks_future ON blocks (hour) WHERE reason = 102",
    # Hours whose blocks wait to be merged, or (reread) to be decoded again.
    "CREATE TABLE loose (hour INTEGER PRIMARY KEY, reread INTEGER NOT NULL) STRICT",
    """
    CREATE TABLE minutes (
        minute INTEGER NOT NULL,    -- epoch second at which it starts
        source INTEGER NOT NULL,
        records INTEGER NOT NULL,
        hr_n INTEGER NOT NULL,
        hr_sum INTEGER NOT NULL,
        hr_min INTEGER NOT NULL,
        hr_max INTEGER NOT NULL,
        acc_n INTEGER NOT NULL,
        acc_sum_mg INTEGER NOT NULL,
        acc_sq_sum_mg2 INTEGER NOT NULL,
        dyn_n INTEGER NOT NULL,
        dyn_sum_mg INTEGER NOT NULL,
        rr_n INTEGER NOT NULL,
        rr_sum_ms INTEGER NOT NULL,
        PRIMARY KEY (minute, source)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE events (
        epoch INTEGER NOT NULL,
        subsec INTEGER NOT NULL,
        event_id INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (epoch, subsec, event_id, body)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE days (
        day TEXT PRIMARY KEY,       -- local, YYYY-MM-DD
        timezone TEXT NOT NULL,
        algorithm INTEGER NOT NULL,
        final INTEGER NOT NULL,
        records INTEGER NOT NULL,   -- that the result was computed from
        result TEXT NOT NULL        -- JSON
    ) STRICT
    """,
    "CREATE INDEX days_open ON days (day) WHERE final = 0",
    """
    CREATE TABLE dirty (
        day TEXT PRIMARY KEY CHECK (day IS date(day)),
        mark INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Hours whose frames were let go. Sorted, neither touching nor overlapping; end excluded.
    "CREATE TABLE sealed (start INTEGER PRIMARY KEY, end INTEGER NOT NULL) STRICT",
    "CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)


_VERSION_2: Final = (
    # What the wearer told; see told. It is in no frame, so nothing brings it back.
    """
    CREATE TABLE told (
        what TEXT NOT NULL,
        id TEXT NOT NULL,
        start REAL,                 -- epoch s, null for what has no moment
        end REAL,                   -- epoch s, null for what goes on
        rest TEXT NOT NULL,         -- JSON
        PRIMARY KEY (what, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX told_start ON told (what, start)",
    # Results are compressed; facts, which many later days look back on, stand apart and open.
    """
    CREATE TABLE packed_days (
        day TEXT PRIMARY KEY,       -- local, YYYY-MM-DD
        timezone TEXT NOT NULL,
        algorithm INTEGER NOT NULL,
        final INTEGER NOT NULL,
        records INTEGER NOT NULL,   -- that the result was computed from
        facts TEXT,                 -- JSON
        result BLOB NOT NULL        -- JSON without the facts, compressed; see days
    ) STRICT
    """,
)
_PACK_DAYS: Final = (
    "DROP TABLE days",
    "ALTER TABLE packed_days RENAME TO days",
    "CREATE INDEX days_open ON days (day) WHERE final = 0",
)


_UNPUBLISHED: Final = (
    # Days whose result or minutes changed since somebody beside the store was last told of them.
    """
    CREATE TABLE unpublished (
        day TEXT PRIMARY KEY CHECK (day IS date(day)),
        mark INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # Nobody was told of any yet. What is no day on the disk is no day to tell of.
    "INSERT INTO unpublished SELECT day, 1 FROM days WHERE day IS date(day)",
    "INSERT INTO meta VALUES ('unpublished_mark', 1)",
)


_IMPORTS: Final = (
    # Readings that another system decoded, of which there are no frames; see outside.
    """
    CREATE TABLE outside (
        hour INTEGER PRIMARY KEY,   -- hours since the epoch
        arrived INTEGER NOT NULL,   -- day since the epoch on which the last of them came
        seconds INTEGER NOT NULL CHECK (seconds BETWEEN 1 AND 3600),
        packed BLOB NOT NULL
    ) STRICT
    """,
    # What other systems told of days; see imported.
    """
    CREATE TABLE imported (
        day TEXT NOT NULL CHECK (day IS date(day)),
        source TEXT NOT NULL,
        fields TEXT NOT NULL,       -- JSON
        PRIMARY KEY (day, source)
    ) STRICT, WITHOUT ROWID
    """,
)
_PUSH: Final = (
    # What a sender pushed: batches that were taken, parts of windows, and their rows; see push.
    """
    CREATE TABLE push_batch (
        source TEXT NOT NULL,
        device TEXT NOT NULL,
        batch TEXT NOT NULL,
        digest BLOB NOT NULL,       -- SHA-256 of its bytes
        taken INTEGER NOT NULL,     -- epoch s
        PRIMARY KEY (source, device, batch)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE push_part (
        source TEXT NOT NULL,
        device TEXT NOT NULL,
        stream TEXT NOT NULL,
        replacement TEXT NOT NULL,
        part INTEGER NOT NULL,      -- 0 when the window is over
        parts INTEGER NOT NULL,
        span TEXT NOT NULL,
        batch TEXT NOT NULL,
        PRIMARY KEY (source, device, stream, replacement, part)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE push_staged (
        source TEXT NOT NULL,
        device TEXT NOT NULL,
        stream TEXT NOT NULL,
        replacement TEXT NOT NULL,
        part INTEGER NOT NULL,
        key TEXT NOT NULL,          -- JSON
        selector ANY NOT NULL,      -- day or epoch s
        day TEXT NOT NULL,
        data TEXT NOT NULL,         -- JSON
        PRIMARY KEY (source, device, stream, replacement, part, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE push_row (
        source TEXT NOT NULL,
        device TEXT NOT NULL,
        stream TEXT NOT NULL,
        key TEXT NOT NULL,
        selector ANY NOT NULL,
        day TEXT NOT NULL,
        data TEXT NOT NULL,
        PRIMARY KEY (source, device, stream, key)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX push_row_day ON push_row (day)",
    "CREATE TABLE push_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
_FEED: Final = """
    CREATE TABLE feed (             -- nudges that were told; see feed
        day TEXT NOT NULL CHECK (day IS date(day)),
        code TEXT NOT NULL,
        told REAL NOT NULL,         -- epoch s
        read REAL,                  -- epoch s, null while unread
        rest TEXT NOT NULL,         -- JSON
        PRIMARY KEY (day, code)
    ) STRICT, WITHOUT ROWID
"""


def _create(conn: sqlite3.Connection) -> None:
    for statement in _VERSION_1:
        conn.execute(statement)


def _add_told_and_pack_days(conn: sqlite3.Connection) -> None:
    for statement in _VERSION_2:
        conn.execute(statement)
    days = conn.execute(
        "SELECT day, timezone, algorithm, final, records, CAST(result AS BLOB) FROM days"
    )
    for *row, result in days.fetchall():
        facts = None
        # What is no JSON is no result either: it is kept as it is, and seen to be none.
        with suppress(ValueError):
            whole = json.loads(result)
            if isinstance(whole, dict) and whole.get("facts") is not None:
                facts = json.dumps(whole.pop("facts"))
                result = json.dumps(whole).encode()
        conn.execute(
            "INSERT INTO packed_days VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*row, facts, zlib.compress(result)),
        )
    for statement in _PACK_DAYS:
        conn.execute(statement)


def _add_unpublished(conn: sqlite3.Connection) -> None:
    for statement in _UNPUBLISHED:
        conn.execute(statement)


def _add_imports_and_feed(conn: sqlite3.Connection) -> None:
    for statement in (*_IMPORTS, *_PUSH, _FEED):
        conn.execute(statement)


STEPS: Final[Sequence[Step]] = (
    _create,
    _add_told_and_pack_days,
    _add_unpublished,
    _add_imports_and_feed,
)
"""Step n brings a file of version n to version n + 1; append only."""

MINUTES_FLOOR: Final = "minutes_floor"
EVENTS_FLOOR: Final = "events_floor"
"""Names of the times (epoch s) before which minutes and events were let go."""
READING: Final = "reading"
"""Name of the READING_VERSION that the stored frames were last read by."""


def version_of(conn: sqlite3.Connection) -> int:
    """Read the version of a file; 0 is an empty one."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def apply_steps(conn: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> int:
    """Bring a file up to date and return the version it had.

    All steps are one transaction: whatever goes wrong, the file stays as it was.
    """
    found = version_of(conn)
    if found >= len(steps):
        return found
    conn.execute("BEGIN IMMEDIATE")
    try:
        for step in steps[found:]:
            step(conn)
        conn.execute(f"PRAGMA user_version = {len(steps)}")
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    return found


def is_whole(conn: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> bool:
    """Tell whether every table has every column that the steps give it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        apply_steps(fresh, steps)
        return _columns(conn) >= _columns(fresh)


def _columns(conn: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(
        conn.execute(
            """
            SELECT tables.name, columns.name
            FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
            WHERE tables.type = 'table'
            """
        )
    )


def get_meta(conn: sqlite3.Connection, name: str, default: int = 0) -> int:
    """Read a number that is kept beside the tables."""
    row = conn.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return default if row is None else int(row[0])


def set_meta(conn: sqlite3.Connection, name: str, value: int) -> None:
    """Keep a number beside the tables."""
    conn.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
