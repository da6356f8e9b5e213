"""Letting go of what is old, a slice at a time, and never of what is still needed."""

from dataclasses import dataclass
from datetime import tzinfo
import sqlite3
from typing import Final

from ..engine.day_window import window_of
from . import blocks, days, events, minutes, outside
from .examine import EARLIEST_TS, SECONDS_PER_HOUR
from .identities import Identities
from .schema import EVENTS_FLOOR, MINUTES_FLOOR, get_meta, set_meta
from .sealed import SealedHours

SECONDS_PER_DAY: Final = 86400
_ROWS_PER_HOUR: Final = 240
"""Rows of minutes or events in a slice, for each of its hours: four sources a minute, which is all
of them where nothing was imported."""
_SPARE_SHARE: Final = 4
"""Free pages up to one in four of the file are kept for the frames to come."""
_PAGES_PER_HOUR: Final = 64
"""Pages given back in a slice, for each of its hours."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long to keep what, in days; None is for ever. Results of days are always kept."""

    raw_days: int | None = 14
    minute_days: int | None = 10
    event_days: int | None = 10


def prune(
    conn: sqlite3.Connection,
    known: Identities,
    sealed: SealedHours,
    keep: Retention,
    *,
    now: float,
    tz: tzinfo,
    limit: int,
) -> bool:
    """Let go of up to ``limit`` hours; tells whether there is more to do.

    Of days that are dirty or not final nothing is touched, and nothing of the hour of the
    newest reading, however old.
    """
    needed = [window_of(day, tz) for day in days.unfinished(conn)]
    newest = minutes.newest(conn, with_hr=True) or minutes.newest(conn, with_hr=False)
    if newest is not None:
        needed.append((newest - newest % SECONDS_PER_HOUR, now))
    more = False
    if keep.raw_days is not None:
        old = now - keep.raw_days * SECONDS_PER_DAY
        more = _prune_raw(conn, known, sealed, needed, old=old, limit=limit)
        more |= _prune_uncounted(conn, known, old, limit)
    rows = limit * _ROWS_PER_HOUR
    for name, kept_days, delete_before in (
        (MINUTES_FLOOR, keep.minute_days, minutes.delete_before),
        (EVENTS_FLOOR, keep.event_days, events.delete_before),
    ):
        if kept_days is not None:
            old = now - kept_days * SECONDS_PER_DAY
            more |= delete_before(conn, _raise_floor(conn, name, old, needed), rows)
    if not more:
        _give_back(conn, limit * _PAGES_PER_HOUR)
    return more


def _prune_raw(
    conn: sqlite3.Connection,
    known: Identities,
    sealed: SealedHours,
    needed: list[tuple[float, float]],
    *,
    old: float,
    limit: int,
) -> bool:
    """Delete whole hours of frames and seal them.

    An hour goes when it is old and its last frame came long ago: what came late is kept
    as long as what came in time.
    """
    last = int(old // SECONDS_PER_HOUR) - 1
    gone = 0
    for hour, arrived in _arrivals(conn, last):
        start = hour * SECONDS_PER_HOUR
        if arrived >= old // SECONDS_PER_DAY or any(
            first < start + SECONDS_PER_HOUR and end > start for first, end in needed
        ):
            continue
        if gone == limit:
            return True
        blocks.delete_hour(conn, hour)
        outside.delete_hour(conn, hour)
        sealed.add(conn, hour)
        known.forget(hour)
        gone += 1
    return False


def _arrivals(conn: sqlite3.Connection, last: int) -> list[tuple[int, int]]:
    """Give the hours up to one (included) with the day on which the last came of each."""
    first = EARLIEST_TS // SECONDS_PER_HOUR
    found = dict(blocks.arrivals(conn, first, last))
    for hour, arrived in outside.arrivals(conn, first, last):
        found[hour] = max(arrived, found.get(hour, arrived))
    return sorted(found.items())


def _prune_uncounted(conn: sqlite3.Connection, known: Identities, old: float, limit: int) -> bool:
    """Delete frames that never counted, having no possible time, by the day they came."""
    found = blocks.uncounted(
        conn, EARLIEST_TS // SECONDS_PER_HOUR, int(old // SECONDS_PER_DAY), limit
    )
    blocks.delete(conn, {one for one, _ in found})
    for _, hour in found:
        known.forget(hour)
    return len(found) == limit


def _raise_floor(
    conn: sqlite3.Connection, name: str, old: float, needed: list[tuple[float, float]]
) -> int:
    """Move the time before which nothing is kept; it never moves back, and is a whole hour."""
    floor = min(old, *(start for start, _ in needed)) if needed else old
    floor = max(int(floor // SECONDS_PER_HOUR) * SECONDS_PER_HOUR, get_meta(conn, name))
    set_meta(conn, name, floor)
    return floor


def _give_back(conn: sqlite3.Connection, pages: int) -> None:
    """Give free pages back to the file system when a large part of the file is free."""
    free, total = (
        conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count")
    )
    if free > total // _SPARE_SHARE:
        conn.execute(
            f"PRAGMA incremental_vacuum({min(free - total // _SPARE_SHARE, pages)})"
        ).fetchall()
