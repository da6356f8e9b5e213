"""Readiness from 0 to 100: the share of the wearer's own ordinary nights that were worse.

Not recovery: that is on the scale of the maker of the bands, with sleep in it; this is a
percentile, a third of all nights in each colour, of the body at night alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import DEGENERATE_BASELINE, known_values, need_baseline
from ..facts import calendar_days
from ..metric import need_input
from .predictive import (
    MIN_NIGHTS,
    PRIOR_BREATHING_BRPM,
    PRIOR_LN_RMSSD,
    PRIOR_RESTING_BPM,
    Standing,
    shared_out,
    standing,
)

BASELINE_DAYS: Final = 42
MIN_INPUTS: Final = 2
TYPICAL_CORRELATION: Final = 0.3
"""Between two inputs, the good direction up (judgement)."""
OWN_SHARE: Final = 0.5
"""Weight of the wearer's own correlations beside it."""
MIN_COMMON: Final = 10
"""Nights with every input from which own correlations are worth anything."""


@dataclass(frozen=True, slots=True)
class Input:
    """What is looked at: its metric, weight with the sign of its good direction, spread, nights."""

    name: str
    key: str
    weight: float
    prior_sd: float | None
    need: int = MIN_NIGHTS


INPUTS: Final = (
    Input("hrv", "rmssd_ms", 0.40, PRIOR_LN_RMSSD),
    Input("resting_hr", "resting_hr_bpm", -0.30, PRIOR_RESTING_BPM),
    Input("breathing", "breathing_rate_brpm", -0.20, PRIOR_BREATHING_BRPM),
    # How far skin temperatures of nights lie apart depends on the band: nothing to start from.
    Input("skin_temp", "skin_temp_c", -0.10, None, need=10),
)
"""HRV counts as its logarithm. The weights are a judgement."""
HEART: Final = ("hrv", "resting_hr")


@dataclass(frozen=True, slots=True)
class ReadinessIndex:
    """Percentile (0 to 100, not rounded), its normal score, what each input adds to 50, nights.

    ``nights`` are the earlier nights of the input with the fewest.
    """

    score: float
    z: float
    points: tuple[tuple[str, float], ...]
    nights: int


def readiness_index(values: Mapping[str, Mapping[date, float]], day: date) -> ReadinessIndex | str:
    """Readiness after the night that ended on ``day``, or the reason why there is none.

    ``values`` by metric key, then day. Each input becomes the normal score of its place among the
    nights of 42 calendar days, of which it takes four (skin temperature ten); the weighted sum is
    divided by the deviation that sums of inputs so correlated have, half by the wearer's own
    nights and half by what is typical (the idea of Ledoit & Wolf 2004). On nights like the ones
    before, every score is as likely as any other. It takes two inputs, one of them HRV or resting
    heart rate. Higher HRV never lowers it, higher rates or temperature never raise it.
    """
    known = {one.name: _known(one, values.get(one.key, {})) for one in INPUTS}
    tonight = [one for one in INPUTS if day in known[one.name]]
    if len(tonight) < MIN_INPUTS:
        return need_input("inputs", len(tonight), MIN_INPUTS)
    if not any(one.name in HEART for one in tonight):
        return need_input("rmssd_ms", 0, 1)
    found: dict[str, Standing] = {}
    short = []
    for one in tonight:
        series = known[one.name]
        earlier = known_values(series, day, BASELINE_DAYS)
        place = standing(series[day], earlier, one.prior_sd, one.need)
        if place is not None:
            found[one.name] = place
        elif len(earlier) < one.need:
            short.append((len(earlier), one.need))
    if len(found) < MIN_INPUTS or not any(name in found for name in HEART):
        return need_baseline(*min(short)) if short else DEGENERATE_BASELINE
    used = [one for one in INPUTS if one.name in found]
    weights = np.array([abs(one.weight) for one in used])
    weights /= weights.sum()
    signs = np.array([math.copysign(1.0, one.weight) for one in used])
    tied = correlations(np.array(_common([known[one.name] for one in used], day)) * signs)
    spread = float(np.sqrt(weights @ tied @ weights))
    parts = [
        (one.name, float(weight * sign * found[one.name].z / spread))
        for one, weight, sign in zip(used, weights, signs, strict=True)
    ]
    return _percentile(parts, min(place.nights for place in found.values()))


def correlations(common: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlations of the columns (nights, inputs), shrunk halfway to what is typical.

    Only what is typical below ten nights, or where an input does not vary.
    """
    k = common.shape[1]
    typical = np.full((k, k), TYPICAL_CORRELATION)
    np.fill_diagonal(typical, 1.0)
    if len(common) < MIN_COMMON or bool((np.ptp(common, axis=0) < 1e-9).any()):
        return typical
    return OWN_SHARE * np.corrcoef(common, rowvar=False) + (1.0 - OWN_SHARE) * typical


def _percentile(parts: list[tuple[str, float]], nights: int) -> ReadinessIndex:
    from scipy.special import ndtr  # noqa: PLC0415  scipy loads with the first analysis

    z = math.fsum(part for _, part in parts)
    score = 100.0 * float(ndtr(z))
    return ReadinessIndex(score, z, shared_out(parts, score - 50.0), nights)


def _known(one: Input, values: Mapping[date, float]) -> dict[date, float]:
    """Numbers that are some; HRV as its logarithm."""
    finite = {day: value for day, value in values.items() if math.isfinite(value)}
    if one.name != "hrv":
        return finite
    return {day: math.log(value) for day, value in finite.items() if value > 0.0}


def _common(series: list[dict[date, float]], day: date) -> NDArray[np.float64]:
    """Earlier nights that have every input (nights, inputs)."""
    rows = [
        [one[night] for one in series]
        for night in calendar_days(day, BASELINE_DAYS)
        if all(night in one for one in series)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(series))
