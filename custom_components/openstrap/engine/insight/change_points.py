"""When a nightly value took on a new level: looked for afterwards, in the whole series."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..baseline import need_baseline
from ..facts import calendar_days
from ..metric import clamp
from ..signal.stats import mad, sd

WINDOW_DAYS: Final = 120
MIN_SEGMENT: Final = 7
"""Nights that make a level (a week, judgement)."""
MIN_VALUES: Final = 2 * MIN_SEGMENT
PENALTY: Final = 3.0
"""Times ln n, for each change: about three free numbers each (a place, a level, and doubt)."""
LARGEST: Final = 0.1
"""Part of the differences that may be changes of level."""
MAX_PERSISTENCE: Final = 0.7
"""Correlation of neighbouring nights that is allowed for: more would be a drift (judgement)."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """First night of a new level, and the means of the levels before and after it.

    ``nights`` known on the new level so far, or until the next change.
    """

    day: date
    before: float
    after: float
    nights: int

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "day": self.day.isoformat(),
            "before": round(self.before, 4),
            "after": round(self.after, 4),
            "nights": self.nights,
        }


def change_points(values: Mapping[date, float], day: date) -> tuple[ChangePoint, ...] | str:
    """Find the changes of level up to and including a day, oldest first, or say why not.

    Looks at the day and the 119 before it; wants 14 values. Nights without a value take no room.
    A change is known a week after it happened at the earliest.
    """
    days = [one for one in calendar_days(day, WINDOW_DAYS, including=True) if one in values]
    if len(days) < MIN_VALUES:
        return need_baseline(len(days), MIN_VALUES)
    series = np.array([values[one] for one in days])
    starts = partition(series)
    edges = [0, *starts, len(series)]
    return tuple(
        ChangePoint(
            day=days[at],
            before=float(series[first:at].mean()),
            after=float(series[at:last].mean()),
            nights=last - at,
        )
        for first, at, last in zip(edges, edges[1:], edges[2:], strict=False)
    )


def partition(values: NDArray[np.float64]) -> list[int]:
    """Cut a series (n,) into levels of at least seven values; return where new ones start.

    Exact optimal partitioning, ``F(t) = min F(s) + SSE(s, t) / sigma^2 + 3 ln n`` (Jackson et al.
    2005; Killick et al. 2012 prune the same search). Sigma is the MAD of the first differences
    / sqrt 2, which the changes themselves do not widen; where more than half of the differences
    are one and the same, their standard deviation. Deviation: a night resembles the one before
    it, which alone makes levels appear in most series, so sigma is widened to the long-run spread
    of such nights, ``sqrt(1 + r) / (1 - r)`` times; r comes from differences over two nights
    against those over one, without the largest tenth, among which the changes are (after Chakar
    et al. 2017, Bernoulli 23:1408).
    """
    n = len(values)
    if n < MIN_VALUES:
        return []
    steps = np.diff(values)
    sigma = (mad(steps) or sd(steps) or 0.0) / math.sqrt(2.0)
    if sigma <= 0.0:
        return []
    small, smaller = _small_squares(values[2:] - values[:-2]), _small_squares(steps)
    alike = clamp(small / smaller - 1.0, 0.0, MAX_PERSISTENCE) if smaller else 0.0
    sigma *= math.sqrt(1.0 + alike) / (1.0 - alike)
    centred = (values - values.mean()) / sigma
    total = np.concatenate(([0.0], np.cumsum(centred)))
    square = np.concatenate(([0.0], np.cumsum(centred**2)))
    penalty = PENALTY * math.log(n)
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    came = np.zeros(n + 1, dtype=np.int64)
    for t in range(MIN_SEGMENT, n + 1):
        s = np.arange(t - MIN_SEGMENT + 1)
        apart = square[t] - square[s] - (total[t] - total[s]) ** 2 / (t - s)
        cost = best[s] + apart + penalty
        at = int(cost.argmin())
        best[t], came[t] = cost[at], at
    starts: list[int] = []
    t = n
    while came[t]:
        t = int(came[t])
        starts.append(t)
    return starts[::-1]


def _small_squares(differences: NDArray[np.float64]) -> float:
    """Mean of the squares without the largest tenth."""
    squares = np.sort(differences**2)
    return float(squares[: len(squares) - math.ceil(LARGEST * len(squares))].mean())
