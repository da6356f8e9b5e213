"""The highest heart rate that a day held for a while, and in motion: a floor under the maximum."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..samples import Samples

HOLD_S: Final = 15
"""How long it must be held. The lowest rate within counts, so a single spike raises nothing."""
MAX_HOLE_S: Final = 2
MAX_READING_BPM: Final = 220.0
"""A faster reading of a wrist is an artefact; ``ceiling_bpm`` says where for a given age."""
MOVING_G: Final = 0.10
"""Mean dynamic acceleration over the hold from which it was held by work, and not by fear or fever.

Of the vector without its gravity, so the offsets in which the straps differ fall out: at rest it is
some 1 mg on a real gen4 wrist. An arm that swings by 0.2 g a second has 0.19 g (judgement).
"""
MIN_MOVING_READINGS: Final = 10
JUMP_BPM: Final = 20.0
JUMP_S: Final = 5
"""No heart changes its rate by more in this time; a sensor that locks to the steps, or lets go of
them, does (judgement: rates rise by at most 2 to 3 bpm a second at the onset of all-out work)."""
AROUND_S: Final = 30
"""A jump this near spoils a hold."""
LEAD_S: Final = 60
MIN_LEAD_READINGS: Final = 30
"""Readings in the minute before, for a jump to be seen at all."""
NEAR_BPM: Final = 3.0
SURE_S: Final = 30.0
CONFIDENCE: Final = (0.3, 0.8)

ROWS: Final = (
    MetricSpec(
        "hr_peak_held_bpm",
        "bpm",
        0,
        Tier.HIGH,
        "Highest held heart rate",
        headline=False,
        kind="day",
    ),
)
SPEC: Final = {row.key: row for row in ROWS}
INPUTS: Final = ("hr", "accel")


def ceiling_bpm(age: float | None) -> float:
    """Rate (bpm) above which a reading is an artefact: 245 - age within 200 to 220 (judgement)."""
    return MAX_READING_BPM if age is None else clamp(245.0 - age, 200.0, MAX_READING_BPM)


def held_peak_metrics(
    samples: Samples,
    worn: NDArray[np.bool_],
    day: tuple[float, float],
    age: float | None = None,
    *,
    dyn_g: NDArray[np.float64],
) -> dict[str, Metric]:
    """Every metric of ``ROWS`` for a day (start, end; epoch s) from its worn records (n,).

    ``dyn_g`` (n,) is ``worn_dyn_g`` of the samples.
    """
    spec = SPEC["hr_peak_held_bpm"]
    held = held_rates(samples, worn, day, ceiling_bpm(age), dyn_g=dyn_g)
    known = held[np.isfinite(held)]
    if not len(known):
        return {spec.key: spec.absent(need_input("moving_hr_held_s", 0, HOLD_S), INPUTS)}
    peak = float(known.max())
    near_s = int((known >= peak - NEAR_BPM).sum()) + HOLD_S - 1
    return {
        spec.key: spec.measured(
            peak, clamp(near_s / SURE_S, *CONFIDENCE), INPUTS, drivers=(("held_s", near_s),)
        )
    }


def held_rates(
    samples: Samples,
    worn: NDArray[np.bool_],
    day: tuple[float, float],
    most_bpm: float = MAX_READING_BPM,
    *,
    dyn_g: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Lowest heart rate of the 15 s that begin with each second of a day, bpm.

    NaN where these have a hole of more than 2 s, no movement, or a jump near them.
    """
    start = float(np.floor(day[0]))
    size = max(int(np.ceil(day[1] - start)), 0)
    if size < HOLD_S:
        return np.empty(0)
    second = np.floor(samples.ts - start)
    here = worn & (second >= 0) & (second < size)
    hr = np.full(size, np.nan)
    use = here & (samples.hr_bpm > 0) & (samples.hr_bpm <= most_bpm)
    hr[second[use].astype(np.intp)] = samples.hr_bpm[use]
    heard = np.isfinite(hr)
    hr = _bridged(hr)
    lowest = _lowest(hr)
    seen = here & np.isfinite(dyn_g)
    row = second[seen].astype(np.intp)
    count = _sums(np.bincount(row, minlength=size), 0, HOLD_S)
    total = _sums(np.bincount(row, dyn_g[seen], minlength=size), 0, HOLD_S)
    with np.errstate(invalid="ignore"):
        moving = (count >= MIN_MOVING_READINGS) & (total >= MOVING_G * count)
        jump = np.zeros(size)
        jump[JUMP_S:] = np.abs(hr[JUMP_S:] - hr[:-JUMP_S]) > JUMP_BPM
    smooth = _sums(jump, -AROUND_S, HOLD_S + AROUND_S) == 0
    led = _sums(heard.astype(np.float64), -LEAD_S, 0) >= MIN_LEAD_READINGS
    lowest[~(moving & smooth & led)] = np.nan
    return lowest


def _bridged(hr: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let a reading stand for up to two seconds without one after it."""
    found = hr.copy()
    for back in range(1, MAX_HOLE_S + 1):
        hole = np.isnan(found[back:])
        found[back:][hole] = hr[:-back][hole]
    return found


def _lowest(hr: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lowest of the 15 seconds that begin with each, NaN where one of them is not known."""
    found, long = hr, 1
    while long < HOLD_S:
        apart = min(long, HOLD_S - long)
        found = np.minimum(found[:-apart], found[apart:])
        long += apart
    return np.concatenate((found, np.full(HOLD_S - 1, np.nan)))


def _sums(values: NDArray[np.generic], first: int, last: int) -> NDArray[np.float64]:
    """Sum of the values from ``first`` to before ``last`` around each, as far as they exist."""
    total = np.concatenate(([0.0], np.cumsum(values.astype(np.float64))))
    at = np.arange(len(values))
    found: NDArray[np.float64] = (
        total[np.clip(at + last, 0, len(values))] - total[np.clip(at + first, 0, len(values))]
    )
    return found
