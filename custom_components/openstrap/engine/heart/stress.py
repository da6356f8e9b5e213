"""Arousal of waking hours: how far the heart is above rest while the arm is still."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..facts import HOURS, DayFacts, calendar_days
from ..signal.minutes import Minutes

ACTIVE_G: Final = 0.05
"""Activity of a minute from which the heart follows the body (of the 1 Hz length of gravity)."""
CALM_BELOW: Final = 0.10
STRESSED_FROM: Final = 0.22
FULL_RESERVE: Final = 0.35
"""Shares of the heart rate reserve; the last one is a score of 100."""
PEAK_MIN: Final = 5
MIN_PEAK_STILL: Final = 3
HRV_MIN: Final = 5
"""Minutes around each one, of whose RMSSD the median counts."""
MIN_HRV_PRESENT: Final = 3
LOW_HRV_PCT: Final = 25.0
MIN_HRV_MINUTES: Final = 60
"""Still minutes with HRV in a day before its lowest quarter means something (judgement)."""
USUAL_DAYS: Final = 28
MIN_USUAL_DAYS: Final = 7
MIN_USUAL_HOURS: Final = 4
STILL_HOUR: Final = 0.25
"""Share of an hour that may have moved for it to count as still (judgement)."""


class Band(IntEnum):
    """What a waking minute was like."""

    UNKNOWN = -1
    CALM = 0
    BALANCED = 1
    STRESSED = 2
    ACTIVE = 3


@dataclass(frozen=True, slots=True)
class ArousalMinutes:
    """(n,) each: ``band`` (``Band``) and ``score`` 0..100 of still minutes, NaN for the others."""

    band: NDArray[np.int8]
    score: NDArray[np.float64]

    def count(self, band: Band) -> int:
        """Count the minutes of a band."""
        return int((self.band == band).sum())


@dataclass(frozen=True, slots=True)
class Arousal:
    """A day's arousal, 0..100; None without a still minute.

    ``peak`` is the best mean of five minutes in a row. Minutes are counted by band.
    ``low_hrv_min``: stressed minutes whose HRV lies in the lowest quarter of the day's still
    minutes, None where there is too little HRV to tell. ``known_min``: minutes with a band.
    """

    score: float | None
    peak: float | None
    calm_min: int
    balanced_min: int
    stressed_min: int
    active_min: int
    low_hrv_min: int | None
    known_min: int


@dataclass(frozen=True, slots=True)
class UsualArousal:
    """Heart rate of a day's still waking hours above the wearer's usual one (bpm), None if thin.

    ``hours`` that could be compared, with ``days`` earlier days each on average.
    """

    above_bpm: float | None
    hours: int
    days: float


def arousal_minutes(
    minutes: Minutes, awake: NDArray[np.bool_], resting_bpm: float, maximum_bpm: float
) -> ArousalMinutes:
    """Band of each worn waking minute with a heart rate and a reading of acceleration.

    ``awake`` (n,) for the minutes; ``resting_bpm`` of the wearer's night, ``maximum_bpm`` from the
    profile. Share r of the reserve: below 0.10 calm, below 0.22 balanced, else stressed; active
    from 0.05 g on. The score of a still minute is 100 r / 0.35. Published comparators are Hovsepian
    et al. 2015 (cStress) and Smets et al. 2018 (npj Digit Med 1:67), which have more than a heart
    rate: digestion, heat, coffee and standing count here too, which is why it is called arousal.
    """
    reserve = (minutes.hr_mean - resting_bpm) / max(1.0, maximum_bpm - resting_bpm)
    reserve = np.clip(reserve, 0.0, 1.0)
    known = minutes.worn & awake & np.isfinite(reserve) & np.isfinite(minutes.act_g)
    band = np.full(len(minutes), Band.UNKNOWN, np.int8)
    band[known] = Band.STRESSED
    with np.errstate(invalid="ignore"):
        band[known & (reserve < STRESSED_FROM)] = Band.BALANCED
        band[known & (reserve < CALM_BELOW)] = Band.CALM
        band[known & (minutes.act_g >= ACTIVE_G)] = Band.ACTIVE
    still = known & (band != Band.ACTIVE)
    score = np.where(still, 100.0 * np.minimum(reserve / FULL_RESERVE, 1.0), np.nan)
    return ArousalMinutes(band, score)


def arousal(
    minutes: Minutes, awake: NDArray[np.bool_], resting_bpm: float, maximum_bpm: float
) -> Arousal:
    """Sum up a day: mean score of its still waking minutes. Arguments as ``arousal_minutes``."""
    found = arousal_minutes(minutes, awake, resting_bpm, maximum_bpm)
    still = np.isfinite(found.score)
    return Arousal(
        score=float(found.score[still].mean()) if still.any() else None,
        peak=_peak(found.score),
        calm_min=found.count(Band.CALM),
        balanced_min=found.count(Band.BALANCED),
        stressed_min=found.count(Band.STRESSED),
        active_min=found.count(Band.ACTIVE),
        low_hrv_min=_low_hrv(minutes.rmssd_ms, found),
        known_min=int((found.band != Band.UNKNOWN).sum()),
    )


def usual_arousal(facts: Mapping[date, DayFacts], day: date) -> UsualArousal:
    """Compare still waking hours with the same hours of the 28 calendar days before.

    The wearer's own median for the hour of the day takes out what the clock does to a heart. An
    hour is still when at most a quarter of it moved and none of it was slept; it takes seven
    earlier days for an hour and four hours for an answer.
    """
    if day not in facts:
        return UsualArousal(None, 0, 0.0)
    today = _still_hours(facts[day])
    before = [_still_hours(facts[d]) for d in calendar_days(day, USUAL_DAYS) if d in facts]
    above: list[float] = []
    days: list[int] = []
    for hour in range(HOURS):
        usual = [row[hour] for row in before if np.isfinite(row[hour])]
        if np.isfinite(today[hour]) and len(usual) >= MIN_USUAL_DAYS:
            above.append(float(today[hour] - np.median(usual)))
            days.append(len(usual))
    mean = float(np.mean(above)) if len(above) >= MIN_USUAL_HOURS else None
    return UsualArousal(mean, len(above), float(np.mean(days)) if days else 0.0)


def _still_hours(facts: DayFacts) -> NDArray[np.float64]:
    """Heart rate (bpm) of the day's still waking hours, (24,), NaN for the others."""
    hr = np.array([np.nan if v is None else v for v in facts.hourly_hr])
    moved = np.array([np.nan if v is None else v for v in facts.hourly_activity])
    with np.errstate(invalid="ignore"):
        hr[~(moved <= STILL_HOUR)] = np.nan
    for first, last in facts.asleep:
        low, high = ((facts.wall_s(ts) - facts.midnight_wall_s) / 3600.0 for ts in (first, last))
        hr[max(int(np.floor(low)), 0) : max(int(np.ceil(high)), 0)] = np.nan
    return hr


