"""NOOP: its backup (a ZIP with a database) and its table of raw readings (CSV)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
import sqlite3
from typing import Any, Final
import zlib

from . import noop_csv
from .archive import Member, Opened
from .database import columns, number
from .nights import Sleep, by_day
from .noop_rows import SOURCE, STRAIN_SCALE, daily_values, day_of, share, sleep_of, workout_of
from .parts import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedNap,
    ImportRefused,
    OutsideSamples,
    Part,
    Refusal,
    Skipped,
)
from .seconds import beat_seconds, heart_seconds, motion_seconds, step_seconds

ROWS_AT_ONCE: Final = 20_000
FRAMES_AT_ONCE: Final = 2000
MAX_BATCH: Final = 32 * 1024**2
"""Bytes that one of its packed batches unpacks to, honest ones to a few hundred thousand."""
MAX_FRAME: Final = 8192
MAX_SESSIONS: Final = 200_000
"""Sleeps held at once; twenty years have 15 000."""
BAD_BATCH: Final = "damaged_batch"
BAD_ROW: Final = "damaged_row"
NO_SCALE: Final = "unknown_strain_scale"
OLD_STRAIN_MAX: Final = 21.0
COMPUTED: Final = "-noop"
"""Ends the device of what it worked out itself; what it was told by the maker is preferred."""
_TABLES: Final = frozenset({"hrsample", "rrinterval", "dailymetric", "sleepsession", "rawbatch"})
"""Tables by one of which the database is known; no other app has such."""

APPLE_DAILY: Final = {
    "steps": "steps",
    "activeKcal": "active_kcal",
    "basalKcal": "basal_kcal",
    "vo2max": "vo2max",
}
"""Columns of what it read of Apple Health, as keys of the catalogue."""


def knows(opened: Opened) -> bool:
    """Tell whether it is a backup, or a table of raw readings."""
    return _backup(opened) is not None or noop_csv.knows(opened)


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read a backup or tables of raw readings. Raises ImportRefused."""
    member = _backup(opened)
    if member is None:
        yield from noop_csv.read(opened)
        return
    with opened.database(member) as conn:
        yield from _database(conn, zone)


def frames_of(blob: bytes) -> list[bytes] | None:
    """Unpack a batch of frames: a count, then each with its length, packed; None if damaged.

    The two makes of the app pack with and without a header, after the length of what is packed.
    """
    for start in (4, 0):
        for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
            packed = zlib.decompressobj(bits)
            try:
                data = packed.decompress(blob[start:], MAX_BATCH)
            except zlib.error:
                continue
            if packed.eof and (found := _unpacked(data)) is not None:
                return found
    return None


def _unpacked(data: bytes) -> list[bytes] | None:
    count, at = int.from_bytes(data[:4], "little"), 4
    frames: list[bytes] = []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        at += 4
        if not 0 < size <= MAX_FRAME or at + size > len(data):
            return None
        frames.append(data[at : at + size])
        at += size
    return frames if len(data) >= 4 and len(frames) == count else None


def _backup(opened: Opened) -> Member | None:
    return next((one for one in opened.members if opened.tables(one) & _TABLES), None)


def _database(conn: sqlite3.Connection, zone: tzinfo) -> Iterator[Part]:
    skipped: Counter[str] = Counter()
    yield from _frames(conn, skipped)
    yield from _hearts(conn)
    yield from _beats(conn)
    yield from _motion(conn)
    yield from _steps(conn)
    yield from _days(conn, zone, skipped)
    yield from _journal(conn)
    for reason, count in sorted(skipped.items()):
        yield Skipped(reason, count)


def _frames(conn: sqlite3.Connection, skipped: Counter[str]) -> Iterator[Part]:
    if "framesblob" not in columns(conn, "rawBatch"):
        return
    texts: list[str] = []
    for (blob,) in conn.execute("SELECT framesBlob FROM rawBatch ORDER BY rowid"):
        frames = frames_of(blob) if isinstance(blob, bytes) else None
        if frames is None:
            skipped[BAD_BATCH] += 1
            continue
        for frame in frames:
            texts.append(frame.hex())
            if len(texts) == FRAMES_AT_ONCE:
                yield Frames(tuple(texts))
                texts = []
    if texts:
        yield Frames(tuple(texts))


