"""What the loads of the last weeks say together, wrapped."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

from ..facts import DayFacts, values_of
from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from .acwr import FULL_DAYS, load_ratio
from .fitness_trend import DAYS as FITNESS_DAYS, fitness_trend
from .form import FITNESS_TAU_DAYS, Form, training_form
from .loads import DayLoad
from .monotony import DAYS as MONOTONY_DAYS, training_monotony
from .overreaching import coincides, raised_nights

MIN_WAKE_MIN: Final = 600
"""Waking, worn minutes below which a day's load is not known, and the day no rest."""
RATIO_CONFIDENCE: Final = 0.7
FORM_CONFIDENCE: Final = (0.3, 0.85)
MONOTONY_CONFIDENCE: Final = 0.7
OVERREACHING_CONFIDENCE: Final = 0.4
FITNESS_CONFIDENCE: Final = 0.8
REFERENCE_CONFIDENCE: Final = 0.7
"""What is left of it where quiet time was paid at the rate of a reference person."""
ESTIMATE: Final = Tier.ESTIMATE

_row = partial(MetricSpec, tier=Tier.ESTIMATE, kind="day_trend")
ROWS: Final = (
    _row("acwr", "ratio", 2, label="Acute to chronic load"),
    _row("ctl", "TRIMP/d", 1, label="Load of 42 days"),
    _row("atl", "TRIMP/d", 1, label="Load of 7 days"),
    _row("tsb", "TRIMP/d", 1, label="Form"),
    _row("training_monotony", "ratio", 2, label="Training monotony"),
    _row("training_strain", "TRIMP", 0, label="Weekly training strain"),
    _row("overreaching", "flag", 0, label="High load, raised heart rate"),
    _row("fitness_trend", "level", 0, label="Fitness trend"),
)
SPEC: Final = {row.key: row for row in ROWS}
LOAD: Final = ("daily load",)
RESTING: Final = ("resting heart rate",)
NO_LOAD: Final = need_input("daily_load", 0, 1)


def observed_loads(loads: Mapping[date, DayLoad]) -> dict[date, float]:
    """Net load (TRIMP) of the days that were worn for at least ten waking hours.

    Others are missing: a day without the band is not a day of rest.
    """
    return {on: load.net for on, load in loads.items() if load.wake_min >= MIN_WAKE_MIN}


def load_trends(
    facts: Mapping[date, DayFacts],
    day: date,
    loads: Mapping[date, DayLoad],
    *,
    missing: str | None = None,
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day. ``facts`` and ``loads`` have it and earlier days.

    Later days are left out. ``acwr`` and monotony end with the day, once it counts; ``ctl``,
    ``atl`` and ``tsb`` stand as they were in its morning, before its own load. ``missing`` is why
    there are no loads at all (an unknown heart rate range, for example).
    """
    known = {on: load for on, load in loads.items() if on <= day}
    net = observed_loads(known)
    if not net:
        why = missing or NO_LOAD
        found = {row.key: row.absent(why, LOAD) for row in ROWS if row.key != "fitness_trend"}
        return found | {"fitness_trend": _fitness(facts, day)}
    own = sum(known[on].personal for on in net) / len(net)
    sure = REFERENCE_CONFIDENCE + (1.0 - REFERENCE_CONFIDENCE) * own
    form = training_form(net, day)
    return {
        "acwr": _ratio(net, day, sure),
        **_form(form, sure),
        **_monotony(net, day, sure),
        "overreaching": _overreaching(form, facts, day),
        "fitness_trend": _fitness(facts, day),
    }


def _ratio(net: Mapping[date, float], day: date, sure: float) -> Metric:
    row = SPEC["acwr"]
    found = load_ratio(net, day)
    if isinstance(found, str):
        return row.absent(found, LOAD)
    return row.measured(
        found.ratio,
        RATIO_CONFIDENCE * sure * min(1.0, found.days / FULL_DAYS),
        LOAD,
        drivers=(
            ("acute_trimp_d", found.acute),
            ("chronic_trimp_d", found.chronic),
            ("difference_trimp_d", found.acute - found.chronic),
            ("days", found.days),
        ),
    )


def _form(form: Form | str, sure: float) -> dict[str, Metric]:
    rows = (SPEC["ctl"], SPEC["atl"], SPEC["tsb"])
    if isinstance(form, str):
        return {row.key: row.absent(form, LOAD) for row in rows}
    confidence = sure * clamp(form.days / FITNESS_TAU_DAYS, *FORM_CONFIDENCE)
    values = (form.ctl, form.atl, form.tsb)
    return {
        row.key: row.measured(value, confidence, LOAD, drivers=(("days", form.days),))
        for row, value in zip(rows, values, strict=True)
    }


def _monotony(net: Mapping[date, float], day: date, sure: float) -> dict[str, Metric]:
    alike, strain = SPEC["training_monotony"], SPEC["training_strain"]
    found = training_monotony(net, day)
    if isinstance(found, str):
        return {row.key: row.absent(found, LOAD) for row in (alike, strain)}
    confidence = MONOTONY_CONFIDENCE * sure * found.days / MONOTONY_DAYS
    days = (("days", found.days),)
    return {
        alike.key: alike.measured(found.monotony, confidence, LOAD, drivers=days),
        strain.key: strain.measured(found.strain, confidence, LOAD, drivers=days),
    }


def _overreaching(form: Form | str, facts: Mapping[date, DayFacts], day: date) -> Metric:
    row, inputs = SPEC["overreaching"], (*LOAD, *RESTING)
    if isinstance(form, str):
        return row.absent(form, inputs)
    if form.ratio is None:
        return row.absent(need_input("usual_load", 0, 1), inputs)
    nights = raised_nights(values_of(facts, "resting_hr_bpm"), day)
    if isinstance(nights, str):
        return row.absent(nights, inputs)
    return row.measured(
        float(coincides(form.ratio, nights)),
        OVERREACHING_CONFIDENCE,
        inputs,
        drivers=(
            ("fatigue_over_fitness", form.ratio),
            ("raised_nights", nights.raised),
            ("nights", nights.nights),
            ("usual_bpm", nights.usual_bpm),
        ),
    )


def _fitness(facts: Mapping[date, DayFacts], day: date) -> Metric:
    row = SPEC["fitness_trend"]
    found = fitness_trend(values_of(facts, "resting_hr_bpm"), day)
    if isinstance(found, str):
        return row.absent(found, RESTING)
    return row.measured(
        float(found.fitness),
        FITNESS_CONFIDENCE * found.nights / FITNESS_DAYS,
        RESTING,
        drivers=(
            ("change_bpm", found.change_bpm),
            ("detectable_bpm", found.detectable_bpm),
            ("p", found.p),
            ("nights", found.nights),
        ),
    )
