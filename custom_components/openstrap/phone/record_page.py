"""The best of all days, what has been kept up, and how the body has changed."""

from collections.abc import Mapping
from datetime import date, timedelta, tzinfo
from typing import Any, Final

from .. import answers
from ..answers.briefs import Brief
from ..answers.records import best_values, compared_briefs
from ..answers.stored import newest
from ..answers.wording import NOT_DERIVED, Answer
from ..engine.metric import Metric
from ..store import WearerStore
from .envelope import Json
from .session_rows import phone_id
from .today import baseline_of

BEST: Final = {
    "lowest_rhr": "resting_hr_bpm",
    "most_steps": "steps",
    "longest_sleep": "sleep_min",
    "best_efficiency": "sleep_efficiency",
    "lowest_sleeping_hr": "sleeping_hr_bpm",
}
"""The phone's name -> record of the same name in the answers."""
HIGHEST: Final = {
    "top_strain": "strain",
    "top_readiness": "readiness",
    "top_recovery": "recovery",
}
"""Of these the highest day is told, though it may be the one with the most noise."""
FRACTIONS: Final = ("best_efficiency",)
STREAKS: Final = {
    "wear": ("wear_streak_days", "Days worn in a row"),
    "sleep": ("sleep_streak_days", "Nights of enough sleep"),
}
TARGET_LABEL: Final = "Days that reached their strain target"
DIRECTIONS: Final = {"rising": "rising", "falling": "improving", "steady": "flat"}


def record_page(store: WearerStore, today: date, zone: tzinfo) -> Json:
    """Give records with their dates, streaks as of now, the drift of the resting heart rate.

    Only worn days and workouts that stand count.
    """
    told = answers.records(store, today, wrapped=False)
    briefs = compared_briefs(store, today)
    best = told["best"]
    latest = newest(store, today, with_night=False)
    workouts = answers.listed_workouts(store, min(briefs, default=today), today, zone)
    return {
        "days_tracked": told["days"],
        "nights_tracked": told["nights"],
        "workouts_tracked": len(workouts),
        "records": {
            **{name: _of(best[key], name) for name, key in BEST.items()},
            **{name: _highest(best_values(briefs, key)) for name, key in HIGHEST.items()},
            "top_workout": _hardest(workouts),
        },
        "streaks": {
            **{
                name: {"current": _count(told["streaks"][key]), "label": label}
                for name, (key, label) in STREAKS.items()
            },
            "strain_target": {"current": on_target(briefs, today), "label": TARGET_LABEL},
        },
        "rhr_drift": None
        if latest is None
        else _drift(
            latest.result.metrics["resting_hr_drift_bpm"],
            len(best_values(briefs, "resting_hr_bpm")),
        ),
        "baseline": None if latest is None else baseline_of(latest.result),
    }


def on_target(briefs: Mapping[date, Brief], today: date) -> int:
    """Count the days in a row that reached the least strain advised.

    Today counts once it is reached, and ends nothing before.
    """
    day, count = today, 0
    if not _reached(briefs.get(day)):
        day -= timedelta(days=1)
    while _reached(briefs.get(day)):
        count += 1
        day -= timedelta(days=1)
    return count


def _reached(brief: Brief | None) -> bool:
    if brief is None or brief.strain_low is None:
        return False
    strain = brief.value("strain")
    return strain is not None and strain >= brief.strain_low


def _of(record: Mapping[str, Any], name: str) -> Json | None:
    if not record["known"]:
        return None
    value = record["value"]
    return {
        "value": round(value / 100.0, 4) if name in FRACTIONS else value,
        "date": record["day"],
        "mean_days": record["mean_days"],
    }


def _highest(values: Mapping[date, float]) -> Json | None:
    if not values:
        return None
    day = max(values, key=lambda on: (values[on], on))
    return {"value": round(values[day], 2), "date": day.isoformat(), "mean_days": 1}


def _hardest(workouts: list[Answer]) -> Json | None:
    known = [one for one in workouts if one.get("strain") is not None]
    if not known:
        return None
    one = max(known, key=lambda workout: (workout["strain"], workout["start_ts"]))
    return {
        "value": round(one["strain"], 1),
        "date": one["start"][:10],
        "type": one["kind"] or "other",
        "id": phone_id(one["workout_id"]),
    }


def _count(streak: Mapping[str, Any]) -> int | None:
    """Give a streak in days: 0 without any day, None where a day cannot tell."""
    if streak.get("reason") == NOT_DERIVED:
        return 0
    value = streak.get("value")
    return None if value is None else int(value)


def _drift(metric: Metric, days: int) -> Json | None:
    """Hold the last two weeks against the month before last; ``days`` with a resting heart rate."""
    known = dict(metric.drivers)
    if metric.value is None:
        return None
    said = (metric.note or "").removeprefix("direction=")
    return {
        "now": known.get("recent_bpm"),
        "then": known.get("earlier_bpm"),
        "delta": metric.value,
        "direction": DIRECTIONS.get(said, "flat"),
        "days": days,
        "confidence": metric.confidence,
    }
