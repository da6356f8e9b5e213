"""Intensity zone of a single heart rate, for showing while it is live."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from ..metric import Metric, Tier, clamp, need_input
from ..metric_spec import MetricSpec
from ..profile import Profile

TANAKA_BPM: Final = 208.0
TANAKA_BPM_PER_YEAR: Final = 0.7
"""Maximum heart rate from the age: Tanaka, Monahan and Seals 2001, J Am Coll Cardiol 37:153."""
TANAKA_SD_BPM: Final = 10.0
"""Spread of people around that line (same source)."""
KNOWN_SD_BPM: Final = 2.0
"""What a measured maximum may be off by."""
USELESS_SD_BPM: Final = 15.0
"""Spread at which a maximum says nothing about a person any more."""
CONFIDENCE: Final = (0.2, 0.95)
"""Limits of the confidence of a zone, which is that of its maximum."""

ZONE: Final = MetricSpec(
    "live_heart_rate_zone", "zone", 0, Tier.ESTIMATE, "Heart rate zone", headline=True
)
NO_MAXIMUM: Final = need_input("birth_year_or_maximum_heart_rate", 0, 1)
NO_READING: Final = need_input("heart_rate", 0, 1)


class Zone(IntEnum):
    """Bands of the maximum heart rate."""

    BELOW = 0
    ZONE_1 = 1
    ZONE_2 = 2
    ZONE_3 = 3
    ZONE_4 = 4
    ZONE_5 = 5


FLOORS: Final = (
    (Zone.ZONE_5, 0.9),
    (Zone.ZONE_4, 0.8),
    (Zone.ZONE_3, 0.7),
    (Zone.ZONE_2, 0.6),
    (Zone.ZONE_1, 0.5),
)
"""Lower end of each zone as a share of the maximum (the usual five bands), highest first."""


class MaximumSource(StrEnum):
    """Where a maximum heart rate comes from; stable words that are shown."""

    KNOWN = "known"
    """The wearer told a measured one."""
    TANAKA_2001 = "208 - 0.7 * age (Tanaka 2001)"


@dataclass(frozen=True, slots=True)
class Maximum:
    """A maximum heart rate (bpm), and where it comes from."""

    bpm: float
    source: MaximumSource

    @property
    def confidence(self) -> float:
        """How far it can be trusted, 0..1: falls with the spread of its source."""
        sd = KNOWN_SD_BPM if self.source is MaximumSource.KNOWN else TANAKA_SD_BPM
        return clamp(1.0 - sd / USELESS_SD_BPM, *CONFIDENCE)


def maximum_hr(profile: Profile, day: date) -> Maximum | None:
    """Give the known maximum, or the one of the age on ``day``; None when neither was told."""
    if profile.hr_max_bpm is not None:
        return Maximum(profile.hr_max_bpm, MaximumSource.KNOWN)
    if (age := profile.age_on(day)) is None:
        return None
    return Maximum(TANAKA_BPM - TANAKA_BPM_PER_YEAR * age, MaximumSource.TANAKA_2001)


def zone_of(hr_bpm: float, maximum_bpm: float) -> Zone:
    """Give the zone of a heart rate (bpm); a zone begins at its floor.

    Shares of the maximum, not of the reserve: that would need a resting heart rate from
    many nights, which a live reading does not wait for.
    """
    share = hr_bpm / maximum_bpm
    return next((zone for zone, floor in FLOORS if share >= floor), Zone.BELOW)


def live_zone(hr_bpm: float | None, maximum: Maximum | None) -> Metric:
    """Wrap the zone (a ``Zone``) of a heart rate (bpm); absent without it or without a maximum."""
    if maximum is None:
        return ZONE.absent(NO_MAXIMUM)
    if hr_bpm is None:
        return ZONE.absent(NO_READING)
    return ZONE.measured(
        zone_of(hr_bpm, maximum.bpm),
        maximum.confidence,
        ["heart rate", "maximum heart rate"],
        drivers=[("heart_rate_bpm", hr_bpm), ("maximum_bpm", maximum.bpm)],
        note=f"maximum_heart_rate={maximum.source}",
    )
