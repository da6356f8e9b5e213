"""The wearer beside themselves: percentiles, drift, streaks, records, the age of baselines."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from ..against_usual import EWMA_DAYS
from ..baseline import PROVISIONAL, need_baseline
from ..facts import DAY_S, DayFacts, values_of
from ..metric import Metric, Tier, clamp
from ..metric_spec import MetricSpec
from ..profile import Profile
from ..sleep.jetlag import weekend
from .drift import EARLIER_DAYS, drift
from .maturity import BASELINES, QUIET_COST, Maturity, baseline_maturity, quiet_cost_maturity
from .percentile import CONFIDENCE, FULL_VALUES, Better, percentile_of_self
from .records import RECORDS, NewRecord, new_record
from .streaks import Streak, sleep_streak, wear_streak

DRIFT_CONFIDENCE: Final = (0.3, 0.9)
WEAR_CONFIDENCE: Final = 0.8
"""Wear is judged from records where the strap did not tell it."""
SLEEP_CONFIDENCE: Final = 0.6
"""A count by an estimated need of estimated sleep (judgement)."""

_row = partial(MetricSpec, kind="trend")
ROWS: Final = (
    _row("hrv_percentile", "%", 0, Tier.RELATIVE, "HRV percentile"),
    _row("resting_hr_percentile", "%", 0, Tier.RELATIVE, "Resting heart rate percentile"),
    _row("sleep_percentile", "%", 0, Tier.RELATIVE, "Sleep percentile"),
    _row("strain_percentile", "%", 0, Tier.RELATIVE, "Strain percentile", kind="day_trend"),
    _row("resting_hr_drift_bpm", "bpm", 1, Tier.HIGH, "Resting heart rate drift"),
    _row("wear_streak_days", "d", 0, Tier.AUTH, "Days worn in a row", kind="day_trend"),
    _row("sleep_streak_days", "d", 0, Tier.ESTIMATE, "Nights of enough sleep"),
    _row("hrv_baseline", "level", 0, Tier.HIGH, "HRV baseline"),
    _row("resting_hr_baseline", "level", 0, Tier.HIGH, "Resting heart rate baseline"),
    _row("breathing_baseline", "level", 0, Tier.HIGH, "Breathing baseline"),
    _row("skin_temp_baseline", "level", 0, Tier.HIGH, "Skin temperature baseline"),
    _row("strain_baseline", "level", 0, Tier.HIGH, "Strain baseline", kind="day_trend"),
)
SPEC: Final = {row.key: row for row in ROWS}

PERCENTILES: Final[Mapping[str, tuple[str, Better | None]]] = {
    "hrv_percentile": ("rmssd_ms", "high"),
    "resting_hr_percentile": ("resting_hr_bpm", "low"),
    # Neither long nor hard is better of itself.
    "sleep_percentile": ("sleep_min", None),
    "strain_percentile": ("strain", None),
}
BASELINE_ROWS: Final = {
    "hrv_baseline": "rmssd_ms",
    "resting_hr_baseline": "resting_hr_bpm",
    "breathing_baseline": "breathing_rate_brpm",
    "skin_temp_baseline": "skin_temp_c",
    "strain_baseline": QUIET_COST,
}

type Extra = Mapping[str, Mapping[date, float]]
"""Daily values that are in no facts: ``strain`` and ``quiet_cost`` of days worn long enough."""


def personal_trends(
    facts: Mapping[date, DayFacts],
    day: date,
    extra: Extra | None = None,
    *,
    profile: Profile | None = None,
    free: Callable[[date], bool] = weekend,
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day, from its own facts and those of earlier days.

    Later days are left out; nothing reaches back more than 120 days. Of the profile the age and
    the wearer's own need are used, with ``free`` (days without work) for what sleep is enough. Baselines count the days
    before the day; their value is a ``MaturityLevel``, the note says it in words.
    """
    known, more = _until(facts, extra, day)
    found = {
        key: _percentile(SPEC[key], _values(known, more, source), day, source, better)
        for key, (source, better) in PERCENTILES.items()
    }
    found["resting_hr_drift_bpm"] = _drift(known, day)
    found["wear_streak_days"] = _streak(
        SPEC["wear_streak_days"], wear_streak(known, day), ("worn time",), WEAR_CONFIDENCE
    )
    profile = Profile() if profile is None else profile
    sleep = sleep_streak(
        known, day, age_years=profile.age_on(day), free=free, own_min=profile.sleep_need_min
    )
    found["sleep_streak_days"] = _streak(
        SPEC["sleep_streak_days"], sleep, ("sleep",), SLEEP_CONFIDENCE
    )
    ages = {one.key: one for one in baselines(known, day, more)}
    return found | {key: _age(SPEC[key], ages[source]) for key, source in BASELINE_ROWS.items()}


