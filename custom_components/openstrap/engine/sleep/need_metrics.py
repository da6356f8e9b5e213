"""Need, debt and bedtime as metrics."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
import statistics
from typing import Final

from ..facts import DAY_S, UNIX_DAY, DayFacts, calendar_days
from ..metric import NO_SLEEP, Metric, Tier, clamp, need_input
from ..metric_spec import EPOCH, MetricSpec
from ..signal.stats import circular_median_h
from .jetlag import weekend
from .need import (
    MIN_RECENT_NIGHTS,
    RECENT_DAYS,
    Need,
    bedtime,
    need_tonight,
    norm_min,
    sleep_debt,
    sleep_need,
)
from .regularity import clock_h, on_this_clock

EFFICIENCY = "sleep_efficiency"
HABIT_DAYS = 28
MIN_HABIT = 3
"""Mornings, or nights, that a usual hour of waking or a usual efficiency is taken from."""
FULL_MORNINGS = 7.0
FULL_FREE_NIGHTS = 5.0
NEED_CONFIDENCE = (0.3, 0.6)
DEBT_CONFIDENCE = (0.3, 0.85)
OWN_NEED = "own_need"
"""Note: the need is the wearer's own word, not learnt."""
WITHOUT_DEBT = 0.8
"""What is left of the confidence in a need that leaves the debt out, not knowing it (judgement)."""

ROWS: Final = (
    MetricSpec(
        "sleep_need_min", "min", 0, Tier.ESTIMATE, "Sleep need tonight", headline=True, kind="trend"
    ),
    MetricSpec(
        "sleep_debt_min", "min", 0, Tier.ESTIMATE, "Sleep debt", headline=True, kind="trend"
    ),
    MetricSpec(
        "sleep_performance",
        "%",
        0,
        Tier.ESTIMATE,
        "Sleep performance",
        headline=False,
        kind="trend",
    ),
    MetricSpec("bedtime", EPOCH, 0, Tier.ESTIMATE, "Bedtime tonight", headline=True, kind="trend"),
)
SPEC: Final = {row.key: row for row in ROWS}

_SLEEP = ("sleep",)


def need_metrics(
    facts: Mapping[date, DayFacts],
    day: date,
    *,
    age_years: int | None,
    free: Callable[[date], bool] = weekend,
    strain: Mapping[date, float] | None = None,
    own_min: float | None = None,
) -> dict[str, Metric]:
    """Need of the coming night, debt after this one, how much of its need this one met, bedtime.

    All of ``ROWS``, absent with a reason; arguments as ``sleep_trends`` has them. Debt and
    performance are of the night that ended on ``day`` and absent without its main sleep. A day
    that ``strain`` does not know adds nothing to the need of the night after it. ``own_min`` is
    what a night needs by the wearer's own word (minutes), None to learn it; then notes tell it,
    and it is as sure as a need can get, for they may be wrong too.
    """
    slept = {
        on: fact.tst_min + (fact.nap_min or 0.0)
        for on, fact in facts.items()
        if on <= day and fact.tst_min is not None
    }

    def need_of(night: date) -> Need:
        return sleep_need(slept, night, age_years=age_years, free=free, own_min=own_min)

    told = _needs(slept, strain or {}, day, age_years, need_of)
    clock = on_this_clock(facts, calendar_days(day, HABIT_DAYS, including=True))
    return told | {"bedtime": _bedtime(clock, day, free, told["sleep_need_min"])}


