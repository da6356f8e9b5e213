"""A metric in buckets of days, to page through a week, a month, a quarter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
import math
from typing import Any, Final, Literal

from ..facts import calendar_days

type Span = Literal["week", "month", "quarter"]

WEEK_DAYS: Final = 7
MONTH_WEEKS: Final = 5
QUARTER_MONTHS: Final = 3
MET_SHARE: Final = 0.5
"""Share of a bucket's known days that must meet the target for the bucket to."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days from ``first`` to ``last``: ``days`` of them had a value, whose mean and ends follow.

    ``met`` tells whether at least half of those met the target; None without target or value.
    """

    first: date
    last: date
    days: int
    mean: float | None
    low: float | None
    high: float | None
    met: bool | None

    @property
    def coverage(self) -> float:
        """Share of the days that had a value."""
        return self.days / ((self.last - self.first).days + 1)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "days": self.days,
            "coverage": round(self.coverage, 3),
            "mean": _short(self.mean),
            "low": _short(self.low),
            "high": _short(self.high),
            "met": self.met,
        }


@dataclass(frozen=True, slots=True)
class Explored:
    """Buckets, oldest first, and what their means say; None without any.

    ``second_half`` is the mean of the later half of the buckets less that of the earlier one, the
    middle one of an odd number being in neither.
    """

    buckets: tuple[Bucket, ...]
    mean: float | None
    low: float | None
    high: float | None
    second_half: float | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "buckets": [bucket.to_dict() for bucket in self.buckets],
            "mean": _short(self.mean),
            "low": _short(self.low),
            "high": _short(self.high),
            "second_half": _short(self.second_half),
        }


def explore(
    values: Mapping[date, float],
    day: date,
    span: Span,
    *,
    target: Mapping[date, float] | None = None,
) -> Explored:
    """Put daily values up to ``day`` into the seven days of a week, five weeks, or three months.

    The months are those of the calendar, the last one up to ``day``. ``target`` is what each day
    should have reached, as it stood then; days without one do not count for ``met``.
    """
    buckets = tuple(_bucket(values, first, last, target) for first, last in _spans(day, span))
    means = [bucket.mean for bucket in buckets]
    known = [mean for mean in means if mean is not None]
    half = len(means) // 2
    earlier, later = _mean(means[:half]), _mean(means[len(means) - half :])
    return Explored(
        buckets,
        _mean(means),
        min(known, default=None),
        max(known, default=None),
        None if earlier is None or later is None else later - earlier,
    )


def _spans(day: date, span: Span) -> list[tuple[date, date]]:
    if span == "week":
        return [(on, on) for on in calendar_days(day, WEEK_DAYS, including=True)]
    if span == "month":
        ends = [day - timedelta(days=WEEK_DAYS * back) for back in range(MONTH_WEEKS - 1, -1, -1)]
        return [(end - timedelta(days=WEEK_DAYS - 1), end) for end in ends]
    found, end = [], day
    for _ in range(QUARTER_MONTHS):
        first = end.replace(day=1)
        found.append((first, end))
        end = first - timedelta(days=1)
    return found[::-1]


def _bucket(
    values: Mapping[date, float], first: date, last: date, target: Mapping[date, float] | None
) -> Bucket:
    days = calendar_days(last, (last - first).days + 1, including=True)
    known = {on: values[on] for on in days if on in values and math.isfinite(values[on])}
    judged = [value >= target[on] for on, value in known.items() if target and on in target]
    return Bucket(
        first,
        last,
        len(known),
        _mean(list(known.values())),
        min(known.values(), default=None),
        max(known.values(), default=None),
        sum(judged) >= MET_SHARE * len(judged) if judged else None,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
