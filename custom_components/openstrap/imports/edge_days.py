"""Days, workouts and the journal of the phone app's database."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
import json
import sqlite3
from typing import Any, Final

from ..engine.insight.journal import FIELDS
from ..engine.sleep.hypnogram import Segment
from ..engine.told import Span
from .database import columns, number
from .edge_words import (
    KEYS,
    STAGES,
    VENDOR_KEYS,
    day_of,
    efficiency_percent,
    seconds,
    workout_kind,
    zone_name,
)
from .parts import (
    ImportedDay,
    ImportedJournal,
    ImportedNap,
    ImportedWorkout,
    Part,
    Skipped,
    SourceName,
)

SOURCE: Final = SourceName.OPENSTRAP_APP
VENDORS: Final = ("whoop", "cloud")
"""Begin the name of a source whose numbers the app itself had imported."""
GONE: Final = frozenset({"deleted", "dismissed", "rejected", "live", "active", "draft"})
"""States of a workout that is none, or is none yet."""

type Values = dict[str, float]


def days(conn: sqlite3.Connection, zone: tzinfo) -> Iterator[Part]:
    """Give the days, each with the night that ended on it, then the workouts."""
    skipped: Counter[str] = Counter()
    series = _series(conn, skipped)
    edits = _edits(conn)
    naps = _naps(conn, skipped)
    for day, row in _results(conn, skipped):
        values = series.pop(day, {})
        sleep, stages = _result(conn, row, values, skipped)
        yield ImportedDay(
            day, zone_name(zone), SOURCE, values, edits.pop(day, sleep), stages,
            tuple(naps.pop(day, ())),
        )  # fmt: skip
    # What was told of days whose result is not there, or no more.
    for day in sorted({*series, *edits, *naps}):
        yield ImportedDay(
            day, zone_name(zone), SOURCE, series.get(day, {}), edits.get(day),
            naps=tuple(naps.get(day, ())),
        )  # fmt: skip
    yield from _workouts(conn, skipped)
    yield from (Skipped(reason, count) for reason, count in skipped.items())


def journal(conn: sqlite3.Connection) -> Iterator[Part]:
    """Give the entries of the journal: tags and words, and what was counted beside them."""
    skipped: Counter[str] = Counter()
    known = columns(conn, "journal")
    if "date" in known:
        tags = next((name for name in ("tags_json", "tags") if name in known), "NULL")
        note = "note" if "note" in known else "NULL"
        for name, listed, words in conn.execute(f"SELECT date, {tags}, {note} FROM journal"):  # noqa: S608 - names from here
            if (day := day_of(name)) is None:
                skipped["bad_time"] += 1
                continue
            yield ImportedJournal(day, _tags(listed), note=words if _is_text(words) else None)
    known = columns(conn, "journal_metric")
    field = next((name for name in ("key", "field", "metric") if name in known), None)
    if field is not None and {"date", "value"} <= known:
        for name, key, raw in conn.execute(f"SELECT date, {field}, value FROM journal_metric"):  # noqa: S608 - names from here
            day, value = day_of(name), number(raw)
            limits = FIELDS.get(str(key).strip().lower())
            if day is None or value is None:
                skipped["no_value" if day else "bad_time"] += 1
            elif limits is not None and not limits.low <= value <= limits.high:
                skipped["out_of_range"] += 1
            elif _is_text(key):
                yield ImportedJournal(day, numbers={key: value})
    yield from (Skipped(reason, count) for reason, count in skipped.items())


def _series(conn: sqlite3.Connection, skipped: Counter[str]) -> dict[date, Values]:
    """Give the numbers that are kept for graphs; a day's own result stands above them."""
    found: defaultdict[date, Values] = defaultdict(dict)
    if not {"date", "key", "value"} <= columns(conn, "metric_series"):
        return found
    for name, key, raw in conn.execute("SELECT date, key, value FROM metric_series"):
        ours, day, value = KEYS.get(str(key)), day_of(name), number(raw)
        if value is None:
            continue
        if ours is None or day is None:
            skipped["unknown_metric" if ours is None else "bad_time"] += 1
            continue
        found[day][ours] = efficiency_percent(value) if ours == "sleep_efficiency" else value
    return found


