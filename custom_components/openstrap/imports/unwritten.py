"""What a database had not written into its own file yet: the log that lies beside it."""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Final
from urllib.parse import quote

from .database import FAULTS
from .parts import ImportRefused, Refusal

LOG: Final = "-wal"
JOURNAL: Final = "-journal"
"""What SQLite adds to the name of a database for its log, and for what undoes half a change."""
JOURNAL_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
"""Begins a journal that was not done with."""


def take_in(path: Path) -> None:
    """Write the log beside a copy of a database into it. Raises ImportRefused.

    Nothing that the file defines itself is run: pages are copied, and a log of another database is
    left out by its sums.
    """
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, autocommit=True)
        ) as conn:
            conn.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
            conn.setconfig(sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False)
            conn.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except FAULTS as err:
        raise ImportRefused(Refusal.DAMAGED) from err
