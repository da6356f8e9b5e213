"""The best of all stored days, what has been kept up, and which records are new."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from ..engine.catalog import CATALOG
from ..engine.day_facts import MIN_CONFIDENCE
from ..engine.insight.records import RECORDS, Record, averaged, best_of
from ..engine.metric import Metric
from ..store import WearerStore
from .briefs import BRIEFS, Brief, values_of
from .kept import Run
from .stored import Stored, newest, read
from .wording import NO_VALUES, NOT_DERIVED, Answer, unknown, worded

NEW_DAYS: Final = 30
"""How long a record counts as new."""
STREAKS: Final = ("wear_streak_days", "sleep_streak_days")
DRIFT: Final = "resting_hr_drift_bpm"


async def async_records(run: Run, today: date) -> Answer:
    """Do what ``records`` does, a part a job, so that frames need not wait long."""
    await BRIEFS.async_ready(run, date.min, today)
    found: Answer = await run(records, today)
    return found


def records(store: WearerStore, today: date, *, wrapped: bool = True) -> Answer:
    """Give the best values of all stored days, streaks as of now, and new records.

    ``best`` are of days (means over ``mean_days`` of them) that were sure enough to be compared;
    the metric in its wrapping stands beside it where it is of one day, unless ``wrapped`` is False.
    Quick only where the days are ready: see ``async_records``.
    """
    briefs = compared_briefs(store, today)
    values: dict[str, dict[date, float]] = {
        record.key: best_values(briefs, record.key) for record in RECORDS
    }
    days = list(briefs)
    nights = len(best_values(briefs, "rest_onset"))
    since = today - timedelta(days=NEW_DAYS - 1)
    latest = newest(store, today, with_night=False)
    shown = (*STREAKS, DRIFT)
    return {
        "days": len(days),
        "nights": nights,
        "first_day": min(days).isoformat() if days else None,
        "best": {
            record.key: _best(store, values[record.key], record, wrapped=wrapped)
            for record in RECORDS
        },
        "streaks": {key: unknown(NOT_DERIVED) for key in shown}
        if latest is None
        else worded(_of_now(latest, today), shown, latest.zone),
        "new": [
            row
            for brief in reversed(BRIEFS.read(store, since, today).values())
            for row in brief.records
        ],
    }


def compared_briefs(store: WearerStore, today: date) -> dict[date, Brief]:
    """Give the days up to one that may be held against each other, oldest first.

    Imported ones are among them if the wearer asked for it.
    """
    with_imported = store.imported_in_baselines
    return {
        day: brief
        for day, brief in BRIEFS.read(store, date.min, today).items()
        if brief.comparable and (with_imported or not brief.imported)
    }


def best_values(briefs: Mapping[date, Brief], key: str) -> dict[date, float]:
    """Give the values of a metric that are sure enough to be the best of all."""
    return values_of(briefs, key, MIN_CONFIDENCE)


def _of_now(latest: Stored, today: date) -> Mapping[str, Metric]:
    """Give the metrics of the newest day; its streaks have ended once a whole day was missed."""
    metrics = latest.result.metrics
    if latest.result.day >= today - timedelta(days=1):
        return metrics
    ended = {
        key: replace(metrics[key], value=0.0, drivers=(), note=None)
        for key in STREAKS
        if metrics[key].value is not None
    }
    return {**metrics, **ended}


def _best(
    store: WearerStore, values: dict[date, float], record: Record, *, wrapped: bool
) -> Answer:
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
    found = read(store, day, day) if wrapped and record.mean_days == 1 else []
    return {
        "known": True,
        **head,
        "day": day.isoformat(),
        "value": round(value, spec.decimals + 1),
        "metric": found[0].result.metrics[record.key].to_dict() if found else None,
    }