def _results(
    conn: sqlite3.Connection, skipped: Counter[str]
) -> Iterator[tuple[date, tuple[str, Any]]]:
    """Give the days with their newest whole result, each as its key in the table."""
    known = columns(conn, "day_result")
    if not {"day_id", "algo_version", "payload_json"} <= known:
        return
    flags = ", ".join(name if name in known else "0" for name in ("skipped", "partial"))
    best: dict[date, tuple[tuple[bool, Any], tuple[str, Any]]] = {}
    for name, version, gone, partial in conn.execute(
        f"SELECT day_id, algo_version, {flags} FROM day_result ORDER BY day_id, algo_version"  # noqa: S608 - names from here
    ):
        day = day_of(name)
        if day is None or gone:
            skipped["bad_time" if day is None else "skipped_day"] += 1
            continue
        rank = (not partial, version)
        if day not in best or rank[0] >= best[day][0][0]:
            best[day] = rank, (name, version)
    yield from ((day, row) for day, (_, row) in sorted(best.items()))


def _result(
    conn: sqlite3.Connection, row: tuple[str, Any], values: Values, skipped: Counter[str]
) -> tuple[Span | None, tuple[Segment, ...]]:
    """Read a result: its numbers into ``values``, and its night."""
    known = columns(conn, "day_result")
    wanted = ("payload_json", "window_json", "rhr", "rmssd", "readiness", "source")
    names = ", ".join(name if name in known else "NULL" for name in wanted)
    found = conn.execute(
        f"SELECT {names} FROM day_result WHERE day_id IS ? AND algo_version IS ?",  # noqa: S608 - names from here
        row,
    ).fetchone() or (None,) * len(wanted)
    payload, window = _object(found[0]), _object(found[1])
    if found[0] and not payload:
        skipped["bad_payload"] += 1
    source = str(found[5] or payload.get("source") or "")
    keys = KEYS | (VENDOR_KEYS if source.startswith(VENDORS) else {})
    if keys is not KEYS and source.startswith(VENDORS):
        # Both were kept under one name, which for a vendor's days means something else.
        if (recovery := values.pop("readiness", None)) is not None:
            values["recovery"] = recovery
    told = dict(_object(payload.get("scalars")))
    told |= {
        name: value
        for name, value in zip(("rhr", "rmssd", "readiness"), found[2:5], strict=True)
        if value is not None
    }
    for key, raw in told.items():
        ours, value = keys.get(key), number(raw)
        if value is None:
            continue
        if ours is None:
            skipped["unknown_metric"] += 1
            continue
        values[ours] = efficiency_percent(value) if ours == "sleep_efficiency" else value
    sleep = _object(payload.get("sleep"))
    span = _span(window) or _span(_value(sleep.get("window")))
    return span, _stages(_object(payload.get("series")).get("hypnogram"), skipped)


def _value(envelope: Any) -> Mapping[str, Any]:
    """Give what an envelope holds; windows were kept with one and without."""
    whole = _object(envelope)
    return _object(whole.get("value")) or whole


def _span(window: Mapping[str, Any]) -> Span | None:
    whole = _value(window)
    for first, last in (
        ("onset_ms", "offset_ms"),
        ("onset_ts", "offset_ts"),
        ("onset_sec", "offset_sec"),
    ):
        start, end = seconds(whole.get(first)), seconds(whole.get(last))
        if start is not None and end is not None and end > start:
            return start, end
    return None


def _stages(listed: Any, skipped: Counter[str]) -> tuple[Segment, ...]:
    """Read a list of (start, end, stage), in its order; overlaps end where the next begins."""
    found: list[Segment] = []
    for one in listed if isinstance(listed, list) else ():
        row = _object(one)
        start, end = seconds(row.get("start")), seconds(row.get("end"))
        stage = STAGES.get(str(row.get("stage")).lower())
        if start is None or end is None or end <= start or stage is None:
            skipped["bad_stage"] += 1
            continue
        found.append((start, end, stage))
    found.sort(key=lambda one: one[:2])
    return apart(found)


def apart(stages: list[Segment]) -> tuple[Segment, ...]:
    """Let no stretch reach into the next."""
    ends = [*(later[0] for later in stages[1:]), float("inf")]
    return tuple(
        (start, min(end, limit), stage)
        for (start, end, stage), limit in zip(stages, ends, strict=False)
        if min(end, limit) > start
    )


