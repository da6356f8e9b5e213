"""The night that is usual for a wearer: by when it mostly begins and ends."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median
from typing import Final

from ..facts import DayFacts
from ..told import Span

NIGHTS: Final = 14
"""Nights that count: a fortnight holds two weekends, and a new rhythm is soon followed."""
MIN_NIGHTS: Final = 3
"""Fewer say nothing of a habit."""
DEFAULT_H: Final = (23.0, 7.0)
"""Most adults' night, h after the midnight before and after it; only says when to look closely."""

type NightClock = tuple[float, float]
"""Start and end of a night, s of the wall clock after the midnight that begins its day."""

DEFAULT_CLOCK: Final[NightClock] = ((DEFAULT_H[0] - 24.0) * 3600.0, DEFAULT_H[1] * 3600.0)


def usual_clock(history: Iterable[DayFacts]) -> NightClock:
    """Give the medians of the last fourteen nights' starts and ends; of most adults below three."""
    nights = [
        (_wall_s(one, one.onset_ts), _wall_s(one, one.offset_ts))
        for one in sorted(history, key=lambda one: one.day)
        if one.onset_ts is not None and one.offset_ts is not None
    ][-NIGHTS:]
    if len(nights) < MIN_NIGHTS:
        return DEFAULT_CLOCK
    return median(start for start, _ in nights), median(end for _, end in nights)


def usual_night(clock: NightClock, at_ts: float, zone: tzinfo) -> Span:
    """Give the usual night that a moment (epoch s) lies in, or else is nearest to."""
    today = datetime.fromtimestamp(at_ts, zone).date()
    nights = [_night(clock, today + timedelta(days=shift), zone) for shift in (-1, 0, 1, 2)]
    return min(nights, key=lambda night: max(night[0] - at_ts, at_ts - night[1], 0.0))


def _night(clock: NightClock, day: date, zone: tzinfo) -> Span:
    midnight = datetime.combine(day, time())
    start, end = (
        (midnight + timedelta(seconds=wall_s)).replace(tzinfo=zone).timestamp() for wall_s in clock
    )
    return start, end


def _wall_s(facts: DayFacts, ts: float) -> float:
    local = datetime.fromtimestamp(ts, facts.zone()).replace(tzinfo=None)
    return (local - datetime.combine(facts.day, time())).total_seconds()
