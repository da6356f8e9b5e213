"""Stored frames read back: decoded straight from the blocks, never row by row."""

from collections import defaultdict
from collections.abc import Callable, Iterator
import sqlite3

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import BeatRecords, Generation, decode_records
from ..engine.rollup import Source
from . import blocks
from .errors import BlockUnreadable
from .examine import SECONDS_PER_HOUR, source_of, take_beats


def records(
    conn: sqlite3.Connection,
    start_ts: float,
    end_ts: float,
    unreadable: Callable[[int], None] | None = None,
) -> Iterator[tuple[Source, BeatRecords]]:
    """Give the records with beats from ``start_ts`` to ``end_ts`` (excluded, epoch s).

    Hour by hour, all records of one source and layout together, in no set order within.
    ``unreadable`` is told each hour of which a block does not unpack; its others are given.
    """
    first, last = int(start_ts // SECONDS_PER_HOUR), int(end_ts // SECONDS_PER_HOUR)
    for hour in blocks.hours(conn, first, last):
        whole = hour * SECONDS_PER_HOUR >= start_ts and (hour + 1) * SECONDS_PER_HOUR <= end_ts
        for source, generation, matrix in _matrices(conn, hour, unreadable):
            found = decode_records(matrix, generation)
            if not whole:
                inside = np.flatnonzero((found.ts >= start_ts) & (found.ts < end_ts))
                if not inside.size:
                    continue
                found = take_beats(found, inside)
            yield source, found


def _matrices(
    conn: sqlite3.Connection, hour: int, unreadable: Callable[[int], None] | None
) -> list[tuple[Source, Generation, NDArray[np.uint8]]]:
    """Give the frames of an hour in as few matrices as their layouts allow."""
    like: defaultdict[tuple[Source | None, Generation, int], list[NDArray[np.uint8]]]
    like = defaultdict(list)
    broken = False
    for block in blocks.beats_in_hour(conn, hour):
        try:
            matrix = block.matrix()
        except BlockUnreadable:
            broken = True
            continue
        source = source_of(matrix[0].tobytes())
        like[source, block.kind.generation, block.kind.length].append(matrix)
    if broken and unreadable is not None:
        unreadable(hour)
    return [
        (source, generation, np.concatenate(found))
        for (source, generation, _), found in like.items()
        if source is not None
    ]
