"""The phone app's words in ours."""

from datetime import date, tzinfo
from typing import Any, Final

from ..engine.sleep.hypnogram import Stage
from ..engine.told import WORKOUT_KINDS, WorkoutKind
from .database import number
from .table import FIRST_YEAR, LAST_YEAR

KEYS: Final = {
    "rhr": "resting_hr_bpm",
    "rmssd": "rmssd_ms",
    "sdnn": "sdnn_ms",
    "readiness": "readiness",
    "strain": "strain",
    "resp_rate": "breathing_rate_brpm",
    "tst_min": "sleep_min",
    "deep_min": "deep_min",
    "rem_min": "rem_min",
    "light_min": "light_min",
    "nap_min": "nap_min",
    "efficiency": "sleep_efficiency",
    "steps": "steps",
    "calories": "active_kcal",
    "calories_total": "total_kcal",
    "worn_min": "worn_min",
}
"""Keys of numbers that mean the same there. The rest are other methods, other scales, or counts of
a sensor."""
VENDOR_KEYS: Final = {
    "readiness": "recovery",
    "skin_temp_c": "skin_temp_c",
    "calories": "total_kcal",
}
"""What keys mean on days that the app had imported from the maker of the band."""
COLUMNS: Final = {
    "resting_hr": "resting_hr_bpm",
    "hrv": "rmssd_ms",
    "sdnn": "sdnn_ms",
    "readiness": "readiness",
    "strain": "strain",
    "resp_rate": "breathing_rate_brpm",
    "sleep_min": "sleep_min",
    "deep_min": "deep_min",
    "rem_min": "rem_min",
    "light_min": "light_min",
    "nap_min": "nap_min",
    "sleep_efficiency": "sleep_efficiency",
    "steps": "steps",
    "active_calories": "active_kcal",
    "total_calories": "total_kcal",
    "worn_min": "worn_min",
}
"""Columns of its daily table."""
STAGES: Final = {
    "wake": Stage.WAKE,
    "awake": Stage.WAKE,
    "light": Stage.LIGHT,
    "core": Stage.LIGHT,
    "nrem": Stage.LIGHT,
    "deep": Stage.DEEP,
    "rem": Stage.REM,
    "unobserved": Stage.UNOBSERVED,
    "unknown": Stage.UNOBSERVED,
}
KINDS: Final[dict[str, WorkoutKind]] = {
    "running": "run",
    "treadmill": "run",
    "cycling": "cycle",
    "bike": "cycle",
    "ride": "cycle",
    "weights": "strength",
    "lifting": "strength",
    "walking": "walk",
    "hike": "walk",
    "hiking": "walk",
    "swimming": "swim",
    "run/cardio": "cardio",
    "strength/other": "strength",
    "pilates": "yoga",
}
MILLISECONDS_FROM: Final = 1e11
"""Seconds reach this in the year 5138, milliseconds did in 1973."""


def day_of(name: Any) -> date | None:
    """Read a local date; None for anything else, also for one on which nobody wore anything."""
    try:
        found = date.fromisoformat(name)
    except TypeError, ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


def seconds(raw: Any) -> float | None:
    """Read a time as epoch s, whether it counts seconds or thousandths."""
    value = number(raw)
    if value is None or value <= 0.0:
        return None
    return value / 1000.0 if value >= MILLISECONDS_FROM else value


def efficiency_percent(value: float) -> float:
    """Give an efficiency in per cent, of which older versions kept the fraction."""
    return 100.0 * value if value <= 1.0 else value


def workout_kind(raw: Any) -> WorkoutKind | None:
    """Give a kind of workout; None for one that has no name here."""
    name = str(raw).strip().lower().replace("_", " ")
    return next((kind for kind in WORKOUT_KINDS if kind == name), KINDS.get(name))


def zone_name(zone: tzinfo) -> str:
    """Give the name of a zone."""
    return str(getattr(zone, "key", zone))
