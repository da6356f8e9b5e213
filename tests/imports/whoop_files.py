"""One table of the maker's app as a file, and what is in it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from custom_components.openstrap.imports import ImportedDay

from .makers import table
from .reading import BERLIN, of, parts_of

WOKE = datetime(2026, 2, 10, 7)


def written(path: Path, *args: object, **how: object) -> Path:
    """Write one table."""
    path.write_bytes(table(*args, **how))  # type: ignore[arg-type]  # handed on as they are
    return path


def one_day(path: Path, zone: ZoneInfo = BERLIN) -> ImportedDay:
    """Read a file of one day."""
    (day,) = of(ImportedDay, parts_of(path, zone)[1])
    return day
