"""What stands out today and deserves a thought: at most five reasons, each with its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Any, Final

from ..heart.illness import Level
from ..metric import Metric
from ..recovery.bands import Band, band_of
from .findings import Severity

MAX_ITEMS: Final = 5
HIGH_LOAD: Final = 1.3
LIGHT_LOAD: Final = 0.8
"""Acute load over chronic load."""
RECOVERY_WORDS: Final = {Band.RED: "low", Band.YELLOW: "moderate", Band.GREEN: "strong"}
RAISED_RESTING_SD: Final = 1.5
DEBT_MIN: Final = 90.0
DEBT_STEP_MIN: Final = 15.0
EARLIER_MIN: Final = 5.0
"""To bed earlier by this for each step of the debt (judgement)."""
IRREGULAR_SRI: Final = 70.0
"""About a fifth of people sleep less regularly (Windred et al. 2024, Sleep 47:zsad253)."""
LOW_EFFICIENCY_PCT: Final = 80.0
EFFICIENCY_FROM_MIN: Final = 120.0
"""Minutes asleep from which efficiency says something."""

BODY_ALERT: Final = "body_alert"
RECOVERY: Final = "recovery"
LOAD_RATIO: Final = "acwr"
RESTING: Final = "resting_hr_deviation"
DEBT: Final = "sleep_debt_min"
REGULARITY: Final = "sleep_regularity_index"
EFFICIENCY: Final = "sleep_efficiency"
SLEPT: Final = "sleep_min"
"""Keys of the metrics that a plan is made of."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A condition that holds today: its code, what it is about, and the numbers it holds by."""

    code: str
    category: str
    severity: Severity
    values: tuple[tuple[str, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "code": self.code,
            "category": self.category,
            "severity": int(self.severity),
            "values": dict(self.values),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """The day in three words and a number, None of what is not known.

    ``recovery`` is strong, moderate or low; ``load`` is high, balanced or light.
    """

    recovery: str | None
    slept_min: float | None
    load: str | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {"recovery": self.recovery, "slept_min": self.slept_min, "load": self.load}


def plan(metrics: Mapping[str, Metric]) -> tuple[PlanItem, ...]:
    """Tell what stands out of a day by its metrics (by key), the gravest first, five at most.

    Conditions alone, no causes and no orders. What is absent says nothing: no recovery is neither
    a good nor a bad one. While the body alert is red, load and recovery are not told as well.
    """
    alert = _of(metrics, BODY_ALERT)
    first = [*_load(metrics), *_recovery(metrics)]
    if alert is not None and alert >= Level.RED:
        first = [PlanItem(BODY_ALERT, "health", Severity.ALERT, ((BODY_ALERT, alert),))]
    found = sorted([*first, *_sleep(metrics)], key=lambda item: -item.severity)
    return tuple(found[:MAX_ITEMS])


def summary(metrics: Mapping[str, Metric]) -> Summary:
    """Tell the day in a line."""
    recovery, ratio = _of(metrics, RECOVERY), _of(metrics, LOAD_RATIO)
    load = None
    if ratio is not None:
        load = "high" if ratio > HIGH_LOAD else "light" if ratio < LIGHT_LOAD else "balanced"
    return Summary(
        recovery=None if recovery is None else RECOVERY_WORDS[band_of(recovery)],
        slept_min=_of(metrics, SLEPT),
        load=load,
    )


def _load(metrics: Mapping[str, Metric]) -> list[PlanItem]:
    ratio = _of(metrics, LOAD_RATIO)
    if ratio is None or ratio <= HIGH_LOAD:
        return []
    return [PlanItem("high_load", "load", Severity.WARNING, ((LOAD_RATIO, ratio),))]


def _recovery(metrics: Mapping[str, Metric]) -> list[PlanItem]:
    found = []
    recovery, resting = _of(metrics, RECOVERY), _of(metrics, RESTING)
    if recovery is not None and band_of(recovery) is Band.RED:
        found.append(
            PlanItem("low_recovery", "recovery", Severity.WARNING, ((RECOVERY, recovery),))
        )
    if resting is not None and resting > RAISED_RESTING_SD:
        found.append(
            PlanItem("raised_resting_hr", "recovery", Severity.WARNING, ((RESTING, resting),))
        )
    return found


def _sleep(metrics: Mapping[str, Metric]) -> list[PlanItem]:
    found = []
    debt, regular = _of(metrics, DEBT), _of(metrics, REGULARITY)
    efficiency, slept = _of(metrics, EFFICIENCY), _of(metrics, SLEPT)
    if debt is not None and debt >= DEBT_MIN:
        numbers = ((DEBT, debt), ("earlier_min", earlier_min(debt)))
        found.append(PlanItem("sleep_debt", "sleep", Severity.WARNING, numbers))
    if regular is not None and regular < IRREGULAR_SRI:
        found.append(PlanItem("irregular_sleep", "sleep", Severity.NOTE, ((REGULARITY, regular),)))
    long = slept is not None and slept > EFFICIENCY_FROM_MIN
    if long and efficiency is not None and efficiency < LOW_EFFICIENCY_PCT:
        found.append(PlanItem("broken_sleep", "sleep", Severity.NOTE, ((EFFICIENCY, efficiency),)))
    return found


def earlier_min(debt_min: float) -> float:
    """How much earlier in bed would pay off some of a debt, minutes: five for each quarter hour."""
    return min(DEBT_MIN, EARLIER_MIN * math.floor(debt_min / DEBT_STEP_MIN + 0.5))


def _of(metrics: Mapping[str, Metric], key: str) -> float | None:
    return metrics[key].value if key in metrics else None
