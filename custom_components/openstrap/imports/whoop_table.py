"""One table of a WHOOP export: which column is which, and its cells as numbers and times."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import chain, islice
from typing import Final

from .archive import Member, Opened
from .parts import ImportRefused
from .table import has_decimal_commas, number, offset, open_table, wall_time
from .whoop_words import LAYOUTS, Kind, field_of, kind_of, plain, unit_of, yes

SAMPLE_ROWS: Final = 50
"""Rows that must agree where a table is known by its form alone."""
HALF_DAY: Final = timedelta(hours=12)
KJ_PER_KCAL: Final = 4.184
_MINUTES: Final = {
    "": 1.0, "min": 1.0, "mins": 1.0, "minutes": 1.0, "m": 1.0, "minuten": 1.0, "minutos": 1.0,
    "minuti": 1.0, "h": 60.0, "hr": 60.0, "hours": 60.0, "s": 1.0 / 60.0, "sec": 1.0 / 60.0,
    "seconds": 1.0 / 60.0, "ms": 1.0 / 60_000.0, "milliseconds": 1.0 / 60_000.0,
}  # fmt: skip
_ENERGY: Final = {"cal": 1.0, "kcal": 1.0, "kj": 1.0 / KJ_PER_KCAL, "kilojoules": 1.0 / KJ_PER_KCAL}
"""What the maker calls a calorie is a thousand of them."""
_CELSIUS: Final = frozenset({"celsius", "c", "centigrados"})
_FAHRENHEIT: Final = frozenset({"fahrenheit", "f"})
_DURATIONS: Final = frozenset(
    {"asleep", "in_bed", "light", "deep", "rem", "awake", "need", "debt", "duration"}
)
_TIMES: Final = frozenset(
    {"cycle_start", "cycle_end", "onset", "wake", "workout_start", "workout_end"}
)
_TEXTS: Final = frozenset({"activity", "question", "notes"})
_FLAGS: Final = frozenset({"nap", "gps", "answer"})
_SHARES: Final = frozenset(
    {"recovery", "spo2", "performance", "efficiency", "consistency", *(f"zone_{n}" for n in range(1, 6))}
)  # fmt: skip
_RATES: Final = frozenset({"resting_hr", "max_hr", "average_hr"})


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are."""

    kind: Kind | None
    """None where nobody knows."""
    fields: tuple[str | None, ...]
    units: tuple[str, ...]
    titles: tuple[str, ...]

    @property
    def unitless(self) -> int:
        """How many of the columns that are understood are in a unit that nobody knows."""
        return sum(
            field is not None and _in_unit(1.0, field, unit) is None
            for field, unit in zip(self.fields, self.units, strict=True)
        )

    @property
    def unknown(self) -> tuple[str, ...]:
        """Titles of the columns that are not understood."""
        named = zip(self.titles, self.fields, strict=True)
        return tuple(title for title, field in named if field is None and title.strip())


@dataclass(frozen=True, slots=True)
class Row:
    """A row by fields; what a cell does not tell is None."""

    cells: dict[str, str]
    units: dict[str, str]
    decimal_comma: bool
    zone: tzinfo
    """Of the row where it tells one, else the wearer's."""

    def text(self, field: str) -> str:
        """Give a cell as it stands."""
        return self.cells.get(field, "").strip()

    def flag(self, field: str) -> bool | None:
        """Give a cell as yes or no."""
        return yes(self.text(field))

    def number(self, field: str) -> float | None:
        """Give a cell in min, kcal or degrees C, or as the number it is, by the unit of its title."""
        value = number(self.text(field), decimal_comma=self.decimal_comma)
        return None if value is None else _in_unit(value, field, self.units.get(field, ""))

    def wall(self, field: str) -> datetime | None:
        """Give a time as the clock on the wall showed it."""
        return wall_time(self.text(field))

    def ts(self, field: str) -> float | None:
        """Give a time, epoch s."""
        at = self.wall(field)
        return None if at is None else at.replace(tzinfo=self.zone).timestamp()

    @property
    def day(self) -> date | None:
        """The local day on which the night ends that a cycle begins with."""
        woke, start = self.wall("wake"), self.wall("cycle_start")
        if woke is not None:
            return woke.date()
        # A cycle begins as its sleep does; one that begins after noon belongs to the next morning.
        return None if start is None else (start + HALF_DAY).date()


@dataclass(slots=True)
class Rows:
    """The rows of a table, and how many could not be placed in time."""

    columns: Columns
    rows: Iterator[Row]
    lost: int = 0


