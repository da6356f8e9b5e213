"""The wrapping that every number wears on the phone."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..engine.metric import Metric, Tier

type Json = dict[str, Any]

_TIERS = {tier: tier.value for tier in Tier} | {Tier.AUTH: "AUTHORITATIVE"}
"""The app knows one of them by a longer name."""
NOT_COMPUTED: Final = "not_computed"
"""Why a metric is absent of which nothing was worked out."""
_UNITS: Final = {
    "strain": "",
    "points": "",
    "ratio": "",
    "1/s²": "",
    "br/min": "brpm",
    "mL/kg/min": "ml/kg/min",
}
"""Unit in the catalogue -> as the phone writes it, where that is another."""


def phone_unit(unit: str) -> str:
    """Write a unit of the catalogue as the phone does, the same wherever a number is wrapped."""
    return _UNITS.get(unit, unit)


def envelope(metric: Metric, *, scale: float = 1.0, unit: str | None = None) -> Json:
    """Wrap a metric: value, unit, confidence 0..1, tier, label, inputs used, and why not.

    ``scale`` and ``unit`` bring the value into the unit that the phone expects.
    """
    return {
        "value": None if metric.value is None else round(metric.value * scale, 6),
        "unit": phone_unit(metric.unit) if unit is None else unit,
        "confidence": metric.confidence,
        "tier": _TIERS[metric.tier],
        "label": metric.label,
        "inputs_used": list(metric.inputs_used),
        "note": metric.note,
    }


def flag(metric: Metric) -> Json:
    """Say how sure a metric is, as rows of days tell it beside plain values."""
    return {"c": metric.confidence, "tier": _TIERS[metric.tier], "label": metric.label}


def drivers(metrics: Mapping[str, Metric], keys: Iterable[tuple[str, str]]) -> Json:
    """Give what moved some metrics: lists of label and contribution by the phone's name."""
    return {
        name: [
            {"label": label, "contribution": contribution}
            for label, contribution in metrics[key].drivers
        ]
        for name, key in keys
        if key in metrics and metrics[key].drivers
    }
