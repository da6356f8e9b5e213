"""Social jetlag: how far work days push sleep away from where free days let it fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..signal.stats import circular_median_h

MIN_NIGHTS_EACH = 2
MIN_NIGHTS_CHRONOTYPE = 14
SATURDAY = 5
HALF_DAY_H = 12.0
DAY_H = 24.0
CENTRE_H = 6.0
"""Mid-sleep is read within half a day of it: 23:00 is early, not late."""
CHRONOTYPES = (
    (3.0, "early"),
    (4.0, "moderate_early"),
    (5.0, "intermediate"),
    (6.0, "moderate_late"),
)
LATE = "late"


@dataclass(frozen=True, slots=True)
class Night:
    """A night by the wall clock: mid-sleep (h), onset to offset (h), whether it ends on a free day."""

    mid_h: float
    length_h: float
    free: bool


@dataclass(frozen=True, slots=True)
class SocialJetlag:
    """Hours in (-12, 12], positive when free days are later; None with too few nights of a kind."""

    hours: float | None
    free_mid_h: float | None
    work_mid_h: float | None
    free_nights: int
    work_nights: int


def weekend(day: date) -> bool:
    """Tell Saturday and Sunday: the free days of who has told no others."""
    return day.weekday() >= SATURDAY


def social_jetlag(free_mid_h: Sequence[float], work_mid_h: Sequence[float]) -> SocialJetlag:
    """Signed shortest way on the clock from mid-sleep on work days to that on free days.

    Mid-sleeps are clock times (h); of each kind the circular median is taken, of at least two.
    Source: Wittmann et al. 2006, Chronobiol Int 23:497. Deviation: medians in place of means.
    """
    free, work = circular_median_h(free_mid_h), circular_median_h(work_mid_h)
    enough = min(len(free_mid_h), len(work_mid_h)) >= MIN_NIGHTS_EACH
    hours = None
    if enough and free is not None and work is not None:
        hours = HALF_DAY_H - (HALF_DAY_H - (free - work)) % DAY_H
    return SocialJetlag(hours, free, work, len(free_mid_h), len(work_mid_h))


def mid_sleep_corrected(nights: Sequence[Night], free_share: float) -> float | None:
    """Chronotype: mid-sleep on free days, less what they sleep in for the work week (MSFsc).

    ``free_share`` is the share of calendar days that are free. Hours around 06:00, from -6 to 18.
    None with less than 14 nights, or less than two of either kind (without work days nothing
    needs to be corrected, but nothing tells so). Source: Roenneberg et al. 2012, Curr Biol 22:939.
    """
    free = [night for night in nights if night.free]
    work = [night for night in nights if not night.free]
    if len(nights) < MIN_NIGHTS_CHRONOTYPE or min(len(free), len(work)) < MIN_NIGHTS_EACH:
        return None
    mid = circular_median_h([night.mid_h for night in free])
    if mid is None:
        return None
    long_free = sum(night.length_h for night in free) / len(free)
    long_work = sum(night.length_h for night in work) / len(work)
    long_week = free_share * long_free + (1.0 - free_share) * long_work
    return around(mid - max(0.0, (long_free - long_week) / 2.0), CENTRE_H)


def chronotype(corrected_h: float) -> str:
    """Name of a corrected mid-sleep (h): early, moderate_early, intermediate, moderate_late, late."""
    at = around(corrected_h, CENTRE_H)
    return next((name for limit, name in CHRONOTYPES if at < limit), LATE)


def around(hour: float, centre: float) -> float:
    """Return a clock time (h) as the one within half a day of ``centre``."""
    return (hour - centre + HALF_DAY_H) % DAY_H - HALF_DAY_H + centre
