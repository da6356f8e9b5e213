"""The workouts of a day as metrics."""

from collections.abc import Sequence
from functools import partial
import statistics
from typing import Final

from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from .anchors import Anchors
from .sessions import Workout

FULL_WAKE_MIN: Final = 600.0
"""Waking, worn minutes from which a workout would hardly have been missed."""
CONFIDENCE: Final = (0.1, 0.9)
DECAY_CONFIDENCE: Final = 0.8
"""Of the confidence of the drop: a fit of a curve to few readings (judgement)."""

_row = partial(MetricSpec, tier=Tier.ESTIMATE, kind="day_trend")
ROWS: Final = (
    _row("workouts", "workouts", 0, label="Workouts", headline=True),
    _row("workout_min", "min", 0, label="Workout time"),
    _row("workout_strain", "strain", 1, label="Hardest workout"),
    _row("hrr60_bpm", "bpm", 0, label="Heart rate recovery"),
    _row("hrr_tau_s", "s", 0, label="Heart rate recovery time"),
)
SPEC: Final = {row.key: row for row in ROWS}
INPUTS: Final = ("heart rate", "movement", "told workouts")
RECOVERY: Final = ("heart rate",)
NO_WORKOUT: Final = need_input("workouts", 0, 1)
NO_HEART_RATE: Final = need_input("heart_rate_in_workout", 0, 1)
NO_RECOVERY: Final = need_input("heart_rate_after_workout", 0, 1)


def workout_trends(
    workouts: Sequence[Workout], anchors: Anchors | str, wake_min: int
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` of a day from its workouts.

    ``anchors`` or the reason why there are none; ``wake_min`` the waking minutes of the day with a
    heart rate. None found is 0, not looked for is absent; what was told counts all the same.
    Recovery is the mean over the workouts that show one, with the rates they ended at as drivers:
    only workouts that ended alike compare.
    """
    count, minutes, hardest = (SPEC[key] for key in ("workouts", "workout_min", "workout_strain"))
    reason = _blind(anchors, wake_min)
    found: dict[str, Metric] = {}
    if reason is not None and not workouts:
        found |= {row.key: row.absent(reason, INPUTS) for row in (count, minutes, hardest)}
    else:
        sure = _confidence(workouts, anchors, wake_min)
        found[count.key] = count.measured(len(workouts), sure, INPUTS, note=reason)
        total = sum((one.end_ts - one.start_ts) / 60.0 for one in workouts)
        found[minutes.key] = minutes.measured(total, sure, INPUTS, note=reason)
        found[hardest.key] = _hardest(hardest, workouts, anchors, sure)
    return found | _recovery(workouts)


def _blind(anchors: Anchors | str, wake_min: int) -> str | None:
    """Why no workout would have been detected."""
    if isinstance(anchors, str):
        return anchors
    return None if wake_min > 0 else need_input("wake_min", wake_min, 1)


def _confidence(workouts: Sequence[Workout], anchors: Anchors | str, wake_min: int) -> float:
    """How sure it is that these were all, and that they were workouts."""
    share = min(wake_min / FULL_WAKE_MIN, 1.0)
    looked = 0.0 if isinstance(anchors, str) else anchors.confidence * share
    mean = statistics.mean(one.confidence for one in workouts) if workouts else 1.0
    return clamp(looked * mean, *CONFIDENCE)


def _hardest(
    row: MetricSpec, workouts: Sequence[Workout], anchors: Anchors | str, sure: float
) -> Metric:
    strains = [one.breakdown.strain for one in workouts if one.breakdown.strain is not None]
    if not strains:
        missing = NO_HEART_RATE if workouts else NO_WORKOUT
        return row.absent(anchors if isinstance(anchors, str) else missing, INPUTS)
    return row.measured(max(strains), sure, INPUTS)


def _recovery(workouts: Sequence[Workout]) -> dict[str, Metric]:
    drop, decay = SPEC["hrr60_bpm"], SPEC["hrr_tau_s"]
    missing = NO_RECOVERY if workouts else NO_WORKOUT
    drops = [one.breakdown.drop for one in workouts if one.breakdown.drop is not None]
    if not drops:
        return {row.key: row.absent(missing, RECOVERY) for row in (drop, decay)}
    ended = (("ended_at_bpm", statistics.mean(one.peak_bpm for one in drops)),)
    sure = statistics.mean(one.confidence for one in drops)
    found = {
        drop.key: drop.measured(
            statistics.mean(one.bpm for one in drops), sure, RECOVERY, drivers=ended
        )
    }
    taus = [one.breakdown.decay.tau_s for one in workouts if one.breakdown.decay is not None]
    if not taus:
        return found | {decay.key: decay.absent(NO_RECOVERY, RECOVERY)}
    return found | {
        decay.key: decay.measured(
            statistics.mean(taus), DECAY_CONFIDENCE * sure, RECOVERY, drivers=ended
        )
    }
