"""Tables of a recording, found by their columns instead of their names."""

from collections.abc import Iterator
import csv
import gzip
from pathlib import Path
from typing import TextIO


class UnknownFormat(ValueError):
    """A path holds nothing that any adapter knows."""


def folder_of(path: Path) -> Path:
    """Return the folder of a recording, of which one file may have been named."""
    return path if path.is_dir() else path.parent


def find_table(path: Path, columns: set[str]) -> Path | None:
    """Return the first table of a recording that has all these columns."""
    for file in sorted(folder_of(path).glob("*.csv*")):
        if file.name.endswith((".csv", ".csv.gz")) and columns <= set(_header(file)):
            return file
    return None


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Read a table row by row."""
    with _open(file) as text:
        yield from csv.DictReader(text)


def _header(file: Path) -> list[str]:
    with _open(file) as text:
        return next(csv.reader(text), [])


def _open(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8", newline="")
    return file.open(encoding="utf-8", newline="")
