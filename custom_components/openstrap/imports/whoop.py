"""The export of WHOOP's own app: a ZIP of four tables, or any of them alone.

A cycle is a night and the day after it, so it belongs to the local day on which the night ends, by
the offset that its row tells. Need and debt are told with the night that they were worked out for,
which is after the day whose own they are here: they go to the day before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from typing import Any, Final

from .archive import Member, Opened
from .parts import (
    ImportedDay,
    ImportedJournal,
    ImportedNap,
    ImportedWorkout,
    ImportRefused,
    Part,
    Refusal,
    Skipped,
    SourceName,
)
from .sports import kind_of_activity
from .table import is_text
from .whoop_table import Row, is_like_export, open_rows
from .whoop_words import Kind

SOURCE: Final = SourceName.WHOOP_EXPORT
MAX_CYCLES: Final = 100_000
"""Held at once; twenty years have 7 500."""
MAX_HELD: Final = 500_000
"""Answers and naps held at once; twenty years of thirty answers a day are 220 000."""
MAX_TABLES: Final = 200
"""Files of an archive that are looked into."""
MAX_TOLD: Final = 400
"""Characters of what is told of columns that nobody knows."""
ONE_DAY: Final = timedelta(days=1)
NO_TIME: Final = "no_time"
UNKNOWN_ZONE: Final = "unknown_time_zone"
SECOND_CYCLE: Final = "second_cycle_of_day"
UNKNOWN_COLUMN: Final = "unknown_column"
UNKNOWN_UNIT: Final = "unknown_unit"
UNKNOWN_WORD: Final = "unknown_word"
NIGHT: Final = {
    "breathing": "breathing_rate_brpm",
    "performance": "sleep_performance",
    "asleep": "sleep_min",
    "light": "light_min",
    "deep": "deep_min",
    "rem": "rem_min",
    "awake": "waso_min",
    "efficiency": "sleep_efficiency",
}
"""What the table of sleeps tells too."""
CYCLE: Final = NIGHT | {
    "recovery": "recovery",
    "resting_hr": "resting_hr_bpm",
    "hrv": "rmssd_ms",
    "skin_temp": "skin_temp_c",
    "day_strain": "strain",
    "energy": "total_kcal",
    "max_hr": "day_hr_max_bpm",
}
AFTER: Final = {"need": "sleep_need_min", "debt": "sleep_debt_min"}
"""What is the day's own whose evening the night follows."""
_NEVER_ZERO: Final = frozenset(
    {"hrv", "resting_hr", "skin_temp", "breathing", "asleep", "need", "max_hr", "energy", "performance"}
)  # fmt: skip
_ZONES: Final = tuple(f"zone_{zone}" for zone in range(1, 6))


@dataclass(slots=True)
class Night:
    """A cycle, or what the table of sleeps tells of its main sleep."""

    start: str
    """Of the cycle, as it stands."""
    values: dict[str, float] = field(default_factory=dict)
    before: dict[str, float] = field(default_factory=dict)
    """For the day before."""
    sleep: tuple[float, float] | None = None

    @property
    def worth(self) -> tuple[bool, bool, float, str]:
        """The more is known, then the longer; last the start, so that the order never shows."""
        slept = self.values.get("sleep_min", 0.0)
        return "recovery" in self.values, "rmssd_ms" in self.values, slept, self.start


