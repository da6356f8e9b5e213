"""Days in a file, as JSON or as a table; all of it runs in the executor."""

from collections.abc import Sequence
from contextlib import suppress
import csv
import json
import os
from pathlib import Path
import tempfile
from typing import IO, Any, Final

from .engine.catalog import CATALOG

FORMATS: Final = ("csv", "json")
VERSION: Final = 1
"""Goes up when a reader of the files has to change."""
ONLY_OWNER: Final = 0o600
"""Health data are nobody else's on the machine."""

HEAD: Final = ("day", "timezone", "final", "algorithm")
JOURNAL: Final = ("journal_tags", "journal_note")
COLUMNS: Final = (
    *HEAD,
    *(column for key in CATALOG for column in (key, f"{key}_confidence")),
    *JOURNAL,
)


class ExportFile:
    """A file that appears under its name only when it is complete.

    Every method may raise OSError, FileExistsError for a file that is not to be replaced.
    """

    def __init__(self, path: Path, kind: str, *, overwrite: bool) -> None:
        """Prepare to write to a path; nothing is touched yet."""
        self._path = path
        self._json = kind == "json"
        self._overwrite = overwrite
        self._part: tuple[IO[str], Path] | None = None
        self._any = False

    def open(self) -> None:
        """Begin, beside where the file will be, under a name that nobody else has."""
        handle, part = tempfile.mkstemp(".part", f".{self._path.name}.", self._path.parent)
        file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._part = file, Path(part)
        if self._json:
            file.write(f'{{"openstrap_export": {VERSION}, "days": [')
        else:
            csv.writer(file).writerow(COLUMNS)

    def write(self, days: Sequence[dict[str, Any]]) -> None:
        """Add days, of which ``answers.exported`` tells the form."""
        file, _ = self._opened()
        if not self._json:
            csv.writer(file).writerows(map(_row, days))
            return
        for day in days:
            file.write(",\n" if self._any else "\n")
            json.dump(day, file, allow_nan=False, separators=(",", ":"))
            self._any = True

    def finish(self) -> None:
        """Write all of it to the disk and give the file its name."""
        file, part = self._opened()
        if self._json:
            file.write("\n]}\n")
        file.flush()
        os.fsync(file.fileno())
        file.close()
        if not self._overwrite:
            # Claims the name, which nobody else can have taken then.
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER))
        part.replace(self._path)

    def discard(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        if self._part is None:
            return
        file, part = self._part
        # Closing writes what is left, for which a full disk has no room either.
        with suppress(OSError):
            file.close()
        part.unlink(missing_ok=True)

    def _opened(self) -> tuple[IO[str], Path]:
        if self._part is None:
            raise OSError("the file is not open")
        return self._part


def _row(day: dict[str, Any]) -> list[Any]:
    """Lay a day out as ``COLUMNS``; what is not known is empty."""
    metrics = day.get("metrics") or {}
    entry = day["journal"] or {"tags": (), "note": ""}
    cells: list[Any] = [day.get(name) for name in HEAD]
    for key in CATALOG:
        metric = metrics.get(key)
        if metric is None or metric["value"] is None:
            cells += [None, None]
        else:
            cells += [metric["value"], metric["confidence"]]
    return [*cells, ";".join(entry["tags"]), entry["note"]]
