"""Which format a file is, by what is in it; its name is anybody's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from . import apple_health, edge, noop, openwhoop, seed, whoop
from .archive import Opened
from .parts import ImportRefused, Part, Refusal, SourceName

type Reader = Callable[[Opened, tzinfo], Iterator[Part]]
"""Reads a file; raises ImportRefused when it is damaged or is not what it seemed to be."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format, whose days it tells, how it is known (quickly), and its reader."""

    name: str
    source: SourceName
    knows: Callable[[Opened], bool]
    read: Reader


FORMATS: Final = (
    Format("openstrap_app", SourceName.OPENSTRAP_APP, edge.knows, edge.read),
    Format("noop", SourceName.NOOP, noop.knows, noop.read),
    Format("openwhoop", SourceName.OPENWHOOP, openwhoop.knows, openwhoop.read),
    Format("openstrap_server", SourceName.OPENSTRAP_SERVER, seed.knows, seed.read),
    Format("apple_health", SourceName.APPLE_HEALTH, apple_health.knows, apple_health.read),
    Format("whoop_export", SourceName.WHOOP_EXPORT, whoop.knows, whoop.read),
)
"""In the order in which they are asked: those that are surest of themselves first."""


def format_of(opened: Opened) -> Format:
    """Give the format of a file. Raises ImportRefused for one that nobody knows."""
    for one in FORMATS:
        if one.knows(opened):
            return one
    raise ImportRefused(Refusal.UNKNOWN_FORMAT)
