"""The best of all stored days, what has been kept up, and which records are new."""

from datetime import date, timedelta
import json
from typing import Any, Final

from ..engine.catalog import CATALOG
from ..engine.insight.records import RECORDS, Record, averaged, best_of
from ..engine.trends import COMPARABLE_ALGORITHM
from ..store import WearerStore
from .stored import newest, read
from .wording import NO_VALUES, NOT_DERIVED, Answer, unknown, worded

NEW_DAYS: Final = 30
"""How long a record counts as new."""
STREAKS: Final = ("wear_streak_days", "sleep_streak_days")
DRIFT: Final = "resting_hr_drift_bpm"


def records(store: WearerStore, today: date) -> Answer:
    """Give the best values of all stored days, streaks as of the newest one, and new records.

    ``best`` are of days (means over ``mean_days`` of them) that were sure enough to be compared;
    the metric in its wrapping stands beside it where it is of one day.
    """
    values: dict[str, dict[date, float]] = {record.key: {} for record in RECORDS}
    days: list[date] = []
    nights = 0
    for text in store.day_facts(date.min, today, algorithm=COMPARABLE_ALGORITHM):
        facts: dict[str, Any] = json.loads(text)
        day, known = date.fromisoformat(facts["day"]), facts["values"]
        days.append(day)
        nights += "rest_onset" in known
        for key, found in values.items():
            if key in known:
                found[day] = known[key]
    latest = newest(store, today, with_night=False)
    shown = (*STREAKS, DRIFT)
    return {
        "days": len(days),
        "nights": nights,
        "first_day": min(days).isoformat() if days else None,
        "best": {record.key: _best(store, values[record.key], record) for record in RECORDS},
        "streaks": {key: unknown(NOT_DERIVED) for key in shown}
        if latest is None
        else worded(latest.result.metrics, shown, latest.zone),
        "new": [
            row
            for stored in reversed(read(store, today - timedelta(days=NEW_DAYS - 1), today))
            for row in stored.trends.get("records") or ()
        ],
    }


def _best(store: WearerStore, values: dict[date, float], record: Record) -> Answer:
    spec = CATALOG[record.key]
    head = {
        "label": spec.label,
        "unit": spec.unit,
        "better": record.better,
        "mean_days": record.mean_days,
    }
    best = best_of(averaged(values, record.mean_days), record.better)
    if best is None:
        return unknown(NO_VALUES, **head)
    day, value = best
    found = read(store, day, day) if record.mean_days == 1 else []
    return {
        "known": True,
        **head,
        "day": day.isoformat(),
        "value": round(value, spec.decimals + 1),
        "metric": found[0].result.metrics[record.key].to_dict() if found else None,
    }