def _in_unit(value: float, field: str, unit: str) -> float | None:
    """Bring a value to the unit of its field; None for a unit that is not known."""
    if field in _DURATIONS:
        factor = _MINUTES.get(unit)
    elif field == "energy":
        factor = _ENERGY.get(unit)
    elif field != "skin_temp" or _CELSIUS & set(unit.split()):
        return value
    elif _FAHRENHEIT & set(unit.split()):
        return (value - 32.0) * 5.0 / 9.0
    else:
        return None
    return None if factor is None else value * factor


def columns_of(titles: Sequence[str], sample: Sequence[Sequence[str]], *, comma: bool) -> Columns:
    """Tell what the columns are: by their titles, or by a known order, units and cells."""
    fields = tuple(field_of(title) for title in titles)
    # Of two columns of one name the first is it.
    fields = tuple(None if field in fields[:place] else field for place, field in enumerate(fields))
    units = tuple(unit_of(title) for title in titles)
    kind = kind_of(fields)
    if kind is None:
        for kind_there, layout in LAYOUTS:
            if _has_form(layout, fields, units, sample, comma=comma):
                return Columns(kind_there, layout, units, tuple(titles))
    return Columns(kind, fields, units, tuple(titles))


@contextmanager
def open_rows(opened: Opened, member: Member, zone: tzinfo) -> Iterator[Rows]:
    """Read a member as a table of an export. Raises ImportRefused."""
    with open_table(opened, member) as table:
        sample = list(islice(table.rows, SAMPLE_ROWS))
        comma = table.decimal_comma or has_decimal_commas(sample)
        columns = columns_of(table.titles, sample, comma=comma)
        found = Rows(columns, iter(()))
        found.rows = _placed(found, chain(sample, table.rows), zone, comma=comma)
        yield found


def is_like_export(opened: Opened, member: Member) -> bool:
    """Tell whether a member is a table of an export, also one whose words nobody knows."""
    try:
        with open_table(opened, member) as table:
            if kind_of(map(field_of, table.titles)) is not None:
                # Whatever comes after these titles, nobody else will read it.
                return True
            sample = list(islice(table.rows, SAMPLE_ROWS))
            comma = table.decimal_comma or has_decimal_commas(sample)
            if columns_of(table.titles, sample, comma=comma).kind is not None:
                return True
            return len(table.titles) > 4 and any(_is_zones(cells) for cells in _turned(sample))
    except ImportRefused:
        return False


def _placed(found: Rows, rows: Iterator[list[str]], zone: tzinfo, *, comma: bool) -> Iterator[Row]:
    fields, units = found.columns.fields, found.columns.units
    known = {field: units[place] for place, field in enumerate(fields) if field is not None}
    for cells in rows:
        named = {field: cell for field, cell in zip(fields, cells, strict=False) if field}
        told = named.get("timezone", "").strip()
        row_zone = offset(told) if told else zone
        if row_zone is None:
            # Guessing it could move a night to another day.
            found.lost += 1
            continue
        yield Row(named, known, comma, row_zone)


def _has_form(
    layout: Sequence[str],
    fields: Sequence[str | None],
    units: Sequence[str],
    sample: Sequence[Sequence[str]],
    *,
    comma: bool,
) -> bool:
    """Tell whether a table is of an order: its known titles, its units and all its cells agree."""
    if len(layout) != len(fields) or not sample:
        return False
    for place, field in enumerate(layout):
        cells = [row[place].strip() for row in sample if place < len(row)]
        told = [cell for cell in cells if cell]
        if fields[place] not in (None, field):
            return False
        if field in _SHARES and units[place] != "%":
            return False
        if field in _DURATIONS and units[place] not in _MINUTES:
            return False
        if not all(_fits(field, cell, comma=comma) for cell in told):
            return False
        # Where no cell tells anything, the order could be another one.
        if field in ("cycle_start", "timezone", "question", "answer") and not told:
            return False
    return True


def _fits(field: str, cell: str, *, comma: bool) -> bool:
    if field in _TIMES:
        return wall_time(cell) is not None
    if field == "timezone":
        return offset(cell) is not None
    if field in _TEXTS:
        return wall_time(cell) is None
    if field in _FLAGS:
        return yes(cell) is not None
    value = number(cell, decimal_comma=comma)
    if value is None:
        return False
    if field in _SHARES:
        return 0.0 <= value <= 100.0
    if field in _RATES:
        return 20.0 <= value <= 250.0
    return True


def _turned(sample: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    width = min((len(row) for row in sample), default=0)
    for place in range(width):
        yield [row[place].strip() for row in sample]


def _is_zones(cells: Sequence[str]) -> bool:
    return all(plain(cell).startswith(("utc", "gmt")) and offset(cell) for cell in cells)
