"""The original server: a dump of its database (SQL text or SQLite) and its folder of raw texts.

Its days are days of UTC. A night is placed by the time at which it ended, so it comes to the right
local day wherever the wearer lives. What is summed up over a day (load, steps, energy, wear) is of
hours that are no local day, unless the local clock shows UTC all day: else it is left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import sqlite3
from typing import Any, Final

from ..engine.protocol.base import KNOWN_TYPES
from .archive import Member, Opened
from .database import columns, number
from .nights import Sleep, by_day, local_day
from .noop_rows import day_of, loaded
from .parts import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    ImportRefused,
    Part,
    Refusal,
    Skipped,
    SourceName,
)
from .sports import kind_of_activity
from .sql_text import Told, is_dump, rows_of

SOURCE: Final = SourceName.OPENSTRAP_SERVER
FRAMES_AT_ONCE: Final = 2000
MAX_LINE: Final = 64 * 1024
MAX_ROWS: Final = 500_000
"""Rows of days and nights held at once; twenty years have 40 000."""
LOOKED_INTO: Final = 60
"""Files of an archive that are looked into to know it."""
BAD_ROW: Final = "damaged_row"
UTC_DAY: Final = "utc_day"
"""A sum of hours that are no local day."""
NO_NIGHT: Final = "night_without_time"
MIN_CONFIDENCE: Final = 0.5
"""From which the server itself showed a breathing rate."""
NIGHT: Final = {
    "resting_hr": "resting_hr_bpm",
    "recovery": "recovery",
    "hrv_rmssd": "rmssd_ms",
    "resp_rate": "breathing_rate_brpm",
}
SUMS: Final = {
    "strain": "strain",
    "steps": "steps",
    "calories": "active_kcal",
    "wear_min": "worn_min",
    "hr_max": "day_hr_max_bpm",
}
SLEEP: Final = {
    "duration_min": "sleep_min",
    "light_min": "light_min",
    "deep_min": "deep_min",
    "rem_min": "rem_min",
}
_MAY_BE_ZERO: Final = frozenset({"light_min", "deep_min", "rem_min", "recovery"})
_TABLES: Final = frozenset({"daily", "sleep", "sleep_periods", "sessions", "journal"})
_KNOWN_BY: Final = frozenset({"daily", "sleep", "sessions"})


def knows(opened: Opened) -> bool:
    """Tell whether it is a dump, a folder of raw texts, or both together."""
    return any(_is_ours(opened, member) for member in opened.members[:LOOKED_INTO])


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read dumps and raw texts. Raises ImportRefused, also where they are of several people."""
    gathered = _Gathered()
    for member in opened.members:
        begins = opened.begins(member)
        if _is_raw(begins):
            yield from _frames(opened, member)
        elif opened.tables(member) >= _KNOWN_BY:
            with opened.database(member) as conn:
                for table, row in _rows(conn):
                    gathered.add(table, row)
        elif is_dump(begins):
            for table, row in rows_of(opened, member, _TABLES):
                gathered.add(table, row)
    yield from _told(gathered, zone)
    for reason, count in sorted(gathered.skipped.items()):
        yield Skipped(reason, count)


