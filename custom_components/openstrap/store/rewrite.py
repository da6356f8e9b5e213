"""An hour's blocks written anew: merged, or read again when more is known of its frames.

The invariant behind it: of an hour that is not sealed all frames are here, so its
minutes and events can always be made again from them, and come out the same.
"""

from collections import defaultdict
from collections.abc import Mapping
import sqlite3
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import PacketType, Reason, decode_records
from ..engine.rollup import merge_minutes, sum_minutes
from . import blocks, codec, events, minutes
from .blocks import Block
from .examine import BEAT_TYPES, examine, source_of, telling_minutes
from .frames import Kind, Rows, identities
from .identities import Claim, split
from .schema import EVENTS_FLOOR, MINUTES_FLOOR, get_meta

type Matrix = NDArray[np.uint8]

NOTHING: Final[NDArray[np.int64]] = np.empty(0, dtype=np.int64)


type _Key = tuple[Kind, int, int]
"""Kind, reason, and the day of arrival, by which frames without a time are pruned."""
type _Parts = defaultdict[_Key, list[Matrix]]


def merge_hour(conn: sqlite3.Connection, hour: int) -> None:
    """Merge an hour's blocks into one for each kind and reason, sorted by time.

    Changes nothing of what is stored. Raises BlockUnreadable.
    """
    parts: _Parts = defaultdict(list)
    for block in blocks.in_hour(conn, hour):
        parts[block.kind, block.reason, block.arrived].append(block.matrix())
    _replace(conn, hour, parts)


def reread_hour(
    conn: sqlite3.Connection, hour: int, now: float, claims: Mapping[bytes, Claim] | None = None
) -> NDArray[np.int64]:
    """Read an hour's frames again, and make its minutes and events anew from them.

    With ``claims`` (by identity) only those frames are read again, with the generation
    and the length that the claims give them; without, all are, because the decoder
    changed. Returns the minutes (epoch s) of records and wrist events that may say something else
    now. Raises BlockUnreadable.
    """
    parts: _Parts = defaultdict(list)
    moved = [NOTHING]
    same = True
    for block in blocks.in_hour(conn, hour):
        for kind, matrix in _reclaimed(block, claims):
            if claims is not None and _reads_alike(kind, block.kind):
                parts[kind, block.reason, block.arrived].append(matrix)
                continue
            rows = Rows.of_matrix(kind, matrix)
            seen = examine(rows, now)
            for reason in np.unique(seen.reason).tolist():
                parts[kind, reason, block.arrived].append(matrix[seen.reason == reason])
            moved.append(telling_minutes(rows, seen))
            same = False
    _replace(conn, hour, parts)
    if not same:
        _remake(conn, hour, parts)
    return np.unique(np.concatenate(moved))


def _reads_alike(kind: Kind, other: Kind) -> bool:
    return kind.generation is other.generation and kind.length == other.length


def _reclaimed(block: Block, claims: Mapping[bytes, Claim] | None) -> list[tuple[Kind, Matrix]]:
    """Give a block's frames, those with a better claim apart under their new kinds."""
    matrix = block.matrix()
    if not claims:
        return [(block.kind, matrix)]
    frames = Rows.of_matrix(block.kind, matrix).frames
    kinds: defaultdict[Kind, list[bytes]] = defaultdict(list)
    for frame, name in zip(frames, identities(frames), strict=True):
        kind = block.kind
        if (claim := claims.get(name)) is not None:
            evidence, length = split(claim)
            kind = kind._replace(evidence=evidence, length=length)
        kinds[kind].append(frame.ljust(kind.length, b"\0"))
    return [(kind, Rows.of_frames(kind, found).matrix) for kind, found in kinds.items()]


def _replace(conn: sqlite3.Connection, hour: int, parts: _Parts) -> None:
    """Write the parts in place of all blocks of the hour."""
    blocks.delete_hour(conn, hour)
    for kind, reason, arrived in sorted(parts):
        matrix = _in_order(kind, np.concatenate(parts[kind, reason, arrived]))
        blocks.append(
            conn, kind, matrix, hour=hour, reason=reason, arrived=arrived, level=codec.TIGHT
        )


def _in_order(kind: Kind, matrix: Matrix) -> Matrix:
    """Sort records by time: neighbours in time are alike, so they pack tighter."""
    if kind.type not in BEAT_TYPES:
        return matrix
    records = decode_records(matrix, kind.generation)
    order = np.lexsort((records.counter, records.subsec, records.epoch))
    ordered: Matrix = matrix[order]
    return ordered


def _remake(conn: sqlite3.Connection, hour: int, parts: _Parts) -> None:
    """Make the hour's minutes and events anew."""
    sums, found = [], []
    for (kind, reason, _), matrices in parts.items():
        if reason != Reason.OK:
            continue
        rows = Rows.of_matrix(kind, np.concatenate(matrices))
        source = source_of(rows.frames[0])
        if source is not None:
            sums.append(sum_minutes(decode_records(rows.matrix, kind.generation), source))
        elif kind.type == PacketType.EVENT:
            found += events.decode_events(rows.frames, kind.generation)
    minutes.delete_hour(conn, hour, imported=False)
    minutes.add(conn, minutes.since(merge_minutes(sums), get_meta(conn, MINUTES_FLOOR)))
    events.delete_hour(conn, hour)
    events.add(conn, found, get_meta(conn, EVENTS_FLOOR))
