"""Early signs of illness in the nightly heart rate: two published watches, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from ..baseline import MedianMad, known_values, median_mad, need_baseline
from ..facts import calendar_days
from ..metric import need_input
from ..signal.stats import median

BASELINE_DAYS: Final = 28
MIN_BASELINE: Final = 7
ALLOWANCE: Final = 0.5
"""Slack of the sum, in deviations: half of a shift by one (Page 1954, Biometrika 41:100)."""
ALARM: Final = 4.0
"""Sum above which a night is out of the ordinary, in deviations."""
NORMAL_RUN: Final = 2
"""Ordinary nights in a row after which the sum starts anew."""
HORIZON_DAYS: Final = 56
"""Days over which the sum is followed, so that its cost does not grow with the history."""
WARN_BPM: Final = 3.0
ALERT_BPM: Final = 4.0
"""Above the median of earlier nights (NightSignal: Alavi et al. 2022, Nat Med 28:175)."""


class Level(IntEnum):
    """How far out of the ordinary; a state, never a cause."""

    GREEN = 0
    YELLOW = 1
    RED = 2


NO_RESTING_HR: Final = need_input("resting_heart_rate", 0, 1)
NO_NIGHT_HR: Final = need_input("night_heart_rate", 0, 1)


@dataclass(frozen=True, slots=True)
class Cusum:
    """Sum of the excess (deviations), tonight's deviation ``z``, the level and the baseline."""

    total: float
    z: float
    level: Level
    baseline: MedianMad


@dataclass(frozen=True, slots=True)
class NightSignal:
    """Tonight above the median of ``nights`` earlier nights (bpm), and the level."""

    above_bpm: float
    level: Level
    median_bpm: float
    nights: int


def illness_cusum(resting_hr_bpm: Mapping[date, float], day: date) -> Cusum | str:
    """Add up how far resting heart rate stays above the personal level, or say why not.

    C = max(0, C + z - 0.5) over consecutive days (Page 1954), z against the median and MAD of the
    28 calendar days before each; two nights with z < 0.5 in a row, or a day without an answer,
    start it anew. Above 4 the first night is yellow, the next ones are red. On simulated healthy
    nights it is red on seven nights a year, and it stays red for some nights after recovery.
    Resting heart rate for this: Radin et al. 2020 (Lancet Digit Health 2:e85), Mishra et al. 2020
    (Nat Biomed Eng 4:1208). The sum is followed over the last 56 days only.
    """
    if day not in resting_hr_bpm:
        return NO_RESTING_HR
    today = _baseline(resting_hr_bpm, day)
    if isinstance(today, str):
        return today
    total, z, run, ordinary = 0.0, 0.0, 0, 0
    last: date | None = None
    for night in calendar_days(day, HORIZON_DAYS, including=True):
        base = _baseline(resting_hr_bpm, night) if night in resting_hr_bpm else None
        if not isinstance(base, MedianMad):
            continue
        if last is None or night - last > timedelta(days=1):
            total, run, ordinary = 0.0, 0, 0
        last = night
        z = base.z(resting_hr_bpm[night])
        total = max(0.0, total + z - ALLOWANCE)
        ordinary = ordinary + 1 if z < ALLOWANCE else 0
        if ordinary >= NORMAL_RUN:
            total = 0.0
        run = run + 1 if total > ALARM else 0
    level = Level.GREEN if not run else Level.YELLOW if run == 1 else Level.RED
    return Cusum(total, z, level, today)


def night_signal(night_hr_bpm: Mapping[date, float], day: date) -> NightSignal | str:
    """Compare tonight's median heart rate (bpm) with earlier nights, or say why not.

    Yellow from 3 bpm above their median, red when it is 4 bpm above for the second night in a row.
    It needs no estimate of scale. Alavi et al. 2022 take all earlier nights; here the 28 calendar
    days before, of which seven must be known, so that months of fitness are not an illness.
    """
    if day not in night_hr_bpm:
        return NO_NIGHT_HR
    found = _above(night_hr_bpm, day)
    if found is None:
        return need_baseline(len(known_values(night_hr_bpm, day, BASELINE_DAYS)), MIN_BASELINE)
    before = _above(night_hr_bpm, day - timedelta(days=1))
    level = Level.GREEN
    if found.above_bpm >= WARN_BPM:
        level = Level.YELLOW
    if found.above_bpm >= ALERT_BPM and before is not None and before.above_bpm >= ALERT_BPM:
        level = Level.RED
    return replace(found, level=level)


def _baseline(values: Mapping[date, float], day: date) -> MedianMad | str:
    return median_mad(known_values(values, day, BASELINE_DAYS), MIN_BASELINE)


def _above(night_hr_bpm: Mapping[date, float], day: date) -> NightSignal | None:
    """Return the distance from the usual of one night, without a level yet."""
    known = known_values(night_hr_bpm, day, BASELINE_DAYS)
    centre = median(known)
    if day not in night_hr_bpm or centre is None or len(known) < MIN_BASELINE:
        return None
    return NightSignal(night_hr_bpm[day] - centre, Level.GREEN, centre, len(known))
