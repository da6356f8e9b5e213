"""Where a day's value stands among the wearer's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
import math
from typing import Final, Literal

from ..baseline import known_values, need_baseline
from ..metric import need_input

type Better = Literal["high", "low"]

DAYS: Final = 365
MIN_VALUES: Final = 14
FULL_VALUES: Final = 60
CONFIDENCE: Final = (0.3, 0.95)


class Standing(IntEnum):
    """How good a value is among one's own."""

    WORST = 1
    WORSE = 2
    TYPICAL = 3
    BETTER = 4
    BEST = 5


STANDINGS: Final = (
    (90.0, Standing.BEST),
    (70.0, Standing.BETTER),
)
"""Goodness (percent) from which on; below, the borders themselves belong to the worse side."""
WORSE_UP_TO: Final = 30.0
WORST_UP_TO: Final = 10.0


@dataclass(frozen=True, slots=True)
class Percentile:
    """Percent of ``days`` earlier values that lie below, those that are equal counting half.

    ``goodness`` is the same with more being better, None where neither end is.
    """

    percent: float
    goodness: float | None
    days: int

    @property
    def standing(self) -> Standing | None:
        """In words; None where neither end is better."""
        if self.goodness is None:
            return None
        for least, standing in STANDINGS:
            if self.goodness >= least:
                return standing
        if self.goodness > WORSE_UP_TO:
            return Standing.TYPICAL
        return Standing.WORSE if self.goodness > WORST_UP_TO else Standing.WORST


def percentile_of_self(
    values: Mapping[date, float], day: date, better: Better | None, *, name: str, days: int = DAYS
) -> Percentile | str:
    """Rank the value of ``day`` among those of the ``days`` dates before it, or say why not.

    Midrank: below plus half of the equal ones. ``name`` is what is missing when the day has no
    value. Needs 14 earlier ones.
    """
    value = values.get(day)
    if value is None or not math.isfinite(value):
        return need_input(name, 0, 1)
    earlier = known_values(values, day, days)
    if len(earlier) < MIN_VALUES:
        return need_baseline(len(earlier), MIN_VALUES)
    below, equal = sum(one < value for one in earlier), sum(one == value for one in earlier)
    percent = 100.0 * (below + 0.5 * equal) / len(earlier)
    goodness = {"high": percent, "low": 100.0 - percent}.get(better or "")
    return Percentile(percent, goodness, len(earlier))
