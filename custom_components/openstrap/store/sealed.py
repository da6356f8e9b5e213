"""Hours whose frames were let go: what belongs to them can no longer be told new from known."""

from bisect import bisect_right
import sqlite3

import numpy as np
from numpy.typing import NDArray

from . import blocks
from .examine import counts_in

type Range = tuple[int, int]
"""First hour and the hour after the last."""


class SealedHours:
    """The sealed ranges, read once and kept in step with the table."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._ranges: list[Range] | None = None

    def ranges(self, conn: sqlite3.Connection) -> list[Range]:
        """Give the ranges, sorted; they neither touch nor overlap."""
        if self._ranges is None:
            rows = conn.execute("SELECT start, end FROM sealed ORDER BY start")
            self._ranges = [(start, end) for start, end in rows]
        return self._ranges

    def mask(self, conn: sqlite3.Connection, hours: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which of the hours are sealed, (n,)."""
        ranges = self.ranges(conn)
        if not ranges:
            return np.zeros(len(hours), dtype=bool)
        edges = np.array(ranges, dtype=np.int64).ravel()
        # An odd number of edges at or before an hour: it lies between a start and its end.
        inside: NDArray[np.bool_] = np.searchsorted(edges, hours, side="right") % 2 == 1
        return inside

    def touches(self, conn: sqlite3.Connection, start: int, end: int) -> bool:
        """Tell whether any hour from start to end (excluded) is sealed."""
        ranges = self.ranges(conn)
        at = bisect_right(ranges, (end, -1)) - 1
        return at >= 0 and max(ranges[at][0], start) < min(ranges[at][1], end)

    def add(self, conn: sqlite3.Connection, hour: int) -> None:
        """Seal an hour and merge it with the ranges it touches."""
        start, end = hour, hour + 1
        for first, last in list(self.ranges(conn)):
            if first <= end and last >= start:
                start, end = min(start, first), max(end, last)
        conn.execute("DELETE FROM sealed WHERE start BETWEEN ? AND ?", (start, end))
        conn.execute("INSERT INTO sealed VALUES (?, ?)", (start, end))
        self._ranges = None

    def quarantine(self, conn: sqlite3.Connection, hour: int, now: float) -> None:
        """Close an hour of which a block does not unpack.

        What it held cannot be told any more, so for newcomers the hour is as good as let
        go: sealed. Its minutes stay as they were summed. Frames of other hours never
        counted for anything: there only the broken blocks are dropped.
        """
        if counts_in(hour, now):
            self.add(conn, hour)
        else:
            blocks.delete(
                conn, [block.id for block in blocks.in_hour(conn, hour) if not block.sound()]
            )
        blocks.settle(conn, hour)

    def forget(self) -> None:
        """Read the table again next time: a transaction failed."""
        self._ranges = None
