"""One metric through a week, five weeks or three months."""

from datetime import date, datetime, time, timedelta, tzinfo
from http import HTTPStatus
from typing import Final

from ..answers.briefs import BRIEFS
from ..answers.spans import explored_of
from ..answers.values import daily_values
from ..engine.catalog import CATALOG
from ..engine.insight.trend_explorer import Bucket, Explored, Span
from ..store import WearerStore
from .envelope import Json, phone_unit
from .names import METRICS
from .refusal import Refusal

SCALES: Final[dict[str, Span]] = {"week": "week", "month": "month", "quarter": "quarter"}
USUAL: Final[Span] = "week"
OTHER: Final[Span] = "quarter"
"""What an unknown scale is."""
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
"""Anchors that make sense: no band is older, no page is turned further."""
SLEEP: Final = "sleep"
UNITS: Final = {"steps": ""}
"""Units that a page of trends writes otherwise than the wrapped number: the name says it."""
NEED: Final = "sleep_need_min"
"""The one metric with a goal on this page, and the goal: what a night should reach."""


def unknown_metric(name: str) -> Refusal:
    """Refuse a metric that this page does not know, and say which it does."""
    return Refusal(
        HTTPStatus.BAD_REQUEST, f"unknown metric '{name[:40]}'", beside={"known": list(METRICS)}
    )


def trend_page(store: WearerStore, name: str, scale: Span, anchor: date, zone: tzinfo) -> Json:
    """Page through a metric up to a day: buckets oldest first, empty ones null.

    ``t_start`` and ``t_end`` are local midnights, epoch s, the end that after the last day. Without
    a goal ``achieved``, ``target`` and ``met`` are null. ``delta_vs_prev`` is the mean of the later
    half of all buckets less that of the earlier half, the middle one of an odd number in neither.
    """
    key = METRICS[name]
    explored = explored_of(store, key, scale, anchor)
    first, last = explored.buckets[0].first, explored.buckets[-1].last
    daily = daily_values(store, [key, NEED], first, last) if name == SLEEP else {}
    imported = [
        day
        for day, brief in BRIEFS.read(store, first, last).items()
        if brief.imported and brief.value(key) is not None
    ]
    buckets = [
        _bucket(one, scale, zone, daily.get(key), daily.get(NEED))
        | {"imported_days": sum(one.first <= day <= one.last for day in imported)}
        for one in explored.buckets
    ]
    return {
        "metric": name,
        "label": CATALOG[key].label,
        "unit": UNITS.get(name, phone_unit(CATALOG[key].unit)),
        "scale": scale,
        "anchor": anchor.isoformat(),
        "summary": _summary(explored, buckets, goal=name == SLEEP),
        "buckets": buckets,
    }


def _summary(explored: Explored, buckets: list[Json], *, goal: bool) -> Json:
    return {
        "avg": _short(explored.mean),
        "min": _short(explored.low),
        "max": _short(explored.high),
        "delta_vs_prev": _short(explored.second_half),
        "met_count": sum(bool(one["met"]) for one in buckets) if goal else None,
        "total": sum(one["met"] is not None for one in buckets) if goal else None,
    }


def _bucket(
    bucket: Bucket,
    scale: Span,
    zone: tzinfo,
    daily: dict[date, float] | None,
    needs: dict[date, float] | None,
) -> Json:
    judged = [
        need
        for day, need in (needs or {}).items()
        if daily is not None and day in daily and bucket.first <= day <= bucket.last
    ]
    goal = daily is not None
    return {
        "label": _label(bucket.first, scale),
        "t_start": _midnight(bucket.first, zone),
        "t_end": _midnight(bucket.last + timedelta(days=1), zone),
        "value": _short(bucket.mean),
        "min": _short(bucket.low),
        "max": _short(bucket.high),
        "n_days": bucket.days,
        "coverage": round(bucket.coverage, 3),
        "achieved": len(judged) if goal else None,
        "target": round(sum(judged) / len(judged), 1) if judged else None,
        "met": bucket.met if goal else None,
    }


def _label(first: date, scale: Span) -> str:
    if scale == "quarter":
        return f"{first:%Y-%m}"
    return f"{first:%m-%d}" if scale == "week" else f"wk {first:%m-%d}"


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