def records_of(facts: Mapping[date, DayFacts], day: date) -> list[dict[str, Any]]:
    """Give the records that a day set, as plain JSON types.

    They are among the days given, of which each says the first, and never of all time.
    """
    known = {on: fact for on, fact in facts.items() if on <= day}
    coverage = _coverage(known[day]) if day in known else 0.0
    found = (
        new_record(values_of(known, record.key), day, record, coverage=coverage)
        for record in RECORDS
    )
    return [one.to_dict() for one in found if isinstance(one, NewRecord)]


def baselines(
    facts: Mapping[date, DayFacts], day: date, extra: Extra | None = None
) -> tuple[Maturity, ...]:
    """Tell the maturity of every baseline as it is before a day."""
    own = (baseline_maturity(key, values_of(facts, key), day) for key in BASELINES)
    return (*own, quiet_cost_maturity((extra or {}).get(QUIET_COST, {}), day))


def _until(
    facts: Mapping[date, DayFacts], extra: Extra | None, day: date
) -> tuple[dict[date, DayFacts], dict[str, dict[date, float]]]:
    return (
        {on: fact for on, fact in facts.items() if on <= day},
        {
            name: {on: value for on, value in values.items() if on <= day}
            for name, values in (extra or {}).items()
        },
    )


def _values(facts: Mapping[date, DayFacts], extra: Extra, key: str) -> Mapping[date, float]:
    return extra[key] if key in extra else values_of(facts, key)


def _percentile(
    row: MetricSpec, values: Mapping[date, float], day: date, name: str, better: Better | None
) -> Metric:
    found = percentile_of_self(values, day, better, name=name, days=EWMA_DAYS)
    if isinstance(found, str):
        return row.absent(found, (name,))
    standing = found.standing
    return row.measured(
        found.percent,
        clamp(found.days / FULL_VALUES, *CONFIDENCE),
        (name,),
        drivers=(
            ("days", found.days),
            *((("goodness", found.goodness),) if found.goodness is not None else ()),
        ),
        note=None if standing is None else f"standing={standing.name.lower()}",
    )


def _drift(facts: Mapping[date, DayFacts], day: date) -> Metric:
    row, inputs = SPEC["resting_hr_drift_bpm"], ("resting heart rate",)
    found = drift(values_of(facts, "resting_hr_bpm"), day, name="resting_heart_rate")
    if isinstance(found, str):
        return row.absent(found, inputs)
    return row.measured(
        found.delta,
        clamp(found.earlier_days / EARLIER_DAYS, *DRIFT_CONFIDENCE),
        inputs,
        drivers=(
            ("recent_bpm", found.recent),
            ("earlier_bpm", found.earlier),
            ("detectable_bpm", found.detectable),
        ),
        note=f"direction={found.direction.value}",
    )


def _streak(
    row: MetricSpec, found: Streak | str, inputs: tuple[str, ...], confidence: float
) -> Metric:
    if isinstance(found, str):
        return row.absent(found, inputs)
    return row.measured(
        float(found.days), confidence, inputs, note="streak=at_least" if found.at_least else None
    )


def _age(row: MetricSpec, found: Maturity) -> Metric:
    inputs = (found.key,)
    if not found.nights and found.missed is None:
        return row.absent(need_baseline(0, PROVISIONAL), inputs)
    return row.measured(
        float(found.level),
        1.0,
        inputs,
        drivers=(("nights", found.nights), ("missed_nights", float(found.missed or 0))),
        note=f"baseline={found.status.value}",
    )


def _coverage(fact: DayFacts) -> float:
    """Share of the day, from its midnight on, that was worn and recorded."""
    # Clocks do not change between noon and midnight but in the rarest of zones.
    midnight = fact.start_ts + DAY_S / 2.0
    seen = sum(max(last - max(first, midnight), 0.0) for first, last in fact.seen)
    return seen / (fact.end_ts - midnight)
