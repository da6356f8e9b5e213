"""What a day says among the days before it: everything that no single day can tell."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from .breathing.breath_trends import breath_trends
from .day import DayResult
from .facts import DayFacts
from .heart.heart_trends import heart_trends
from .profile import Profile
from .sleep.sleep_trends import sleep_trends

OF_TONIGHT: Final = {
    "hrv_readiness_z": "rmssd_ms",
    "hrv_night_z": "rmssd_ms",
    "hrv_7d_ln": "rmssd_ms",
    "hrv_cv_pct": "rmssd_ms",
    "resting_hr_deviation": "resting_hr_bpm",
    "illness_level": "resting_hr_bpm",
    "illness_cusum": "resting_hr_bpm",
    "night_signal": "night_hr_median_bpm",
    "sleep_debt_min": "sleep_min",
    "sleep_performance": "sleep_min",
    "breathing_rate_deviation": "breathing_rate_brpm",
    "skin_temp_deviation_c": "skin_temp_c",
    "temperature_flag": "skin_temp_c",
}
"""Trends that judge a number of the day itself: they claim no more than it does."""
COMPARABLE_ALGORITHM: Final = 3
"""Facts of older versions of the algorithm are no baseline: goes up when a headline is estimated in
another way."""
HISTORY_DAYS: Final = 120
"""No trend looks further back, so a day that changes can matter to so many days after it."""


def derive_trends(result: DayResult, history: Iterable[DayFacts], profile: Profile) -> DayResult:
    """Return a day's result with its trends worked out from the facts of earlier days.

    ``history`` may be in any order; later days and the day itself in it are left out. Needs no
    records, so it also serves days whose records are gone. The same facts give the same result.
    """
    facts = result.facts
    if facts is None:
        return result
    known = {one.day: one for one in history if one.day < result.day} | {result.day: facts}
    trends = (
        heart_trends(known, result.day)
        | sleep_trends(known, result.day, profile)
        | breath_trends(known, result.day)
    )
    for key, source in OF_TONIGHT.items():
        tonight = result.metrics[source]
        trends[key] = trends[key].at_most(tonight.tier, tonight.confidence or 1.0)
    return replace(result, metrics=dict(result.metrics) | trends)