def _edits(conn: sqlite3.Connection) -> dict[date, Span]:
    """Give the nights that the wearer corrected: they hold above what was found."""
    found: dict[date, Span] = {}
    if {"day_id", "onset_ts", "offset_ts"} <= columns(conn, "sleep_override"):
        for name, first, last in conn.execute(
            "SELECT day_id, onset_ts, offset_ts FROM sleep_override"
        ):
            day, start, end = day_of(name), seconds(first), seconds(last)
            if day is not None and start is not None and end is not None and end > start:
                found[day] = start, end
    return found


def _naps(conn: sqlite3.Connection, skipped: Counter[str]) -> dict[date, list[ImportedNap]]:
    """Give the naps that the wearer logged; what was found is not kept apart in the file."""
    found: defaultdict[date, list[ImportedNap]] = defaultdict(list)
    if {"day_id", "start_ts", "end_ts", "source"} <= columns(conn, "sleep_nap"):
        for name, first, last, source in conn.execute(
            "SELECT day_id, start_ts, end_ts, source FROM sleep_nap"
        ):
            day, start, end = day_of(name), seconds(first), seconds(last)
            if source == "rejected":
                skipped["rejected_nap"] += 1
            elif day is None or start is None or end is None or end <= start:
                skipped["bad_time"] += 1
            else:
                found[day].append(ImportedNap(start, end))
    return found


_SESSION: Final = (
    "start_ts", "end_ts", "type", "status", "calories", "strain", "max_hr", "avg_hr", "steps",
    "zone_min_json",
)  # fmt: skip


def _workouts(conn: sqlite3.Connection, skipped: Counter[str]) -> Iterator[Part]:
    known = columns(conn, "sessions")
    if not {"start_ts", "end_ts"} <= known:
        return
    names = ", ".join(name if name in known else "NULL" for name in _SESSION)
    for row in conn.execute(f"SELECT {names} FROM sessions"):  # noqa: S608 - names from here
        told = dict(zip(_SESSION, row, strict=True))
        if str(told["status"]).lower() in GONE:
            skipped["unfinished_workout"] += 1
            continue
        if (workout := workout_of(told, _zones(told["zone_min_json"]))) is None:
            skipped["bad_time"] += 1
        else:
            yield workout


def workout_of(
    told: Mapping[str, Any], zone_s: tuple[float, float, float, float, float] | None = None
) -> ImportedWorkout | None:
    """Make a workout of a row; None without times that make sense."""
    start, end = seconds(told.get("start_ts")), seconds(told.get("end_ts"))
    if start is None or end is None or end <= start:
        return None
    steps = number(told.get("steps"))
    return ImportedWorkout(
        SOURCE,
        start,
        end,
        kind=workout_kind(told.get("type")),
        avg_hr_bpm=number(told.get("avg_hr")),
        max_hr_bpm=number(told.get("max_hr")),
        kcal=number(told.get("calories")),
        strain=number(told.get("strain")),
        zone_s=zone_s,
        steps=None if steps is None else round(steps),
    )


def _zones(text: Any) -> tuple[float, float, float, float, float] | None:
    """Read minutes in the five zones: a list, or by the names z1 to z5."""
    told = _parsed(text)
    if isinstance(told, dict):
        told = [told.get(f"z{zone}") for zone in range(1, 6)]
    if not isinstance(told, list) or len(told) != 5:
        return None
    minutes = [number(one) for one in told]
    a, b, c, d, e = (0.0 if one is None else 60.0 * one for one in minutes)
    return None if all(one is None for one in minutes) else (a, b, c, d, e)


def _tags(listed: Any) -> tuple[str, ...]:
    told = _parsed(listed)
    if isinstance(told, list):
        return tuple(one for one in told if _is_text(one))
    return tuple(one.strip() for one in str(listed).split(";")) if _is_text(listed) else ()


def _object(value: Any) -> dict[str, Any]:
    """Give what is an object, as it is or as text; an empty one for anything else."""
    told = _parsed(value)
    return told if isinstance(told, dict) else {}


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError, RecursionError:
        return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
