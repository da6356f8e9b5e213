"""Whether the resting heart rate has gone down or up over the last weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

from ..baseline import need_baseline
from ..insight.window_summary import Direction, summarise

DAYS: Final = 42
MIN_NIGHTS: Final = 28


class Fitness(IntEnum):
    """What the resting heart rate suggests of aerobic fitness; a falling one, that it rises."""

    DECLINING = -1
    STEADY = 0
    IMPROVING = 1


@dataclass(frozen=True, slots=True)
class FitnessTrend:
    """Change of the resting heart rate over six weeks.

    ``change_bpm`` over the window, by a slope with chance ``p`` of being none;
    ``detectable_bpm`` is the smallest change that is one; ``nights`` were known.
    """

    fitness: Fitness
    change_bpm: float
    detectable_bpm: float
    p: float
    nights: int


_FITNESS: Final = {
    Direction.FALLING: Fitness.IMPROVING,
    Direction.STEADY: Fitness.STEADY,
    Direction.RISING: Fitness.DECLINING,
}


def fitness_trend(resting_bpm: Mapping[date, float], day: date) -> FitnessTrend | str:
    """Tell the trend of the nightly resting heart rate over the 42 dates up to ``day``, or why not.

    Needs 28 nights. The median of all slopes (Theil 1950, Sen 1968), named only when a Mann-Kendall
    test gives p < 0.05 and the change over the window is more than nights differ by chance.
    """
    found = summarise(resting_bpm, day, DAYS)
    if (
        found is None
        or found.days < MIN_NIGHTS
        # Never so: of 28 nights among 42 thirteen pairs and more are neighbours.
        or found.change is None
        or found.detectable is None
        or found.p is None
    ):
        return need_baseline(0 if found is None else found.days, MIN_NIGHTS)
    return FitnessTrend(
        _FITNESS[found.direction], found.change, found.detectable, found.p, found.days
    )
