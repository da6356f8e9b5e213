"""The wrapping that every number wears: how sure, from what, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
import math
from typing import Any

DECIMALS = 6
"""Values and confidences are rounded to this at the boundary, nowhere before."""


class Tier(StrEnum):
    """What kind of claim a number makes, the boldest first.

    A metric never stands above its weakest input.
    """

    AUTH = "AUTH"
    """Reported by the strap itself and stored unchanged."""
    HIGH = "HIGH"
    """A published method on inputs of the kind that the method needs."""
    ESTIMATE = "ESTIMATE"
    """A plausible method on weaker inputs than it was validated with."""
    RELATIVE = "RELATIVE"
    """Comparable only with the same person on the same kind of device."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number with its unit, its confidence and its story.

    ``value`` is None exactly when ``confidence`` is 0, and then ``note`` says which input is
    missing. With a value, ``note`` may name what the reader should know of it (which estimator,
    which part of the span was seen). Raises ValueError when these rules are broken or a number
    is not finite, so that a wrong number is never stored.
    """

    value: float | None
    unit: str
    confidence: float
    tier: Tier
    label: str
    inputs_used: tuple[str, ...] = ()
    drivers: tuple[tuple[str, float], ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        """Round, and hold the rules."""
        value = None if self.value is None else float(self.value)
        numbers = [self.confidence, *([] if value is None else [value])]
        numbers += [number for _, number in self.drivers]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a metric holds finite numbers only")
        confidence = round(float(self.confidence), DECIMALS)
        if not 0.0 <= confidence <= 1.0:
            raise ValueError("confidence lies between 0 and 1")
        if (value is None) != (confidence == 0.0):
            raise ValueError("confidence is 0 exactly when there is no value")
        if value is None and not self.note:
            raise ValueError("an absent metric says why")
        object.__setattr__(self, "value", None if value is None else round(value, DECIMALS))
        object.__setattr__(self, "confidence", confidence)
        object.__setattr__(self, "tier", Tier(self.tier))
        object.__setattr__(self, "inputs_used", tuple(self.inputs_used))
        object.__setattr__(
            self,
            "drivers",
            tuple((str(name), round(float(number), DECIMALS)) for name, number in self.drivers),
        )

    def at_most(self, tier: Tier, confidence: float = 1.0) -> Metric:
        """Return the same, claiming no more than an input of this tier and confidence allows."""
        order = list(Tier)
        return replace(
            self,
            tier=max(self.tier, tier, key=order.index),
            confidence=min(self.confidence, confidence),
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, keys always the same and in the same order."""
        return {
            "value": self.value,
            "unit": self.unit,
            "confidence": self.confidence,
            "tier": self.tier.value,
            "label": self.label,
            "inputs_used": list(self.inputs_used),
            "drivers": [[name, number] for name, number in self.drivers],
            "note": self.note,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Metric:
        """Undo ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            value=data["value"],
            unit=data["unit"],
            confidence=data["confidence"],
            tier=Tier(data["tier"]),
            label=data["label"],
            inputs_used=tuple(data["inputs_used"]),
            drivers=tuple((name, number) for name, number in data["drivers"]),
            note=data["note"],
        )


def absent(unit: str, label: str, note: str, *, tier: Tier, inputs: Sequence[str] = ()) -> Metric:
    """Return a metric without a value; ``note`` is the reason, in the words of this module."""
    return Metric(None, unit, 0.0, tier, label, inputs_used=tuple(inputs), note=note)


# Reasons: stable strings that the screens translate.

NO_SLEEP = "no_sleep"
DEGENERATE_SIGNAL = "degenerate_signal"


def not_computed(algorithm: int) -> str:
    """Say that the version of the algorithm that computed the day did not know the metric."""
    return f"not_computed:algorithm={algorithm}"


def need_input(name: str, have: float, need: float) -> str:
    """Too little of an input: how much there is, how much it takes."""
    return f"need_input:name={name},have={have:g},need={need:g}"


def hrv_refused(acf1: float, concentration: float) -> str:
    """Beat-to-beat differences look like timing noise, not like a heart."""
    return f"hrv_refused:acf1={acf1:.3f},conc={concentration:.3f}"


def artifact(fraction: float, maximum: float) -> str:
    """Too many beats were not normal ones."""
    return f"artifact:fraction={fraction:.3f},max={maximum:g}"


def clamp(value: float, low: float, high: float) -> float:
    """Hold a number between two limits."""
    return min(max(value, low), high)
