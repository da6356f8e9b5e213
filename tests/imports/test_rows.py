"""Tables in text, whole and not."""

from pathlib import Path

import pytest

from custom_components.openstrap.imports import ImportRefused, Refusal, open_import
from custom_components.openstrap.imports.rows import header_of, rows_of

from .makers import zipped


def header(tmp_path: Path, data: bytes) -> tuple[str, ...]:
    """Give the columns of a table in an archive, where a file may well be empty."""
    path = zipped(tmp_path / "x.zip", {"a.csv": data})
    with open_import(path, tmp_path) as opened:
        return header_of(opened, opened.members[0])


def rows(tmp_path: Path, data: bytes) -> list[dict[str, str]]:
    """Give the rows of such a table."""
    path = zipped(tmp_path / "x.zip", {"a.csv": data})
    with open_import(path, tmp_path) as opened:
        return list(rows_of(opened, opened.members[0]))


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n", b"date,\0rhr\n1,2\n"])
def test_no_header(tmp_path: Path, data: bytes) -> None:
    """In an empty file, one of a mark or of blank lines, and one that is no text."""
    assert header(tmp_path, data) == ()


def test_a_header(tmp_path: Path) -> None:
    """Its names in lower case, with or without rows below and a mark before."""
    assert header(tmp_path, b'\xef\xbb\xbf Date ,"RHR, min"\r\n1,2\r\n') == ("date", "rhr, min")
    assert header(tmp_path, b"date") == ("date",)


def test_rows(tmp_path: Path) -> None:
    """By name; what is blank or has no column is left out."""
    assert rows(tmp_path, b'Date,RHR\n2026-05-03, 52 ,9\n" ",\n2026-05-04\n') == [
        {"date": "2026-05-03", "rhr": "52"},
        {},
        {"date": "2026-05-04"},
    ]


@pytest.mark.parametrize("data", [b"", b"date\n\xff\xfe\n", b"date\n" + b"x" * 200_000])
def test_damaged_rows(tmp_path: Path, data: bytes) -> None:
    """Of no line at all, no text, or a field without an end."""
    with pytest.raises(ImportRefused) as caught:
        rows(tmp_path, data)
    assert caught.value.code is Refusal.DAMAGED