def _peak(score: NDArray[np.float64]) -> float | None:
    """Best mean of five minutes in a row of which three are still."""
    if len(score) < PEAK_MIN:
        return None
    around = np.lib.stride_tricks.sliding_window_view(score, PEAK_MIN)
    still = np.isfinite(around)
    count = still.sum(axis=1)
    enough = count >= MIN_PEAK_STILL
    if not enough.any():
        return None
    mean = np.where(still, around, 0.0).sum(axis=1)[enough] / count[enough]
    return float(mean.max())


def _low_hrv(rmssd_ms: NDArray[np.float64], found: ArousalMinutes) -> int | None:
    """Count stressed minutes in the lowest quarter of the day's HRV at rest."""
    still = np.isfinite(found.score)
    if int(still.sum()) < MIN_HRV_MINUTES:
        return None
    padded = np.pad(np.where(still, rmssd_ms, np.nan), HRV_MIN // 2, constant_values=np.nan)
    around = np.sort(np.lib.stride_tricks.sliding_window_view(padded, HRV_MIN), axis=1)
    count = np.isfinite(around).sum(axis=1)
    line = np.arange(len(around))
    middle = (around[line, np.maximum(count - 1, 0) // 2] + around[line, count // 2]) / 2.0
    usable = still & (count >= MIN_HRV_PRESENT)
    if int(usable.sum()) < MIN_HRV_MINUTES:
        return None
    low = middle <= np.percentile(middle[usable], LOW_HRV_PCT)
    return int((usable & low & (found.band == Band.STRESSED)).sum())