@dataclass(slots=True)
class Export:
    """What is gathered of the tables before anything can be told."""

    cycles: dict[date, Night] = field(default_factory=dict)
    sleeps: dict[date, Night] = field(default_factory=dict)
    naps: defaultdict[date, set[ImportedNap]] = field(default_factory=lambda: defaultdict(set))
    answers: defaultdict[tuple[str, date], set[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """Questions with notes, by the start of the cycle and the day that this alone tells."""
    woke: dict[str, date] = field(default_factory=dict)
    """Days on which the nights of cycles ended, by their starts."""
    skipped: Counter[str] = field(default_factory=Counter)
    held: int = 0

    def hold(self) -> None:
        """Count an answer or a nap. Raises ImportRefused where there are too many."""
        self.held += 1
        if self.held > MAX_HELD:
            raise ImportRefused(Refusal.TOO_LARGE)


def knows(opened: Opened) -> bool:
    """Tell whether it is an export, or a table that must be one in words that nobody knows."""
    return any(is_like_export(opened, member) for member in _texts(opened))


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read an export. Raises ImportRefused, also for a table whose words nobody knows."""
    found = Export()
    for member in _texts(opened):
        if is_like_export(opened, member):
            yield from _table(opened, member, zone, found)
    yield from _days(found, str(zone))
    for reason, count in sorted(found.skipped.items()):
        yield Skipped(reason, count)


def _texts(opened: Opened) -> Iterator[Member]:
    for member in opened.members[:MAX_TABLES]:
        if is_text(opened.begins(member)):
            yield member


def _table(opened: Opened, member: Member, zone: tzinfo, found: Export) -> Iterator[Part]:
    with open_rows(opened, member, zone) as table:
        columns = table.columns
        if columns.kind is None:
            told = ", ".join(columns.unknown)[:MAX_TOLD]
            raise ImportRefused(Refusal.UNKNOWN_COLUMNS, columns=told)
        if columns.unknown:
            found.skipped[UNKNOWN_COLUMN] += len(columns.unknown)
        if columns.unitless:
            found.skipped[UNKNOWN_UNIT] += columns.unitless
        for row in table.rows:
            match columns.kind:
                case Kind.CYCLES:
                    _add_night(found, found.cycles, row, CYCLE)
                case Kind.SLEEPS:
                    _add_sleep(found, row)
                case Kind.JOURNAL:
                    _add_answer(found, row)
                case Kind.WORKOUTS:
                    workout = workout_of(row)
                    if workout is None:
                        found.skipped[NO_TIME] += 1
                    else:
                        yield workout
        if table.lost:
            found.skipped[UNKNOWN_ZONE] += table.lost


def night_of(row: Row, keys: Mapping[str, str]) -> Night:
    """Make a night of a row; ``keys`` are its fields as keys of the catalogue."""
    night = Night(row.text("cycle_start"))
    for told, into in ((keys, night.values), (AFTER, night.before)):
        for name, key in told.items():
            value = row.number(name)
            if value is not None and (value > 0.0 or name not in _NEVER_ZERO):
                into[key] = value
    onset, wake = row.ts("onset"), row.ts("wake")
    if onset is not None and wake is not None and wake > onset:
        night.sleep = onset, wake
    return night


def _add_night(found: Export, nights: dict[date, Night], row: Row, keys: Mapping[str, str]) -> None:
    day = row.day
    if day is None:
        found.skipped[NO_TIME] += 1
        return
    night = night_of(row, keys)
    found.woke[night.start] = day
    held = nights.get(day)
    if held is not None and held.start != night.start and nights is found.cycles:
        found.skipped[SECOND_CYCLE] += 1
    if held is None or night.worth > held.worth:
        nights[day] = night
    if max(len(nights), len(found.woke)) > MAX_CYCLES:
        raise ImportRefused(Refusal.TOO_LARGE)


def _add_sleep(found: Export, row: Row) -> None:
    """Add a main sleep to its cycle, or a nap to the day on which it ends."""
    nap = row.flag("nap")
    if nap is None and row.text("nap"):
        # A nap that was taken for the night would be worse than a night that is missing.
        found.skipped[UNKNOWN_WORD] += 1
        return
    if not nap:
        _add_night(found, found.sleeps, row, NIGHT)
        return
    night = night_of(row, NIGHT)
    day = row.wall("wake")
    if night.sleep is None or day is None:
        found.skipped[NO_TIME] += 1
        return
    found.hold()
    found.naps[day.date()].add(ImportedNap(*night.sleep, night.values.get("sleep_min")))


def _add_answer(found: Export, row: Row) -> None:
    day, question = row.day, row.text("question").rstrip("?¿ ").lstrip("¿ ")
    if day is None or not question:
        found.skipped[NO_TIME] += 1
        return
    if row.flag("answer"):
        found.hold()
        found.answers[row.text("cycle_start"), day].add((question, row.text("notes")))


def workout_of(row: Row) -> ImportedWorkout | None:
    """Make a workout of a row; None where it does not tell when it was."""
    start, end = row.ts("workout_start"), row.ts("workout_end")
    minutes = row.number("duration")
    if start is not None and end is None and minutes is not None:
        end = start + 60.0 * minutes
    if start is None or end is None or end <= start:
        return None
    zones = [row.number(zone) for zone in _ZONES]
    known = [zone for zone in zones if zone is not None]
    zone_s = None
    if known and all(zone >= 0.0 for zone in known) and sum(known) <= 105.0:
        # An empty cell beside told ones is a zone that was never reached.
        length = 60.0 * minutes if minutes else end - start
        one, two, three, four, five = (length * (zone or 0.0) / 100.0 for zone in zones)
        zone_s = one, two, three, four, five
    positive: dict[str, Any] = {
        name: value if (value := row.number(cell)) is not None and value > 0.0 else None
        for name, cell in (
            ("avg_hr_bpm", "average_hr"),
            ("max_hr_bpm", "max_hr"),
            ("kcal", "energy"),
        )
    }
    return ImportedWorkout(
        SOURCE,
        start,
        end,
        kind_of_activity(row.text("activity")),
        strain=row.number("activity_strain"),
        zone_s=zone_s,
        **positive,
    )


def _days(found: Export, zone: str) -> Iterator[Part]:
    """Give each day once: its cycle, filled up from the table of sleeps, and its naps."""
    nights: dict[date, Night] = {}
    for day in found.cycles.keys() | found.sleeps.keys():
        cycle, slept = found.cycles.get(day), found.sleeps.get(day)
        one = cycle or slept
        if one is None:
            continue
        if cycle is not None and slept is not None and slept.start == cycle.start:
            one = Night(
                cycle.start,
                slept.values | cycle.values,
                slept.before | cycle.before,
                cycle.sleep or slept.sleep,
            )
        nights[day] = one
    for day in sorted(nights.keys() | found.naps.keys()):
        night, after = nights.get(day), nights.get(day + ONE_DAY)
        values = dict(night.values) if night is not None else {}
        if night is not None and after is not None:
            values |= after.before
        naps = tuple(sorted(found.naps.get(day, ()), key=lambda nap: (nap.start_ts, nap.end_ts)))
        yield ImportedDay(
            day, zone, SOURCE, values, None if night is None else night.sleep, naps=naps
        )
    journal: defaultdict[date, set[tuple[str, str]]] = defaultdict(set)
    for (start, day), answers in found.answers.items():
        journal[found.woke.get(start, day)] |= answers
    for day, answers in sorted(journal.items()):
        notes = "\n".join(sorted({note for _, note in answers if note}))
        tags = tuple(sorted({question for question, _ in answers}))
        yield ImportedJournal(day, tags, note=notes or None)
