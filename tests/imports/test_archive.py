"""Files that are opened for an import, honest and not."""

import gzip
import os
from pathlib import Path
import sqlite3
from unittest.mock import patch
import zipfile

import pytest

from custom_components.openstrap.imports import ImportRefused, Opened, Refusal, archive, open_import
from custom_components.openstrap.imports.database import columns, connect, number


def read_all(path: Path, scratch: Path) -> None:
    """Read all of a file."""
    with open_import(path, scratch) as opened:
        for member in opened.members:
            with opened.stream(member) as stream:
                while stream.read(100_000):
                    pass


def refused(path: Path, scratch: Path) -> Refusal:
    """Give why a file is refused."""
    with pytest.raises(ImportRefused) as caught:
        read_all(path, scratch)
    return caught.value.code


def zipped(path: Path, names: dict[str, bytes]) -> Path:
    """Make an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in names.items():
            packed.writestr(name, content)
    return path


def contents(opened: Opened) -> dict[str, bytes]:
    """Give what is in a file."""
    return {member.name: opened.begins(member) for member in opened.members}


def test_every_wrapping(tmp_path: Path) -> None:
    """Plain, gzip, archive and folder give the same."""
    folder = tmp_path / "folder"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.csv").write_bytes(b"abc")
    (folder / "link").symlink_to("/etc/passwd")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(b"abc"))
    archived = zipped(
        tmp_path / "a.zip", {"in/a.csv": b"abc", "__MACOSX/in/._a.csv": b"?", "in/": b""}
    )
    for path, name in (
        (folder, "in/a.csv"),
        (folder / "in" / "a.csv", "a.csv"),
        (packed, "a.csv"),
        (archived, "in/a.csv"),
    ):
        with open_import(path, tmp_path) as opened:
            assert contents(opened) == {name: b"abc"}
            (member,) = opened.members
            assert member.stem == "a"
            assert opened.file(member).read_bytes() == b"abc"
            assert opened.file(member) == opened.file(member)
            assert opened.tables(member) == frozenset()


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "C:\\a", "C:/a", "a\\b"])
def test_names_outside(tmp_path: Path, name: str) -> None:
    """No name of a file is a place."""
    assert refused(zipped(tmp_path / "a.zip", {name: b"x"}), tmp_path) is Refusal.SUSPICIOUS


@pytest.mark.parametrize(
    "name", ["2026-05-03 10:15/a.csv", "export 3:5:26.csv", "a b (1).csv", "..a"]
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    """Times, blanks and dots are no places."""
    with open_import(zipped(tmp_path / "a.zip", {name: b"x"}), tmp_path) as opened:
        assert contents(opened) == {name: b"x"}


def test_bombs(tmp_path: Path) -> None:
    """Of one layer, of many files, and of a limit in all."""
    bomb = bytes(40 * 1024**2)
    assert refused(zipped(tmp_path / "a.zip", {"a": bomb}), tmp_path) is Refusal.SUSPICIOUS
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(bomb))
    assert refused(packed, tmp_path) is Refusal.SUSPICIOUS
    many = zipped(tmp_path / "b.zip", {str(at): b"" for at in range(12)})
    with patch.object(archive, "MAX_FILES", 11):
        assert refused(many, tmp_path) is Refusal.TOO_MANY_FILES
    with patch.object(archive, "MAX_READ_BYTES", 1000):
        assert (
            refused(zipped(tmp_path / "c.zip", {"a": bytes(2000)}), tmp_path) is Refusal.TOO_LARGE
        )


def test_broken_ones(tmp_path: Path) -> None:
    """Cut, encrypted, empty, or not there."""
    whole = zipped(tmp_path / "a.zip", {"a": bytes(range(256)) * 999}).read_bytes()
    path = tmp_path / "b"
    for content, code in (
        (whole[:-30], Refusal.DAMAGED),
        (whole[:60] + b"\xff" * 40 + whole[100:], Refusal.DAMAGED),
        (gzip.compress(b"abc" * 999)[:-9], Refusal.DAMAGED),
        (b"", Refusal.EMPTY),
    ):
        path.write_bytes(content)
        assert refused(path, tmp_path) is code
    assert refused(tmp_path / "none", tmp_path) is Refusal.GONE
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe", tmp_path) is Refusal.GONE
    marked = bytearray(whole)
    marked[6] |= 1
    marked[marked.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(marked)
    assert refused(path, tmp_path) is Refusal.ENCRYPTED


def test_the_disk_has_limits(tmp_path: Path) -> None:
    """What has to be unpacked is counted, and leaves room."""
    path = zipped(tmp_path / "a.zip", {"a": bytes(5000)})
    with open_import(path, tmp_path, max_extracted=4999) as opened:
        with pytest.raises(ImportRefused) as caught:
            opened.file(opened.members[0])
        assert caught.value.code is Refusal.TOO_LARGE
    with open_import(path, tmp_path) as opened, patch.object(archive, "SPARE_BYTES", 2**62):
        with pytest.raises(ImportRefused) as caught:
            opened.file(opened.members[0])
        assert caught.value.code is Refusal.NO_SPACE


def test_a_database_can_only_be_read(tmp_path: Path) -> None:
    """Nothing is written beside it, and a number is a number."""
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE t (A, b)")
        conn.execute("CREATE VIEW v AS SELECT 1 AS a")
        conn.execute("INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 1)")
    conn.close()
    before = sorted(tmp_path.iterdir())
    conn = connect(path)
    assert columns(conn, "T") == {"a", "b"}
    assert columns(conn, "v") == columns(conn, "none") == frozenset()
    assert conn.execute("SELECT a FROM t").fetchone() == ("\ufffdA",)
    with pytest.raises(sqlite3.OperationalError):
        conn.execute("DELETE FROM t")
    conn.close()
    assert sorted(tmp_path.iterdir()) == before
    assert [number(one) for one in (1, "2.5", None, True, "x", float("nan"), b"1", "1e999")] == [
        1.0, 2.5, None, None, None, None, None, None,
    ]  # fmt: skip
