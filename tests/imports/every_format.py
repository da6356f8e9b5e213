"""A file of every format."""

from datetime import datetime, timedelta
from pathlib import Path

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


def made(path: Path, name: str) -> Path:
    """Make a file of a format."""
    match name:
        case "noop":
            return zipped(
                path, {"x": database(path.with_suffix(".db"), noop_tables(START)).read_bytes()}
            )
        case "noop_csv":
            path.write_bytes(noop_csv(START, 60))
        case "openwhoop":
            return database(path, openwhoop_tables(START))
        case "openstrap_server":
            path.write_bytes(seed_sql(seed_rows(START), named=False))
        case "apple_health":
            end = NIGHT + timedelta(hours=8)
            path.write_bytes(apple_xml([apple_record("SleepAnalysis", NIGHT, end, "AsleepCore")]))
        case "whoop_export":
            return whoop_zip(path, [datetime(2026, 3, 29, 7)], "de")
    return path
