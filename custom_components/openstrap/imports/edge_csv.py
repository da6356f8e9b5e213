"""The tables that the phone app writes for a spreadsheet."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, tzinfo
from typing import Final

from ..engine.sleep.hypnogram import Segment
from .archive import Member, Opened
from .database import number
from .edge_days import GONE, SOURCE, apart, workout_of
from .edge_words import COLUMNS, KEYS, STAGES, day_of, efficiency_percent, seconds, zone_name
from .parts import ImportedDay, ImportedJournal, ImportRefused, Part, Skipped
from .table import is_text, named_rows, open_table

TELLING: Final = {
    "daily": frozenset({"date", "readiness", "resting_hr", "sleep_min"}),
    "workouts": frozenset({"start_ts", "end_ts", "type", "status"}),
    "sleep": frozenset({"date", "start_ts", "end_ts", "stage"}),
    "metrics": frozenset({"date", "key", "value"}),
    "journal": frozenset({"date", "tags", "note"}),
}
"""Columns that each table has, in every version."""
IN_ALL: Final = (b"date", b"start_ts")
"""One of these is a column of each."""


def knows(opened: Opened) -> bool:
    """Tell whether one of the files is such a table."""
    return any(_kind(opened, member) for member in opened.members)


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read all of the tables; files that are none are counted."""
    skipped: Counter[str] = Counter()
    kinds = {member: _kind(opened, member) for member in opened.members}
    has_daily = "daily" in kinds.values()
    for member, kind in kinds.items():
        match kind:
            case "daily":
                yield from _daily(opened, member, zone, skipped)
            case "workouts":
                yield from _workouts(opened, member, skipped)
            case "sleep":
                yield from _sleep(opened, member, zone, skipped)
            # The same numbers as in the daily table, and more that mean nothing here.
            case "metrics" if not has_daily:
                yield from _metrics(opened, member, zone, skipped)
            case "journal":
                yield from _journal(opened, member, skipped)
            case None:
                skipped["unknown_file"] += 1
    yield from (Skipped(reason, count) for reason, count in skipped.items())


def _kind(opened: Opened, member: Member) -> str | None:
    begins = opened.begins(member)
    # Asked first because it is quick: a server's folder has tens of thousands of other texts.
    told = begins.replace(b"\0", b"").lower()
    if not any(word in told for word in IN_ALL) or not is_text(begins):
        return None
    try:
        with open_table(opened, member) as table:
            names = {title.strip().lower() for title in table.titles}
    except ImportRefused:
        return None
    return next((kind for kind, told in TELLING.items() if told <= names), None)


def _rows(opened: Opened, member: Member) -> Iterator[dict[str, str]]:
    with open_table(opened, member) as table:
        yield from named_rows(table)


def _daily(opened: Opened, member: Member, zone: tzinfo, skipped: Counter[str]) -> Iterator[Part]:
    for row in _rows(opened, member):
        if (day := day_of(row.get("date"))) is None:
            skipped["bad_time"] += 1
            continue
        values = {
            ours: value
            for name, ours in COLUMNS.items()
            if (value := number(row.get(name))) is not None
        }
        if row.get("source", "").startswith(("whoop", "cloud")) and "readiness" in values:
            values["recovery"] = values.pop("readiness")
        if "sleep_efficiency" in values:
            values["sleep_efficiency"] = efficiency_percent(values["sleep_efficiency"])
        yield ImportedDay(day, zone_name(zone), SOURCE, values)


def _metrics(opened: Opened, member: Member, zone: tzinfo, skipped: Counter[str]) -> Iterator[Part]:
    for row in _rows(opened, member):
        day, ours = day_of(row.get("date")), KEYS.get(row.get("key", ""))
        value = number(row.get("value"))
        if day is None or ours is None or value is None:
            skipped["unknown_metric" if ours is None else "no_value"] += 1
            continue
        if ours == "sleep_efficiency":
            value = efficiency_percent(value)
        yield ImportedDay(day, zone_name(zone), SOURCE, {ours: value})


def _workouts(opened: Opened, member: Member, skipped: Counter[str]) -> Iterator[Part]:
    for row in _rows(opened, member):
        if row.get("status", "").lower() in GONE:
            skipped["unfinished_workout"] += 1
        elif (workout := workout_of(row)) is None:
            skipped["bad_time"] += 1
        else:
            yield workout


def _sleep(opened: Opened, member: Member, zone: tzinfo, skipped: Counter[str]) -> Iterator[Part]:
    nights: defaultdict[date, list[Segment]] = defaultdict(list)
    for row in _rows(opened, member):
        day, stage = day_of(row.get("date")), STAGES.get(row.get("stage", "").lower())
        start, end = seconds(row.get("start_ts")), seconds(row.get("end_ts"))
        if day is None or stage is None or start is None or end is None or end <= start:
            skipped["bad_stage"] += 1
        else:
            nights[day].append((start, end, stage))
    for day, stages in sorted(nights.items()):
        yield ImportedDay(
            day, zone_name(zone), SOURCE, stages=apart(sorted(stages, key=lambda one: one[:2]))
        )


def _journal(opened: Opened, member: Member, skipped: Counter[str]) -> Iterator[Part]:
    for row in _rows(opened, member):
        if (day := day_of(row.get("date"))) is None:
            skipped["bad_time"] += 1
            continue
        text = row.get("tags", "").strip("[]").replace('"', "")
        tags = (tag.strip() for tag in text.replace(",", ";").split(";"))
        yield ImportedJournal(day, tuple(tag for tag in tags if tag), note=row.get("note"))
