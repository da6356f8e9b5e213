"""What a day says among the days before it: everything that no single day can tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from .breathing.breath_trends import breath_trends
from .day_result import DayResult
from .facts import DayFacts
from .heart.heart_trends import heart_trends
from .insight.coach_metrics import coach_details, coach_trends
from .insight.health_details import health_details
from .insight.health_trends import health_trends
from .insight.personal_metrics import personal_trends, records_of
from .insight.strain_target import MIN_ALIKE, earlier_recovery
from .metric import Metric
from .motion.motion_trends import motion_trends
from .profile import Profile
from .recovery.recovery_trends import recovery_trends
from .sleep.sleep_trends import sleep_trends
from .told import NOTHING_TOLD, Told
from .training.anchors import Anchors, anchors_of
from .training.breakdown import Scale
from .training.curve import strain_curve
from .training.energy import Body, body_of
from .training.load_trends import load_trends
from .training.loads import DayLoad, day_loads
from .training.sessions import Workout, workouts_of
from .training.track import Track
from .training.training_metrics import FULL_WAKE_MIN, training_trends
from .training.vo2max import physique_of, vo2max_of
from .training.workout_metrics import workout_trends

OF_TONIGHT: Final = {
    "hrv_readiness_z": "rmssd_ms",
    "hrv_night_z": "rmssd_ms",
    "hrv_7d_ln": "rmssd_ms",
    "hrv_cv_pct": "rmssd_ms",
    "resting_hr_deviation": "resting_hr_bpm",
    "illness_level": "resting_hr_bpm",
    "illness_cusum": "resting_hr_bpm",
    "night_signal": "night_hr_median_bpm",
    "sleep_debt_min": "sleep_min",
    "sleep_performance": "sleep_min",
    "breathing_rate_deviation": "breathing_rate_brpm",
    "skin_temp_deviation_c": "skin_temp_c",
    "temperature_flag": "skin_temp_c",
    "recovery": "rmssd_ms",
    "recovery_band": "rmssd_ms",
    "readiness": "resting_hr_bpm",
    "readiness_band": "resting_hr_bpm",
    "night_state": "resting_hr_bpm",
    "body_alert": "night_hr_median_bpm",
    "anomaly_d": "resting_hr_bpm",
    "anomaly_p": "resting_hr_bpm",
    "hrv_percentile": "rmssd_ms",
    "resting_hr_percentile": "resting_hr_bpm",
    "sleep_percentile": "sleep_min",
    "alertness_low": "sleep_min",
    "alertness_high": "sleep_min",
}
"""Trends that judge a number of the day itself: they claim no more than it does."""
COMPARABLE_ALGORITHM: Final = 3
"""Facts of older versions of the algorithm are no baseline: goes up when a headline is estimated in
another way."""
HISTORY_DAYS: Final = 120
"""No trend looks further back, so a day that changes can matter to so many days after it."""
NOTHING: Final = np.empty(0)
OF_HEART_ALONE: Final = "fitness_trend"
"""Stands among the trends of load, but needs no ends of the heart rate."""
DETAILS: Final = "trends"
"""Where the lists of the trends stand among a day's details."""


@dataclass(frozen=True, slots=True)
class _Past:
    """A day and those before it, as all trends see them; ``strain`` of days that count in full."""

    day: date
    facts: Mapping[date, DayFacts]
    track: Track | None
    anchors: Anchors | str
    loads: Mapping[date, DayLoad]
    strain: Mapping[date, float]
    workouts: tuple[Workout, ...]


def derive_trends(
    result: DayResult,
    history: Iterable[DayFacts],
    profile: Profile,
    told: Told = NOTHING_TOLD,
    *,
    now_ts: float | None = None,
) -> DayResult:
    """Return a day's result with its trends worked out from the facts of earlier days.

    ``history`` may be in any order; what is in it of the day itself, of later ones and of those
    longer ago than ``HISTORY_DAYS`` is left out. ``now_ts``
    (epoch s) is given while the day goes on: a workout may then be going on. Needs no records, so
    it also serves days whose records are gone. The same facts give the same result.
    """
    if result.facts is None:
        return result
    past = _past(result, result.facts, history, profile, told, now_ts)
    facts, day = past.facts, past.day
    trends = (
        heart_trends(facts, day)
        | sleep_trends(facts, day, profile, strain=past.strain)
        | breath_trends(facts, day)
        | _of_training(past, profile)
        | health_trends(facts, day, told)
        | personal_trends(facts, day, _beside(past), profile=profile)
    )
    need = dict(trends["sleep_performance"].drivers).get("need_min")
    trends |= recovery_trends(facts, day, sleep_need_min=need)
    _cap(trends, result.metrics)
    earlier = earlier_recovery(facts, day) if len(past.strain) >= MIN_ALIKE else {}
    coached: dict[str, Any] = {
        "metrics": dict(result.metrics) | trends,
        "strain": past.strain,
        "recovery": earlier,
    }
    # After the others were capped: what follows from them is no surer.
    coach = coach_trends(facts, day, **coached)
    _cap(coach, result.metrics)
    trends |= coach
    metrics = dict(result.metrics) | trends
    listed = {
        "workouts": [one.to_dict() for one in past.workouts],
        "curve": _curve(past),
        "coach": coach_details(facts, day, **coached),
        "health": health_details(facts, day, told, metrics),
        "records": records_of(facts, day),
    }
    return replace(result, metrics=metrics, details=dict(result.details) | {DETAILS: listed})


