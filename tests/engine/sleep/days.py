"""Days of a wearer in Berlin for tests of trends."""

from collections.abc import Callable
from datetime import date, timedelta, tzinfo
from typing import Any

from custom_components.openstrap.engine.facts import DayFacts, TimeSpan, clock_of

from ..series import BERLIN, at

DAY = date(2026, 9, 6)
"""A Sunday."""


def told(
    day: date,
    bed_h: float = 23.0,
    up_h: float = 7.0,
    *,
    tz: tzinfo = BERLIN,
    naps: tuple[TimeSpan, ...] = (),
    seen: tuple[TimeSpan, ...] | None = None,
    **other: Any,
) -> DayFacts:
    """Facts of a day after a night from ``bed_h`` (over 12: the evening before) to ``up_h``.

    Hours are of the wall clock; naps are spans of hours of the day. All was seen, without wake.
    """

    def moment(hour: float) -> float:
        evening = hour > 12.0
        on = day - timedelta(days=1) if evening else day
        return at(on, *divmod(round(60 * hour), 60), tz)

    clock, end = clock_of(day, tz)
    onset, offset = moment(bed_h), moment(up_h)
    dozed = tuple((at(day, int(a), 0, tz), at(day, int(b), 0, tz)) for a, b in naps)
    facts: dict[str, Any] = {
        "day": day,
        "tz": getattr(tz, "key", str(tz)),
        "clock": clock,
        "end_ts": end,
        "onset_ts": onset,
        "offset_ts": offset,
        "tst_min": (offset - onset) / 60.0,
        "nap_min": sum(b - a for a, b in dozed) / 60.0,
        "asleep": ((onset, offset), *dozed),
        "seen": ((clock[0][0], end),) if seen is None else seen,
    }
    return DayFacts(**(facts | other))


def many(
    days: int, make: Callable[[date], DayFacts] = told, *, last: date = DAY
) -> dict[date, DayFacts]:
    """Facts of as many days that end with ``last``."""
    there = [last - timedelta(days=back) for back in range(days)]
    return {day: make(day) for day in sorted(there)}
