"""Databases that were copied while their app had them open."""

from contextlib import closing
from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.openstrap.imports import ImportedDay, ImportRefused, Part, Refusal
from custom_components.openstrap.imports.unwritten import JOURNAL_MAGIC

from .makers import zipped
from .reading import of, parts_of

NAME = "noop-backup.sqlite"


@pytest.fixture(name="copied")
def copied_fixture(tmp_path: Path) -> Path:
    """Give a folder with a database of one day, a second day in the log beside it."""
    source, folder = tmp_path / NAME, tmp_path / "copied"
    folder.mkdir()
    with closing(sqlite3.connect(source)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("CREATE TABLE dailyMetric (deviceId, day, recovery)")
        conn.execute("INSERT INTO dailyMetric VALUES ('d', '2026-05-03', 50)")
        conn.commit()
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.execute("INSERT INTO dailyMetric VALUES ('d', '2026-05-04', 60)")
        conn.commit()
        for file in (source, source.with_name(f"{NAME}-wal"), source.with_name(f"{NAME}-shm")):
            shutil.copy(file, folder)
    return folder


def days(parts: list[Part]) -> list[int]:
    """Give the days that are told of."""
    return [one.day.day for one in of(ImportedDay, parts)]


@pytest.mark.parametrize("how", ["file", "folder", "zip"])
def test_what_is_in_the_log_counts(tmp_path: Path, copied: Path, how: str) -> None:
    """In every wrapping; what is imported is left as it was."""
    before = {file.name: file.read_bytes() for file in copied.iterdir()}
    path = {
        "file": copied / NAME,
        "folder": copied,
        "zip": zipped(tmp_path / "x.zip", {f"in/{name}": data for name, data in before.items()}),
    }[how]
    assert days(parts_of(path)[1]) == [3, 4]
    assert {file.name: file.read_bytes() for file in copied.iterdir()} == before


def test_a_log_of_another_database_counts_for_nothing(tmp_path: Path, copied: Path) -> None:
    """Nor does one that was cut off before its first change was whole."""
    whole = (copied / f"{NAME}-wal").read_bytes()
    for log in (b"", b"\x37\x7f\x06\x82" + bytes(5000), whole[:100], whole[:32] + bytes(4120)):
        (copied / f"{NAME}-wal").write_bytes(log)
        assert days(parts_of(copied)[1]) == [3]


def test_half_a_change_is_damage(copied: Path) -> None:
    """A journal that was done with is none."""
    (copied / f"{NAME}-wal").unlink()
    journal = copied / f"{NAME}-journal"
    journal.write_bytes(bytes(512))
    assert days(parts_of(copied / NAME)[1]) == [3]
    journal.write_bytes(JOURNAL_MAGIC + bytes(504))
    for path in (copied / NAME, copied):
        with pytest.raises(ImportRefused) as caught:
            parts_of(path)
        assert caught.value.code is Refusal.DAMAGED


def test_a_log_beside_a_damaged_database(copied: Path) -> None:
    """Does not mend it."""
    (copied / NAME).write_bytes((copied / NAME).read_bytes()[:100])
    (copied / f"{NAME}-wal").write_bytes(bytes(100))
    with pytest.raises(ImportRefused) as caught:
        parts_of(copied / NAME)
    assert caught.value.code is Refusal.DAMAGED
