"""The wave of a day in hourly values of the last days, wrapped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import Final

import numpy as np

from ..facts import HOURS, DayFacts, calendar_days
from ..metric import DEGENERATE_SIGNAL, Metric, clamp, need_input
from ..metric_spec import MetricSpec
from ..sleep.regularity import on_this_clock
from .cosinor import cosinor

WAVE_DAYS: Final = 7
MIN_WAVE_DAYS: Final = 3
FULL_HOURS: Final = 20
"""Hours of a day with a value for a complete day: a band is charged (judgement)."""

type Hourly = Mapping[date, Sequence[float | None]]
"""24 values of each day by the wall clock, None where an hour was not observed."""


def no_daily_wave(r2: float) -> str:
    """Say that there is no wave of a day that is more than chance."""
    return f"no_daily_wave:r2={r2:.3f}"


def hourly_of(
    facts: Mapping[date, DayFacts], day: date, values: Callable[[DayFacts], Sequence[float | None]]
) -> Hourly:
    """Take hourly values from the facts of the last days, as far as they have this day's clock.

    Hours on a clock three and more hours away are others: the wave would be smeared.
    """
    days = calendar_days(day, WAVE_DAYS + 1, including=True)
    return {fact.day: values(fact) for fact in on_this_clock(facts, days)}


def wave_metrics(
    rows: Mapping[str, MetricSpec],
    hourly: Hourly,
    day: date,
    inputs: tuple[str, ...],
    confidence: tuple[float, float],
) -> dict[str, Metric]:
    """Wrap the wave over up to seven complete days in a row, at least three.

    ``rows`` are those of its ``mesor``, ``amplitude`` and ``peak`` (hour), any of them. The last
    day is the day itself or, as long as that is not complete, the one before. ``confidence`` are
    the limits of that of the fit, its adjusted share of variance.
    """
    days = complete_run(hourly, day)
    if len(days) < MIN_WAVE_DAYS:
        note = need_input("complete_days", len(days), MIN_WAVE_DAYS)
        return {row.key: row.absent(note, inputs) for row in rows.values()}
    hours = np.tile(np.arange(HOURS) + 0.5, len(days))
    level = [np.nan if value is None else value for on in days for value in hourly[on]]
    found = cosinor(hours, level)
    if found is None:
        return {row.key: row.absent(DEGENERATE_SIGNAL, inputs) for row in rows.values()}
    sure = clamp(found.r2_adjusted, *confidence)
    drivers = (("r2", found.r2), ("days", float(len(days))))
    values = {"mesor": found.mesor, "amplitude": found.amplitude, "peak": found.acrophase_h}
    told = {
        row.key: row.measured(values[part], sure, inputs, drivers=drivers)
        for part, row in rows.items()
    }
    if (peak := rows.get("peak")) is None:
        return told
    if found.acrophase_ci_h is None:
        return told | {peak.key: peak.absent(no_daily_wave(found.r2), inputs)}
    width = ("ci_half_width_h", found.acrophase_ci_h)
    return told | {
        peak.key: peak.measured(found.acrophase_h, sure, inputs, drivers=(width, *drivers))
    }


def complete_run(hourly: Hourly, day: date) -> list[date]:
    """Up to seven complete days in a row, ascending, the last being the day or the one before."""

    def complete(on: date) -> bool:
        return on in hourly and sum(value is not None for value in hourly[on]) >= FULL_HOURS

    last = day if complete(day) else day - timedelta(days=1)
    run = takewhile(complete, reversed(calendar_days(last, WAVE_DAYS, including=True)))
    return sorted(run)
