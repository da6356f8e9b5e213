"""Raw frames on disk: blocks of like frames of one hour. Only SQL about them is here."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
import sqlite3

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import Reason
from . import codec
from .errors import BlockUnreadable
from .frames import Evidence, Kind

_SELECT = (
    "SELECT id, hour, evidence, type, version, length, reason, arrived, frames, packed FROM blocks"
)
# "reason = 102" is Kept.TIME_FUTURE, written out because only then its index is used.


@dataclass(frozen=True, slots=True)
class Block:
    """A stored block, still packed."""

    id: int
    hour: int
    kind: Kind
    reason: int
    arrived: int
    frames: int
    packed: bytes

    def matrix(self) -> NDArray[np.uint8]:
        """Unpack the frames, (frames, length); raises BlockUnreadable."""
        return codec.unpack(self.packed, self.frames, self.kind.length)

    def sound(self) -> bool:
        """Tell whether the frames can be unpacked."""
        try:
            self.matrix()
        except BlockUnreadable:
            return False
        return True


def append(
    conn: sqlite3.Connection,
    kind: Kind,
    matrix: NDArray[np.uint8],
    *,
    hour: int,
    reason: int,
    arrived: int,
    level: int,
) -> None:
    """Write frames as a block of their own; ``arrived`` in days since the epoch."""
    conn.execute(
        """
        INSERT INTO blocks (hour, evidence, type, version, length, reason, arrived, frames, packed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (hour, *map(int, kind), int(reason), arrived, len(matrix), codec.pack(matrix, level)),
    )


def loosen(conn: sqlite3.Connection, hour: int) -> None:
    """Note that an hour has blocks that wait to be merged."""
    conn.execute("INSERT OR IGNORE INTO loose VALUES (?, 0)", (hour,))


def loosen_all(conn: sqlite3.Connection) -> None:
    """Note that every hour is to be read again."""
    conn.execute("INSERT OR REPLACE INTO loose SELECT DISTINCT hour, 1 FROM blocks")


def loose_hours(conn: sqlite3.Connection, limit: int) -> list[tuple[int, bool]]:
    """Give the oldest hours that wait, and whether they are to be read again."""
    rows = conn.execute("SELECT hour, reread FROM loose ORDER BY hour LIMIT ?", (limit,))
    return [(hour, bool(reread)) for hour, reread in rows]


def settle(conn: sqlite3.Connection, hour: int) -> None:
    """Note that an hour has been merged."""
    conn.execute("DELETE FROM loose WHERE hour = ?", (hour,))


def in_hour(conn: sqlite3.Connection, hour: int) -> list[Block]:
    """Give every block of an hour, in the order they were written."""
    return _blocks(conn.execute(_SELECT + " WHERE hour = ? ORDER BY id", (hour,)))


def readable_in_hour(
    conn: sqlite3.Connection,
    hour: int,
    types: Collection[int],
    reasons: Collection[int] = (Reason.OK,),
) -> list[Block]:
    """Give the blocks of an hour whose frames count and are of some packet types.

    ``reasons`` are those for which frames count: those without beats may hold something else.
    """
    marks, told = (", ".join("?" * len(some)) for some in (types, reasons))
    where = f" WHERE hour = ? AND reason IN ({told}) AND type IN ({marks}) ORDER BY id"
    return _blocks(conn.execute(_SELECT + where, (hour, *map(int, reasons), *map(int, types))))


def future(conn: sqlite3.Connection, before_hour: int) -> list[Block]:
    """Give blocks of frames that came before their time, up to an hour (included)."""
    return _blocks(
        conn.execute(
            _SELECT + " WHERE reason = 102 AND hour <= ? ORDER BY hour, id", (before_hour,)
        )
    )


def hours(conn: sqlite3.Connection, first: int, last: int) -> list[int]:
    """Give the hours from first to last (both included) that have blocks, in order."""
    rows = conn.execute(
        "SELECT DISTINCT hour FROM blocks WHERE hour BETWEEN ? AND ? ORDER BY hour", (first, last)
    )
    return [hour for (hour,) in rows]


def arrivals(conn: sqlite3.Connection, first: int, last: int) -> list[tuple[int, int]]:
    """Give the hours from first to last (both included) with the day their last frame came."""
    return conn.execute(
        "SELECT hour, max(arrived) FROM blocks WHERE hour BETWEEN ? AND ? GROUP BY hour ORDER BY hour",
        (first, last),
    ).fetchall()


def uncounted(
    conn: sqlite3.Connection, earliest_hour: int, arrived_before: int, limit: int
) -> list[tuple[int, int]]:
    """Give (id, hour) of blocks without a possible time that arrived before a day."""
    return conn.execute(
        """
        SELECT id, hour FROM blocks WHERE hour < ?1 AND arrived < ?2
        UNION ALL SELECT id, hour FROM blocks WHERE reason = 102 AND arrived < ?2
        LIMIT ?3
        """,
        (earliest_hour, arrived_before, limit),
    ).fetchall()


def delete(conn: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Delete blocks."""
    conn.executemany("DELETE FROM blocks WHERE id = ?", [(one,) for one in ids])


def delete_hour(conn: sqlite3.Connection, hour: int) -> None:
    """Delete all blocks of an hour; nothing of it waits any more."""
    conn.execute("DELETE FROM blocks WHERE hour = ?", (hour,))
    settle(conn, hour)


def every(conn: sqlite3.Connection) -> Iterator[Block]:
    """Give all blocks, one hour after another."""
    for hour in hours(conn, -1, 2**32):
        yield from in_hour(conn, hour)


def _blocks(
    rows: Iterable[tuple[int, int, int, int, int, int, int, int, int, bytes]],
) -> list[Block]:
    return [
        Block(
            id=one,
            hour=hour,
            kind=Kind(Evidence(evidence), packet_type, version, length),
            reason=reason,
            arrived=arrived,
            frames=frames,
            packed=packed,
        )
        for one, hour, evidence, packet_type, version, length, reason, arrived, frames, packed in rows
    ]
