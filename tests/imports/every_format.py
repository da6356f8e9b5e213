"""A file of every format."""

from datetime import datetime, timedelta
from pathlib import Path

from .made_edge import history
from .makers import (
    apple_record,
    apple_xml,
    database,
    noop_csv,
    noop_tables,
    openwhoop_tables,
    seed_rows,
    seed_sql,
    whoop_zip,
    zipped,
)
from .reading import BERLIN

NIGHT = datetime(2026, 3, 28, 23, tzinfo=BERLIN)
START = int(NIGHT.timestamp())
NOW = START + 30 * 86400.0


def made(path: Path, name: str, night: datetime = NIGHT, language: str = "de") -> Path:
    """Make a file of a format with a night of eight hours; ``language`` is of an export's titles."""
    start = int(night.timestamp())
    woke = datetime.fromtimestamp(start + 8 * 3600, BERLIN)
    match name:
        case "openstrap_app":
            return history(path, night.date(), 2, zone=BERLIN)
        case "noop":
            return zipped(
                path, {"x": database(path.with_suffix(".db"), noop_tables(start)).read_bytes()}
            )
        case "noop_csv":
            path.write_bytes(noop_csv(start, 60))
        case "openwhoop":
            return database(path, openwhoop_tables(start))
        case "openstrap_server":
            path.write_bytes(seed_sql(seed_rows(start), named=False))
        case "apple_health":
            path.write_bytes(apple_xml([apple_record("SleepAnalysis", night, woke, "AsleepCore")]))
        case "whoop_export":
            return whoop_zip(path, [night.replace(tzinfo=None) + timedelta(hours=8)], language)
    return path
