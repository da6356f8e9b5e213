"""The wearer's own measure of movement, and the minutes that exceed it."""

from collections.abc import Mapping
from datetime import date, timedelta
import statistics
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import need_baseline
from ..signal.runs import runs

MIN_COVERED: Final = 60
"""Covered minutes for a day's summary."""
SUMMARY_PERCENTILE: Final = 90.0
MIN_DAYS: Final = 5
FULL_DAYS: Final = 14
"""Days that a floor is made of; with fewer it is provisional."""
BLOCK_DAYS: Final = 56
"""How long a floor holds, days (judgement): one that follows every day would take away the very
change that is to be seen, and two blocks lie within the history that any trend may look at."""
MIN_RUN_MIN: Final = 3
MIN_DAY_MIN: Final = 4


def day_summary_mg(dyn_mg: NDArray[np.float64]) -> float | None:
    """90th percentile of the covered minutes of a day, (n,) mg, NaN uncovered; None below 60."""
    covered = dyn_mg[np.isfinite(dyn_mg)]
    if len(covered) < MIN_COVERED:
        return None
    found = float(np.percentile(covered, SUMMARY_PERCENTILE))
    return found if found > 0.0 else None


def reference_days(known: Mapping[date, float], day: date) -> list[date]:
    """Days whose values make the measure that holds on ``day``, ascending.

    Calendar time is cut into blocks of 56 days. A block is measured by the first 14 known days of
    the block before it; as long as these are too few, the first days of its own that lie before
    ``day`` fill them up. So the measure stands still within a block once it has its days, and does
    not depend on the order in which days are worked out.
    """
    block = day.toordinal() // BLOCK_DAYS
    since = date.fromordinal((block - 1) * BLOCK_DAYS)
    return sorted(d for d in known if since <= d <= day - timedelta(days=1))[:FULL_DAYS]


def movement_floor_mg(known: Mapping[date, float], day: date) -> tuple[float, int] | str:
    """Median summary (mg) that holds on a day, and of how many days; or why there is none."""
    days = reference_days(known, day)
    if len(days) < MIN_DAYS:
        return need_baseline(len(days), MIN_DAYS)
    return statistics.median(known[d] for d in days), len(days)


def movement_minutes(
    dyn_mg: NDArray[np.float64], floor_mg: float, run_min: int = MIN_RUN_MIN
) -> tuple[int, int]:
    """Count minutes above the floor in runs of at least ``run_min``, and the runs.

    ``dyn_mg`` (n,) consecutive minutes, NaN uncovered, which ends a run.
    """
    with np.errstate(invalid="ignore"):
        first, last = runs(dyn_mg > floor_mg)
    long = (last - first)[last - first >= run_min]
    return int(long.sum()), len(long)
