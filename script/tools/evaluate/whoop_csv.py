"""What the tables of a WHOOP export hold, as the integration itself reads them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from openstrap.imports import ImportRefused, open_import
from openstrap.imports.whoop import CYCLE, NIGHT, Night, night_of, workout_of
from openstrap.imports.whoop_table import Row, Rows, open_rows
from openstrap.imports.whoop_words import Kind

__all__ = ["Cycle", "Kind", "Row", "Workout", "cycles", "kind_of", "rows", "tables", "workouts"]

NOTHING = Night("")


@dataclass(frozen=True, slots=True)
class Cycle:
    """One night and the day after it: ms, bpm, breaths a minute, minutes, % and 0 to 21.

    ``day`` is the local date on which the night ended. What a cell does not tell is None.
    """

    day: date
    recovery: float | None
    rmssd_ms: float | None
    resting_hr_bpm: float | None
    breathing_rate_brpm: float | None
    asleep_min: float | None
    need_min: float | None
    performance: float | None
    day_strain: float | None


@dataclass(frozen=True, slots=True)
class Workout:
    """A workout: local start, activity, minutes in zones 1 to 5, strain (0 to 21)."""

    start: datetime
    activity: str
    zone_min: tuple[float, float, float, float, float]
    strain: float


def tables(folder: Path) -> list[Path]:
    """Every table in a folder itself, by name."""
    return sorted(
        file
        for file in folder.glob("*.csv*")
        if file.name.lower().endswith((".csv", ".csv.gz")) and file.is_file()
    )


def kind_of(file: Path) -> Kind | None:
    """Tell which table of an export a file is, None for any other file."""
    try:
        with _opened(file) as table:
            return table.columns.kind
    except ImportRefused:
        return None


def rows(file: Path) -> Iterator[Row]:
    """Read a table row by row; those with an offset that nobody knows are left out."""
    with _opened(file) as table:
        yield from table.rows


def cycles(table: Iterable[Row], sleeps: Iterable[Row] = ()) -> dict[date, Cycle]:
    """Cycles by day, ascending, in whatever order the rows are.

    Where a cycle does not tell its sleep, the main sleep of the same cycle does; naps never do. Of
    several cycles of a day the one with the most that is known counts, then the longest sleep.
    Cycles without a time are left out.
    """
    slept = _main_sleeps(sleeps)
    found: dict[date, Night] = {}
    for row in table:
        night = night_of(row, CYCLE)
        woke, beside = slept.get(night.start, (None, NOTHING))
        day = row.day if woke is None or row.wall("wake") is not None else woke
        if day is None:
            continue
        night.values = beside.values | night.values
        night.before = beside.before | night.before
        if day not in found or night.worth > found[day].worth:
            found[day] = night
    return {day: _cycle(day, night) for day, night in sorted(found.items())}


def workouts(table: Iterable[Row]) -> list[Workout]:
    """Workouts by start, each once; those without strain, duration or zones are left out."""
    found: dict[tuple[datetime, str], Workout] = {}
    for row in table:
        start, told = row.wall("workout_start"), workout_of(row)
        if start is None or told is None or told.strain is None or told.zone_s is None:
            continue
        if row.number("duration") == 0.0:
            continue
        one, two, three, four, five = (spent / 60.0 for spent in told.zone_s)
        activity = row.text("activity")
        found[start, activity] = Workout(
            start, activity, (one, two, three, four, five), told.strain
        )
    return sorted(found.values(), key=lambda workout: (workout.start, workout.activity))


@contextmanager
def _opened(file: Path) -> Iterator[Rows]:
    # Nothing is unpacked to read a table, so that the folder for it is never written to.
    with (
        open_import(file, file.parent) as opened,
        open_rows(opened, opened.members[0], UTC) as table,
    ):
        yield table


def _cycle(day: date, night: Night) -> Cycle:
    told = night.values.get
    return Cycle(
        day=day,
        recovery=told("recovery"),
        rmssd_ms=told("rmssd_ms"),
        resting_hr_bpm=told("resting_hr_bpm"),
        breathing_rate_brpm=told("breathing_rate_brpm"),
        asleep_min=told("sleep_min"),
        need_min=night.before.get("sleep_need_min"),
        performance=told("sleep_performance"),
        day_strain=told("strain"),
    )


def _main_sleeps(table: Iterable[Row]) -> dict[str, tuple[date | None, Night]]:
    """Longest sleep of each cycle that is no nap, and its day, by the start of the cycle."""
    found: dict[str, tuple[date | None, Night]] = {}
    for row in table:
        if row.flag("nap"):
            continue
        night = night_of(row, NIGHT)
        held = found.get(night.start)
        if held is None or night.worth > held[1].worth:
            found[night.start] = row.day, night
    return found
