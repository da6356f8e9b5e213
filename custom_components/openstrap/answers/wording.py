"""The words that all answers share: moments, spans, metrics, and what is not known."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..engine.metric import Metric
from ..engine.metric_spec import EPOCH

type Answer = dict[str, Any]
"""Plain JSON types."""

# Reasons why nothing is known; others are notes of metrics.
NOT_DERIVED: Final = "not_derived"
"""Nothing was recorded on the day, or it was not analysed yet."""
NOT_YET: Final = "in_future"
NO_VALUES: Final = "no_values"
"""No day that was asked for has a value."""


def unknown(reason: str, **beside: Any) -> Answer:
    """Say that something is not known, and why."""
    return {"known": False, "reason": reason, **beside}


def iso(ts: float, zone: tzinfo) -> str:
    """Write a moment (epoch s) as ISO 8601 with the offset that a zone had then."""
    return datetime.fromtimestamp(ts, zone).isoformat(timespec="seconds")


def span(start_ts: float, end_ts: float, zone: tzinfo) -> Answer:
    """Write a stretch of time in both ways."""
    return {
        "start": iso(start_ts, zone),
        "end": iso(end_ts, zone),
        "start_ts": start_ts,
        "end_ts": end_ts,
    }


@lru_cache(maxsize=32)
def zone_of(name: str) -> tzinfo:
    """Give the zone that a day was lived in; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError, ValueError:
        return UTC


def worded(metrics: Mapping[str, Metric], keys: Iterable[str], zone: tzinfo) -> Answer:
    """Give metrics by key in their wrapping; a moment also as ISO 8601 under ``time``."""
    found: Answer = {}
    for key in keys:
        metric = metrics[key]
        found[key] = metric.to_dict()
        if metric.unit == EPOCH:
            found[key]["time"] = None if metric.value is None else iso(metric.value, zone)
    return found
