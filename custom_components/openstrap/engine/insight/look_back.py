"""What there is to say of a week that is over: what its days were like, beside those before."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from .window_summary import summarise

WEEK_DAYS: Final = 7
SUNDAY: Final = 6
"""A week ends with it (ISO 8601)."""
MIN_DAYS: Final = 4
"""Days that have to be known: half a week is none (judgement)."""
AVERAGED: Final = ("recovery", "sleep_min", "strain", "rmssd_ms", "resting_hr_bpm", "steps")
SUMMED: Final = ("workouts",)
KEYS: Final = (*AVERAGED, *SUMMED)
"""Metrics that are looked back on."""
CHANGE: Final = "_change"
"""After the name of a metric: this week's mean less that of the week before."""
DECIMALS: Final = 2


def week_contents(
    values: Mapping[str, Mapping[date, float]], last: date
) -> tuple[tuple[str, float], ...]:
    """Tell of the week that ends with ``last``, from values by metric and day.

    Each of ``KEYS`` of which at least four days are known: its mean, or its sum, and for a mean
    how far it moved since the week before if three days of that are known. In the metric's unit.
    """
    told: list[tuple[str, float]] = []
    for key in KEYS:
        week = summarise(values.get(key, {}), last, WEEK_DAYS)
        if week is None or week.days < MIN_DAYS:
            continue
        told.append((key, round(week.total if key in SUMMED else week.mean, DECIMALS)))
        if key in AVERAGED and week.versus_previous is not None:
            told.append((f"{key}{CHANGE}", round(week.versus_previous, DECIMALS)))
    return tuple(told)
