"""A wearer's highest heart rate: told, or the one of the age corrected by what was once held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import math
from typing import Final, Literal

from ..baseline import known_values
from ..facts import DayFacts, values_of
from ..heart.zones import (
    CONFIDENCE,
    KNOWN_SD_BPM,
    NO_MAXIMUM,
    TANAKA_BPM,
    TANAKA_BPM_PER_YEAR,
    TANAKA_SD_BPM,
    USELESS_SD_BPM,
)
from ..metric import clamp
from ..profile import Profile

type HrMaxSource = Literal["lab", "observed", "posterior", "age"]

HELD_PEAK: Final = "hr_peak_held_bpm"
"""Key of a day's highest heart rate that was held while moving."""
CEILING_DAYS: Final = 120
"""How far back a held peak counts; a peak of a year ago says as much, but is not known any more."""
LEAST_CEILING_BPM: Final = 150.0
"""Without an age, a held peak below this is no ceiling but an easy day (judgement)."""


@dataclass(frozen=True, slots=True)
class HrMax:
    """A highest heart rate (bpm), how far it may be off (sd, bpm), and where it comes from.

    ``lab`` was told by the wearer, ``age`` is the line of the age, ``posterior`` that line given
    that a higher rate than some was once held, ``observed`` the held rate alone.
    """

    bpm: float
    sd: float
    source: HrMaxSource

    @property
    def confidence(self) -> float:
        """How far it can be trusted, 0 to 1: falls with its spread."""
        return clamp(1.0 - self.sd / USELESS_SD_BPM, *CONFIDENCE)

    @property
    def seen(self) -> bool:
        """Whether something of this wearer, and not their age alone, speaks for it."""
        return self.source != "age"


def hr_max_of(facts: Mapping[date, DayFacts], day: date, profile: Profile) -> HrMax | str:
    """Give the highest heart rate that holds for a day, or the reason why there is none.

    Held peaks of the 120 days before the day are asked. Not that of the day itself: a new peak
    would move the scale under a day that goes on, and strain could fall while load is added.
    """
    if profile.hr_max_bpm is not None:
        return HrMax(profile.hr_max_bpm, KNOWN_SD_BPM, "lab")
    held = max(known_values(values_of(facts, HELD_PEAK), day, CEILING_DAYS), default=None)
    if (age := profile.age_on(day)) is not None:
        return posterior(age, held)
    if held is None or held < LEAST_CEILING_BPM:
        return NO_MAXIMUM
    return HrMax(held, TANAKA_SD_BPM, "observed")


def posterior(age: float, held_bpm: float | None) -> HrMax:
    """Give the maximum of an age (years), known to be at least what was held (bpm).

    The mean and SD of people of that age (Tanaka, Monahan and Seals 2001, J Am Coll Cardiol
    37:153) truncated from below at the held rate: grows with every higher peak, without a jump
    where a peak passes the line, and its spread shrinks.
    """
    mean, sd = TANAKA_BPM - TANAKA_BPM_PER_YEAR * age, TANAKA_SD_BPM
    if held_bpm is None:
        return HrMax(mean, sd, "age")
    at = (held_bpm - mean) / sd
    above = 0.5 * math.erfc(at / math.sqrt(2.0))
    hazard = math.exp(-0.5 * at * at) / math.sqrt(2.0 * math.pi) / above
    return HrMax(
        mean + sd * hazard, sd * math.sqrt(max(1.0 + at * hazard - hazard**2, 0.0)), "posterior"
    )
