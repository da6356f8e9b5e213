"""Load of the last week against the usual load of the weeks before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

from ..baseline import need_baseline
from ..facts import calendar_days
from ..metric import need_input

ACUTE_DAYS: Final = 7
ACUTE_TAU_DAYS: Final = 7.0
CHRONIC_TAU_DAYS: Final = 28.0
WINDOW_DAYS: Final = 56
"""Twice the slower time constant: what is older weighs less than a seventh of a day today."""
CHRONIC_GATE_DAYS: Final = 28
"""Days before the week of which enough must be known."""
MIN_ACUTE_DAYS: Final = 4
MIN_CHRONIC_DAYS: Final = 14
MIN_CHRONIC_LOAD: Final = 20.0
"""Net TRIMP a day below which a ratio says nothing: an easy walk would double it."""
FULL_DAYS: Final = 42
"""Days known of the window for full confidence."""


@dataclass(frozen=True, slots=True)
class LoadRatio:
    """Recent over usual load, both in load a day; ``days`` of the 56 were observed."""

    ratio: float
    acute: float
    chronic: float
    days: int


def decayed_mean(loads: Sequence[float | None], tau_days: float) -> float | None:
    """Mean of daily loads, newest first, the weight of each falling by e every ``tau_days``.

    Days that are None or not finite take no weight and are no rest: the robust exponential
    decreasing index (REDI; Moussa et al. 2019, Front Physiol 10:1413). None without a day.
    """
    total = weight = 0.0
    for back, load in enumerate(loads):
        if load is None or not math.isfinite(load):
            continue
        share = math.exp(-back / tau_days)
        total += share * load
        weight += share
    return total / weight if weight else None


def load_ratio(loads: Mapping[date, float], day: date) -> LoadRatio | str:
    """Compare the seven days that end with ``day`` with the seven weeks before, or say why not.

    ``loads`` are net loads (TRIMP) of observed days; other days are missing, not rest. The two
    means share no day, since a week within its own reference pulls the ratio to 1 (Lolli et al.
    2017). A description and no risk of injury: what was made of such ratios does not hold
    (Impellizzeri et al. 2020).
    """
    newest_first = [
        loads.get(on) for on in reversed(calendar_days(day, WINDOW_DAYS, including=True))
    ]
    recent, before = newest_first[:ACUTE_DAYS], newest_first[ACUTE_DAYS:]
    known = sum(load is not None for load in recent)
    if known < MIN_ACUTE_DAYS:
        return need_input("recent_load_days", known, MIN_ACUTE_DAYS)
    usual = sum(load is not None for load in before[:CHRONIC_GATE_DAYS])
    if usual < MIN_CHRONIC_DAYS:
        return need_baseline(usual, MIN_CHRONIC_DAYS)
    acute = decayed_mean(recent, ACUTE_TAU_DAYS)
    chronic = decayed_mean(before, CHRONIC_TAU_DAYS)
    if acute is None or chronic is None or chronic < MIN_CHRONIC_LOAD:
        return need_input("usual_load", round(chronic or 0.0, 1), MIN_CHRONIC_LOAD)
    days = sum(load is not None for load in newest_first)
    return LoadRatio(acute / chronic, acute, chronic, days)
