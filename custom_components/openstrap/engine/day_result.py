"""What a day gave, and the text it is kept in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .facts import DayFacts
from .metric import Metric
from .metric_rows import restore, shorten


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a day gave, under the algorithm's version. ``metrics`` has every key of the catalogue.

    ``facts`` are what later days look back on, None for results of an older algorithm.
    ``details`` are what pictures show, as plain JSON types: ``hypnogram`` (of ``encode``),
    ``breathing`` and ``hrv`` (``start_ts``, ``step_s``, ``values``), ``naps``, ``calibration``,
    ``track`` (of ``Track.to_dict``), ``reach_ts`` (of the newest record, epoch s).
    """

    day: date
    timezone: str
    algorithm: int
    metrics: Mapping[str, Metric]
    facts: DayFacts | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; the same result always gives the same text."""
        rows, stories = shorten(self.metrics)
        return {
            "day": self.day.isoformat(),
            "timezone": self.timezone,
            "algorithm": self.algorithm,
            "metrics": rows,
            "stories": stories,
            "facts": None if self.facts is None else self.facts.to_dict(),
            "details": dict(self.details),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DayResult:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else.

        Metrics that the day's algorithm did not know are absent; those of no use any more left out.
        """
        rows, facts = data["metrics"], data.get("facts")
        return cls(
            day=date.fromisoformat(data["day"]),
            timezone=data["timezone"],
            algorithm=data["algorithm"],
            metrics=restore(rows, data.get("stories") or (), data["algorithm"]),
            facts=None if facts is None else DayFacts.from_dict(facts),
            details=dict(data.get("details") or {}),
        )
