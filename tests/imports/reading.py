"""Reading made files the way an import does."""

from collections.abc import Sequence
from pathlib import Path
import tempfile
from zoneinfo import ZoneInfo

from custom_components.openstrap.imports import Part, open_import
from custom_components.openstrap.imports.sniff import format_of

BERLIN = ZoneInfo("Europe/Berlin")


def parts_of(path: Path, zone: ZoneInfo = BERLIN) -> tuple[str, list[Part]]:
    """Give the name of the format of a file and all parts of it."""
    with tempfile.TemporaryDirectory() as scratch, open_import(path, Path(scratch)) as opened:
        found = format_of(opened)
        return found.name, list(found.read(opened, zone))


def of[T](kind: type[T], parts: Sequence[Part]) -> list[T]:
    """Give the parts of a kind."""
    return [part for part in parts if isinstance(part, kind)]