def _batches(
    conn: sqlite3.Connection, table: str, wanted: str, order: str = ""
) -> Iterator[list[tuple[Any, ...]]]:
    """Read the rows of a table of readings a device at a time, each in the order of time."""
    device = "deviceId" if "deviceid" in columns(conn, table) else "NULL"
    devices = conn.execute(
        f"SELECT DISTINCT {device} FROM {table} ORDER BY 1"  # noqa: S608 - names from here
    ).fetchall()
    for named in devices:
        rows = conn.execute(
            f"SELECT CAST(ts AS INTEGER), {wanted} FROM {table}"  # noqa: S608 - names from here
            f" WHERE {device} IS ? AND typeof(ts) IN ('integer', 'real') ORDER BY ts{order}",
            named,
        )
        while batch := rows.fetchmany(ROWS_AT_ONCE):
            yield batch


def _hearts(conn: sqlite3.Connection) -> Iterator[Part]:
    if {"ts", "bpm"} <= columns(conn, "hrSample"):
        for rows in _batches(conn, "hrSample", "CAST(bpm AS REAL)"):
            ts, bpm = zip(*rows, strict=True)
            yield OutsideSamples(heart_seconds(ts, _numbers(bpm)))


def _beats(conn: sqlite3.Connection) -> Iterator[Part]:
    known = columns(conn, "rrInterval")
    if not {"ts", "rrms"} <= known:
        return
    # Where the order of beats was not kept they stand by size, and that cannot be undone.
    order = "".join(f", {name}" for name in ("ord", "rrMs", "seq") if name.lower() in known)
    wanted = "CAST(rrMs AS REAL)"
    if "tssuspect" in known:
        wanted = f"CASE WHEN tsSuspect THEN NULL ELSE {wanted} END"
    held: list[tuple[Any, ...]] = []
    for rows in _batches(conn, "rrInterval", wanted, order):
        # The beats of a second belong together: the last one may go on in the next batch.
        rows, held = held + rows, []
        last = rows[-1][0]
        split = next((at for at in range(len(rows) - 1, -1, -1) if rows[at][0] != last), -1) + 1
        rows, held = rows[:split], rows[split:]
        if len(held) > ROWS_AT_ONCE:
            # No heart beats so often in a second.
            held = held[:ROWS_AT_ONCE]
        if rows:
            ts, rr = zip(*rows, strict=True)
            yield OutsideSamples(beat_seconds(ts, _numbers(rr)))
    if held:
        ts, rr = zip(*held, strict=True)
        yield OutsideSamples(beat_seconds(ts, _numbers(rr)))


def _motion(conn: sqlite3.Connection) -> Iterator[Part]:
    known = columns(conn, "gravitySample")
    if not {"ts", "x", "y", "z"} <= known:
        return
    wanted = ["CAST(x AS REAL)", "CAST(y AS REAL)", "CAST(z AS REAL)"]
    if "dynaccel" in known:
        wanted.append("CAST(dynAccel AS REAL)")
    for rows in _batches(conn, "gravitySample", ", ".join(wanted)):
        ts, x, y, z, *dyn = zip(*rows, strict=True)
        axes = list(zip(_numbers(x), _numbers(y), _numbers(z), strict=True))
        yield OutsideSamples(motion_seconds(ts, axes, _numbers(dyn[0]) if dyn else None))


def _steps(conn: sqlite3.Connection) -> Iterator[Part]:
    if {"ts", "counter"} <= columns(conn, "stepSample"):
        for rows in _batches(conn, "stepSample", "CAST(counter AS REAL)"):
            ts, counter = zip(*rows, strict=True)
            yield OutsideSamples(step_seconds(ts, _numbers(counter)))


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _named(conn: sqlite3.Connection, table: str, needed: set[str]) -> Iterator[Mapping[str, Any]]:
    """Read the rows of a small table by the names of its columns; none where it lacks some."""
    known = columns(conn, table)
    if not {name.lower() for name in needed} <= known:
        return
    # Of a day the maker's own row comes before what the app worked out.
    first = f"deviceId LIKE '%{COMPUTED}', deviceId, " if "deviceid" in known else ""
    rows = conn.execute(f"SELECT * FROM {table} ORDER BY {first}rowid")  # noqa: S608 - names from here
    names = [name for name, *_ in rows.description]
    for row in rows:
        yield dict(zip(names, row, strict=True))


