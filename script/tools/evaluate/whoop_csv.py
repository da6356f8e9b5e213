"""What the CSV files of a WHOOP export hold, whichever version wrote them."""

from collections.abc import Iterable, Iterator, Mapping
import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
import gzip
import math
from pathlib import Path
import re
from typing import Final, TextIO

CYCLES: Final = frozenset({"cycle start time", "recovery score", "heart rate variability"})
SLEEPS: Final = frozenset({"cycle start time", "asleep duration", "nap"})
WORKOUTS: Final = frozenset({"workout start time", "activity strain", "hr zone 1"})
"""Columns that tell the tables, without units."""
ZONES: Final = tuple(f"hr zone {zone}" for zone in range(1, 6))
HALF_DAY: Final = timedelta(hours=12)
_UNIT: Final = re.compile(r"\([^)]*\)|%")

type Row = Mapping[str, str]


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


def normal(title: str) -> str:
    """Return the title of a column without units, case and double spaces."""
    return " ".join(_UNIT.sub(" ", title).lower().split())


def tables(folder: Path) -> list[Path]:
    """Every table in a folder itself, by name."""
    return sorted(
        file
        for file in folder.glob("*.csv*")
        if file.name.lower().endswith((".csv", ".csv.gz")) and file.is_file()
    )


def columns(file: Path) -> set[str]:
    """Return the titles of a table, without units."""
    with _open(file) as text:
        head = text.readline()
        return {normal(title) for title in next(csv.reader([head], delimiter=_delimiter(head)), [])}


def rows(file: Path) -> Iterator[Row]:
    """Read a table row by row, by titles without units; rows that are too short are filled up."""
    with _open(file) as text:
        head = text.readline()
        delimiter = _delimiter(head)
        titles = [normal(title) for title in next(csv.reader([head], delimiter=delimiter), [])]
        for cells in csv.reader(text, delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                yield dict.fromkeys(titles, "") | dict(zip(titles, cells, strict=False))


def cycles(table: Iterable[Row], sleeps: Iterable[Row] = ()) -> dict[date, Cycle]:
    """Cycles by day, ascending, in whatever order the rows are.

    Where a cycle does not tell its sleep, the main sleep of the same cycle does; naps never do. Of
    several cycles of a day the one with the most that is known counts, then the longest sleep.
    Cycles without a time are left out.
    """
    slept = _main_sleeps(sleeps)
    found: dict[date, Cycle] = {}
    for row in table:
        beside = slept.get(row.get("cycle start time", "").strip(), {})
        cycle = _cycle({key: cell for key, cell in row.items() if cell.strip()}, beside)
        if cycle is not None and (
            cycle.day not in found or _worth(cycle) > _worth(found[cycle.day])
        ):
            found[cycle.day] = cycle
    return dict(sorted(found.items()))


def workouts(table: Iterable[Row]) -> list[Workout]:
    """Workouts by start, each once; those without strain, duration or zones are left out."""
    found: dict[tuple[datetime, str], Workout] = {}
    for row in table:
        start = moment(row.get("workout start time"))
        strain, minutes = number(row.get("activity strain")), _duration_min(row)
        zones = [number(row.get(zone)) for zone in ZONES]
        known = [zone for zone in zones if zone is not None]
        if start is None or strain is None or minutes is None or not known:
            continue
        # An empty cell beside told ones is a zone that was never reached.
        one, two, three, four, five = (minutes * (zone or 0.0) / 100.0 for zone in zones)
        activity = row.get("activity name", "").strip()
        found[start, activity] = Workout(start, activity, (one, two, three, four, five), strain)
    return sorted(found.values(), key=lambda workout: (workout.start, workout.activity))


def number(cell: str | None) -> float | None:
    """Read the number of a cell, with a decimal point or comma; None for anything else."""
    try:
        value = float((cell or "").strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def moment(cell: str | None) -> datetime | None:
    """Read the wall-clock time of a cell; None for anything else."""
    try:
        return datetime.fromisoformat((cell or "").strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _cycle(row: Row, beside: Row) -> Cycle | None:
    def told(title: str) -> float | None:
        value = number(row.get(title))
        return number(beside.get(title)) if value is None else value

    woke = moment(row.get("wake onset")) or moment(beside.get("wake onset"))
    start = moment(row.get("cycle start time"))
    if woke is None and start is None:
        return None
    # A cycle begins as its sleep does; one that begins after noon belongs to the next morning.
    day = woke.date() if woke is not None else (start + HALF_DAY).date() if start else None
    if day is None:
        return None
    return Cycle(
        day=day,
        recovery=number(row.get("recovery score")),
        rmssd_ms=_positive(number(row.get("heart rate variability"))),
        resting_hr_bpm=_positive(number(row.get("resting heart rate"))),
        breathing_rate_brpm=_positive(told("respiratory rate")),
        asleep_min=told("asleep duration"),
        need_min=_positive(told("sleep need")),
        performance=told("sleep performance"),
        day_strain=number(row.get("day strain")),
    )


def _main_sleeps(table: Iterable[Row]) -> dict[str, Row]:
    """Longest sleep of each cycle that is no nap, by the start of the cycle; filled cells only."""
    found: dict[str, Row] = {}
    for row in table:
        if row.get("nap", "").strip().lower() in {"true", "1", "yes"}:
            continue
        key = row.get("cycle start time", "").strip()
        minutes = number(row.get("asleep duration")) or 0.0
        if key not in found or minutes > (number(found[key].get("asleep duration")) or 0.0):
            found[key] = {title: cell for title, cell in row.items() if cell.strip()}
    return found


def _worth(cycle: Cycle) -> tuple[bool, bool, float]:
    return cycle.recovery is not None, cycle.rmssd_ms is not None, cycle.asleep_min or 0.0


def _duration_min(row: Row) -> float | None:
    minutes = number(row.get("duration"))
    if minutes is None:
        start, end = moment(row.get("workout start time")), moment(row.get("workout end time"))
        if start is None or end is None:
            return None
        minutes = (end - start).total_seconds() / 60.0
    return _positive(minutes)


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0.0 else None


def _delimiter(head: str) -> str:
    return ";" if head.count(";") > head.count(",") else ","


def _open(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")
