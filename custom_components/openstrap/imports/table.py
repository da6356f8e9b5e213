"""A table of text (CSV), read a row at a time, whoever wrote it and in whatever spelling."""

import codecs
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
import io
import re
from typing import Final

from .archive import Member, Opened
from .parts import ImportRefused, Refusal

MAX_HEAD: Final = 16 * 1024
"""Characters of a line of titles; the longest known one has 800."""
MAX_COLUMNS: Final = 400
MAX_ROW: Final = 256 * 1024
"""Characters of one row; the longest honest ones are notes of a few thousand."""
MAX_CELL: Final = 128 * 1024
"""Characters of a cell. The csv module's own limit is the same, but anybody in the process may move
that."""
MAX_COMMENTS: Final = 50
"""Lines that begin with # before the titles."""
FIRST_YEAR: Final = 2010
LAST_YEAR: Final = 2100
"""Outside of these a time is a fault."""
_LOOK: Final = 64 * 1024
_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,3})?")
_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
)
_OFFSET: Final = re.compile(
    r"(?:utc|gmt)?[ ]*(?:(?P<sign>[-+\u2212])(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?)?",
    re.IGNORECASE,
)
_MAX_OFFSET: Final = timedelta(hours=15)
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,15},[0-9]{1,20}")
_SURELY_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,15},(?:[0-9]{1,2}|[0-9]{4,20})")
_POINTED: Final = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Table:
    """The titles as they stand, and the rows as they come; short rows stay short."""

    titles: tuple[str, ...]
    rows: Iterator[list[str]]
    decimal_comma: bool
    """Cells are parted by something else, so that a comma can only be a decimal one."""


@contextmanager
def open_table(opened: Opened, member: Member) -> Iterator[Table]:
    """Read a member as a table; raises ImportRefused when it is none, there or later on."""
    with opened.stream(member) as stream:
        encoding = _encoding(stream.peek(_LOOK)[:_LOOK])
        text = io.TextIOWrapper(stream, encoding, newline="")
        try:
            lines = _Lines(text)
            head = _head(lines)
            delimiter = _delimiter(head)
            titles = tuple(next(csv.reader([head], delimiter=delimiter), []))
            if len(titles) > MAX_COLUMNS:
                raise ImportRefused(Refusal.DAMAGED)
            yield Table(titles, _rows(lines, delimiter, len(titles)), delimiter != ",")
        except (UnicodeError, csv.Error) as err:
            raise ImportRefused(Refusal.DAMAGED) from err
        finally:
            # What closes the stream is whoever opened it.
            text.detach()


def named_rows(table: Table) -> Iterator[dict[str, str]]:
    """Give the rows by the titles in lower case, with decimal points.

    A cell that is blank is left out: it means not known.
    """
    names = [title.strip().lower() for title in table.titles]
    for row in table.rows:
        told = {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}
        if table.decimal_comma:
            for name, cell in told.items():
                if _DECIMAL.fullmatch(cell):
                    told[name] = cell.replace(",", ".")
        yield told


def has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the commas in the numbers of some rows can only be decimal ones."""
    cells = [cell.strip() for row in rows for cell in row]
    return any(map(_SURELY_DECIMAL.fullmatch, cells)) and not any(map(_POINTED.fullmatch, cells))


def is_text(begins: bytes) -> bool:
    """Tell whether bytes are the beginning of text and not of anything else."""
    try:
        return "\0" not in begins[: len(begins) & ~1].decode(_encoding(begins), "ignore")
    except ImportRefused, UnicodeError:
        return False


def number(cell: str | None, *, decimal_comma: bool = False) -> float | None:
    """Read the number of a cell; None for anything else, and where a comma may mean two things."""
    text = (cell or "").strip().replace("\u2212", "-")
    if "," in text:
        if "." in text:
            # The last of the two parts the decimals.
            dots = text.rfind(".") > text.rfind(",")
            text = text.replace(",", "") if dots else text.replace(".", "").replace(",", ".")
        elif _GROUPED.fullmatch(text) and not decimal_comma:
            return None
        else:
            text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) < float("inf") else None


def wall_time(cell: str | None) -> datetime | None:
    """Read the wall-clock time of a cell, without a zone; None for anything else."""
    text = (cell or "").strip()
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def offset(cell: str | None) -> tzinfo | None:
    """Read an offset like UTC+01:00, -0330, UTC, UTCZ or Z; None for anything else."""
    text = (cell or "").strip()
    if text.lower() in ("z", "utcz"):
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None or not text:
        return None
    if found["sign"] is None:
        return UTC
    size = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if size >= _MAX_OFFSET:
        return None
    return timezone(size if found["sign"] == "+" else -size)


class _Lines:
    """Lines of a text, none of them, and no row of several, longer than can be honest."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._size = 0
        self.ended = True
        """Whether the last line was one to its end."""

    def row_done(self) -> None:
        self._size = 0

    def head(self) -> str:
        line = self._text.readline(MAX_HEAD)
        if len(line) >= MAX_HEAD or "\0" in line:
            raise ImportRefused(Refusal.DAMAGED)
        return line

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW):
            self._size += len(line)
            self.ended = line.endswith(("\n", "\r"))
            if self._size >= MAX_ROW or "\0" in line:
                raise ImportRefused(Refusal.DAMAGED)
            yield line


def _head(lines: _Lines) -> str:
    for _ in range(MAX_COMMENTS):
        line = lines.head()
        if not line:
            break
        if line.strip() and not line.startswith("#"):
            return line
    raise ImportRefused(Refusal.EMPTY)


def _rows(lines: _Lines, delimiter: str, width: int) -> Iterator[list[str]]:
    for row in csv.reader(lines, delimiter=delimiter):
        lines.row_done()
        if len(row) < width and not lines.ended:
            # Cut off: the last of its cells may be half of a number.
            raise ImportRefused(Refusal.DAMAGED)
        if max(map(len, row), default=0) > MAX_CELL:
            raise ImportRefused(Refusal.DAMAGED)
        if any(cell.strip() for cell in row):
            yield row


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _encoding(begins: bytes) -> str:
    """Tell how a text is written; raises ImportRefused when it is none."""
    if begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in begins:
        raise ImportRefused(Refusal.DAMAGED)
    if begins.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        begins.decode("utf-8")
    except UnicodeDecodeError as err:
        # A letter may be cut where the bytes end, unless the text ends there too.
        if len(begins) < _LOOK or err.start < len(begins) - 3:
            return "cp1252"
    return "utf-8-sig"
