"""A wearer's open file: one connection, and what is remembered of it between transactions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
import sqlite3
from typing import Final

from .days import Stamp
from .errors import StoreError, translated
from .identities import Identities
from .latest import LatestReading
from .opening import Opened, connect
from .sealed import SealedHours

AUTO_CHECKPOINT_PAGES: Final = 1000
"""Pages of the journal after which it is brought into the main file: SQLite's own default."""


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
        self._stamps: tuple[int, Mapping[date, Stamp]] | None = None
        self._others = -1
        self._frozen = False
        self.opened = opened
        """What was found when the file was opened."""

    def freeze(self, *, settle: bool = True) -> None:
        """Leave the main file as it is until ``thaw``, so that it can be copied meanwhile.

        First all that is committed goes into it, unless it is being copied already (``settle``
        False). What is written from now on waits in the journal, to whose end it is added: a copy
        of the main file is whole with any part of it, or without.
        """
        if self.opened.read_only:
            return
        with translated():
            self._frozen = True
            self._hold_still()
            if settle:
                self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def thaw(self) -> None:
        """Let the main file change again; does nothing unless it is frozen."""
        if self._frozen:
            with translated():
                self._frozen = False
                self._conn.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, False)
                self._conn.execute(f"PRAGMA wal_autocheckpoint = {AUTO_CHECKPOINT_PAGES}")

    def _hold_still(self) -> None:
        self._conn.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)
        self._conn.execute("PRAGMA wal_autocheckpoint = 0")

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
        self._stamps = None

    def _roll_back(self) -> None:
        try:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
        except sqlite3.Error:
            # A connection in an unknown state is no use; closing it rolls back.
            self._conn.close()
            self._conn = connect(self._path)
            if self._frozen:
                self._hold_still()
