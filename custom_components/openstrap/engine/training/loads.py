"""What each of the last days cost, all measured by the same ends of the heart rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
import math
import statistics
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import known_values
from ..facts import DayFacts, calendar_days
from .anchors import Anchors
from .form import LOAD_DAYS as FORM_DAYS
from .strain import HARDEST_QUIET, reference_quiet_rate, session_strain
from .trimp import banister_rate, reserve

LOAD_DAYS: Final = FORM_DAYS + 1
"""The day, and those before it that its form looks back on."""
QUIET_DAYS: Final = 28
MIN_QUIET_DAYS: Final = 14
MIN_QUIET_MIN: Final = 300
"""Quiet minutes from which a day tells what they cost."""


@dataclass(frozen=True, slots=True)
class DayLoad:
    """The load of a day's waking, worn minutes.

    ``trimp`` is their Banister load, ``net`` what is left of it, 0 or more, when each of the
    ``wake_min`` minutes is paid at ``quiet_rate``: the median cost of a quiet minute over the 28
    days before, where ``personal``, else that of a reference person. ``quiet_cost`` is the day's
    own mean cost of a minute below 0.40 of the reserve, None below 300 of them. ``strain`` is
    0 to 21.
    """

    trimp: float
    net: float
    wake_min: int
    quiet_cost: float | None
    quiet_rate: float
    personal: bool
    strain: float


def day_loads(
    facts: Mapping[date, DayFacts], day: date, anchors: Anchors, days: int = LOAD_DAYS
) -> dict[date, DayLoad]:
    """Load of each of the ``days`` calendar days up to and with ``day`` that has waking minutes.

    Days without any are left out. From what is kept of a day (minutes by heart rate) alone, so
    days whose records are gone count alike.
    """
    quiet_costs: dict[date, float | None] = {}
    counts: dict[date, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]] = {}
    for on in calendar_days(day, days + QUIET_DAYS, including=True):
        if on not in facts or not facts[on].wake_hr:
            continue
        hr_bpm, minutes = np.array(facts[on].wake_hr, dtype=np.float64).T
        share = reserve(hr_bpm, anchors.resting_bpm, anchors.hr_max.bpm)
        rate = banister_rate(share, anchors.sex)
        counts[on] = hr_bpm, minutes, rate
        quiet = share < HARDEST_QUIET
        quiet_min = float(minutes[quiet].sum())
        if quiet_min >= MIN_QUIET_MIN:
            quiet_costs[on] = float((rate * minutes)[quiet].sum()) / quiet_min
    found: dict[date, DayLoad] = {}
    for on in calendar_days(day, days, including=True):
        if on not in counts:
            continue
        hr_bpm, minutes, rate = counts[on]
        quiet_rate, personal = quiet_rate_of(quiet_costs, on, anchors)
        trimp, wake_min = math.fsum(rate * minutes), int(minutes.sum())
        found[on] = DayLoad(
            trimp=trimp,
            net=max(trimp - wake_min * quiet_rate, 0.0),
            wake_min=wake_min,
            quiet_cost=quiet_costs.get(on),
            quiet_rate=quiet_rate,
            personal=personal,
            strain=session_strain(hr_bpm, minutes, anchors, quiet_rate) or 0.0,
        )
    return found


def quiet_minutes(wake_hr: Sequence[tuple[int, int]], anchors: Anchors) -> int:
    """Count the minutes (by heart rate, bpm) below 0.40 of the reserve."""
    below = anchors.resting_bpm + HARDEST_QUIET * (anchors.hr_max.bpm - anchors.resting_bpm)
    return sum(minutes for bpm, minutes in wake_hr if bpm < below)


def quiet_rate_of(
    quiet_costs: Mapping[date, float | None], day: date, anchors: Anchors
) -> tuple[float, bool]:
    """Cost of a quiet minute that holds for a day, and whether it is the wearer's own."""
    known = known_values(quiet_costs, day, QUIET_DAYS)
    if len(known) < MIN_QUIET_DAYS:
        return reference_quiet_rate(anchors.sex), False
    return statistics.median(known), True
