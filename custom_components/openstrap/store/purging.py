"""Deleting what a wearer wants gone, needed or not, a slice at a time."""

from datetime import date, datetime, time, timedelta, tzinfo
import sqlite3
from typing import Final

from ..engine.day_window import window_of
from . import blocks, days, events, feed, imported, minutes, outside
from .examine import EARLIEST_TS, SECONDS_PER_HOUR
from .identities import Identities
from .schema import EVENTS_FLOOR, MINUTES_FLOOR, get_meta, set_meta
from .sealed import SealedHours

_ROWS_PER_HOUR: Final = 240
"""Rows of minutes or events in a slice, for each of its hours: four sources a minute."""
_HOURS_PER_DAY: Final = 24
_LIKE_A_DAY: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


def purge(
    conn: sqlite3.Connection,
    known: Identities,
    sealed: SealedHours,
    before: date,
    tz: tzinfo,
    *,
    everything: bool,
    limit: int,
) -> bool:
    """Delete up to ``limit`` hours of frames of the days before a day; tells whether more is left.

    What the day itself is derived from, which begins at the noon before, stays. With
    ``everything`` the minutes, events, results and the wearer's own words of those days go too,
    all with the last slice of frames. Hours that are gone are sealed: their frames may come again,
    but count no more. Results of later days stay as they are. What is deleted is overwritten.
    """
    conn.execute("PRAGMA secure_delete = ON")
    try:
        return _purge(conn, known, sealed, before, tz, everything=everything, limit=limit)
    finally:
        conn.execute("PRAGMA secure_delete = OFF")


def _purge(
    conn: sqlite3.Connection,
    known: Identities,
    sealed: SealedHours,
    before: date,
    tz: tzinfo,
    *,
    everything: bool,
    limit: int,
) -> bool:
    first_kept = int(window_of(before, tz)[0] // SECONDS_PER_HOUR)
    held = (EARLIEST_TS // SECONDS_PER_HOUR, first_kept - 1)
    hours = sorted({*blocks.hours(conn, *held), *outside.hours(conn, *held)})
    for hour in hours[:limit]:
        blocks.delete_hour(conn, hour)
        outside.delete_hour(conn, hour)
        sealed.add(conn, hour)
        known.forget(hour)
    more = len(hours) > limit
    if not everything:
        return more
    rows, floor = limit * _ROWS_PER_HOUR, first_kept * SECONDS_PER_HOUR
    for name, delete_before in (
        (MINUTES_FLOOR, minutes.delete_before),
        (EVENTS_FLOOR, events.delete_before),
    ):
        set_meta(conn, name, max(floor, get_meta(conn, name)))
        more |= delete_before(conn, floor, rows)
    more |= _delete_uncounted(conn, known, first_kept, limit)
    if not more:
        _delete_results(conn, before)
        _delete_told(conn, before, datetime.combine(before, time(), tz).timestamp())
    return more


def _delete_uncounted(
    conn: sqlite3.Connection, known: Identities, first_kept: int, limit: int
) -> bool:
    """Delete frames that have no possible time, by the day they came."""
    arrived_before = first_kept // _HOURS_PER_DAY
    found = blocks.uncounted(conn, EARLIEST_TS // SECONDS_PER_HOUR, arrived_before, limit)
    blocks.delete(conn, {one for one, _ in found})
    for _, hour in found:
        known.forget(hour)
    return len(found) == limit


def _delete_results(conn: sqlite3.Connection, before: date) -> None:
    imported.delete_before(conn, before)
    feed.delete_before(conn, before)
    for day in days.names(conn, date.min, before - timedelta(days=1)):
        days.delete(conn, day)
    conn.execute("DELETE FROM dirty WHERE day < ?", (before.isoformat(),))


def _delete_told(conn: sqlite3.Connection, before: date, midnight_ts: float) -> None:
    """Delete rows that ended before a day, and those that are named by an earlier day."""
    conn.execute(
        "DELETE FROM told WHERE start IS NOT NULL AND coalesce(end, start) < ?", (midnight_ts,)
    )
    conn.execute(
        "DELETE FROM told WHERE start IS NULL AND id GLOB ? AND id < ?",
        (_LIKE_A_DAY, before.isoformat()),
    )
