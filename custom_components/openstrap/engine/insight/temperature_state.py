"""What nights and days of skin temperature amount to: a state, and how steady the rhythm is."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from typing import Final

from ..breathing.usual import FLAG_Z, WarmNights, warm_nights
from ..facts import DayFacts, calendar_days, values_of
from ..heart.daily_wave import hourly_of
from ..metric import DEGENERATE_SIGNAL, need_input
from ..sleep.circadian import MIN_DAYS, Rhythm, complete, rhythm


class Warmth(IntEnum):
    """How warm the skin is at night; a state, never a cause."""

    USUAL = 0
    ONE_WARM_NIGHT = 1
    RAISED = 2
    RAISED_CYCLIC = 3
    """Raised in the second half of a cycle, which raises it by itself."""


CONFIDENCE: Final = {
    Warmth.USUAL: 0.6,
    Warmth.ONE_WARM_NIGHT: 0.3,
    Warmth.RAISED: 0.7,
    Warmth.RAISED_CYCLIC: 0.35,
}
RHYTHM_DAYS: Final = 7


def warmth(facts: Mapping[date, DayFacts], day: date, *, luteal: bool) -> Warmth | str:
    """Tell the state of a night's skin temperature, or why not."""
    found = warm_nights(values_of(facts, "skin_temp_c"), day)
    return found if isinstance(found, str) else warmth_of(found, luteal=luteal)


def warmth_of(found: WarmNights, *, luteal: bool) -> Warmth:
    """Bring two nights and the cycle together."""
    if found.raised:
        return Warmth.RAISED_CYCLIC if luteal else Warmth.RAISED
    return Warmth.ONE_WARM_NIGHT if found.z >= FLAG_Z else Warmth.USUAL


def skin_rhythm(facts: Mapping[date, DayFacts], day: date) -> Rhythm | str:
    """Tell how alike the days of a still wrist's temperature are, over seven, or why not.

    Of the day and the seven before it those on the day's clock with at least 22 hours; seven in
    a row, the last being the day or the one before. Level windows and their ratio mean nothing
    for a temperature: only stability and variability do (van Someren et al. 1999).
    """
    hourly = hourly_of(facts, day, lambda fact: fact.hourly_skin_c)
    best = 0
    for shift in (0, 1):
        days = calendar_days(day, RHYTHM_DAYS + shift, including=True)[:RHYTHM_DAYS]
        whole = [hourly[one] for one in days if one in hourly and complete(hourly[one])]
        best = max(best, len(whole))
        if len(whole) == MIN_DAYS:
            return rhythm(whole) or DEGENERATE_SIGNAL
    return need_input("complete_days", best, MIN_DAYS)
