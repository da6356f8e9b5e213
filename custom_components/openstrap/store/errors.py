"""What can go wrong with a wearer's file, in few words that a caller can act on."""

from collections.abc import Iterator
from contextlib import contextmanager
import sqlite3

_REASONS = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_IOERR: "io_error",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_PERM: "cannot_open",
}
_SHORTENED = (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class StoreError(Exception):
    """The file could not be read or written; nothing was half done.

    ``reason`` is a stable word: disk_full, io_error, busy, read_only, cannot_open,
    damaged, too_new, step_failed or other.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Take the reason and what the database said."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class StoreDamaged(StoreError):
    """The database found its own file damaged: close the store and open it again."""

    def __init__(self, detail: str) -> None:
        """Take what the database said."""
        super().__init__("damaged", detail)


class StoreTooNew(StoreError):
    """The file was written by a later version of this code."""

    def __init__(self, found: int, known: int) -> None:
        """Take the version of the file and the newest one that is known here."""
        super().__init__("too_new", f"version {found}, this code knows {known}")
        self.found = found
        self.known = known


class BlockUnreadable(Exception):
    """A block of frames does not unpack: its bytes were changed on the disk."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of the database into StoreError."""
    try:
        yield
    except sqlite3.Error as err:
        raise translate(err) from err
    except UnicodeDecodeError as err:
        # The message of an error that quotes what was changed on the disk.
        raise StoreDamaged(str(err)) from err


def translate(err: sqlite3.Error) -> StoreError:
    """Give the StoreError that says what a database error means."""
    code = getattr(err, "sqlite_errorcode", 0)
    if code in _SHORTENED or code & 0xFF in _DAMAGED:
        return StoreDamaged(str(err))
    return StoreError(_REASONS.get(code & 0xFF, "other"), str(err))
