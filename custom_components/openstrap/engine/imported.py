"""What is known of days from elsewhere, as fields that can be brought together in any order.

The fields of a day from one source are plain JSON: name -> [as of, value], where ``as of`` (epoch
s) is how far the file reached that told it. A file that reaches further knows better, and of two
that reach as far the larger text holds: so neither the order of imports nor their number shows.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
import json
from typing import Any, Final

from .insight.journal import JournalDay

IMPORTED_ALGORITHM: Final = 0
"""Stands in a result for the version of the algorithm: nobody here computed it."""
IMPORTED: Final = "imported"
"""Where a result's details tell of it, and what its inputs begin with."""
TIMEZONE: Final = "timezone"
SLEEP: Final = "sleep"
"""Start and end of the rest, epoch s."""
STAGES: Final = "stages"
"""Stretches of (start, end, stage)."""
NAP: Final = "nap/"
"""Begins the name of a nap, by its start: [start, end, minutes asleep or None]."""
WORKOUT: Final = "workout/"
"""Begins the name of a workout, by its start: what ``WORKOUT_KEYS`` name."""
TAG: Final = "tag/"
NUMBER: Final = "number/"
NOTE: Final = "note"
"""Parts of the entry of a journal."""
OF_JOURNAL: Final = (TAG, NUMBER, NOTE)
VALUE: Final = "value/"
"""Begins the name of a metric's value."""
WORKOUT_KEYS: Final = (
    "start_ts", "end_ts", "kind", "avg_bpm", "max_bpm", "kcal", "strain", "zone_s", "steps",
    "title",
)  # fmt: skip

type Fields = Mapping[str, tuple[int, Any]]
"""Name -> (as of, value)."""


class SourceName(StrEnum):
    """A system whose history was imported, in the order in which its days are believed.

    First the sources that saw the whole night with a band and the maker's own method, then those
    that worked it out from the same records, last the one that gathers from anywhere.
    """

    WHOOP_EXPORT = "whoop_export"
    OPENSTRAP_APP = "openstrap_app"
    NOOP = "noop"
    NOOP_PUSH = "noop_push"
    OPENWHOOP = "openwhoop"
    OPENSTRAP_SERVER = "openstrap_server"
    APPLE_HEALTH = "apple_health"


RANK: Final = {source: place for place, source in enumerate(SourceName)}


def join(parts: Iterable[Fields]) -> dict[str, tuple[int, Any]]:
    """Bring fields of one source together; the order and the number of parts do not matter."""
    found: dict[str, tuple[int, Any]] = {}
    for part in parts:
        for name, told in part.items():
            held = found.get(name)
            if held is None or _rank(told) > _rank(held):
                found[name] = told
    return found


def to_text(fields: Fields) -> str:
    """As text, the same for the same fields."""
    rows = {name: list(told) for name, told in fields.items()}
    return json.dumps(rows, allow_nan=False, separators=(",", ":"), sort_keys=True)


def from_text(text: str) -> dict[str, tuple[int, Any]]:
    """Undo ``to_text``. Raises ValueError or TypeError for anything else."""
    return {name: (int(as_of), value) for name, (as_of, value) in json.loads(text).items()}


def source_of(inputs: Iterable[str]) -> str | None:
    """Give the source of a number that was imported, by its inputs; None for a measured one."""
    for name in inputs:
        kind, _, source = name.partition(":")
        if kind == IMPORTED and source:
            return source
    return None


def journal_of(told: Mapping[SourceName, Fields]) -> JournalDay:
    """Make the entry of a day of what each source told: all tags, numbers and words of the best.

    Raises ValueError for fields that nobody can have written here.
    """
    tags: set[str] = set()
    numbers: dict[str, float] = {}
    note = ""
    for source in sorted(told, key=RANK.__getitem__):
        for name, (_, value) in sorted(told[source].items()):
            if name.startswith(TAG):
                tags.add(name.removeprefix(TAG))
            elif name.startswith(NUMBER):
                numbers.setdefault(name.removeprefix(NUMBER), value)
            elif name == NOTE:
                note = note or value
    return JournalDay(frozenset(tags), numbers, note)


def tells_of_day(fields: Fields) -> bool:
    """Whether there is more in it than a journal."""
    return any(name != TIMEZONE and not name.startswith(OF_JOURNAL) for name in fields)


def _rank(told: tuple[int, Any]) -> tuple[int, str]:
    as_of, value = told
    return as_of, json.dumps(value, separators=(",", ":"), sort_keys=True)
