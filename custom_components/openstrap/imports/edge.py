"""The OpenStrap phone app: its whole database, or the tables it writes for a spreadsheet."""

from collections import Counter
from collections.abc import Iterator
from datetime import tzinfo
import sqlite3
from typing import Final

from ..engine.protocol import PacketType
from . import edge_csv
from .archive import Member, Opened
from .database import columns
from .edge_days import days, journal
from .edge_samples import samples
from .parts import Frames, Part, Skipped

FRAMES: Final = 2000
"""Frames of one part."""
RAW: Final = ("raw_records", "raw_archive")
"""Tables of records as the band sent them; the second holds those the app could not read."""
TELLING: Final = frozenset({"day_result", "decoded_onehz", "raw_records", "raw_archive"})
"""Tables by one of which the database is known; no other app has such."""
_TYPES: Final = {f"{int(kind):02x}" for kind in PacketType}
_ENVELOPE: Final = "aa"


def knows(opened: Opened) -> bool:
    """Tell whether it is the app's database, or tables that it wrote."""
    return _database(opened) is not None or edge_csv.knows(opened)


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read it."""
    member = _database(opened)
    if member is None:
        yield from edge_csv.read(opened, zone)
        return
    with opened.database(member) as conn:
        for table in RAW:
            yield from _frames(conn, table)
        yield from samples(conn)
        yield from days(conn, zone)
        yield from journal(conn)


def _database(opened: Opened) -> Member | None:
    return next((one for one in opened.members if opened.tables(one) & TELLING), None)


def _frames(conn: sqlite3.Connection, table: str) -> Iterator[Part]:
    """Give the records of a table; those of other makers' devices are left out."""
    if "hex" not in columns(conn, table):
        return
    skipped: Counter[str] = Counter()
    found: list[str] = []
    for (text,) in conn.execute(f"SELECT hex FROM {table}"):  # noqa: S608 - a name from above
        if not isinstance(text, str):
            skipped["no_value"] += 1
        elif (start := text[:2].lower()) not in _TYPES and start != _ENVELOPE:
            skipped["other_device"] += 1
        else:
            found.append(text)
            if len(found) == FRAMES:
                yield Frames(tuple(found))
                found.clear()
    if found:
        yield Frames(tuple(found))
    yield from (Skipped(reason, count) for reason, count in skipped.items())
