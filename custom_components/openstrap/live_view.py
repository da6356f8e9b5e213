"""What is known of a wearer's sleep and training at this moment: shown, and acted upon."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class LiveStage(StrEnum):
    """A guess at the stage of this moment; the finished night may see it otherwise."""

    AWAKE = "awake"
    LIGHT = "light"
    DEEP = "deep"
    REM = "rem"


@dataclass(frozen=True, slots=True)
class LiveView:
    """The present as far as records reach. None: not known, and ``reason`` says why.

    Times are epoch s. ``at_ts`` is the moment that was judged, which is that of the newest
    records. ``asleep`` and ``in_bed`` change with hysteresis: a turn in the night, or a minute
    at the bathroom, ends neither.
    """

    at_ts: float | None = None
    asleep: bool | None = None
    asleep_since_ts: float | None = None
    in_bed: bool | None = None
    in_bed_since_ts: float | None = None
    stage: LiveStage | None = None
    confidence: float = 0.0
    workout_since_ts: float | None = None
    """Start of a workout that goes on, by the wearer's word or by the heart rate."""
    reason: str | None = None

    @property
    def workout(self) -> bool | None:
        """Whether a workout goes on, None when nothing is known of this moment."""
        if self.workout_since_ts is not None:
            return True
        return None if self.asleep is None and self.stage is None else False


NOT_LIVE: Final = LiveView(reason="no_recent_data")
