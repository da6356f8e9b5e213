"""Other systems' files read into parts that mean the same whatever they were read from.

A reader takes an ``Opened`` file and the wearer's time zone, and gives ``Part`` after ``Part``; it
writes nothing, knows no store and no Home Assistant, and holds only a little of the file at once.
"""

from ..engine.imported import SourceName
from .archive import Member, Opened, open_import
from .parts import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedNap,
    ImportedWorkout,
    ImportRefused,
    OutsideSamples,
    Part,
    Refusal,
    Skipped,
)

__all__ = [
    "Frames",
    "ImportRefused",
    "ImportedDay",
    "ImportedJournal",
    "ImportedNap",
    "ImportedWorkout",
    "Member",
    "Opened",
    "OutsideSamples",
    "Part",
    "Refusal",
    "Skipped",
    "SourceName",
    "open_import",
]