def strain_scale(conn: sqlite3.Connection) -> float | None:
    """Tell what brings the strain of a backup to 0..21; None where nothing tells its scale.

    Early versions kept the maker's scale, later ones their own up to 100; a backup does not say
    which. A strain above 21 says it.
    """
    for table in ("dailyMetric", "workout"):
        if "strain" in columns(conn, table):
            (highest,) = conn.execute(
                f"SELECT max(CAST(strain AS REAL)) FROM {table}"  # noqa: S608 - a name from here
            ).fetchone()
            if highest is not None and highest > OLD_STRAIN_MAX:
                return STRAIN_SCALE
    return None


def _days(conn: sqlite3.Connection, zone: tzinfo, skipped: Counter[str]) -> Iterator[Part]:
    scale = strain_scale(conn)
    values: defaultdict[date, dict[str, float]] = defaultdict(dict)
    for row in _named(conn, "dailyMetric", {"day"}):
        day = day_of(row["day"])
        if day is None:
            skipped[BAD_ROW] += 1
            continue
        if scale is None and number(row.get("strain")) is not None:
            skipped[NO_SCALE] += 1
        values[day] = daily_values(row, str(row.get("deviceId") or ""), scale) | values[day]
    for row in _named(conn, "metricSeries", {"day", "key", "value"}):
        day, told = day_of(row["day"]), share(row["value"])
        if row["key"] == "sleep_performance" and day is not None and told is not None:
            values[day].setdefault("sleep_performance", told)
    for row in _named(conn, "appleDaily", {"day"}):
        if (day := day_of(row["day"])) is None:
            skipped[BAD_ROW] += 1
            continue
        for column, key in APPLE_DAILY.items():
            told = number(row.get(column))
            if told is not None and told > 0.0:
                values[day].setdefault(key, told)
    sleeps: list[Sleep] = []
    for row in _named(conn, "sleepSession", {"startTs", "endTs"}):
        sleep = sleep_of(row, row["startTs"])
        if sleep is None:
            skipped[BAD_ROW] += 1
        else:
            sleeps.append(sleep)
        if len(sleeps) > MAX_SESSIONS:
            raise ImportRefused(Refusal.TOO_LARGE)
    yield from days_of(values, sleeps, zone)
    for row in _named(conn, "workout", {"startTs", "endTs", "sport"}):
        workout = workout_of(row, row["startTs"], row["sport"], scale)
        if workout is None:
            skipped[BAD_ROW] += 1
        else:
            yield workout


def days_of(
    values: Mapping[date, Mapping[str, float]], sleeps: list[Sleep], zone: tzinfo
) -> Iterator[ImportedDay]:
    """Bring the numbers of days and the sleeps that end on them together."""
    nights = by_day(sleeps, zone)
    nothing: tuple[Sleep | None, tuple[ImportedNap, ...]] = (None, ())
    for day in sorted(values.keys() | nights.keys()):
        night, naps = nights.get(day, nothing)
        told = values.get(day, {})
        if night is None:
            yield ImportedDay(day, str(zone), SOURCE, dict(told), naps=naps)
            continue
        yield ImportedDay(
            day,
            str(zone),
            SOURCE,
            night.values | dict(told),
            (night.start_ts, night.end_ts),
            night.stages,
            naps,
        )


def _journal(conn: sqlite3.Connection) -> Iterator[Part]:
    tags: defaultdict[date, set[str]] = defaultdict(set)
    notes: defaultdict[date, set[str]] = defaultdict(set)
    for row in _named(conn, "journal", {"day", "question", "answeredYes"}):
        day, question = day_of(row["day"]), str(row["question"]).strip(" ?¿")
        if day is None or not question or not number(row["answeredYes"]):
            continue
        tags[day].add(question)
        if row.get("notes"):
            notes[day].add(str(row["notes"]))
    for day in sorted(tags):
        yield ImportedJournal(
            day, tuple(sorted(tags[day])), note="\n".join(sorted(notes[day])) or None
        )
