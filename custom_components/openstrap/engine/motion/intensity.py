"""How the minutes of a day spread over the wearer's own bands of movement."""

from collections.abc import Mapping, Sequence
from datetime import date
import statistics
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import DEGENERATE_BASELINE, need_baseline
from .movement import FULL_DAYS, reference_days

MOVING_MG: Final = 20.0
"""Movement of a minute up to which it is none, mg (judgement): the mean distance from the
resting vector, a sway of about a degree, far above the 1 to 3 mg of a sensor at rest."""
CUT_PERCENTILES: Final = (50.0, 75.0, 90.0)
"""Of moving minutes: where light, moderate and vigorous ones begin."""
MIN_MOVING: Final = 30
"""Moving minutes from which a day's cuts are known (judgement)."""


def moving_cuts_mg(dyn_mg: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Percentiles of a day's moving minutes, mg; None below 30 of them."""
    with np.errstate(invalid="ignore"):
        moving = dyn_mg[dyn_mg > MOVING_MG]
    if len(moving) < MIN_MOVING:
        return None
    low, middle, high = np.percentile(moving, CUT_PERCENTILES).tolist()
    return low, middle, high


def frozen_cuts_mg(
    known: Sequence[Mapping[date, float]], day: date
) -> tuple[float, float, float] | str:
    """Cuts that hold on a day, or why there are none.

    ``known`` the three percentiles of earlier days. Medians over the days that also make the floor
    of movement; they take 14 of them, for bands that are set anew every day say nothing.
    """
    first, *others = known
    whole = {d: cut for d, cut in first.items() if all(d in one for one in others)}
    days = reference_days(whole, day)
    if len(days) < FULL_DAYS:
        return need_baseline(len(days), FULL_DAYS)
    low, middle, high = (statistics.median(one[d] for d in days) for one in known)
    if not MOVING_MG < low < middle < high:
        return DEGENERATE_BASELINE
    return low, middle, high


def band_minutes(
    dyn_mg: NDArray[np.float64], cuts_mg: tuple[float, float, float]
) -> tuple[int, int, int]:
    """Count light, moderate and vigorous minutes: above each cut up to the next.

    ``dyn_mg`` (n,), NaN uncovered. What lies below the first cut moves less than half of the
    wearer's moving minutes do, and is none of the three.
    """
    covered = dyn_mg[np.isfinite(dyn_mg)]
    band = np.searchsorted(cuts_mg, covered, side="left")
    _, light, moderate, vigorous = np.bincount(band, minlength=4).tolist()
    return light, moderate, vigorous