class _Gathered:
    """The rows of every table that is used, of one person."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self.skipped: Counter[str] = Counter()
        self._user: Any = None
        self._count = 0

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        user = row.get("user_id")
        if self._user is not None and user is not None and user != self._user:
            raise ImportRefused(Refusal.SEVERAL_PEOPLE)
        self._user = user if self._user is None else self._user
        self._count += 1
        if self._count > MAX_ROWS:
            raise ImportRefused(Refusal.TOO_LARGE)
        self.rows[table].append(row)


def _is_ours(opened: Opened, member: Member) -> bool:
    begins = opened.begins(member)
    if _is_raw(begins):
        return True
    if tables := opened.tables(member):
        return tables >= _KNOWN_BY
    if not is_dump(begins):
        return False
    try:
        return any(True for _ in rows_of(opened, member, _KNOWN_BY))
    except ImportRefused:
        # A damaged dump is one too; whoever reads it says so.
        return True


def _is_raw(begins: bytes) -> bool:
    """Tell whether a text is of frames, one in hexadecimal a line."""
    line = begins.lstrip()[:64].split(b"\n", 1)[0].strip()
    try:
        data = bytes.fromhex(line.decode("ascii")[: len(line) & ~1])
    except UnicodeDecodeError, ValueError:
        return False
    return len(data) >= 8 and data[0] in KNOWN_TYPES


def _frames(opened: Opened, member: Member) -> Iterator[Part]:
    texts: list[str] = []
    with opened.stream(member) as stream:
        while line := stream.readline(MAX_LINE):
            # What is no frame is counted by the door through which all of them go.
            text = line.decode("ascii", "replace").strip()
            if text:
                texts.append(text)
            if len(texts) == FRAMES_AT_ONCE:
                yield Frames(tuple(texts))
                texts = []
    if texts:
        yield Frames(tuple(texts))


def _rows(conn: sqlite3.Connection) -> Iterator[Told]:
    for table in sorted(_TABLES):
        if not columns(conn, table):
            continue
        rows = conn.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - a name from here
        names = [name.lower() for name, *_ in rows.description]
        for row in rows:
            yield table, dict(zip(names, row, strict=True))


def _told(gathered: _Gathered, zone: tzinfo) -> Iterator[Part]:
    woke: dict[date, date] = {}
    sleeps: list[Sleep] = []
    for table in ("sleep", "sleep_periods"):
        for row in gathered.rows[table]:
            sleep, day = _sleep_of(row), day_of(row.get("date"))
            if sleep is None:
                gathered.skipped[BAD_ROW] += 1
                continue
            sleeps.append(sleep)
            if table == "sleep" and day is not None:
                woke[day] = local_day(sleep.end_ts, zone)
    values = _values(gathered, woke, zone)
    nights = by_day(sleeps, zone)
    for day in sorted(values.keys() | nights.keys()):
        night, naps = nights.get(day, (None, ()))
        told = (night.values if night is not None else {}) | values.get(day, {})
        span = (night.start_ts, night.end_ts) if night is not None else None
        yield ImportedDay(day, str(zone), SOURCE, told, span, naps=naps)
    yield from _sessions(gathered)
    for row in gathered.rows["journal"]:
        day = day_of(row.get("date"))
        tags = loaded(row.get("tags"))
        if day is None:
            gathered.skipped[BAD_ROW] += 1
            continue
        # The app wrote its journal for local days.
        named = (
            tuple(sorted({tag for tag in tags if isinstance(tag, str)}))
            if isinstance(tags, list)
            else ()
        )
        note = row.get("note")
        yield ImportedJournal(day, named, note=note if isinstance(note, str) and note else None)


def _values(
    gathered: _Gathered, woke: Mapping[date, date], zone: tzinfo
) -> dict[date, dict[str, float]]:
    found: defaultdict[date, dict[str, float]] = defaultdict(dict)
    for row in gathered.rows["daily"]:
        day = day_of(row.get("date"))
        if day is None:
            gathered.skipped[BAD_ROW] += 1
            continue
        night = _numbers(row, NIGHT)
        if (number(row.get("resp_conf")) or 0.0) < MIN_CONFIDENCE:
            night.pop("breathing_rate_brpm", None)
        if night:
            if (local := woke.get(day)) is not None:
                found[local] |= night
            else:
                gathered.skipped[NO_NIGHT] += len(night)
        if sums := _numbers(row, SUMS):
            if _is_utc_day(day, zone):
                found[day] |= sums
            else:
                gathered.skipped[UTC_DAY] += len(sums)
    return dict(found)


def _numbers(row: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, float]:
    return {
        key: value
        for name, key in keys.items()
        if (value := number(row.get(name))) is not None and (value > 0.0 or name in _MAY_BE_ZERO)
    }


def _sleep_of(row: Mapping[str, Any]) -> Sleep | None:
    start, end = number(row.get("onset_ts")), number(row.get("wake_ts"))
    if start is None or end is None:
        return None
    values = _numbers(row, SLEEP)
    efficiency = number(row.get("efficiency"))
    if efficiency is not None and 0.0 < efficiency <= 1.0:
        values["sleep_efficiency"] = 100.0 * efficiency
    found = Sleep(start, end, values)
    return found if found.is_possible else None


def _sessions(gathered: _Gathered) -> Iterator[Part]:
    for row in gathered.rows["sessions"]:
        start, end = number(row.get("start_ts")), number(row.get("end_ts"))
        if row.get("status") == "deleted":
            continue
        if start is None or end is None or end <= start:
            gathered.skipped[BAD_ROW] += 1
            continue
        name = row.get("type")
        yield ImportedWorkout(
            SOURCE,
            start,
            end,
            kind_of_activity(name if isinstance(name, str) else None),
            avg_hr_bpm=number(row.get("avg_hr")) or None,
            max_hr_bpm=number(row.get("max_hr")) or None,
            kcal=number(row.get("calories")) or None,
            strain=number(row.get("strain")),
            zone_s=_zones(row.get("zones")),
            title=title if isinstance(title := row.get("title"), str) else None,
        )


def _zones(text: Any) -> tuple[float, float, float, float, float] | None:
    """Give seconds of the five zones, which are kept as minutes; None for anything else."""
    found = loaded(text)
    if isinstance(found, Mapping):
        found = [found.get(f"zone{zone}_min", found.get(f"z{zone}")) for zone in range(1, 6)]
    if not isinstance(found, list) or len(found) != 5:
        return None
    minutes = [value for told in found if (value := number(told)) is not None and value >= 0.0]
    if len(minutes) != 5:
        return None
    one, two, three, four, five = (60.0 * value for value in minutes)
    return one, two, three, four, five


def _is_utc_day(day: date, zone: tzinfo) -> bool:
    """Tell whether the local day is that of UTC, from its beginning to its end."""
    return all(
        datetime.combine(at, time(), zone).timestamp()
        == datetime.combine(at, time(), UTC).timestamp()
        for at in (day, day + timedelta(days=1))
    )
