"""How alike the days of a training week are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

from ..baseline import DEGENERATE_BASELINE
from ..facts import calendar_days
from ..metric import need_input
from ..signal.stats import sd

DAYS: Final = 7
MIN_DAYS: Final = 6
MAX_MONOTONY: Final = 10.0
"""Above it the days differ by less than their loads are known."""


@dataclass(frozen=True, slots=True)
class Monotony:
    """Mean over deviation of the daily load, and the week's load times that; ``days`` observed."""

    monotony: float
    strain: float
    days: int


def training_monotony(loads: Mapping[date, float], day: date) -> Monotony | str:
    """Foster's monotony and training strain of the seven calendar days up to ``day``, or why not.

    ``loads`` are net loads (TRIMP), 0 on rest days, of observed days; 6 of the 7 must be. Foster
    1998 (Med Sci Sports Exerc 30:1164), with the sample deviation and a cap of 10. The week's load
    is seven times the mean, so that a day without records does not lighten it. Without any
    difference between the days there is no deviation to divide by.
    """
    week = [loads.get(on) for on in calendar_days(day, DAYS, including=True)]
    known = [load for load in week if load is not None and math.isfinite(load)]
    if len(known) < MIN_DAYS:
        return need_input("recent_load_days", len(known), MIN_DAYS)
    spread = sd(known)
    if not spread:
        return DEGENERATE_BASELINE
    mean = math.fsum(known) / len(known)
    monotony = min(mean / spread, MAX_MONOTONY)
    return Monotony(monotony, DAYS * mean * monotony, len(known))
