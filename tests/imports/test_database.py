"""Why somebody else's database is refused, and what is read of its values."""

from contextlib import closing
from pathlib import Path
import sqlite3

import pytest

from custom_components.openstrap.imports import ImportRefused, Refusal, open_import
from custom_components.openstrap.imports.database import HEADER, connect, number, tables


def refused(path: Path, *, check: bool = True) -> Refusal:
    """Give why a database is refused."""
    with pytest.raises(ImportRefused) as caught:
        connect(path, check=check)
    return caught.value.code


@pytest.mark.parametrize("check", [True, False])
def test_a_file_that_is_not_there(tmp_path: Path, *, check: bool) -> None:
    """Is said to be gone, and is not made; nor is a folder a database."""
    path = tmp_path / "gone.db"
    assert refused(path, check=check) is Refusal.GONE
    assert not path.exists()
    assert refused(tmp_path, check=check) is Refusal.GONE


@pytest.mark.parametrize("data", [b"date,rhr\n" * 99, HEADER, HEADER + bytes(4080)])
def test_a_file_that_is_no_database(tmp_path: Path, data: bytes) -> None:
    """Is damaged, however well it begins, and stays as it was."""
    path = tmp_path / "x.db"
    path.write_bytes(data)
    assert refused(path) is Refusal.DAMAGED
    assert path.read_bytes() == data


def test_a_sound_one_under_an_odd_name(tmp_path: Path) -> None:
    """What means something in an address is part of the name, and nothing can be written."""
    path = tmp_path / "a?mode=rwc#%41.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE Days (a)")
        made.execute("INSERT INTO Days VALUES (CAST(x'61ff' AS TEXT))")
        made.commit()
    with closing(connect(path)) as conn:
        assert tables(conn) == {"days"}
        assert conn.execute("SELECT a FROM Days").fetchall() == [("a\ufffd",)]
        with pytest.raises(sqlite3.OperationalError):
            conn.execute("DELETE FROM Days")
    assert list(tmp_path.iterdir()) == [path]


def test_numbers() -> None:
    """Text may be one; what is no number, or none that is finite, is not known."""
    assert [number(one) for one in (3, 2.5, " 7 ")] == [3.0, 2.5, 7.0]
    for value in ("", "x", "inf", float("nan"), 10**400, True, None, b"1"):
        assert number(value) is None


def test_damage_that_cannot_even_be_told(tmp_path: Path) -> None:
    """SQLite quotes what it could not read in its message, which is no text then."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE heart_rate (a)")
    path.write_bytes(path.read_bytes().replace(b"heart_rate", b"heart_\xb7\xff\xfe "))
    assert refused(path) is Refusal.DAMAGED
    with open_import(path, tmp_path) as opened:
        (member,) = opened.members
        with pytest.raises(ImportRefused) as caught:
            opened.tables(member)
        assert caught.value.code is Refusal.DAMAGED
        with pytest.raises(ImportRefused) as caught, opened.database(member):
            pass
        assert caught.value.code is Refusal.DAMAGED
