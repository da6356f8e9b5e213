"""Events of the strap on disk, each once however often it was replayed."""

from collections.abc import Collection, Iterable
import json
import sqlite3
from typing import NamedTuple

from ..engine.protocol import Generation, Undecodable, decode
from ..engine.protocol.base import SUBSEC_PER_S
from ..engine.protocol.event import Event
from .examine import SECONDS_PER_HOUR


class StrapEvent(NamedTuple):
    """Something that happened on the strap."""

    epoch: int
    subsec: int
    event_id: int
    body: bytes

    @property
    def ts(self) -> float:
        """When, by the strap's clock, epoch s."""
        return self.epoch + self.subsec / SUBSEC_PER_S


def decode_events(frames: Iterable[bytes], generation: Generation) -> list[StrapEvent]:
    """Read the events among frames."""
    found = []
    for frame in frames:
        try:
            packet = decode(frame, generation)
        except Undecodable:
            continue
        if isinstance(packet, Event):
            found.append(StrapEvent(packet.epoch, packet.subsec, packet.event_id, packet.body))
    return found


def add(conn: sqlite3.Connection, found: Iterable[StrapEvent], floor: int) -> None:
    """Keep events at or after ``floor`` (epoch s) that are not kept yet."""
    conn.executemany(
        "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)",
        [event for event in found if event.epoch >= floor],
    )


def read(conn: sqlite3.Connection, start_ts: float, end_ts: float) -> list[StrapEvent]:
    """Give the events from ``start_ts`` to ``end_ts`` (excluded), in order."""
    rows = conn.execute(
        "SELECT epoch, subsec, event_id, body FROM events"
        " WHERE epoch >= ? AND epoch < ? ORDER BY epoch, subsec, event_id, body",
        (int(start_ts), end_ts),
    )
    return [
        event for row in rows if (event := StrapEvent(*row)).ts >= start_ts and event.ts < end_ts
    ]


def newest(conn: sqlite3.Connection, event_ids: Collection[int]) -> StrapEvent | None:
    """Give the event of these ids with the newest time, whenever it arrived.

    For state (worn, charging): the strap replays its log, so the last to arrive means nothing.
    """
    row = conn.execute(
        """
        SELECT epoch, subsec, event_id, body FROM events
        WHERE event_id IN (SELECT value FROM json_each(?))
        ORDER BY epoch DESC, subsec DESC, event_id DESC, body DESC LIMIT 1
        """,
        (json.dumps(sorted(event_ids)),),
    ).fetchone()
    return None if row is None else StrapEvent(*row)


def delete_hour(conn: sqlite3.Connection, hour: int) -> None:
    """Delete the events of an hour, to be read again."""
    start = hour * SECONDS_PER_HOUR
    conn.execute(
        "DELETE FROM events WHERE epoch >= ? AND epoch < ?", (start, start + SECONDS_PER_HOUR)
    )


def delete_before(conn: sqlite3.Connection, floor: int, limit: int) -> bool:
    """Delete up to ``limit`` events before a time; tells whether there are more."""
    rows = conn.execute(
        "SELECT epoch, subsec, event_id, body FROM events WHERE epoch < ? LIMIT ?", (floor, limit)
    ).fetchall()
    conn.executemany(
        "DELETE FROM events WHERE epoch = ? AND subsec = ? AND event_id = ? AND body = ?", rows
    )
    return len(rows) == limit
