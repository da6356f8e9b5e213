"""A wearer's open file: one connection, and what is remembered of it between transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
import sqlite3

from .errors import StoreError, translated
from .identities import Identities
from .latest import LatestReading
from .opening import Opened, connect
from .sealed import SealedHours


class OpenStore:
    """The connection, and the one way to write through it."""

    def __init__(self, path: Path, conn: sqlite3.Connection, opened: Opened) -> None:
        """Use an open connection; see ``WearerStore.open``."""
        self._path = path
        self._conn = conn
        self._known = Identities()
        self._sealed = SealedHours()
        self._latest: LatestReading | None = None
        self._doubted: set[date] = set()
        self._others = -1
        self.opened = opened
        """What was found when the file was opened."""

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection within a transaction, which is on the disk afterwards."""
        if self.opened.read_only:
            raise StoreError("read_only", "opened for reading only")
        with translated():
            try:
                self._conn.execute("BEGIN IMMEDIATE")
                self._notice_others()
                yield self._conn
                self._conn.execute("COMMIT")
            except BaseException:
                self._forget()
                self._roll_back()
                raise

    def _notice_others(self) -> None:
        """Forget what is remembered of a file that another connection has written to."""
        (version,) = self._conn.execute("PRAGMA data_version").fetchone()
        if version != self._others:
            self._others = version
            self._forget()

    def _forget(self) -> None:
        self._known.clear()
        self._sealed.forget()
        self._latest = None

    def _roll_back(self) -> None:
        try:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
        except sqlite3.Error:
            # A connection in an unknown state is no use; closing it rolls back.
            self._conn.close()
            self._conn = connect(self._path)
