"""Arousal, disturbed sleep and the rhythm screen as metrics."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..signal.beats import Beats
from ..signal.minutes import Minutes
from .illness import NO_RESTING_HR
from .rhythm import RUN_WINDOWS, rhythm_windows, screen_rhythm
from .sleep_stress import MIN_MINUTES, sleep_stress
from .stress import arousal
from .zones import NO_MAXIMUM, Maximum, MaximumSource

FULL_DAY_MIN: Final = 600.0
"""Waking minutes for full confidence in a day's arousal."""
AGE_FACTOR: Final = 0.8
"""What remains of it where the maximum heart rate is one of the age."""
FULL_NIGHT_MIN: Final = 240.0
FULL_WINDOWS: Final = 40.0
RHYTHM_CONFIDENCE: Final = (0.2, 0.9)

ROWS: Final = (
    MetricSpec("arousal_score", "points", 0, Tier.ESTIMATE, "Arousal", headline=True, kind="day"),
    MetricSpec("sleep_stress", "points", 0, Tier.ESTIMATE, "Sleep stress", headline=False),
    MetricSpec("restlessness", "points", 0, Tier.ESTIMATE, "Restlessness", headline=False),
    MetricSpec(
        "night_hr_median_bpm", "bpm", 1, Tier.HIGH, "Median heart rate at night", headline=False
    ),
    MetricSpec(
        "irregular_rhythm", "flag", 0, Tier.ESTIMATE, "Irregular rhythm hint", headline=False
    ),
)
SPEC: Final = {row.key: row for row in ROWS}
NIGHT_KEYS: Final = tuple(row.key for row in ROWS if row.kind == "night")


def arousal_metrics(
    minutes: Minutes,
    awake: NDArray[np.bool_],
    resting_bpm: float | None,
    maximum: Maximum | None,
) -> dict[str, Metric]:
    """Wrap the arousal of a local day.

    ``minutes`` of the day, ``awake`` (n,) those outside of sleep, ``resting_bpm`` of the night that
    ends on the day, ``maximum`` of the profile. Absent without either: the scale would be someone
    else's.
    """
    row = SPEC["arousal_score"]
    inputs = ["heart rate", "acceleration", "resting heart rate", "maximum heart rate"]
    if maximum is None:
        return {row.key: row.absent(NO_MAXIMUM, inputs)}
    if resting_bpm is None:
        return {row.key: row.absent(NO_RESTING_HR, inputs)}
    found = arousal(minutes, awake, resting_bpm, maximum.bpm)
    if found.score is None:
        return {row.key: row.absent(need_input("still_minutes", 0, 1), inputs)}
    drivers = [
        ("calm_min", float(found.calm_min)),
        ("balanced_min", float(found.balanced_min)),
        ("stressed_min", float(found.stressed_min)),
        ("active_min", float(found.active_min)),
        ("resting_hr_bpm", resting_bpm),
        ("maximum_hr_bpm", maximum.bpm),
    ]
    if found.peak is not None:
        drivers.append(("peak", found.peak))
    if found.low_hrv_min is not None:
        drivers.append(("stressed_low_hrv_min", float(found.low_hrv_min)))
        inputs.append("rr intervals")
    known = 1.0 if maximum.source is MaximumSource.KNOWN else AGE_FACTOR
    return {
        row.key: row.measured(
            found.score,
            known * clamp(found.known_min / FULL_DAY_MIN, 0.0, 1.0),
            inputs,
            drivers=drivers,
            note=f"maximum_heart_rate={maximum.source}",
        )
    }


def sleep_stress_metrics(minutes: Minutes, beats: Beats) -> dict[str, Metric]:
    """Wrap what the minutes and the raw beats of a main sleep say."""
    return {
        **_disturbance(minutes),
        "night_hr_median_bpm": _median_hr(minutes),
        "irregular_rhythm": _rhythm(minutes, beats),
    }


def _disturbance(minutes: Minutes) -> dict[str, Metric]:
    found = sleep_stress(minutes)
    stress, restlessness = SPEC["sleep_stress"], SPEC["restlessness"]
    moved = need_input("motion_minutes", found.motion_min, MIN_MINUTES)
    if found.restlessness is None or found.bouts_per_h is None or found.mobile_pct is None:
        return {row.key: row.absent(moved, ["acceleration"]) for row in (stress, restlessness)}
    metrics = {
        restlessness.key: restlessness.measured(
            found.restlessness,
            clamp(found.motion_min / FULL_NIGHT_MIN, 0.0, 1.0),
            ["acceleration"],
            drivers=[("bouts_per_h", found.bouts_per_h), ("mobile_pct", found.mobile_pct)],
        )
    }
    inputs = ["heart rate", "acceleration"]
    if found.stress is None or found.events_per_h is None:
        short = need_input("heart_rate_minutes", found.hr_min, MIN_MINUTES)
        return metrics | {stress.key: stress.absent(short, inputs)}
    return metrics | {
        stress.key: stress.measured(
            found.stress,
            clamp(found.hr_min / FULL_NIGHT_MIN, 0.0, 1.0),
            inputs,
            drivers=[("events_per_h", found.events_per_h), ("mobile_pct", found.mobile_pct)],
        )
    }


def _median_hr(minutes: Minutes) -> Metric:
    row = SPEC["night_hr_median_bpm"]
    hr = minutes.hr_mean[np.isfinite(minutes.hr_mean)]
    if len(hr) < MIN_MINUTES:
        short = need_input("heart_rate_minutes", len(hr), MIN_MINUTES)
        return row.absent(short, ["heart rate"])
    return row.measured(
        float(np.median(hr)), clamp(len(hr) / FULL_NIGHT_MIN, 0.0, 1.0), ["heart rate"]
    )


def _rhythm(minutes: Minutes, beats: Beats) -> Metric:
    row, inputs = SPEC["irregular_rhythm"], ["rr intervals", "heart rate", "acceleration"]
    found = screen_rhythm(rhythm_windows(beats, minutes))
    if found.flagged is None:
        return row.absent(need_input("rhythm_windows", found.valid, RUN_WINDOWS), inputs)
    return row.measured(
        float(found.flagged),
        clamp(found.verified / FULL_WINDOWS, *RHYTHM_CONFIDENCE),
        inputs,
        drivers=[
            ("positive_windows", float(found.positive)),
            ("valid_windows", float(found.valid)),
            ("patterned_windows", float(found.patterned)),
            ("skipped_windows", float(found.skipped)),
        ],
    )
