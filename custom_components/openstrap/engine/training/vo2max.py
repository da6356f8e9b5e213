"""Aerobic capacity without an exercise test: from age, body, rest and how much one moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
import statistics
from typing import Final

from ..facts import DayFacts, calendar_days
from ..metric import need_input
from ..profile import Profile, Sex
from .anchors import Anchors
from .strain import HARDEST_QUIET

ML_A_MET: Final = 3.5
"""Oxygen at rest, ml/kg/min."""
INTERCEPT: Final = 18.07
MALE: Final = 2.77
PER_YEAR: Final = 0.10
PER_BMI: Final = 0.17
PER_BPM: Final = 0.03
"""METs: Jurca et al. 2005, Am J Prev Med 29:185, the cohort of NASA."""
ACTIVITY: Final = ((180.0, 3.03), (60.0, 1.76), (20.0, 1.06), (10.0, 0.32))
"""Minutes of at least moderate effort a week from which so many METs are added (same source; the
step from 0 to light activity, which it asks for in words, is ours)."""
ERROR_METS: Final = 1.7
"""Standard error, METs: 1.45 to 1.97 in its three cohorts."""
DAYS: Final = 28
MIN_WAKE_MIN: Final = 600
"""Waking minutes from which a day tells how much one moved in it."""
WEEK_DAYS: Final = 7
SEATED_SHARE: Final = 0.05
"""The model wants the rate of someone awake and seated: so many of the quiet minutes lie below."""


@dataclass(frozen=True, slots=True)
class Physique:
    """All that a wearer can tell of their body: years, sex, kg and cm."""

    age: int
    sex: Sex
    weight_kg: float
    height_cm: float

    @property
    def bmi(self) -> float:
        """Body mass index, kg/m²."""
        return self.weight_kg / (self.height_cm / 100.0) ** 2


def physique_of(profile: Profile, day: date) -> Physique | str:
    """Give the body on a day, or say what was not told of it; nothing is assumed."""
    age = profile.age_on(day)
    if age is None:
        return need_input("birth_year", 0, 1)
    if profile.sex is None:
        return need_input("sex", 0, 1)
    if profile.weight_kg is None:
        return need_input("weight_kg", 0, 1)
    if profile.height_cm is None:
        return need_input("height_cm", 0, 1)
    return Physique(age, profile.sex, profile.weight_kg, profile.height_cm)


@dataclass(frozen=True, slots=True)
class Vo2Max:
    """Capacity (ml/kg/min), and what went into it beside the body."""

    ml_kg_min: float
    seated_bpm: float
    active_min_a_week: float
    days: int


def jurca_ml_kg_min(age: float, bmi: float, rest_bpm: float, sex: Sex, activity: float) -> float:
    """Capacity of an age (years), body mass index, seated heart rate and activity (METs)."""
    mets = INTERCEPT + MALE * (sex == "m") - PER_YEAR * age - PER_BMI * bmi
    return ML_A_MET * (mets - PER_BPM * rest_bpm + activity)


def activity_mets(active_min_a_week: float) -> float:
    """METs that so many minutes a week at 0.40 of the reserve and above add."""
    return next((mets for least, mets in ACTIVITY if active_min_a_week >= least), 0.0)


def vo2max_of(
    facts: Mapping[date, DayFacts], day: date, anchors: Anchors, physique: Physique
) -> Vo2Max | str:
    """Estimate the capacity that holds on a day, or say which days are missing for it.

    Rest and activity are of the 28 days before; the day itself stands in where none of them has
    600 waking minutes. Below the oxygen of rest the model says nothing of a body like that.
    """
    found = [
        facts[on].wake_hr
        for on in calendar_days(day, DAYS)
        if on in facts and _minutes(facts[on].wake_hr) >= MIN_WAKE_MIN
    ]
    if not found and day in facts and _minutes(facts[day].wake_hr) >= MIN_WAKE_MIN:
        found = [facts[day].wake_hr]
    if not found:
        return need_input("days_of_600_waking_min", 0, 1)
    floor = anchors.resting_bpm + HARDEST_QUIET * (anchors.hr_max.bpm - anchors.resting_bpm)
    seated = [rate for counts in found if (rate := _seated_bpm(counts, floor)) is not None]
    if not seated:
        return need_input("quiet_waking_min", 0, 1)
    active = WEEK_DAYS * statistics.fmean(
        sum(minutes for bpm, minutes in counts if bpm >= floor) for counts in found
    )
    rest = statistics.median(seated)
    capacity = jurca_ml_kg_min(
        physique.age, physique.bmi, rest, physique.sex, activity_mets(active)
    )
    if capacity < ML_A_MET:
        return need_input("capacity_mets", round(capacity / ML_A_MET, 1), 1)
    return Vo2Max(capacity, rest, active, len(found))


def _minutes(counts: Sequence[tuple[int, int]]) -> int:
    return sum(minutes for _, minutes in counts)


def _seated_bpm(counts: Sequence[tuple[int, int]], below: float) -> float | None:
    """Heart rate that a twentieth of the quiet minutes do not exceed."""
    quiet = [(bpm, minutes) for bpm, minutes in counts if bpm < below]
    left = SEATED_SHARE * _minutes(quiet)
    for bpm, minutes in quiet:
        left -= minutes
        if left <= 0.0:
            return float(bpm)
    return None
