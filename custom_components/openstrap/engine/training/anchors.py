"""The two ends of a wearer's heart rate, between which every load is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import statistics
from typing import Final

from ..baseline import known_values
from ..facts import DayFacts, values_of
from ..metric import clamp, need_input
from ..profile import Profile, Sex
from .hr_max import HrMax, hr_max_of

RESTING_DAYS: Final = 28
FULL_NIGHTS: Final = 7
"""Nights from which the resting heart rate takes nothing off the confidence (judgement)."""
LEAST_SHARE: Final = 0.5
LEAST_RESERVE_BPM: Final = 30.0
"""A narrower span between rest and maximum is no living heart's (judgement)."""
NO_RESTING: Final = need_input("resting_hr_bpm", 0, 1)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Resting and highest heart rate (bpm) of a wearer on a day.

    ``resting_nights`` are the nights behind the resting rate; ``sex`` None is "not told".
    ``confidence`` (0 to 1) is that of the weaker end.
    """

    resting_bpm: float
    hr_max: HrMax
    sex: Sex | None
    resting_nights: int
    confidence: float


def anchors_of(facts: Mapping[date, DayFacts], day: date, profile: Profile) -> Anchors | str:
    """Give the anchors that hold for a day, or the reason why there are none.

    The resting rate is the median of the 28 days before the day; the day's own night stands in
    only where there is no earlier one. No body is assumed where one was not told or seen.
    """
    hr_max = hr_max_of(facts, day, profile)
    if isinstance(hr_max, str):
        return hr_max
    nightly = values_of(facts, "resting_hr_bpm")
    known = known_values(nightly, day, RESTING_DAYS)
    if not known and day in nightly:
        known = [nightly[day]]
    if not known:
        return NO_RESTING
    resting = statistics.median(known)
    if hr_max.bpm - resting < LEAST_RESERVE_BPM:
        return need_input("heart_rate_reserve_bpm", max(hr_max.bpm - resting, 0), LEAST_RESERVE_BPM)
    share = clamp(len(known) / FULL_NIGHTS, LEAST_SHARE, 1.0)
    return Anchors(resting, hr_max, profile.sex, len(known), hr_max.confidence * share)
