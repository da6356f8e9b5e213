"""What a metric did over the last week, month, quarter or year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
import math
from typing import Any, Final

from ..baseline import calendar_values, detectable_change, known_values
from ..signal.stats import sd, theil_sen
from .mann_kendall import mann_kendall

WINDOWS_DAYS: Final = (7, 30, 90, 365)
"""What screens offer."""
MIN_COMPARED: Final = 3
"""Days of either window from which their means are compared (judgement)."""
MIN_STEPS: Final = 6
"""Steps between neighbouring days that tell how far days differ by chance (judgement)."""
SIGNIFICANT: Final = 0.05


class Direction(StrEnum):
    """Where a metric went; steady also when it cannot be told from chance."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WindowSummary:
    """A metric over ``window_days`` calendar days, in its own unit.

    ``days`` of them had a value, the ``first`` and the ``latest`` of which are given. ``sd`` (of
    the sample) is None for one. ``slope`` is a day's change, ``change`` that of the window by the
    slope, ``detectable`` the smallest change from one day to another that is one, ``p`` the chance
    of such a trend without any. ``versus_previous`` is this mean less that of as many days
    before, ``versus_previous_pct`` the same as a share; None where there is too little.
    """

    window_days: int
    days: int
    mean: float
    sd: float | None
    low: float
    high: float
    total: float
    first: float
    latest: float
    slope: float | None
    change: float | None
    detectable: float | None
    p: float | None
    direction: Direction
    versus_previous: float | None
    versus_previous_pct: float | None

    @property
    def coverage(self) -> float:
        """Share of the window that had a value."""
        return self.days / self.window_days

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "window_days": self.window_days,
            "days": self.days,
            "coverage": round(self.coverage, 3),
            "direction": self.direction.value,
            **{
                name: None if (value := getattr(self, name)) is None else round(value, 4)
                for name in _NUMBERS
            },
        }


_NUMBERS: Final = (
    "mean", "sd", "low", "high", "total", "first", "latest", "slope", "change", "detectable", "p",
    "versus_previous", "versus_previous_pct",
)  # fmt: skip


def summarise(
    values: Mapping[date, float], day: date, days: int, *, least: float | None = None
) -> WindowSummary | None:
    """Summarise the ``days`` calendar days that end with ``day``; None without a value.

    Values below ``least`` are left out (a nap is no short night). The slope is the median of all
    slopes (Theil 1950, Sen 1968). A direction needs a Mann-Kendall p below 0.05 and a change over
    the window of at least what is detectable between two days (Hopkins 2000): a fixed percentage
    would be noise for one metric and a landslide for another.
    """
    known = {
        on: value
        for on, value in values.items()
        if math.isfinite(value) and (least is None or value >= least)
    }
    after = day + timedelta(days=1)
    window = calendar_values(known, after, days)
    there = [(float(at), value) for at, value in enumerate(window) if value is not None]
    if not there:
        return None
    places, found = zip(*there, strict=True)
    mean = math.fsum(found) / len(found)
    slope, p = theil_sen(places, found), mann_kendall(found)
    change = None if slope is None else slope * (places[-1] - places[0])
    detectable = detectable_change(window, MIN_STEPS)
    before = known_values(known, after - timedelta(days=days), days)
    versus = _versus(found, before)
    previous = None if versus is None else mean - versus
    return WindowSummary(
        window_days=days,
        days=len(found),
        mean=mean,
        sd=sd(found),
        low=min(found),
        high=max(found),
        total=math.fsum(found),
        first=found[0],
        latest=found[-1],
        slope=slope,
        change=change,
        detectable=detectable,
        p=p,
        direction=_direction(change, detectable, p),
        versus_previous=versus,
        versus_previous_pct=100.0 * versus / abs(previous)
        if versus is not None and previous
        else None,
    )


def _versus(found: Sequence[float], before: Sequence[float]) -> float | None:
    if min(len(found), len(before)) < MIN_COMPARED:
        return None
    return math.fsum(found) / len(found) - math.fsum(before) / len(before)


def _direction(change: float | None, detectable: float | None, p: float | None) -> Direction:
    if change is None or detectable is None or p is None:
        return Direction.UNKNOWN
    if p >= SIGNIFICANT or not change or abs(change) < detectable:
        return Direction.STEADY
    return Direction.RISING if change > 0.0 else Direction.FALLING
