"""What a file of another system is read into. Times are epoch seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ..engine.imported import SourceName
from ..engine.protocol import BeatRecords, Generation
from ..engine.sleep.hypnogram import Segment
from ..engine.told import Span, WorkoutKind

__all__ = [
    "Frames",
    "ImportRefused",
    "ImportedDay",
    "ImportedJournal",
    "ImportedNap",
    "ImportedWorkout",
    "OutsideSamples",
    "Part",
    "Refusal",
    "Skipped",
    "SourceName",
]

type Part = Frames | OutsideSamples | ImportedDay | ImportedWorkout | ImportedJournal | Skipped


class Refusal(StrEnum):
    """Why a whole file is refused; stable words that the screens translate."""

    UNKNOWN_FORMAT = "unknown_format"
    """No reader knows it."""
    DAMAGED = "damaged"
    """It begins as a known format, but cannot be read to its end."""
    EMPTY = "empty"
    """It is well formed and holds nothing that can be used."""
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    """It, or what it unpacks to, is above the limit."""
    SUSPICIOUS = "suspicious"
    """It unpacks to far more than honest data do, or names a place outside of itself."""
    TOO_MANY_FILES = "too_many_files"
    NO_SPACE = "no_space"
    """The disk has no room to unpack it."""
    UNKNOWN_VERSION = "unknown_version"
    """A later version of the format than is known, with another meaning of what is needed."""
    UNKNOWN_COLUMNS = "unknown_columns"
    """A table of a known kind in words that nobody knows; ``columns`` are its titles."""
    SEVERAL_PEOPLE = "several_people"
    """It holds the data of more than one person."""
    GONE = "gone"
    """It is not there, or may not be read."""


class ImportRefused(ValueError):
    """A whole file is refused; nothing of it is written."""

    def __init__(self, code: Refusal, **placeholders: str) -> None:
        """Take the reason, and words for its text."""
        super().__init__(code.value)
        self.code = code
        self.placeholders = placeholders


@dataclass(frozen=True, slots=True)
class Frames:
    """Raw records as the band sent them: inner payloads as hexadecimal text.

    A few thousand at a time, in any order. ``generation`` None leaves it to the frames.
    """

    texts: tuple[str, ...]
    generation: Generation | None = None


@dataclass(frozen=True, slots=True)
class OutsideSamples:
    """Decoded readings of which there are no frames.

    In any order, tens of thousands at a time. ``counter`` -1; ``subsec`` 0 where only the second
    is known. Of one second one record is kept: beats of it belong into its ``rr_ms``.
    """

    records: BeatRecords


@dataclass(frozen=True, slots=True)
class ImportedWorkout:
    """A workout of another system; it belongs to the local day on which it ends."""

    source: SourceName
    start_ts: float
    end_ts: float
    kind: WorkoutKind | None = None
    avg_hr_bpm: float | None = None
    max_hr_bpm: float | None = None
    kcal: float | None = None
    strain: float | None = None
    """On the scale of the catalogue, 0..21."""
    zone_s: tuple[float, float, float, float, float] | None = None
    """Seconds in the five zones of heart rate, the lowest first."""
    steps: int | None = None
    title: str | None = None
    """What its wearer called it."""


@dataclass(frozen=True, slots=True)
class ImportedNap:
    """A nap of another system."""

    start_ts: float
    end_ts: float
    asleep_min: float | None = None


@dataclass(frozen=True, slots=True)
class ImportedDay:
    """Numbers of a local day; the night is the one that ends on it.

    A day may come in several pieces, also of several files of one archive. ``values`` has keys of
    the catalogue and values in its units; what is not known is left out, never 0. ``timezone`` is
    the name of the wearer's zone. ``sleep`` is when the rest began and ended; ``stages`` are
    stretches within it, ascending, without overlap.
    """

    day: date
    timezone: str
    source: SourceName
    values: Mapping[str, float] = field(default_factory=dict)
    sleep: Span | None = None
    stages: tuple[Segment, ...] = ()
    naps: tuple[ImportedNap, ...] = ()
    workouts: tuple[ImportedWorkout, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedJournal:
    """The entry of a day in a journal: what applied, what was counted, and words.

    ``numbers`` as in ``JournalDay``: known fields in their units, or names of the wearer's own. An
    entry may come in several pieces. ``source`` None is that of the format.
    """

    day: date
    tags: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None
    source: SourceName | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows that were left out, for the report. ``reason`` is a stable word."""

    reason: str
    count: int = 1
