"""A file being read, a batch at a time, so that whoever reads can stop in between."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

from .archive import Opened, open_import
from .parts import Frames, ImportRefused, OutsideSamples, Part, Refusal
from .sniff import Format, format_of

BATCH_S: Final = 0.25
"""Time after which a batch is given, whatever is in it, s."""
BATCH_WEIGHT: Final = 20_000
"""Frames and seconds of a batch."""


class Reading:
    """An import that goes on; its methods may be called from one thread after another.

    Every method may raise ImportRefused.
    """

    def __init__(self, path: Path, scratch: Path, zone: ZoneInfo, max_extracted: int) -> None:
        """Prepare; nothing is opened yet. ``scratch`` as in ``open_import``."""
        self._path = path
        self._scratch = scratch
        self._zone = zone
        self._max_extracted = max_extracted
        self._stack = ExitStack()
        self._lock = Lock()
        self._opened: Opened | None = None
        self._parts: Iterator[Part] | None = None
        self._format: Format | None = None

    def open(self) -> Format:
        """Open the file and find out what it is."""
        with self._lock:
            self._opened = self._stack.enter_context(
                open_import(self._path, self._scratch, max_extracted=self._max_extracted)
            )
            self._format = format_of(self._opened)
            return self._format

    def batch(self) -> list[Part]:
        """Give the next parts; none at the end, after which it begins anew."""
        with self._lock:
            if self._opened is None or self._format is None:
                raise ImportRefused(Refusal.GONE)
            if self._parts is None:
                self._parts = self._format.read(self._opened, self._zone)
            found: list[Part] = []
            weight, until = 0, monotonic() + BATCH_S
            for part in self._parts:
                found.append(part)
                weight += _weight(part)
                if weight >= BATCH_WEIGHT or monotonic() >= until:
                    return found
            if not found:
                self._parts = None
            return found

    def close(self) -> None:
        """Close everything, once a batch that is being read is there."""
        with self._lock:
            # A reader that has not ended holds what it opened itself.
            if self._parts is not None and hasattr(self._parts, "close"):
                self._parts.close()
            self._parts = self._opened = None
            self._stack.close()


def _weight(part: Part) -> int:
    match part:
        case Frames():
            return len(part.texts)
        case OutsideSamples():
            return len(part.records.epoch)
    return 50
