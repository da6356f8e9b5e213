"""Whether a workout goes on at this moment, by the heart rate or by the wearer's word."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..motion.indices import worn_dyn_g
from ..samples import Samples
from ..signal.minutes import MINUTE_S
from ..told import Told, WorkoutKind, is_same
from .anchors import Anchors
from .detect import PAUSE_S, Effort, find_efforts
from .workout_rules import is_going

MG_PER_G = 1000.0


@dataclass(frozen=True, slots=True)
class Going:
    """A workout that goes on since ``start_ts`` (epoch s); ``kind`` None where it is not told."""

    start_ts: float
    kind: WorkoutKind | None
    told: bool


def told_going(told: Told, now_ts: float) -> Going | None:
    """Give the workout that the wearer has begun and neither ended nor forgotten."""
    going = [one for one in told.workouts if is_going(one, now_ts) and one.start_ts <= now_ts]
    if not going:
        return None
    one = max(going, key=lambda one: one.start_ts)
    return Going(one.start_ts, one.kind, told=True)


def effort_going(
    samples: Samples, worn: NDArray[np.bool_], anchors: Anchors, told: Told, now_ts: float
) -> Going | None:
    """Give the effort among the last hours' records that goes on at ``now_ts`` (epoch s).

    It is seen once it has lasted twelve minutes, and goes on until five minutes at rest. Not one
    of which the wearer has spoken: told otherwise, ended by hand, or deleted.
    """
    use = worn & (samples.ts < now_ts) & (samples.hr_bpm > 0)
    efforts = find_efforts(
        samples.ts[use],
        samples.hr_bpm[use].astype(np.float64),
        anchors.resting_bpm,
        anchors.hr_max.bpm,
        movement=_minutes_mg(samples, worn),
    )
    if not efforts or now_ts - efforts[-1].end_ts >= PAUSE_S:
        return None
    last = efforts[-1]
    return None if _spoken_of(last, told) else Going(last.start_ts, None, told=False)


def _spoken_of(effort: Effort, told: Told) -> bool:
    span = effort.start_ts, effort.end_ts
    ended: Iterable[tuple[float, float]] = (
        (one.start_ts, one.end_ts) for one in told.workouts if one.end_ts is not None
    )
    return any(first < span[1] and last > span[0] for first, last in ended) or any(
        is_same(span, gone) for gone in told.tombstones
    )


def _minutes_mg(
    samples: Samples, worn: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean dynamic acceleration of each minute, mg, with the minute's start; NaN without any."""
    first = float(np.floor(samples.ts[0] / MINUTE_S) * MINUTE_S)
    row = ((samples.ts - first) // MINUTE_S).astype(np.intp)
    dyn = worn_dyn_g(samples, worn)
    known = np.isfinite(dyn)
    size = int(row[-1]) + 1
    total = np.bincount(row[known], dyn[known] * MG_PER_G, size)
    count = np.bincount(row[known], minlength=size)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return first + MINUTE_S * np.arange(size, dtype=np.float64), mean
