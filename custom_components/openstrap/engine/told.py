"""What a wearer told: what no record says, and what is never worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Any, Final, Literal, Self, get_args

type WorkoutKind = Literal["run", "cycle", "strength", "walk", "swim", "cardio", "yoga", "other"]
WORKOUT_KINDS: Final[tuple[WorkoutKind, ...]] = get_args(WorkoutKind.__value__)
type Span = tuple[float, float]
"""Start and end, epoch s."""
MAX_REST_S: Final = 18.0 * 3600.0
"""Nobody rests for longer in one piece, and who tells it has mistaken the day, s (judgement)."""
SAME_SHARE: Final = 0.5
"""What is found again is what was told of when they share so much of the shorter of the two
(judgement); its edges move as more records come in."""


def shared_s(one: Span, other: Span) -> float:
    """Give the seconds that two stretches share; below 0 how far they are apart."""
    return min(one[1], other[1]) - max(one[0], other[0])


def is_same(found: Span, told: Span) -> bool:
    """Tell whether a stretch that was found is the one that was told of."""
    shorter = min(found[1] - found[0], told[1] - told[0])
    return shared_s(found, told) >= SAME_SHARE * shorter > 0.0


@dataclass(frozen=True, slots=True)
class ToldWorkout:
    """A workout by the wearer's own word; times are epoch s.

    ``end_ts`` is None while it goes on. ``kind`` None leaves the kind to the records.
    ``replaces`` is the span of the detected workout that it corrects. ``title`` is what the wearer
    calls it, which nothing is worked out from. Raises ValueError for times that are not finite, or
    an end that is not after the start.
    """

    id: str
    start_ts: float
    end_ts: float | None = None
    kind: WorkoutKind | None = None
    replaces: Span | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        """Hold the rules."""
        ends = () if self.end_ts is None else (self.end_ts,)
        if not all(math.isfinite(ts) for ts in (self.start_ts, *ends, *(self.replaces or ()))):
            raise ValueError("the times of a workout are finite")
        if self.end_ts is not None and self.end_ts <= self.start_ts:
            raise ValueError("a workout ends after it begins")
        if self.kind is not None and self.kind not in WORKOUT_KINDS:
            raise ValueError("not a kind of workout")

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "id": self.id,
            "start_ts": self.start_ts,
            "end_ts": self.end_ts,
            "kind": self.kind,
            "replaces": None if self.replaces is None else list(self.replaces),
            "title": self.title,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else.

        One that was kept before workouts had titles has none.
        """
        replaced, title = data["replaces"], data.get("title")
        return cls(
            id=data["id"],
            start_ts=data["start_ts"],
            end_ts=data["end_ts"],
            kind=data["kind"],
            replaces=None if replaced is None else (replaced[0], replaced[1]),
            title=title if isinstance(title, str) else None,
        )


@dataclass(frozen=True, slots=True)
class SleepEdit:
    """The rest of the night that ends on a day, by the wearer's own word; times are epoch s.

    Raises ValueError for times that are not finite, an end that is not after the start, and a rest
    of more than 18 hours.
    """

    day: date
    onset_ts: float
    offset_ts: float

    def __post_init__(self) -> None:
        """Hold the rules."""
        if not all(math.isfinite(ts) for ts in self.span):
            raise ValueError("the times of a rest are finite")
        if self.offset_ts <= self.onset_ts:
            raise ValueError("a rest ends after it begins")
        if self.offset_ts - self.onset_ts > MAX_REST_S:
            raise ValueError("a rest is over within 18 hours")

    @property
    def span(self) -> Span:
        """Start and end, epoch s."""
        return self.onset_ts, self.offset_ts


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was told and matters to a day, in the order of time.

    ``tombstones`` are spans in which no workout may be detected again, ``rejected_naps`` spans of
    naps that were none. ``sleep_edits`` may be of other days too, whose rest reaches into what the
    day is derived from. ``period_starts`` mean something only with ``cycle_tracking``, which is
    off until the wearer asks for it.
    """

    workouts: tuple[ToldWorkout, ...] = ()
    tombstones: tuple[Span, ...] = ()
    period_starts: tuple[date, ...] = ()
    cycle_tracking: bool = False
    sleep_edits: tuple[SleepEdit, ...] = ()
    rejected_naps: tuple[Span, ...] = ()

    def night_of(self, day: date) -> SleepEdit | None:
        """Give what was told of the night that ends on a day."""
        return next((edit for edit in self.sleep_edits if edit.day == day), None)


NOTHING_TOLD: Final = Told()
