"""What is shown of a wearer's analysis: what it is at, and how the last run went."""

from dataclasses import dataclass
from enum import StrEnum


class SweepPhase(StrEnum):
    """What the analysis is at."""

    IDLE = "idle"
    """Everything that came is computed."""
    WAITING = "waiting"
    """Something came that is not computed yet."""
    RUNNING = "running"
    FAILING = "failing"
    """The last try did not get through; it is tried again with every run."""


@dataclass(frozen=True, slots=True)
class SweepView:
    """The analysis at one moment. Replaced, never changed.

    ``days_waiting`` is None where it is not counted yet; ``last_success_ts`` (epoch s) and
    ``last_duration_s`` are of the last run without a failure since the start; ``last_error`` names
    the kind of the last failure, and nothing of what it was about.
    """

    phase: SweepPhase = SweepPhase.IDLE
    days_waiting: int | None = None
    days_failing: int = 0
    last_success_ts: float | None = None
    last_duration_s: float | None = None
    last_error: str | None = None
