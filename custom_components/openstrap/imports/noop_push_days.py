"""Days made of the rows that NOOP pushed, of all its devices together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..engine.imported import Fields, SourceName, join
from .fields import day_fields, journal_fields, workout_fields
from .nights import by_day
from .noop import COMPUTED
from .noop_push import Batch, key_text
from .noop_rows import STRAIN_SCALE, daily_values, day_of, sleep_of, workout_of
from .parts import ImportedDay, ImportedJournal

SOURCE: Final = SourceName.NOOP_PUSH
AS_OF: Final = 0
"""Of what a window tells only the last counts, so that no two ever meet."""

type Row = tuple[str, str, str, str, str]
"""Day (ISO), stream, device, key and data (JSON)."""


def rows_of_batch(batch: Batch, zone: ZoneInfo) -> list[tuple[str, str | int, str, str]]:
    """Give key, selector, local day (ISO) and data of the records of a window's batch."""
    found: list[tuple[str, str | int, str, str]] = []
    for key, data in batch.records:
        if (told := key.get("day")) is not None:
            selector, day = told, told
        else:
            selector = key["startTs"]
            day = _local(data["endTs"], zone)
        found.append((key_text(key), selector, day, json.dumps(data, sort_keys=True)))
    return found


def fields_of(
    days: Iterable[str], rows: Sequence[Row], zone: ZoneInfo, now: float
) -> dict[date, Fields | None]:
    """Make the fields of some days out of all their rows; None where nothing is left."""
    by_name: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[row[0]].append(row)
    found: dict[date, Fields | None] = {}
    for name in days:
        day = day_of(name)
        if day is not None:
            found[day] = _day(day, by_name[name], zone, now)
    return found


def _day(day: date, rows: Sequence[Row], zone: ZoneInfo, now: float) -> Fields | None:
    # Of a device of the maker's before what the app worked out itself.
    ranked = sorted(rows, key=lambda row: (row[2].endswith(COMPUTED), row[2], row[3]))
    told = [
        (stream, device, json.loads(key), json.loads(data))
        for _, stream, device, key, data in ranked
    ]
    skipped: Counter[str] = Counter()
    values: dict[str, float] = {}
    sleeps = []
    tags: set[str] = set()
    notes: set[str] = set()
    pieces: list[Fields] = []
    for stream, device, key, data in told:
        match stream:
            case "dailyMetric":
                values = daily_values(data, device, STRAIN_SCALE) | values
            case "sleepSession":
                if (sleep := sleep_of(data, key["startTs"])) is not None:
                    sleeps.append(sleep)
            case "workout":
                workout = workout_of(data, key["startTs"], key["sport"], STRAIN_SCALE)
                if workout is not None:
                    own = replace(workout, source=SOURCE)
                    pieces += _only(day, workout_fields(own, AS_OF, zone, now, skipped))
            case "journal":
                _answer(key, data, tags, notes)
    night, naps = by_day(sleeps, zone).get(day, (None, ()))
    if night is not None:
        values = night.values | values
    part = ImportedDay(
        day,
        zone.key,
        SOURCE,
        values,
        None if night is None else (night.start_ts, night.end_ts),
        () if night is None else night.stages,
        naps,
    )
    pieces += _only(day, day_fields(part, AS_OF, now, skipped))
    entry = ImportedJournal(day, tuple(sorted(tags)), note="\n".join(sorted(notes)) or None)
    pieces += _only(day, journal_fields(entry, AS_OF, zone, SOURCE, skipped))
    return join(pieces) or None


def _only(day: date, kept: Iterable[tuple[date, SourceName, Fields]]) -> list[Fields]:
    return [fields for on, _, fields in kept if on == day]


def _answer(
    key: Mapping[str, Any], data: Mapping[str, Any], tags: set[str], notes: set[str]
) -> None:
    question = str(key["question"]).strip(" ?¿")
    if data.get("answeredYes") and question:
        tags.add(question)
        if data.get("notes"):
            notes.add(str(data["notes"]))


def _local(ts: Any, zone: ZoneInfo) -> str:
    try:
        return datetime.fromtimestamp(ts, zone).date().isoformat()
    except ValueError, OverflowError, OSError:
        return "1970-01-01"
