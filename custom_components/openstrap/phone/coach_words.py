"""The coach's codes and numbers in plain English, for a phone that has no words of its own."""

from collections.abc import Mapping
from typing import Any, Final

from ..engine.catalog import CATALOG
from .envelope import Json

WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "body_alert": (
        "health.anomaly",
        "Unlike your usual nights",
        "Signs of last night stood clearly apart from your usual ones.",
    ),
    "high_load": (
        "load.high",
        "High load",
        "The load of the last week is well above that of the last month.",
    ),
    "low_recovery": ("recovery.low", "Low recovery", "Recovery of this morning is low."),
    "raised_resting_hr": (
        "recovery.rhr_spike",
        "Raised resting heart rate",
        "The resting heart rate of the night was above your usual one.",
    ),
    "sleep_debt": (
        "sleep.debt",
        "Sleep debt",
        "The last nights were shorter than what you needed.",
    ),
    "irregular_sleep": (
        "sleep.consistency",
        "Irregular sleep",
        "The times of your sleep vary much from day to day.",
    ),
    "broken_sleep": (
        "sleep.efficiency",
        "Broken sleep",
        "A good part of the time in bed was spent awake.",
    ),
}
"""Code of an item -> its id on the phone, title, and what holds: conditions, never causes."""
EARLIER: Final = "earlier_min"
"""Is advice, and no number of the day."""


def item_of(item: Mapping[str, Any]) -> Json:
    """Word an item of the plan: id, category, title, body, severity 0..3, why, target."""
    code: str = item["code"]
    name, title, body = WORDS.get(code, (code, code.replace("_", " ").capitalize(), ""))
    values: Mapping[str, float] = item["values"]
    earlier = values.get(EARLIER)
    return {
        "id": name,
        "category": item["category"],
        "title": title,
        "body": body,
        "severity": item["severity"],
        "why": [
            {"label": label_of(key), "value": valued(key, value)}
            for key, value in values.items()
            if key != EARLIER
        ],
        "target": None if earlier is None else f"To bed {earlier:.0f} min earlier",
    }


def sentence_of(summary: Mapping[str, Any]) -> str | None:
    """Say the day in a line of what is known; None where nothing is."""
    slept = summary.get("slept_min")
    parts = [
        None if summary.get("recovery") is None else f"recovery {summary['recovery']}",
        None if slept is None else f"slept {hours(slept)}",
        None if summary.get("load") is None else f"load {summary['load']}",
    ]
    said = ", ".join(part for part in parts if part is not None)
    return f"{said[0].upper()}{said[1:]}." if said else None


def target_words(reach: Mapping[str, Any], recovery: float | None) -> str:
    """Say where the range of strain comes from."""
    of = "Recovery" if recovery is None else f"Recovery of {recovery:.0f} %"
    if reach["own_days"]:
        return f"{of}: what {reach['own_days']} of your own days like this one bore."
    return f"{of}: the usual range, until enough of your own days are known."


def label_of(key: str) -> str:
    """Name a number: as the catalogue does, or by its key in words."""
    return CATALOG[key].label if key in CATALOG else key.replace("_", " ").capitalize()


def valued(key: str, value: float) -> str:
    """Write a number with its unit, in the decimals that people read it with."""
    if key not in CATALOG:
        return f"{value:g}"
    spec = CATALOG[key]
    if spec.unit == "min":
        return hours(value)
    text = f"{value:.{spec.decimals}f}"
    return text if spec.unit in ("level", "ratio", "points") else f"{text} {spec.unit}"


def hours(minutes: float) -> str:
    """Write minutes as hours and minutes."""
    whole, left = divmod(round(minutes), 60)
    return f"{whole} h {left} min" if whole else f"{left} min"
