"""What a wearer wrote down about a day, and which morning it is held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import math
from types import MappingProxyType
from typing import Any, Final, Self

MAX_TAGS: Final = 24
MAX_TAG: Final = 200
"""Characters: more than the longest question of another system (judgement)."""
MAX_NOTE: Final = 1000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Field:
    """A number that can be written down: its unit and its limits."""

    unit: str
    low: float
    high: float


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "mood": Field("1-5", 1, 5),
        "sleep_quality": Field("1-5", 1, 5),
        "energy": Field("1-5", 1, 5),
        "stress": Field("1-5", 1, 5),
        "soreness": Field("1-5", 1, 5),
        "water": Field("ml", 0, 6000),
        "caffeine": Field("mg", 0, 1000),
        "caffeine_time": Field("h", 0, 24),
        "alcohol": Field("units", 0, 20),
        "screens": Field("min", 0, 480),
        "weight": Field("kg", 20, 400),
    }
)
"""Known fields; any other name is the wearer's own and has no limits."""

FIELDS_OF_NEXT_MORNING: Final = frozenset(
    {
        "alcohol", "caffeine", "caffeine_time", "late_meal", "nicotine", "screens", "steps", "water",
    }
)  # fmt: skip
"""What is done in a day shows in the night that follows, which ends on the next day."""
TAGS_OF_SAME_DAY: Final = frozenset({"poor sleep", "sick", "stress"})
"""Tags that name a state: held against the day itself, whose night led up to it."""


@dataclass(frozen=True, slots=True)
class JournalDay:
    """The entry of a local day: what was so, what was counted, and words.

    A tag that an entry does not name was not so; a number that it does not name is unknown,
    which is not 0. Raises ValueError for a number that is not finite or out of its limits.
    """

    tags: frozenset[str] = frozenset()
    numbers: Mapping[str, float] = MappingProxyType({})
    note: str = ""

    def __post_init__(self) -> None:
        """Hold the rules; names are trimmed and in small letters."""
        object.__setattr__(self, "tags", frozenset(cleaned(self.tags)))
        numbers = {name.strip().lower(): float(value) for name, value in self.numbers.items()}
        for name, value in numbers.items():
            field = FIELDS.get(name)
            if not math.isfinite(value):
                raise ValueError("a number of a journal is finite")
            if field is not None and not field.low <= value <= field.high:
                raise ValueError(f"{name} lies between {field.low:g} and {field.high:g}")
        object.__setattr__(self, "numbers", MappingProxyType(dict(sorted(numbers.items()))))
        object.__setattr__(self, "note", self.note.strip()[:MAX_NOTE])

    def __bool__(self) -> bool:
        """Whether anything was written; an empty entry is none."""
        return bool(self.tags or self.numbers or self.note)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {"tags": sorted(self.tags), "numbers": dict(self.numbers), "note": self.note}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(frozenset(data["tags"]), dict(data["numbers"]), data["note"])


def cleaned(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags trimmed, in small letters, each once, the first 24 in the order of the alphabet.

    Of one that is too long the begin.
    """
    short = {tag.strip().lower()[:MAX_TAG].strip() for tag in tags}
    return tuple(sorted(short - {""}))[:MAX_TAGS]


def tag_lag(name: str) -> int:
    """Days from an entry to the outcome that a tag is held against."""
    return 0 if name in TAGS_OF_SAME_DAY else 1


def field_lag(name: str) -> int:
    """Days from an entry to the outcome that a number is held against."""
    return 1 if name in FIELDS_OF_NEXT_MORNING else 0
