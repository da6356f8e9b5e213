"""Metrics over weeks and months: in buckets, or summarised over a range."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from ..engine.catalog import CATALOG
from ..engine.insight.trend_explorer import MONTH_WEEKS, WEEK_DAYS, Explored, Span, explore
from ..engine.insight.window_summary import summarise
from ..engine.metric_spec import EPOCH
from ..store import WearerStore
from .days import AnswerError, known_metric
from .stored import read
from .values import Daily, daily_values
from .wording import NO_VALUES, Answer, unknown

TARGETS: Final[Mapping[str, str]] = {"sleep_min": "sleep_need_min", "strain": "strain_target"}
"""What a day should have reached, as it stood then."""
QUARTER_DAYS: Final = 92
HEADLINES: Final = tuple(
    key for key, spec in CATALOG.items() if spec.headline and spec.unit != EPOCH
)
"""What a history is of unless it is asked for something else."""


def plain_metric(key: str) -> str:
    """Give the key of a metric that has a mean back: moments have none. Raises AnswerError."""
    if CATALOG[known_metric(key)].unit == EPOCH:
        raise AnswerError("metric_is_a_moment")
    return key


def trend(
    store: WearerStore, key: str, span: Span, day: date, *, step_goal: float | None = None
) -> Answer:
    """Page through a metric: the week, five weeks, or three months that end with a day.

    ``step_goal`` is what steps should reach each day. Raises AnswerError for a key that has none.
    """
    explored = explored_of(store, key, span, day, step_goal=step_goal)
    head = _head(key) | {"span": span, "day": day.isoformat()}
    if not any(bucket.days for bucket in explored.buckets):
        return unknown(_why_not(store, key, day), **head)
    return {"known": True, **head, **explored.to_dict()}


def explored_of(
    store: WearerStore, key: str, span: Span, day: date, *, step_goal: float | None = None
) -> Explored:
    """Do what ``trend`` does for who has other words for it; also where nothing is known."""
    plain_metric(key)
    reach = {"week": WEEK_DAYS, "month": WEEK_DAYS * MONTH_WEEKS, "quarter": QUARTER_DAYS}[span]
    target_key = TARGETS.get(key)
    wanted = [key] if target_key is None else [key, target_key]
    values = daily_values(store, wanted, day - timedelta(days=reach - 1), day)
    target: Mapping[date, float] | None = None if target_key is None else values[target_key]
    if key == "steps" and step_goal is not None:
        target = dict.fromkeys(values[key], step_goal)
    return explore(values[key], day, span, target=target or None)


def history(store: WearerStore, keys: Sequence[str], start: date, end: date) -> Answer:
    """Summarise metrics from start to end (both included), beside as many days before.

    Raises AnswerError for a key that has no mean.
    """
    before = start - (end - start) - timedelta(days=1)
    wanted = [plain_metric(key) for key in dict.fromkeys(keys)]
    return history_of(daily_values(store, wanted, before, end), start, end)


def history_of(values: Daily, start: date, end: date) -> Answer:
    """Do what ``history`` does with values that were read; asks no store."""
    days = (end - start).days + 1
    metrics: Answer = {}
    for key, daily in values.items():
        summary = summarise(daily, end, days)
        if summary is None:
            metrics[key] = unknown(NO_VALUES, **_head(key))
            continue
        metrics[key] = {
            "known": True,
            **_head(key),
            "summary": summary.to_dict(),
            "values": {on.isoformat(): daily[on] for on in sorted(daily) if start <= on <= end},
        }
    return {
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "days": days,
        "metrics": metrics,
    }


def _head(key: str) -> Answer:
    spec = CATALOG[key]
    return {"metric": key, "label": spec.label, "unit": spec.unit}


def _why_not(store: WearerStore, key: str, day: date) -> str:
    """Give the reason of the newest days why a metric has no value."""
    for stored in reversed(read(store, day - timedelta(days=WEEK_DAYS - 1), day)):
        if note := stored.result.metrics[key].note:
            return note
    return NO_VALUES
