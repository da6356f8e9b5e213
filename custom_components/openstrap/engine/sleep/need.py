"""How much sleep the wearer needs, and what they owe."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..facts import calendar_days
from ..metric import clamp

MIN_NIGHT_MIN = 120.0
"""Below two hours it was no night from which to learn a need."""
NEED_DAYS = 90
"""Earlier days that free nights are taken from: a quarter of a year, some 13 weekends."""
HABIT_DAYS = 7
MIN_HABIT_NIGHTS = 3
OPTIMAL_PERCENTILE = 75
NORM_NIGHTS = 10.0
"""The norm of the age weighs like this many free nights."""
NORMS_MIN = ((6, 13, 600.0), (14, 17, 540.0), (18, 64, 480.0), (65, 150, 450.0))
"""First and last year of age, minutes: middle of what is recommended (Hirshkowitz et al. 2015)."""
DECAY = 0.85
"""What is left of a debt after a night of just the needed length (judgement)."""
MAX_DEBT_MIN = 600.0
DEBT_DAYS = 28
"""A debt of ten hours is down to six minutes of it by then."""
RECENT_DAYS = 7
MIN_RECENT_NIGHTS = 4
MAX_DEBT_A_NIGHT_MIN = 60.0
"""Nobody sleeps off a week in one night."""
STRAIN_MIN = 45.0
"""Added by a day of the highest strain."""
MAX_STRAIN = 21.0
NEED_RANGE_MIN = (360.0, 660.0)
EFFICIENCY_RANGE = (0.75, 0.99)


@dataclass(frozen=True, slots=True)
class Need:
    """What a night needs without debt, minutes.

    ``base_min`` is what the wearer told, else None without a free night to learn from or an age
    with a norm, ``optimal_min`` without a free night, ``habitual_min`` with less than three of the
    last seven nights. ``free_nights`` is how many were learnt from. ``told``: the base is the
    wearer's own word.
    """

    base_min: float | None
    optimal_min: float | None
    habitual_min: float | None
    free_nights: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class Debt:
    """Sleep owed after a night, minutes, and how many of the last seven nights are known.

    ``minutes`` is None when that night is not known, or less than four of the seven are.
    """

    minutes: float | None
    recent_nights: int


def sleep_need(
    slept_min: Mapping[date, float],
    day: date,
    *,
    age_years: int | None,
    free: Callable[[date], bool],
    own_min: float | None = None,
) -> Need:
    """Need of the night that ends on ``day`` from the nights before it, never from itself.

    ``slept_min`` holds minutes slept in 24 h, naps included, by the day the night ended on. The
    75th percentile of free nights of 90 days, shrunk towards the norm of the age as ten nights
    would; the first free night of a block is left out, since it makes up for the work days before
    (Kitamura et al. 2016, Sci Rep 6:35812). ``own_min``, minutes that the wearer told, stands in
    place of what is learnt.
    """
    nights = {
        on: slept_min[on]
        for on in calendar_days(day, NEED_DAYS)
        if slept_min.get(on, 0.0) >= MIN_NIGHT_MIN
    }
    rested = [
        minutes for on, minutes in nights.items() if free(on) and free(on - timedelta(days=1))
    ]
    recent = [nights[on] for on in calendar_days(day, HABIT_DAYS) if on in nights]
    optimal, norm = optimal_min(rested), norm_min(age_years)
    base = own_min
    if base is None and optimal is not None and norm is not None:
        own = len(rested) / (len(rested) + NORM_NIGHTS)
        base = own * optimal + (1.0 - own) * norm
    return Need(base, optimal, habitual_min(recent), len(rested), own_min is not None)


def habitual_min(recent_min: list[float]) -> float | None:
    """Median of the nights of the last week, None with less than three; any unit of time."""
    return float(np.median(recent_min)) if len(recent_min) >= MIN_HABIT_NIGHTS else None


def optimal_min(free_min: list[float]) -> float | None:
    """75th percentile of free nights, None without any; any unit of time."""
    return float(np.percentile(free_min, OPTIMAL_PERCENTILE)) if free_min else None


def norm_min(age_years: int | None) -> float | None:
    """Middle of the hours recommended at an age, in minutes; None for an age without."""
    if age_years is None:
        return None
    return next((norm for low, high, norm in NORMS_MIN if low <= age_years <= high), None)


def sleep_debt(slept_min: Mapping[date, float], day: date, base_min: float) -> Debt:
    """Sleep owed after the night that ended on ``day``, by a need of ``base_min`` a night.

    Each night leaves 85 % of the debt before it and adds what it lacked, or takes off what it had
    too much; between 0 and ten hours. A night that is not known leaves the debt as it was. Starts
    from 0 four weeks before.
    """
    debt = 0.0
    for on in calendar_days(day, DEBT_DAYS, including=True):
        if on in slept_min:
            debt = clamp(DECAY * debt + base_min - slept_min[on], 0.0, MAX_DEBT_MIN)
    recent = sum(on in slept_min for on in calendar_days(day, RECENT_DAYS, including=True))
    known = day in slept_min and recent >= MIN_RECENT_NIGHTS
    return Debt(debt if known else None, recent)


def need_tonight(
    base_min: float, debt_min: float | None, strain: float | None, *, told: bool = False
) -> float:
    """Need of the coming night, minutes: of the debt at most an hour, for strain (0 to 21) 45 min.

    What is None adds nothing. Between 6 and 11 hours; a base that the wearer ``told`` holds also
    beyond. Naps of the day have already lowered the debt, so they are not taken off a second time.
    """
    part = 0.0 if strain is None else STRAIN_MIN * clamp(strain / MAX_STRAIN, 0.0, 1.0)
    need_min = base_min + min(debt_min or 0.0, MAX_DEBT_A_NIGHT_MIN) + part
    low, high = NEED_RANGE_MIN
    if told:
        low, high = min(low, base_min), max(high, base_min)
    return clamp(need_min, low, high)


def bedtime(wake_ts: float, need_min: float, efficiency: float) -> float:
    """When to be in bed (epoch s) to have slept enough by ``wake_ts``; efficiency 0 to 1."""
    return wake_ts - 60.0 * need_min / clamp(efficiency, *EFFICIENCY_RANGE)
