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


@dataclass(frozen=True, slots=True)
class ToldWorkout:
    """A workout by the wearer's own word; times are epoch s.

    ``end_ts`` is None while it goes on. ``kind`` None leaves the kind to the records.
    ``replaces`` is the span of the detected workout that it corrects. Raises ValueError for times
    that are not finite, or an end that is not after the start.
    """

    id: str
    start_ts: float
    end_ts: float | None = None
    kind: WorkoutKind | None = None
    replaces: Span | None = None

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
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
        replaced = data["replaces"]
        return cls(
            id=data["id"],
            start_ts=data["start_ts"],
            end_ts=data["end_ts"],
            kind=data["kind"],
            replaces=None if replaced is None else (replaced[0], replaced[1]),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was told and matters to a day, in the order of time.

    ``tombstones`` are spans in which no workout may be detected again. ``period_starts`` mean
    something only with ``cycle_tracking``, which is off until the wearer asks for it.
    """

    workouts: tuple[ToldWorkout, ...] = ()
    tombstones: tuple[Span, ...] = ()
    period_starts: tuple[date, ...] = ()
    cycle_tracking: bool = False


NOTHING_TOLD: Final = Told()
