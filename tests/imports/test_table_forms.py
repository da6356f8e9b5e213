"""Tables of text: whole, cut off, and in other spellings."""

from datetime import UTC
from pathlib import Path

import pytest

from custom_components.openstrap.imports import ImportRefused, Refusal, open_import
from custom_components.openstrap.imports.table import named_rows, offset, open_table


def rows(path: Path, data: bytes) -> list[dict[str, str]]:
    """Give the rows of a table by the titles of its columns."""
    path.write_bytes(data)
    with open_import(path, path.parent) as opened, open_table(opened, opened.members[0]) as table:
        return list(named_rows(table))


def test_rows_by_name(tmp_path: Path) -> None:
    """In lower case; what is blank or has no column is left out."""
    data = b'\xef\xbb\xbf Date ,"RHR, min"\r\n2026-05-03, 52 ,9\r\n" ",\r\n2026-05-04\r\n'
    assert rows(tmp_path / "x", data) == [
        {"date": "2026-05-03", "rhr, min": "52"},
        {"date": "2026-05-04"},
    ]


def test_a_decimal_comma(tmp_path: Path) -> None:
    """Is one where cells are parted by something else, and only in numbers."""
    assert rows(tmp_path / "x", b"a;b;c\n1,5;-0,25;x, 1,5\n") == [
        {"a": "1.5", "b": "-0.25", "c": "x, 1,5"}
    ]
    assert rows(tmp_path / "x", b'a,b\n"1,5",2\n') == [{"a": "1,5", "b": "2"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_spelling(tmp_path: Path, end: str, encoding: str) -> None:
    """Of the ends of lines and of letters."""
    text = end.join(["day,note", "2026-05-03,\u00fcber", ""])
    assert rows(tmp_path / "x", text.encode(encoding)) == [
        {"day": "2026-05-03", "note": "\u00fcber"}
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_that_was_cut_off(tmp_path: Path, end: str) -> None:
    """Is refused, for half a number is another number; short rows that end are no damage."""
    whole = end.join(["a,b,c", "1,2,345", "6,7,890", ""])
    assert len(rows(tmp_path / "x", whole.encode())) == 2
    assert len(rows(tmp_path / "x", whole.removesuffix(end).encode())) == 2
    for left in ("6,78", "6", '6,"words that go on'):
        with pytest.raises(ImportRefused) as caught:
            rows(tmp_path / "x", whole.replace(f"6,7,890{end}", left).encode())
        assert caught.value.code is Refusal.DAMAGED
    assert len(rows(tmp_path / "x", whole.replace("6,7,890", "6,7").encode())) == 2


@pytest.mark.parametrize(
    "data", [b"date\n" + b"x" * 300_000, b"a,b\n\xff\0\n", b"a\n1\0\n", b"x" * 20_000]
)
def test_damaged_rows(tmp_path: Path, data: bytes) -> None:
    """A line without an end, and what is no text."""
    with pytest.raises(ImportRefused) as caught:
        rows(tmp_path / "x", data)
    assert caught.value.code is Refusal.DAMAGED


@pytest.mark.parametrize("cell", ["UTC", "Z", "UTCZ", "utcz", "GMT", "UTC+00:00"])
def test_no_offset_in_every_spelling(cell: str) -> None:
    """Where the clock shows UTC."""
    found = offset(cell)
    assert found is not None
    assert found.utcoffset(None) == UTC.utcoffset(None)