def _needs(
    slept: Mapping[date, float],
    strain: Mapping[date, float],
    day: date,
    age_years: int | None,
    need_of: Callable[[date], Need],
) -> dict[str, Metric]:
    def owed(night: date) -> tuple[float | None, int]:
        base = need_of(night).base_min
        if base is None:
            return None, 0
        debt = sleep_debt(slept, night, base)
        return debt.minutes, debt.recent_nights

    coming, this = need_of(day + timedelta(days=1)), need_of(day)
    before = day - timedelta(days=1)
    debt, recent = owed(day)
    told = {"sleep_need_min": _tonight(coming, debt, strain.get(day), age_years)}
    lacking = _lacking(this, age_years)
    if day not in slept:
        lacking = NO_SLEEP
    elif this.base_min is not None and debt is None:
        lacking = need_input("nights", recent, MIN_RECENT_NIGHTS)
    sure = _sure(this, DEBT_CONFIDENCE)
    note = OWN_NEED if this.told else None
    spec, done = SPEC["sleep_debt_min"], SPEC["sleep_performance"]
    if debt is None:
        told["sleep_debt_min"] = spec.absent(lacking, _SLEEP)
    else:
        told["sleep_debt_min"] = spec.measured(
            debt,
            sure * recent / RECENT_DAYS,
            _SLEEP,
            drivers=(("need_min", this.base_min or 0.0), ("nights", recent)),
            note=note,
        )
    if this.base_min is None or day not in slept:
        told["sleep_performance"] = done.absent(lacking, _SLEEP)
    else:
        need = need_tonight(this.base_min, owed(before)[0], strain.get(before), told=this.told)
        told["sleep_performance"] = done.measured(
            100.0 * slept[day] / need,
            sure,
            _SLEEP,
            drivers=(("slept_min", slept[day]), ("need_min", need)),
            note=note,
        )
    return told


def _tonight(
    need: Need, debt_min: float | None, strain: float | None, age_years: int | None
) -> Metric:
    spec = SPEC["sleep_need_min"]
    if need.base_min is None:
        return spec.absent(_lacking(need, age_years), _SLEEP)
    parts = {
        "base_min": need.base_min,
        "optimal_min": need.optimal_min,
        "habitual_min": need.habitual_min,
        "debt_min": debt_min,
        "strain": strain,
        "free_nights": need.free_nights,
    }
    missing = [name for name in ("debt_min", "strain") if parts[name] is None]
    notes = [OWN_NEED] if need.told else []
    notes += [f"without:{','.join(missing)}"] if missing else []
    return spec.measured(
        need_tonight(need.base_min, debt_min, strain, told=need.told),
        _sure(need, NEED_CONFIDENCE) * (WITHOUT_DEBT if debt_min is None else 1.0),
        _SLEEP if strain is None else (*_SLEEP, "strain"),
        drivers=[(name, value) for name, value in parts.items() if value is not None],
        note=";".join(notes) or None,
    )


def _sure(need: Need, limits: tuple[float, float]) -> float:
    """How sure a need is, between two limits, by what it was learnt from."""
    return limits[1] if need.told else clamp(need.free_nights / FULL_FREE_NIGHTS, *limits)


def _lacking(need: Need, age_years: int | None) -> str:
    if not need.free_nights:
        return need_input("free_nights", 0, 1)
    if age_years is None:
        return need_input("birth_year", 0, 1)
    return need_input("age_norm", int(norm_min(age_years) is not None), 1)


def _bedtime(
    clock: list[DayFacts], day: date, free: Callable[[date], bool], need: Metric
) -> Metric:
    """Tell when to be in bed to wake, slept enough, at the usual hour of such a day."""
    spec = SPEC["bedtime"]
    if need.value is None:
        return spec.absent(need.note or NO_SLEEP, _SLEEP)
    tomorrow = day + timedelta(days=1)
    wakes = [
        clock_h(fact, fact.offset_ts)
        for fact in clock
        if fact.offset_ts is not None and free(fact.day) == free(tomorrow)
    ]
    share = [fact.values[EFFICIENCY] / 100.0 for fact in clock if EFFICIENCY in fact.values]
    wake_h = circular_median_h(wakes)
    if wake_h is None or len(wakes) < MIN_HABIT:
        return spec.absent(need_input("mornings", len(wakes), MIN_HABIT), _SLEEP)
    if len(share) < MIN_HABIT:
        return spec.absent(need_input("nights", len(share), MIN_HABIT), _SLEEP)
    wall = (tomorrow.toordinal() - UNIX_DAY) * DAY_S + round(3600.0 * wake_h)
    wake = datetime.fromtimestamp(wall, UTC).replace(tzinfo=clock[-1].zone()).timestamp()
    efficiency = statistics.median(share)
    return spec.measured(
        bedtime(wake, need.value, efficiency),
        need.confidence * clamp(len(wakes) / FULL_MORNINGS, 0.3, 1.0),
        _SLEEP,
        drivers=(("wake_h", wake_h), ("efficiency", efficiency), ("need_min", need.value)),
    )
