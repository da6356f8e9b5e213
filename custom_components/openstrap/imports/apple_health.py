"""Apple Health's export: one XML file, of any size, in a ZIP or alone, read as it streams by.

Its heart rate variability is SDNN of a minute, which is neither this catalogue's SDNN of a night nor
its RMSSD: it is counted and left out. Phone and watch both count steps, and energy: of a day one
source is taken. It writes times with the offset that the phone had at export, which is of no use for
days: those are the wearer's own.
"""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any, Final
from xml.parsers import expat

from .apple_days import Health
from .archive import Member, Opened
from .parts import ImportRefused, Part, Refusal

MAX_DEPTH: Final = 40
MAX_ATTRIBUTES: Final = 100
MAX_SILENCE: Final = 4 * 1024 * 1024
"""Bytes without an element: one that has so much in it is no record."""
MAX_DOCTYPE: Final = 512 * 1024
_CHUNK: Final = 64 * 1024
_DOCTYPE: Final = b"<!DOCTYPE"
_ENTITY: Final = b"<!ENTITY"


def knows(opened: Opened) -> bool:
    """Tell whether an export is in it."""
    # Hundreds of cardiograms and routes may stand before it.
    return any(_is_export(opened.begins(member)) for member in opened.members)


def read(opened: Opened, zone: tzinfo) -> Iterator[Part]:
    """Read the export. Raises ImportRefused; parts come once all of it was read."""
    health = Health(zone)
    for member in opened.members:
        if _is_export(opened.begins(member)):
            yield from _records(opened, member, health)
    yield from health.parts()


def _is_export(begins: bytes) -> bool:
    head = begins.lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"HealthData" in begins


def _records(opened: Opened, member: Member, health: Health) -> Iterator[Part]:
    """Read a file into ``health``; workouts come at once."""
    parser = expat.ParserCreate()
    watch = _Watch(parser, health)
    with opened.stream(member) as stream:
        head = _without_doctype(stream.read(MAX_DOCTYPE))
        try:
            watch.feed(head)
            yield from health.workouts()
            while chunk := stream.read(_CHUNK):
                watch.feed(chunk)
                yield from health.workouts()
            parser.Parse(b"", True)
        except ImportRefused:
            raise
        except (expat.ExpatError, LookupError, ValueError) as err:
            # The last two are of an encoding that nobody knows.
            raise ImportRefused(Refusal.DAMAGED) from err
    yield from health.workouts()


def _without_doctype(head: bytes) -> bytes:
    """Cut the document type out: some versions of the phone write one that is not well formed.

    One that defines entities is no export.
    """
    start = head.find(_DOCTYPE)
    if start < 0:
        return head
    inside = head.find(b"[", start)
    closing = head.find(b">", start)
    if inside < 0 or closing < inside:
        end = closing + 1
    else:
        found = head.find(b"]>", inside)
        end = found + 2 if found >= 0 else 0
    if not end or _ENTITY in head[start:end].upper():
        raise ImportRefused(Refusal.SUSPICIOUS)
    return head[:start] + head[end:]


class _Watch:
    """Passes elements on, and stops at what no export has."""

    def __init__(self, parser: expat.XMLParserType, health: Health) -> None:
        self._parser = parser
        self._health = health
        self._depth = 0
        self._silence = 0
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def feed(self, chunk: bytes) -> None:
        self._silence += len(chunk)
        self._parser.Parse(chunk, False)
        if self._silence > MAX_SILENCE:
            raise ImportRefused(Refusal.SUSPICIOUS)

    def _refuse(self, *_: Any) -> int:
        raise ImportRefused(Refusal.SUSPICIOUS)

    def _start(self, name: str, told: Mapping[str, str]) -> None:
        self._silence = 0
        self._depth += 1
        if self._depth > MAX_DEPTH or len(told) > MAX_ATTRIBUTES:
            raise ImportRefused(Refusal.SUSPICIOUS)
        if self._depth == 1 and name != "HealthData":
            raise ImportRefused(Refusal.DAMAGED)
        self._health.start(name, told)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._health.end(name)
