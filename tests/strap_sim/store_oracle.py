"""Asks a wearer's real file what is on disk, through a connection of its own that only reads."""

from pathlib import Path
import sqlite3
from typing import Final

from custom_components.openstrap.store import codec

_KEY: Final = "id, hour, type, version, length, frames, length(packed), substr(packed, -8)"
"""What tells a block from any other, also from a later one with the same id."""


class StoreOracle:
    """An oracle for a ledger: what was committed to the file so far."""

    def __init__(self, path: Path) -> None:
        """Take the file, which need not be there yet."""
        self._path = path
        self._blocks: set[tuple[object, ...]] = set()
        self._frames: set[bytes] = set()

    def refresh(self) -> None:
        """Read the blocks that are new since the last look."""
        if not self._path.exists():
            return
        conn = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        try:
            self._read(conn)
        finally:
            conn.close()

    def _read(self, conn: sqlite3.Connection) -> None:
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'blocks'").fetchone():
            return
        for key in conn.execute(f"SELECT {_KEY} FROM blocks").fetchall():  # noqa: S608
            if key in self._blocks:
                continue
            self._blocks.add(key)
            number, _, _, _, length, frames, _, _ = key
            (packed,) = conn.execute("SELECT packed FROM blocks WHERE id = ?", (number,)).fetchone()
            data = codec.unpack(packed, frames, length).tobytes()
            self._frames.update(
                data[at : at + length].rstrip(b"\0") for at in range(0, len(data), length)
            )

    def is_durable(self, inner: bytes) -> bool:
        """Tell whether a record was in the file at the last look."""
        return inner.rstrip(b"\0") in self._frames
