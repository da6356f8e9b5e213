"""Stored frames read back: decoded straight from the blocks, never row by row."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
import sqlite3
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import BeatRecords, Generation, PacketType, Reason, decode_records
from ..engine.protocol.layout import R10_ACCEL_END, R10_VERSION, V21_SIZE
from ..engine.rollup import Source
from . import blocks, outside
from .blocks import Block
from .errors import BlockUnreadable
from .events import decode_events
from .examine import BEAT_TYPES, SECONDS_PER_HOUR, WRIST_EVENTS, source_of, take_beats
from .frames import Kind, Rows

IMU_TYPES: Final = (PacketType.HISTORICAL, PacketType.REALTIME_RAW, PacketType.REALTIME_IMU)
IMU_REASONS: Final = (Reason.OK, Reason.NO_BEATS)
"""Motion buffers hold no beats."""


def records(
    conn: sqlite3.Connection,
    start_ts: float,
    end_ts: float,
    unreadable: Callable[[int], None] | None = None,
) -> Iterator[tuple[Source, BeatRecords]]:
    """Give the records with beats from ``start_ts`` to ``end_ts`` (excluded, epoch s).

    Hour by hour, all records of one source and layout together, in no set order within; those that
    were imported decoded are among them.
    ``unreadable`` is told each hour of which a block does not unpack; its others are given.
    """
    first, last = int(start_ts // SECONDS_PER_HOUR), int(end_ts // SECONDS_PER_HOUR)
    for hour in sorted({*blocks.hours(conn, first, last), *outside.hours(conn, first, last)}):
        whole = hour * SECONDS_PER_HOUR >= start_ts and (hour + 1) * SECONDS_PER_HOUR <= end_ts
        for source, found in _of_hour(conn, hour, unreadable):
            if not whole:
                inside = np.flatnonzero((found.ts >= start_ts) & (found.ts < end_ts))
                if not inside.size:
                    continue
                found = take_beats(found, inside)
            yield source, found


def wrist_events(
    conn: sqlite3.Connection,
    start_ts: float,
    end_ts: float,
    unreadable: Callable[[int], None] | None = None,
) -> tuple[tuple[float, bool], ...]:
    """Give the (epoch s, on) of wrist events from ``start_ts`` to ``end_ts`` (excluded), ascending.

    Each once, however often the strap replayed it. ``unreadable`` as in ``records``.
    """
    first, last = int(start_ts // SECONDS_PER_HOUR), int(end_ts // SECONDS_PER_HOUR)
    found = {
        (event.ts, WRIST_EVENTS[event.event_id])
        for hour in blocks.hours(conn, first, last)
        for block, matrix in _unpacked(conn, hour, (PacketType.EVENT,), unreadable)
        for event in decode_events(Rows.of_matrix(block.kind, matrix).frames, block.kind.generation)
        if event.event_id in WRIST_EVENTS and start_ts <= event.ts < end_ts
    }
    return tuple(sorted(found))


def imu_frames(
    conn: sqlite3.Connection,
    start_ts: float,
    end_ts: float,
    unreadable: Callable[[int], None] | None = None,
) -> Iterator[tuple[Generation, NDArray[np.uint8]]]:
    """Give the frames with raw motion of the hours from ``start_ts`` to ``end_ts`` (epoch s).

    Whole hours, so it reaches a little beyond; (n, length) each, in no set order. ``unreadable``
    as in ``records``.
    """
    first, last = int(start_ts // SECONDS_PER_HOUR), int(end_ts // SECONDS_PER_HOUR)
    for hour in blocks.hours(conn, first, last):
        for block, matrix in _unpacked(
            conn,
            hour,
            IMU_TYPES,
            unreadable,
            reasons=IMU_REASONS,
            wanted=lambda block: holds_imu(block.kind),
        ):
            yield block.kind.generation, matrix


def holds_imu(kind: Kind) -> bool:
    """Tell whether frames of a kind hold raw motion samples, without unpacking any."""
    if kind.type == PacketType.REALTIME_IMU or kind.length == V21_SIZE:
        return True
    return kind.version == R10_VERSION and kind.length >= R10_ACCEL_END


def _of_hour(
    conn: sqlite3.Connection, hour: int, unreadable: Callable[[int], None] | None
) -> Iterator[tuple[Source, BeatRecords]]:
    for source, generation, matrix in _matrices(conn, hour, unreadable):
        yield source, decode_records(matrix, generation)
    try:
        found = outside.read(conn, hour)
    except BlockUnreadable:
        if unreadable is not None:
            unreadable(hour)
        return
    if found is not None:
        yield Source.IMPORTED, found


def _matrices(
    conn: sqlite3.Connection, hour: int, unreadable: Callable[[int], None] | None
) -> list[tuple[Source, Generation, NDArray[np.uint8]]]:
    """Give the frames of an hour in as few matrices as their layouts allow."""
    like: defaultdict[tuple[Source | None, Generation, int], list[NDArray[np.uint8]]]
    like = defaultdict(list)
    for block, matrix in _unpacked(conn, hour, BEAT_TYPES, unreadable):
        source = source_of(matrix[0].tobytes())
        like[source, block.kind.generation, block.kind.length].append(matrix)
    return [
        (source, generation, np.concatenate(found))
        for (source, generation, _), found in like.items()
        if source is not None
    ]


def _unpacked(
    conn: sqlite3.Connection,
    hour: int,
    types: Collection[int],
    unreadable: Callable[[int], None] | None,
    *,
    reasons: Collection[int] = (Reason.OK,),
    wanted: Callable[[Block], bool] = lambda _: True,
) -> list[tuple[Block, NDArray[np.uint8]]]:
    """Give the blocks of an hour that unpack, with their frames."""
    found = []
    broken = False
    for block in blocks.readable_in_hour(conn, hour, types, reasons):
        if not wanted(block):
            continue
        try:
            found.append((block, block.matrix()))
        except BlockUnreadable:
            broken = True
    if broken and unreadable is not None:
        unreadable(hour)
    return found
