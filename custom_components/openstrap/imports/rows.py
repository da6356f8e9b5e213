"""Tables in text: rows by the names of their columns, wherever these stand."""

from collections.abc import Iterator
import csv
import io

from .archive import Member, Opened
from .parts import ImportRefused, Refusal

_HEADER_BYTES = 16_384


def header_of(opened: Opened, member: Member) -> tuple[str, ...]:
    """Give the names of a table's columns, in lower case; none for what is no text."""
    start = opened.begins(member, _HEADER_BYTES)
    if b"\0" in start:
        return ()
    try:
        line = start.decode("utf-8-sig", "ignore").splitlines()[0]
    except IndexError:
        return ()
    return tuple(name.strip().lower() for name in next(csv.reader([line]), ()))


def rows_of(opened: Opened, member: Member) -> Iterator[dict[str, str]]:
    """Give the rows of a table with commas by the names of its columns, in lower case.

    An empty field is left out: it means not known. Raises ImportRefused for what is no such table.
    """
    with opened.stream(member) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        reader = csv.reader(text)
        try:
            names = [name.strip().lower() for name in next(reader)]
            for row in reader:
                yield {
                    name: value.strip()
                    for name, value in zip(names, row, strict=False)
                    if value.strip()
                }
        except (csv.Error, UnicodeDecodeError, StopIteration) as err:
            raise ImportRefused(Refusal.DAMAGED) from err
