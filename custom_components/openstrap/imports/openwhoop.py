"""openwhoop's database: heart rates with beats, sleeps, activities, and packets where kept.

Its times are UTC without saying so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import tzinfo
import sqlite3
from typing import Any, Final

from ..engine.protocol import Generation, Reassembler
from .archive import Member, Opened
from .database import columns, number
from .nights import Sleep, by_day
from .noop_rows import day_of
from .parts import (
    Frames,
    ImportedDay,
    ImportedNap,
    ImportedWorkout,
    OutsideSamples,
    Part,
    Skipped,
    SourceName,
)
from .seconds import beat_seconds, heart_seconds
from .sports import kind_of_activity
from .table import number as cell_number

SOURCE: Final = SourceName.OPENWHOOP
ROWS_AT_ONCE: Final = 20_000
FRAMES_AT_ONCE: Final = 2000
BAD_ROW: Final = "damaged_row"
BAD_PACKET: Final = "unknown_packet"
LONG_NAP: Final = "nap_too_long"
"""So long is no nap, and no night either when it is told as one."""
MAX_BEATS: Final = 64
"""Intervals of one row that are looked at."""
_NAP: Final = "nap"
_BESIDE: Final = frozenset({"sleep_cycles", "packets", "activities", "seaql_migrations"})
"""Tables by one of which, beside that of heart rates, the database is known."""
_TS: Final = "CAST(strftime('%s', {}) AS INTEGER)"
"""Seconds of a text that is a time; NULL for any other."""
_END: Final = _TS.format('"end"')


def knows(opened: Opened) -> bool:
    """Tell whether it is its database."""
    return _member(opened) is not None


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read its database. Raises ImportRefused."""
    member = _member(opened)
    if member is None:
        return
    skipped: Counter[str] = Counter()
    with opened.database(member) as conn:
        yield from _frames(conn, skipped)
        yield from _hearts(conn, skipped)
        yield from _days(conn, zone, skipped)
    for reason, count in sorted(skipped.items()):
        yield Skipped(reason, count)


def _member(opened: Opened) -> Member | None:
    for member in opened.members:
        tables = opened.tables(member)
        if "heart_rate" in tables and tables & _BESIDE:
            return member
    return None


def _frames(conn: sqlite3.Connection, skipped: Counter[str]) -> Iterator[Part]:
    """Put the notifications of each characteristic together again, in the order they came in."""
    known = columns(conn, "packets")
    if not {"uuid", "bytes"} <= known:
        return
    told = "generation" if "generation" in known else "NULL"
    order = "id" if "id" in known else "rowid"
    streams: dict[tuple[Any, Generation], Reassembler] = {}
    texts: defaultdict[Generation, list[str]] = defaultdict(list)
    for uuid, name, chunk in conn.execute(
        f"SELECT uuid, {told}, bytes FROM packets ORDER BY {order}"  # noqa: S608 - names from here
    ):
        if not isinstance(chunk, bytes):
            skipped[BAD_PACKET] += 1
            continue
        generation = _generation(name)
        if len(streams) > 64:
            streams.clear()
        stream = streams.setdefault((uuid, generation), Reassembler(generation))
        texts[generation] += [inner.hex() for inner in stream.feed(chunk) if inner]
        if len(texts[generation]) >= FRAMES_AT_ONCE:
            yield Frames(tuple(texts.pop(generation)), generation)
    for generation, rest in sorted(texts.items()):
        if rest:
            yield Frames(tuple(rest), generation)
    if lost := sum(stream.corrupt for stream in streams.values()):
        skipped[BAD_PACKET] += lost


def _generation(name: Any) -> Generation:
    """Tell the generation by its name or number; the first one where nobody said."""
    return Generation.GEN5 if str(name or "").strip().lower()[-1:] == "5" else Generation.GEN4


