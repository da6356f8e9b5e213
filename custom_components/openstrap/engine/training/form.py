"""Fitness, fatigue and form: what past load is expected to have left behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

from ..baseline import need_baseline
from ..facts import calendar_days
from ..metric import need_input

FITNESS_TAU_DAYS: Final = 42.0
FATIGUE_TAU_DAYS: Final = 7.0
"""Time constants of Banister 1975 as later work uses them (Busso 1994)."""
SEED_DAYS: Final = 7
"""Observed days whose mean both begin with."""
MIN_DAYS: Final = 14
LOAD_DAYS: Final = 84
"""Days looked back: two time constants of the slower one."""
RECENT_DAYS: Final = 7
MIN_RECENT_DAYS: Final = 4
"""With fewer of the last week the faster one is a guess (judgement)."""


@dataclass(frozen=True, slots=True)
class Form:
    """Load a day: ``ctl`` (fitness), ``atl`` (fatigue); ``days`` observed days were taken in."""

    ctl: float
    atl: float
    days: int

    @property
    def tsb(self) -> float:
        """Form: fitness less fatigue."""
        return self.ctl - self.atl

    @property
    def ratio(self) -> float | None:
        """Fatigue over fitness; None without fitness."""
        return self.atl / self.ctl if self.ctl > 0.0 else None


def training_form(loads: Mapping[date, float], day: date) -> Form | str:
    """Tell the form on the morning of ``day``, from the 84 days before it, or say why not.

    ``loads`` are net loads (TRIMP) of observed days. Exponential means with weights
    1 - exp(-1/42) and 1 - exp(-1/7), begun with the mean of the first seven observed days. A day
    that was not observed is no rest: what is older goes on losing weight, and nothing takes its
    place, which without gaps is the plain recursion. Needs 14 days, 4 of them of the last week.
    """
    series = [loads.get(on) for on in calendar_days(day, LOAD_DAYS)]
    known = [load for load in series if load is not None and math.isfinite(load)]
    if len(known) < MIN_DAYS:
        return need_baseline(len(known), MIN_DAYS)
    recent = sum(load is not None and math.isfinite(load) for load in series[-RECENT_DAYS:])
    if recent < MIN_RECENT_DAYS:
        return need_input("recent_load_days", recent, MIN_RECENT_DAYS)
    seed = math.fsum(known[:SEED_DAYS]) / SEED_DAYS
    after = _after(series, SEED_DAYS)
    return Form(
        ctl=_followed(seed, after, FITNESS_TAU_DAYS),
        atl=_followed(seed, after, FATIGUE_TAU_DAYS),
        days=len(known),
    )


def _after(series: list[float | None], count: int) -> list[float | None]:
    """Leave out everything up to the day with which ``count`` are known."""
    for at, load in enumerate(series):
        count -= load is not None and math.isfinite(load)
        if not count:
            return series[at + 1 :]
    return []


def _followed(seed: float, loads: list[float | None], tau_days: float) -> float:
    keep = math.exp(-1.0 / tau_days)
    total, weight = seed, 1.0
    for load in loads:
        total, weight = keep * total, keep * weight
        if load is not None and math.isfinite(load):
            total, weight = total + (1.0 - keep) * load, weight + 1.0 - keep
    return total / weight
