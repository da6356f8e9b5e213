"""The best value of the days at hand, when it is better by more than days differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
import math
from typing import Any, Final

from ..baseline import median_mad
from ..facts import calendar_days
from ..metric import clamp
from .percentile import Better

MIN_VALUES: Final = 14
FULL_VALUES: Final = 60
CONFIDENCE: Final = (0.3, 0.9)
MIN_COVERAGE: Final = 0.6
"""Share of the day that must have been seen for a record of the day."""
DETECTABLE_SDS: Final = 1.96 * math.sqrt(2.0)
"""Deviations between two days that are a change with 95 % confidence (Hopkins 2000)."""


@dataclass(frozen=True, slots=True)
class Record:
    """What there are records of: a metric, its better end, the days that are averaged.

    ``of_day`` metrics grow as the day goes on, and count only when most of it was seen.
    """

    key: str
    better: Better
    mean_days: int = 1
    of_day: bool = False


RECORDS: Final = (
    Record("rmssd_ms", "high"),
    Record("resting_hr_bpm", "low", mean_days=7),
    Record("sleeping_hr_bpm", "low"),
    Record("sleep_min", "high"),
    Record("sleep_efficiency", "high"),
    Record("steps", "high", of_day=True),
)
"""Neither strain nor energy: their highest values are those with the most noise."""
MIN_MEAN_SHARE: Final = 0.5
"""Share of the averaged days that must have a value (judgement)."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A day's value that no day since ``since`` comes near.

    ``previous`` is the best before it, ``detectable`` the margin it had to beat, ``values`` how
    many it was compared with.
    """

    key: str
    day: date
    value: float
    previous: float
    previous_day: date
    detectable: float
    since: date
    values: int
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "metric": self.key,
            "day": self.day.isoformat(),
            "value": round(self.value, 3),
            "previous": round(self.previous, 3),
            "previous_day": self.previous_day.isoformat(),
            "detectable": round(self.detectable, 3),
            "since": self.since.isoformat(),
            "values": self.values,
            "confidence": round(self.confidence, 3),
        }


def best_of(values: Mapping[date, float], better: Better) -> tuple[date, float] | None:
    """Return the day with the best finite value, the first of equal ones; None without any."""
    known = [(on, values[on]) for on in sorted(values) if math.isfinite(values[on])]
    sign = 1.0 if better == "low" else -1.0
    return min(known, key=lambda one: sign * one[1], default=None)


def new_record(
    values: Mapping[date, float], day: date, record: Record, *, coverage: float = 1.0
) -> NewRecord | str | None:
    """Tell whether ``day`` set a record among all ``values`` given; None when it did not.

    ``values`` are trusted values by day, of however long; the record is one of these days and
    none of a life. A record beats the best earlier value by more than the detectable change:
    1.96 sqrt(2) scaled median absolute deviations. Means over several days are compared with
    means that share no day with them. A reason instead where there are less than 14 earlier
    values, no spread, no value, or less than 0.6 of the day seen.
    """
    if record.of_day and coverage < MIN_COVERAGE:
        return f"need_input:name=coverage,have={coverage:.2f},need={MIN_COVERAGE:g}"
    known = {on: value for on, value in values.items() if on <= day and math.isfinite(value)}
    means = averaged(known, record.mean_days)
    if day not in known or day not in means:
        return f"need_input:name={record.key},have=0,need=1"
    last = day - timedelta(days=record.mean_days)
    earlier = {on: value for on, value in means.items() if on <= last}
    base = median_mad(list(earlier.values()), MIN_VALUES)
    best = best_of(earlier, record.better)
    if isinstance(base, str) or best is None:
        return base if isinstance(base, str) else None
    margin = DETECTABLE_SDS * base.scale
    sign = -1.0 if record.better == "low" else 1.0
    over = {on for on in means if on > last and sign * (means[on] - best[1]) > margin}
    # A mean moves little from day to day: of one low week only the first day is a record.
    if over != {day}:
        return None
    return NewRecord(
        record.key,
        day,
        means[day],
        best[1],
        best[0],
        margin,
        min(earlier),
        len(earlier),
        clamp(len(earlier) / FULL_VALUES, *CONFIDENCE),
    )


def averaged(values: Mapping[date, float], days: int) -> dict[date, float]:
    """Mean of the ``days`` calendar days up to each day that has a value of its own."""
    if days == 1:
        return dict(values)
    found = {}
    for on in values:
        there = [values[d] for d in calendar_days(on, days, including=True) if d in values]
        if len(there) >= MIN_MEAN_SHARE * days:
            found[on] = math.fsum(there) / len(there)
    return found
