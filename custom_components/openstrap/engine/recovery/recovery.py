"""Recovery from 0 to 100: last night's heart, breath and sleep against the wearer's own nights.

What is judged, and how, is the field's: ln RMSSD against its own baseline first (Plews et al. 2013,
Sports Med 43:773; Buchheit 2014, Front Physiol 5:73), beside it resting heart rate, breathing and
sleep. How much each weighs, and which number stands for which night, is taken from what twelve
wearers (4158 nights) were told by the maker of their bands, so that a 60 means what they know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

import numpy as np

from ..baseline import DEGENERATE_BASELINE, known_values, need_baseline
from ..metric import clamp, need_input
from .predictive import (
    HIGHEST,
    MIN_NIGHTS,
    PRIOR_BREATHING_BRPM,
    PRIOR_LN_RMSSD,
    PRIOR_RESTING_BPM,
    shared_out,
    standing,
)

BASELINE_DAYS: Final = 30
"""Calendar days before the night (the window that the evidence was worked out with)."""
INPUTS: Final = ("hrv", "resting_hr", "breathing", "sleep")
WEIGHTS: Final = (15.92, 2.19, 1.0, 5.02)
"""Points a deviation, each beside the others: slopes of a regression of 4050 recoveries (sleep:
3.68 points per 10 % of the need). Breathing had no part in it; its correlation with recovery is
nearly what its tie with HRV explains, so it gets the least that shows (judgement)."""
CORRELATIONS: Final = (
    (1.0, 0.73, 0.38, 0.29),
    (0.73, 1.0, 0.35, 0.25),
    (0.38, 0.35, 1.0, 0.10),
    (0.29, 0.25, 0.10, 1.0),
)
"""Between the inputs, the good direction up. Those of HRV follow from the slopes and the
correlations of recovery with each input alone (0.90, 0.74, 0.38, 0.49); others are a judgement."""
USUAL_PERFORMANCE: Final = 80.0
PERFORMANCE_SD: Final = 13.63
"""Sleep as % of the need: median of all nights, standard deviation of a wearer's."""
FULL_PERFORMANCE: Final = 100.0
STEEPNESS: Final = 1.08
"""The scale below was read against plain z of HRV alone. Normal scores of a predictive distribution
are 4 % narrower, and all inputs together tell more of recovery; so a simulated population has the
spread within a wearer (21 to 22) and the medians of the evidence. Of independent normal nights
9 % are red, of ones with the evidence's tail of bad nights 11 % (it has 13 %)."""
SCALE_Z: Final = (-4.0, -2.5, -1.75, -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1.8, 3.0)
SCALE_POINTS: Final = (1.0, 14.0, 30.0, 36.0, 44.0, 54.0, 66.0, 80.0, 90.0, 95.0, 99.0)
"""Median recovery by z of ln RMSSD, at the middle of each bin; the ends are a judgement."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How recovered, and why.

    ``score`` 0 to 100, not rounded. ``z`` is the night in deviations of an ordinary night, all
    inputs together, ``hrv_z`` that of ln RMSSD alone. ``points``: what each input adds to the score
    of a night on which everything is as usual, largest first. ``nights``: earlier ones with HRV.
    """

    score: float
    z: float
    hrv_z: float
    points: tuple[tuple[str, float], ...]
    nights: int


def sleep_performance(slept_min: float | None, need_min: float | None) -> float | None:
    """Sleep as % of the need of that night, at most 100; None without either."""
    if slept_min is None or need_min is None:
        return None
    if not (math.isfinite(slept_min) and math.isfinite(need_min) and need_min > 0.0):
        return None
    return clamp(FULL_PERFORMANCE * slept_min / need_min, 0.0, FULL_PERFORMANCE)


def recovery(
    rmssd_ms: Mapping[date, float],
    resting_hr_bpm: Mapping[date, float],
    breathing_rate_brpm: Mapping[date, float],
    performance: float | None,
    day: date,
) -> Recovery | str:
    """Recovery after the night that ended on ``day``, or the reason why there is none.

    Each input but sleep is placed among the nights of the 30 calendar days before, of which it
    takes four; sleep (% of its need, 0 to 100) is told by the need, which is the wearer's own
    already. It takes HRV; what else is missing is left out. Never falls as RMSSD or sleep grow,
    never rises as resting heart rate or breathing do. That high HRV beside a very slow heart may
    be saturation is left to be said beside the score: a ceiling that a faster heart lifts would let
    a faster heart recover better.
    """
    return recovery_of_ln(
        logarithms(rmssd_ms), resting_hr_bpm, breathing_rate_brpm, performance, day
    )


def recovery_of_ln(
    ln: Mapping[date, float],
    resting_hr_bpm: Mapping[date, float],
    breathing_rate_brpm: Mapping[date, float],
    performance: float | None,
    day: date,
) -> Recovery | str:
    """Do the same with ``logarithms`` of RMSSD, for who asks of many days."""
    if day not in ln:
        return need_input("rmssd_ms", 0, 1)
    earlier = known_values(ln, day, BASELINE_DAYS)
    if len(earlier) < MIN_NIGHTS:
        return need_baseline(len(earlier), MIN_NIGHTS)
    hrv = standing(ln[day], earlier, PRIOR_LN_RMSSD)
    if hrv is None:
        return DEGENERATE_BASELINE
    scores = {"hrv": hrv.z}
    for name, values, prior in (
        ("resting_hr", resting_hr_bpm, PRIOR_RESTING_BPM),
        ("breathing", breathing_rate_brpm, PRIOR_BREATHING_BRPM),
    ):
        found = standing(values.get(day), known_values(values, day, BASELINE_DAYS), prior)
        if found is not None:
            scores[name] = -found.z
    if performance is not None and math.isfinite(performance):
        off = (performance - USUAL_PERFORMANCE) / PERFORMANCE_SD
        scores["sleep"] = clamp(off, -HIGHEST, HIGHEST)
    parts = combined(scores)
    z = math.fsum(part for _, part in parts)
    score = on_scale(z)
    return Recovery(score, z, hrv.z, shared_out(parts, score - on_scale(0.0)), hrv.nights)


def combined(scores: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Weigh normal scores (good direction up) into parts whose sum varies as one of them does.

    Divided by the deviation that the weighted sum has, as correlated as its inputs are: neither
    what is counted twice nor what is missing changes how wide the recoveries of a wearer spread.
    """
    at = [INPUTS.index(name) for name in INPUTS if name in scores]
    weights = np.array(WEIGHTS)[at]
    spread = float(np.sqrt(weights @ np.array(CORRELATIONS)[np.ix_(at, at)] @ weights))
    return tuple(
        (INPUTS[i], float(weight) * scores[INPUTS[i]] / spread)
        for i, weight in zip(at, weights, strict=True)
    )


def on_scale(z: float) -> float:
    """Points of a night, 1 to 99: the curve through the medians of the evidence."""
    return float(np.interp(STEEPNESS * z, SCALE_Z, SCALE_POINTS))


def logarithms(rmssd_ms: Mapping[date, float]) -> dict[date, float]:
    """Give ln RMSSD (ms) of the nights that have one."""
    return {
        night: math.log(value)
        for night, value in rmssd_ms.items()
        if math.isfinite(value) and value > 0.0
    }