def _hearts(conn: sqlite3.Connection, skipped: Counter[str]) -> Iterator[Part]:
    known = columns(conn, "heart_rate")
    if not {"bpm", "time"} <= known:
        return
    beats = "rr_intervals" if "rr_intervals" in known else "NULL"
    rows = conn.execute(
        f"SELECT {_TS.format('time')}, CAST(bpm AS REAL), {beats} FROM heart_rate"  # noqa: S608 - names from here
        " ORDER BY time"
    )
    while batch := rows.fetchmany(ROWS_AT_ONCE):
        placed = [row for row in batch if row[0] is not None and row[1] is not None]
        if lost := len(batch) - len(placed):
            skipped[BAD_ROW] += lost
        if not placed:
            continue
        yield OutsideSamples(heart_seconds([row[0] for row in placed], [row[1] for row in placed]))
        pairs = [(row[0], rr) for row in placed for rr in _intervals(row[2])]
        if pairs:
            yield OutsideSamples(beat_seconds(*zip(*pairs, strict=True)))


def _intervals(text: Any) -> list[float]:
    if not isinstance(text, str) or not text:
        return []
    cells = text.strip("[] ").split(",", MAX_BEATS)[:MAX_BEATS]
    return [value for cell in cells if (value := cell_number(cell)) is not None]


def _days(conn: sqlite3.Connection, zone: tzinfo, skipped: Counter[str]) -> Iterator[Part]:
    naps: list[Sleep] = []
    for start, end, kind, strain in _activities(conn):
        if start is None or end is None or end <= start:
            skipped[BAD_ROW] += 1
        elif str(kind or "").strip().lower() == _NAP:
            naps.append(Sleep(float(start), float(end)))
        else:
            yield ImportedWorkout(
                SOURCE,
                float(start),
                float(end),
                kind_of_activity(str(kind or "")),
                strain=number(strain),
            )
    for day, (long, found) in by_day((nap for nap in naps if nap.is_possible), zone).items():
        if long is not None:
            skipped[LONG_NAP] += 1
        if found:
            yield ImportedDay(day, str(zone), SOURCE, naps=found)
    for day, (night, short) in by_day(_sleeps(conn, skipped), zone).items():
        if night is None:
            yield _naps(day, zone, short)
            continue
        span = night.start_ts, night.end_ts
        yield ImportedDay(day, str(zone), SOURCE, night.values, span, naps=short)
    if {"date", "strain"} <= columns(conn, "strain"):
        for name, told in conn.execute("SELECT date, strain FROM strain ORDER BY date"):
            on, value = day_of(name), number(told)
            if on is None or value is None:
                skipped[BAD_ROW] += 1
            else:
                yield ImportedDay(on, str(zone), SOURCE, {"strain": value})


def _naps(day: Any, zone: tzinfo, naps: tuple[ImportedNap, ...]) -> ImportedDay:
    return ImportedDay(day, str(zone), SOURCE, naps=naps)


def _activities(conn: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    known = columns(conn, "activities")
    if {"start", "end", "activity"} <= known:
        strain = "strain" if "strain" in known else "NULL"
        yield from conn.execute(
            f"SELECT {_TS.format('start')}, {_END}, activity,"  # noqa: S608 - names from here
            f" {strain} FROM activities ORDER BY start"
        )


def _sleeps(conn: sqlite3.Connection, skipped: Counter[str]) -> Iterator[Sleep]:
    known = columns(conn, "sleep_cycles")
    if not {"start", "end"} <= known:
        return
    numbers = {"avg_hrv": "rmssd_ms", "avg_bpm": "sleeping_hr_bpm"}
    have = [name for name in numbers if name in known]
    wanted = "".join(f", {name}" for name in have)
    for start, end, *told in conn.execute(
        f"SELECT {_TS.format('start')}, {_END}{wanted}"  # noqa: S608 - names from here
        " FROM sleep_cycles ORDER BY start"
    ):
        if start is None or end is None:
            skipped[BAD_ROW] += 1
            continue
        values = {
            numbers[name]: value
            for name, cell in zip(have, told, strict=True)
            if (value := number(cell)) is not None and value > 0.0
        }
        sleep = Sleep(float(start), float(end), values)
        if sleep.is_possible:
            yield sleep
        else:
            skipped[BAD_ROW] += 1
