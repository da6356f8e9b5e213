"""The stretch of time that a local day is derived from."""

from datetime import date, datetime, time, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from .sleep.groups import Span


def window_of(day: date, tz: tzinfo) -> tuple[float, float]:
    """Epoch seconds [start, end) of the records a day needs: noon before to the day's end."""
    span = span_of(day, tz)
    return span.start, span.end


def span_of(day: date, tz: tzinfo) -> Span:
    """Give the noon before a day, its midnight, its noon and its end."""

    def local(on: date, hour: int) -> float:
        return datetime.combine(on, time(hour), tz).timestamp()

    return Span(
        start=local(day - timedelta(days=1), 12),
        midnight=local(day, 0),
        noon=local(day, 12),
        end=local(day + timedelta(days=1), 0),
    )


def days_touched(ts: NDArray[np.float64], tz: tzinfo) -> set[date]:
    """Return the local days whose window holds at least one of the times (epoch s, any order).

    A record at 23:00 touches its day and the next, whose night it belongs to.
    """
    times = np.sort(np.asarray(ts, dtype=np.float64))
    candidates = {
        datetime.fromtimestamp(float(utc_day) * 86400.0, tz).date() + timedelta(days=shift)
        for utc_day in np.unique(np.floor(times / 86400.0))
        for shift in (-1, 0, 1, 2)
    }
    touched = set()
    for day in candidates:
        first, last = np.searchsorted(times, window_of(day, tz))
        if last > first:
            touched.add(day)
    return touched
