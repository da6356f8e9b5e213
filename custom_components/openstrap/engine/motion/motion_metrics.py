"""The movement of a day, wrapped."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..facts import TimeSpan
from ..metric import DEGENERATE_SIGNAL, NO_SLEEP, Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..samples import Samples
from ..signal.minutes import MINUTE_S, Minutes
from .active import MIN_OBSERVED_MIN, active_minutes
from .indices import MotionMinutes, motion_minutes
from .intensity import CUT_PERCENTILES, MIN_MOVING, MOVING_MG, moving_cuts_mg
from .movement import MIN_COVERED, day_summary_mg
from .posture import EPOCH_S, Tilts, posture_changes, tilts_of
from .restlessness import MIN_MINUTES, longest_still_min
from .steps import MIN_GAIT_S, StepMinutes

MG: Final = 1000.0
HIGH, ESTIMATE, RELATIVE = Tier.HIGH, Tier.ESTIMATE, Tier.RELATIVE
BAND_CONFIDENCE: Final = 0.7
"""Of the band's own steps: nobody outside compared them with counted ones (judgement)."""
IMU_CONFIDENCE: Final = 0.6
"""Of steps from raw acceleration. Both where all of the waking day was counted."""
FULL_AWAKE_MIN: Final = 600.0
"""Waking minutes worn from which a count is the day's, as with strain: ten hours (judgement)."""
LEAST_CONFIDENCE: Final = 0.01
CADENCE_CONFIDENCE: Final = 0.6
MOVING_CONFIDENCE: Final = 0.5
LEAST_COMPARABLE: Final = 0.3
"""What is less sure is no fact for later days, and of an hour the busy tenth is one."""
FULL_COVER: Final = 0.9
"""Share of the day from which its means of movement are sure."""
ACTIVE_CONFIDENCE: Final = 0.3
POSTURE_CONFIDENCE: Final = 0.5
"""A wrist is no torso, and nobody compared the labels with video."""
MIN_POSTURE_H: Final = 1.0
NO_STEPS: Final = need_input("imu_windows_or_step_counter", 0, 1)
"""One record a second aliases every gait: it holds no steps."""

_row = partial(MetricSpec, kind="day")
ROWS: Final = (
    _row("steps", "steps", 0, ESTIMATE, "Steps", headline=True),
    _row("cadence_spm", "steps/min", 0, ESTIMATE, "Walking cadence"),
    _row("active_min", "min", 0, ESTIMATE, "Time with a busy arm"),
    _row("dyn_amp_mg", "mg", 1, ESTIMATE, "Arm movement"),
    _row("dyn_amp_p90_mg", "mg", 1, ESTIMATE, "Arm movement, busy tenth"),
    _row("dyn_moving_p50_mg", "mg", 1, RELATIVE, "Moving minutes, median"),
    _row("dyn_moving_p75_mg", "mg", 1, RELATIVE, "Moving minutes, upper quarter"),
    _row("dyn_moving_p90_mg", "mg", 1, RELATIVE, "Moving minutes, top tenth"),
    _row("enmo_mg", "mg", 1, ESTIMATE, "Acceleration above rest"),
    _row("mad_mg", "mg", 1, ESTIMATE, "Acceleration spread"),
    _row("posture_changes_per_h", "1/h", 1, ESTIMATE, "Turns in sleep per hour", kind="night"),
    _row("longest_still_min", "min", 0, ESTIMATE, "Longest still stretch", kind="night"),
)
SPEC: Final = {row.key: row for row in ROWS}
ACCELERATION: Final = ("acceleration",)
MOVING: Final = tuple(f"dyn_moving_p{percentile:.0f}_mg" for percentile in CUT_PERCENTILES)


