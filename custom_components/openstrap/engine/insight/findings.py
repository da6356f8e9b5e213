"""What is worth telling of a day: worked out from its numbers again each time, never kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any, Final

from ..heart.illness import Level
from .change_points import ChangePoint
from .temperature_state import Warmth

LOW_RECOVERY: Final = 34.0
"""Points; below it recovery is red."""


class Severity(IntEnum):
    """How much a finding matters."""

    NOTE = 1
    WARNING = 2
    ALERT = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one day: a stable code and the numbers behind it."""

    code: str
    severity: Severity
    day: date
    values: tuple[tuple[str, float], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "code": self.code,
            "severity": int(self.severity),
            "day": self.day.isoformat(),
            "values": {name: round(value, 4) for name, value in self.values},
        }


def findings(
    day: date,
    values: Mapping[str, float],
    *,
    warmth: Warmth | None = None,
    changes: Iterable[ChangePoint] = (),
) -> tuple[Finding, ...]:
    """Tell what is worth telling, the newest and then the most severe first.

    ``values`` are the day's metrics by key, those that are sure enough to be told of; ``changes``
    of resting heart rate, each of which is a finding of the day that it dates to. Codes:
    ``body_alert``, ``irregular_rhythm``, ``warm_skin``, ``warm_skin_cyclic``, ``low_recovery``,
    ``resting_hr_change``. A finding may be gone when the day is worked out again.
    """
    found: list[Finding] = []
    if values.get("body_alert") == Level.RED:
        behind = ("anomaly_d", "anomaly_p", "resting_hr_bpm", "rmssd_ms", "breathing_rate_brpm")
        found.append(Finding("body_alert", Severity.ALERT, day, _of(values, behind)))
    if values.get("irregular_rhythm") == 1.0:
        found.append(Finding("irregular_rhythm", Severity.ALERT, day))
    if warmth in (Warmth.RAISED, Warmth.RAISED_CYCLIC):
        raised = warmth is Warmth.RAISED
        found.append(
            Finding(
                "warm_skin" if raised else "warm_skin_cyclic",
                Severity.WARNING if raised else Severity.NOTE,
                day,
                _of(values, ("skin_temp_c",)),
            )
        )
    recovery = values.get("recovery")
    if recovery is not None and recovery < LOW_RECOVERY:
        found.append(Finding("low_recovery", Severity.WARNING, day, _of(values, ("recovery",))))
    found += [
        Finding(
            "resting_hr_change",
            Severity.NOTE,
            change.day,
            (("before_bpm", change.before), ("after_bpm", change.after)),
        )
        for change in changes
    ]
    return tuple(sorted(found, key=lambda one: (-one.day.toordinal(), -one.severity, one.code)))


def _of(values: Mapping[str, float], keys: Iterable[str]) -> tuple[tuple[str, float], ...]:
    return tuple((key, values[key]) for key in keys if key in values)
