"""How many days in a row something has been kept up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from ..against_usual import EWMA_DAYS
from ..facts import DayFacts, values_of
from ..metric import need_input
from ..sleep.need import NEED_DAYS, sleep_need

WORN_MIN: Final = 360.0
"""Minutes of wear that make a worn day."""
ENOUGH_SLEEP: Final = 0.8
"""Share of its need that makes a night long enough."""
MILESTONES_DAYS: Final = (7, 14, 30, 60, 90)
"""Worth a word (judgement)."""
GRACE_EVERY_DAYS: Final = 7
WEAR_DAYS: Final = EWMA_DAYS + 1
"""As far as earlier days are given, and the day."""
SLEEP_DAYS: Final = EWMA_DAYS - NEED_DAYS + 1
"""Further back a night's need would be learnt from fewer nights than it was then."""


@dataclass(frozen=True, slots=True)
class Streak:
    """``days`` in a row up to ``last``, 0 and None without.

    ``at_least``: it fills everything that was looked at, and may have begun before.
    """

    days: int
    last: date | None
    at_least: bool

    @property
    def milestone(self) -> bool:
        """Whether it has just reached a length worth a word."""
        return self.days in MILESTONES_DAYS

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "days": self.days,
            "last": None if self.last is None else self.last.isoformat(),
            "at_least": self.at_least,
            "milestone": self.milestone,
        }


def streak(
    met: Callable[[date], bool | None], day: date, limit_days: int, *, grace: bool = False
) -> Streak:
    """Count the days in a row on which something was met, back from ``day`` or the day before.

    ``met`` tells it of a calendar day, None where it is not known, which ends a streak as a no
    does; only ``day`` itself, which may not be over, may still be open. At most ``limit_days``
    are looked at. With ``grace`` one day in seven may be missed without being counted, but not two
    days in a row.
    """
    last = day if met(day) else day - timedelta(days=1)
    if not met(last):
        return Streak(0, None, False)
    days, spared, on = 0, GRACE_EVERY_DAYS, last
    first = day - timedelta(days=limit_days - 1)
    while on >= first:
        if met(on):
            days, spared = days + 1, spared + 1
        elif grace and spared >= GRACE_EVERY_DAYS - 1 and met(on - timedelta(days=1)):
            spared = 0
        else:
            return Streak(days, last, False)
        on -= timedelta(days=1)
    return Streak(days, last, True)


def wear_streak(facts: Mapping[date, DayFacts], day: date) -> Streak | str:
    """Count the days in a row with six hours of wear; a reason where nothing is known of it."""
    worn = values_of(facts, "worn_min")
    if day not in worn and day - timedelta(days=1) not in worn:
        return need_input("worn_min", 0, 1)

    def met(on: date) -> bool | None:
        return worn[on] >= WORN_MIN if on in worn else None

    return streak(met, day, WEAR_DAYS)


def sleep_streak(
    facts: Mapping[date, DayFacts],
    day: date,
    *,
    age_years: int | None,
    free: Callable[[date], bool],
    own_min: float | None = None,
) -> Streak | str:
    """Count nights in a row, with their naps, of 0.8 of the need learnt from those before each.

    ``own_min`` is the need by the wearer's own word (minutes), which then stands in its place. A
    reason without it and an age, or where no need is known of the night of ``day``, or of the one
    before where that is still to come.
    """
    slept = {
        on: fact.tst_min + (fact.nap_min or 0.0)
        for on, fact in facts.items()
        if fact.tst_min is not None
    }
    if age_years is None and own_min is None:
        return need_input("birth_year", 0, 1)

    @cache
    def met(on: date) -> bool | None:
        if on not in slept:
            return None
        need = sleep_need(slept, on, age_years=age_years, free=free, own_min=own_min)
        return None if need.base_min is None else slept[on] >= ENOUGH_SLEEP * need.base_min

    last = day if day in slept else day - timedelta(days=1)
    if last not in slept:
        return need_input("sleep_min", 0, 1)
    return need_input("free_nights", 0, 1) if met(last) is None else streak(met, day, SLEEP_DAYS)