def motion_metrics(
    samples: Samples,
    worn: NDArray[np.bool_],
    minutes: Minutes,
    *,
    dyn_g: NDArray[np.float64],
    day: TimeSpan,
    main: TimeSpan | None,
    naps: Sequence[TimeSpan],
    counted: StepMinutes | None = None,
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day (start, end), epoch s.

    ``dyn_g`` (n,) is ``worn_dyn_g`` of the samples.
    ``samples`` with calibrated acceleration, ``worn`` (n,) and ``minutes`` belong together and
    may, and should, reach beyond the day. ``main`` is the main rest that ends on the day, from bed
    to rise; ``naps`` the other rests of the day; ``counted`` its steps, None where nothing counts
    them.
    """
    of_day = minutes.between(*day)
    waking = _outside(of_day, [*naps] if main is None else [main, *naps])
    moved = motion_minutes(samples, dyn_g, day[0], day[1])
    return {
        **_steps(counted, int((of_day.worn & waking).sum())),
        "active_min": _active(of_day, waking),
        **_indices(moved),
        **_moving(moved),
        **_night(samples, worn, minutes, main),
    }


def _outside(minutes: Minutes, spans: Sequence[TimeSpan]) -> NDArray[np.bool_]:
    outside = np.ones(len(minutes), dtype=bool)
    for start, end in spans:
        outside &= (minutes.ts + MINUTE_S <= start) | (minutes.ts >= end)
    return outside


def _steps(counted: StepMinutes | None, worn_awake_min: int) -> dict[str, Metric]:
    row, pace = SPEC["steps"], SPEC["cadence_spm"]
    if counted is None:
        return {one.key: one.absent(NO_STEPS) for one in (row, pace)}
    band = counted.source == "band"
    inputs = ("band step counter",) if band else ("raw acceleration",)
    # A band counts at night too, where there is nothing to count.
    known_min = min(counted.covered_min, float(worn_awake_min))
    share = known_min / max(float(worn_awake_min), FULL_AWAKE_MIN)
    sure = (BAND_CONFIDENCE if band else IMU_CONFIDENCE) * share
    drivers = [("covered_min", counted.covered_min), ("worn_awake_min", float(worn_awake_min))]
    note = f"source={counted.source}"
    return {
        row.key: row.measured(
            counted.total, max(sure, LEAST_CONFIDENCE), inputs, drivers=drivers, note=note
        ),
        pace.key: pace.absent(need_input("gait_s", 0, MIN_GAIT_S), inputs)
        if counted.cadence_spm is None
        else pace.measured(counted.cadence_spm, CADENCE_CONFIDENCE, inputs, note=note),
    }


def _active(minutes: Minutes, waking: NDArray[np.bool_]) -> Metric:
    row = SPEC["active_min"]
    active, observed = active_minutes(minutes, waking)
    if observed < MIN_OBSERVED_MIN:
        return row.absent(need_input("waking_min", observed, MIN_OBSERVED_MIN), ACCELERATION)
    share = observed / max(int(waking.sum()), 1)
    drivers = [("observed_min", float(observed))]
    return row.measured(active, ACTIVE_CONFIDENCE * share, ACCELERATION, drivers=drivers)


def _indices(moved: MotionMinutes) -> dict[str, Metric]:
    covered = int(moved.covered.sum())
    rows = {
        "dyn_amp_mg": moved.dyn_g,
        "enmo_mg": moved.enmo_g,
        "mad_mg": moved.mad_g,
    }
    busy = SPEC["dyn_amp_p90_mg"]
    if covered < MIN_COVERED:
        note = need_input("covered_min", covered, MIN_COVERED)
        return {key: SPEC[key].absent(note, ACCELERATION) for key in (*rows, busy.key)}
    sure = clamp(covered / (FULL_COVER * len(moved.dyn_g)), 0.1, 0.9)
    drivers = [("covered_min", float(covered))]
    return {
        **{
            key: SPEC[key].measured(
                MG * float(values[moved.covered].mean()), sure, ACCELERATION, drivers=drivers
            )
            for key, values in rows.items()
        },
        busy.key: busy.measured(
            day_summary_mg(MG * moved.dyn_g),
            max(sure, LEAST_COMPARABLE),
            ACCELERATION,
            drivers=drivers,
        ),
    }


def _moving(moved: MotionMinutes) -> dict[str, Metric]:
    dyn_mg = MG * moved.dyn_g
    cuts = moving_cuts_mg(dyn_mg)
    if cuts is None:
        with np.errstate(invalid="ignore"):
            note = need_input("moving_min", int((dyn_mg > MOVING_MG).sum()), MIN_MOVING)
        return {key: SPEC[key].absent(note, ACCELERATION) for key in MOVING}
    return {
        key: SPEC[key].measured(cut, MOVING_CONFIDENCE, ACCELERATION)
        for key, cut in zip(MOVING, cuts, strict=True)
    }


def _night(
    samples: Samples, worn: NDArray[np.bool_], minutes: Minutes, main: TimeSpan | None
) -> dict[str, Metric]:
    turns, still = SPEC["posture_changes_per_h"], SPEC["longest_still_min"]
    if main is None:
        return {row.key: row.absent(NO_SLEEP, ACCELERATION) for row in (turns, still)}
    first, last = np.searchsorted(samples.ts, main)
    kept = np.flatnonzero(worn[first:last]) + first
    found = tilts_of(samples.ts[kept], samples.accel_g[kept], *main)
    longest, observed = longest_still_min(minutes.between(*main))
    return {
        turns.key: _turns(turns, found),
        still.key: still.absent(need_input("rest_min", observed, MIN_MINUTES), ACCELERATION)
        if longest is None
        else still.measured(
            longest, clamp(observed * MINUTE_S / (main[1] - main[0]), 0.1, 0.9), ACCELERATION
        ),
    }


def _turns(row: MetricSpec, found: Tilts) -> Metric:
    hours = int(found.still.sum()) * EPOCH_S / 3600.0
    if hours < MIN_POSTURE_H:
        return row.absent(need_input("still_h", round(hours, 2), MIN_POSTURE_H), ACCELERATION)
    # What turns or was not seen has no confidence, and lowers that of the whole.
    sure = POSTURE_CONFIDENCE * float(found.confidence.mean())
    if not sure:
        return row.absent(DEGENERATE_SIGNAL, ACCELERATION)
    return row.measured(posture_changes(found) / hours, sure, ACCELERATION)
