"""High load together with a raised resting heart rate: two facts that go with overreaching."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ..baseline import DEGENERATE_BASELINE, known_values, need_baseline
from ..facts import calendar_days
from ..metric import need_input
from ..signal.stats import mad, median

RECENT_NIGHTS: Final = 5
MIN_RECENT_NIGHTS: Final = 4
BASELINE_DAYS: Final = 28
MIN_BASELINE_NIGHTS: Final = 14
WORTHWHILE: Final = 0.5
"""Deviations that make a change worth naming (Hopkins 2000; Plews et al. 2014)."""
HIGH_RATIO: Final = 1.5
MANY_NIGHTS: Final = 4


@dataclass(frozen=True, slots=True)
class RaisedNights:
    """How many of the ``nights`` known among the last five lay above usual.

    ``usual_bpm`` is the median of the four weeks before them, ``step_bpm`` how far above it counts.
    """

    raised: int
    nights: int
    usual_bpm: float
    step_bpm: float


def raised_nights(resting_bpm: Mapping[date, float], day: date) -> RaisedNights | str:
    """Count the nights, of the five that end with ``day``, with a raised resting heart rate.

    Raised: half a scaled median absolute deviation or more above the median of the 28 dates
    before the five, of which 14 must be known. Four of the five must be. Without any spread there
    is no scale.
    """
    recent = [
        resting_bpm[on]
        for on in calendar_days(day, RECENT_NIGHTS, including=True)
        if on in resting_bpm
    ]
    if len(recent) < MIN_RECENT_NIGHTS:
        return need_input("resting_heart_rate", len(recent), MIN_RECENT_NIGHTS)
    first = day - timedelta(days=RECENT_NIGHTS - 1)
    earlier = known_values(resting_bpm, first, BASELINE_DAYS)
    usual, scale = median(earlier), mad(earlier)
    if len(earlier) < MIN_BASELINE_NIGHTS or usual is None or scale is None:
        return need_baseline(len(earlier), MIN_BASELINE_NIGHTS)
    if not scale:
        return DEGENERATE_BASELINE
    step = WORTHWHILE * scale
    return RaisedNights(sum(bpm - usual >= step for bpm in recent), len(recent), usual, step)


def coincides(load_ratio: float, nights: RaisedNights) -> bool:
    """Tell fatigue of at least 1.5 times fitness with four raised nights.

    Illness, travel, heat, alcohol and short nights give the same pair, and overreaching is defined
    by a loss of performance that is not seen here (Meeusen et al. 2013): no more than two facts.
    """
    return load_ratio >= HIGH_RATIO and nights.raised >= MANY_NIGHTS