def _cap(trends: dict[str, Metric], of_day: Mapping[str, Metric]) -> None:
    """Let trends claim no more than the day's own numbers that they judge."""
    for key in trends.keys() & OF_TONIGHT.keys():
        tonight = of_day[OF_TONIGHT[key]]
        trends[key] = trends[key].at_most(tonight.tier, tonight.confidence or 1.0)


def _past(  # noqa: PLR0917  a day, then what is known beside it
    result: DayResult,
    today: DayFacts,
    history: Iterable[DayFacts],
    profile: Profile,
    told: Told,
    now_ts: float | None,
) -> _Past:
    day = result.day
    first = day - timedelta(days=HISTORY_DAYS)
    facts = {one.day: one for one in history if first <= one.day < day} | {day: today}
    track = Track.from_dict(result.details["track"]) if "track" in result.details else None
    anchors = anchors_of(facts, day, profile)
    loads = {} if isinstance(anchors, str) else day_loads(facts, day, anchors)
    scale = None
    if not isinstance(anchors, str):
        quiet_rate = loads[day].quiet_rate if day in loads else None
        scale = Scale(anchors, quiet_rate, _body(facts, day, anchors, profile))
    return _Past(
        day,
        facts,
        track,
        anchors,
        loads,
        {on: load.strain for on, load in loads.items() if load.wake_min >= FULL_WAKE_MIN},
        ()
        if track is None
        else workouts_of(track, scale, told, now_ts, steps=track.steps, votes=track.votes),
    )


def _body(
    facts: Mapping[date, DayFacts], day: date, anchors: Anchors, profile: Profile
) -> Body | None:
    """Give what turns a heart rate into energy, None where too little of the body is known."""
    physique = physique_of(profile, day)
    capacity = physique if isinstance(physique, str) else vo2max_of(facts, day, anchors, physique)
    if isinstance(physique, str) or isinstance(capacity, str):
        return None
    return body_of(physique, capacity.ml_kg_min)


def _of_training(past: _Past, profile: Profile) -> dict[str, Metric]:
    facts, day, anchors, track = past.facts, past.day, past.anchors, past.track
    wake_min = sum(minutes for _, minutes in facts[day].wake_hr)
    missing = anchors if isinstance(anchors, str) else None
    loads = load_trends(facts, day, past.loads, missing=missing)
    if not isinstance(anchors, str):
        loads |= {
            key: metric.at_most(metric.tier, anchors.confidence)
            for key, metric in loads.items()
            if key != OF_HEART_ALONE
        }
    of_day = NOTHING if track is None else track.of_day().dyn_mg
    at_rest = NOTHING if track is None else track.dyn_mg[~track.waking]
    return (
        motion_trends(facts, day, day_mg=of_day, rest_mg=at_rest)
        | training_trends(facts, day, profile, track)
        | workout_trends(past.workouts, anchors, wake_min)
        | loads
    )


def _beside(past: _Past) -> dict[str, dict[date, float]]:
    """Gather what is not in the facts of a day, but follows from them."""
    costs = {on: load.quiet_cost for on, load in past.loads.items()}
    return {
        "strain": dict(past.strain),
        "quiet_cost": {on: cost for on, cost in costs.items() if cost is not None},
    }


def _curve(past: _Past) -> dict[str, Any] | None:
    if past.track is None or isinstance(past.anchors, str) or past.day not in past.loads:
        return None
    load = past.loads[past.day]
    curve = strain_curve(past.track, past.anchors, load.quiet_rate, load.strain)
    return None if curve is None else curve.to_dict()
