"""How disturbed a sleep was: bouts of movement, and those with which the heart rose."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..metric import clamp
from ..signal.minutes import Minutes

MOVED_SHARE: Final = 0.2
"""Share of a minute's seconds with a step above 5 degrees from which it was restless."""
MIN_RISE_BPM: Final = 8.0
RISE_SD: Final = 1.5
"""A minute's heart rose when it is above the night's mean by the larger of the two."""
EVENT_POINTS: Final = 12.0
BOUT_POINTS: Final = 6.0
"""Score for one an hour."""
MOBILE_POINTS: Final = 0.5
"""Score for each percent of restless minutes."""
MIN_MINUTES: Final = 60
"""Of less than an hour nothing is said (judgement)."""


@dataclass(frozen=True, slots=True)
class SleepStress:
    """Scores 0..100 (higher is worse), None where under an hour was observed.

    ``events_per_h``: minutes in which the arm moved and the heart rose; ``bouts_per_h``: rows of
    restless minutes; ``mobile_pct`` share of restless minutes. ``motion_min`` minutes with movement
    observed, ``hr_min`` of them with a heart rate.
    """

    stress: float | None
    restlessness: float | None
    events_per_h: float | None
    bouts_per_h: float | None
    mobile_pct: float | None
    motion_min: int
    hr_min: int


def sleep_stress(minutes: Minutes) -> SleepStress:
    """Score the minutes of a sleep.

    Restlessness is 6 points for each bout an hour and half a point for each percent of restless
    minutes; sleep stress 12 points for each event an hour and the same half point. The weights are
    those of the open scores this follows, not of a study: a scale of its own, for comparison
    between the nights of one wearer.
    """
    observed = np.isfinite(minutes.moved)
    both = observed & np.isfinite(minutes.hr_mean)
    motion_min, hr_min = int(observed.sum()), int(both.sum())
    if motion_min < MIN_MINUTES:
        return SleepStress(None, None, None, None, None, motion_min, hr_min)
    with np.errstate(invalid="ignore"):
        restless = minutes.moved >= MOVED_SHARE
    begins = restless & ~np.concatenate(([False], restless[:-1]))
    bouts = 60.0 * int(begins.sum()) / motion_min
    mobile = 100.0 * int(restless.sum()) / motion_min
    stress = events = None
    if hr_min >= MIN_MINUTES:
        hr = minutes.hr_mean[both]
        rise = max(MIN_RISE_BPM, RISE_SD * float(hr.std(ddof=1)))
        rose = restless[both] & (hr >= hr.mean() + rise)
        events = 60.0 * int(rose.sum()) / hr_min
        stress = clamp(EVENT_POINTS * events + MOBILE_POINTS * mobile, 0.0, 100.0)
    return SleepStress(
        stress=stress,
        restlessness=clamp(BOUT_POINTS * bouts + MOBILE_POINTS * mobile, 0.0, 100.0),
        events_per_h=events,
        bouts_per_h=bouts,
        mobile_pct=mobile,
        motion_min=motion_min,
        hr_min=hr_min,
    )
