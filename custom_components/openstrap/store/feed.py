"""The nudges that a wearer was told in the last days, and which of them were read.

One row for each day and code. It is written in the transaction that claims the nudge, so what was
told and what stands here never differ. Everything here runs within the caller's transaction.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
import json
import sqlite3
from typing import Final

from .fired import KEPT_DAYS

MAX_A_DAY: Final = 6
"""More of one day than anybody reads: the least severe give way, of these the oldest (contract)."""
_KEPT_S: Final = KEPT_DAYS * 86400.0


@dataclass(frozen=True, slots=True)
class Notice:
    """A nudge that was told at ``told_ts`` and read at ``read_ts`` (epoch s), None while unread.

    ``code`` and ``values`` (numbers by name) are those of the nudge, ``severity`` 1 to 3.
    """

    day: date
    code: str
    severity: int
    told_ts: float
    values: Mapping[str, float] = field(default_factory=dict)
    quiet_ok: bool = False
    read_ts: float | None = None


def add(conn: sqlite3.Connection, notice: Notice) -> None:
    """Keep a notice, and forget those that are old."""
    conn.execute("DELETE FROM feed WHERE told < ?", (notice.told_ts - _KEPT_S,))
    rest = {
        "severity": notice.severity,
        "values": dict(notice.values),
        "quiet_ok": notice.quiet_ok,
    }
    conn.execute(
        "INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?)",
        (notice.day.isoformat(), notice.code, notice.told_ts, notice.read_ts, json.dumps(rest)),
    )
    of_day = [one for one in read(conn, 0.0) if one.day == notice.day]
    of_day.sort(key=lambda one: (-one.severity, -one.told_ts, one.code))
    _delete(conn, of_day[MAX_A_DAY:])


def read(conn: sqlite3.Connection, now: float) -> list[Notice]:
    """Give the notices of the last seven days before ``now`` (epoch s), in the order of telling."""
    rows = conn.execute(
        "SELECT day, code, told, read, rest FROM feed WHERE told >= ? ORDER BY told, day, code",
        (now - _KEPT_S,),
    )
    return [one for row in rows if (one := _notice(*row)) is not None]


def mark_read(
    conn: sqlite3.Connection, wanted: Iterable[tuple[date, str]] | None, now: float
) -> None:
    """Mark notices by day and code as read, all of them for None; what was read stays as it was."""
    if wanted is None:
        conn.execute("UPDATE feed SET read = ? WHERE read IS NULL", (now,))
        return
    conn.executemany(
        "UPDATE feed SET read = ? WHERE day = ? AND code = ? AND read IS NULL",
        [(now, day.isoformat(), code) for day, code in wanted],
    )


def stale(conn: sqlite3.Connection, holding: Mapping[date, Collection[str]]) -> list[Notice]:
    """Give the unread notices of days (keys of ``holding``) whose code does not hold any more."""
    return [
        one
        for one in read(conn, 0.0)
        if one.read_ts is None and one.day in holding and one.code not in holding[one.day]
    ]


def retract(conn: sqlite3.Connection, holding: Mapping[date, Collection[str]]) -> None:
    """Delete what ``stale`` gives."""
    _delete(conn, stale(conn, holding))


def delete_before(conn: sqlite3.Connection, before: date) -> None:
    """Delete the notices of the days before a day."""
    conn.execute("DELETE FROM feed WHERE day < ?", (before.isoformat(),))


def _delete(conn: sqlite3.Connection, gone: Iterable[Notice]) -> None:
    conn.executemany(
        "DELETE FROM feed WHERE day = ? AND code = ?",
        [(one.day.isoformat(), one.code) for one in gone],
    )


def _notice(  # one column after the other
    day: str, code: str, told: float, read_ts: float | None, text: str
) -> Notice | None:
    """Read a row; None for one that makes no sense, or only to a later version."""
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        rest = json.loads(text)
        return Notice(
            day=date.fromisoformat(day),
            code=code,
            severity=int(rest["severity"]),
            told_ts=told,
            values={str(name): float(value) for name, value in rest["values"].items()},
            quiet_ok=bool(rest["quiet_ok"]),
            read_ts=read_ts,
        )
    return None
