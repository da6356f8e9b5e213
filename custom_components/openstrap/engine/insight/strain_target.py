"""How much strain days of such a recovery usually bear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from ..facts import DayFacts, calendar_days, values_of
from ..metric import clamp
from ..recovery.bands import band_of
from ..recovery.recovery import logarithms, recovery_of_ln

OWN_DAYS: Final = 90
NIGHTLY: Final = ("rmssd_ms", "resting_hr_bpm", "breathing_rate_brpm")
MIN_ALIKE: Final = 15
"""Days of the same band from which the wearer's own range is known."""
QUARTILES: Final = (25.0, 75.0)
BANDS: Final = ((40.0, 0.0, 5.0), (60.0, 5.0, 10.0), (80.0, 9.0, 14.0), (101.0, 13.0, 18.0))
"""Recovery below which, lowest and highest strain, while the own range is not known (judgement)."""
LOADED: Final = 1.10
"""Acute load over chronic load above which the range moves down (judgement)."""
FRESH: Final = 0.90
"""The same below which it reaches further up (judgement)."""
LOADED_DOWN: Final = (1.0, 2.0)
FRESH_UP: Final = 1.0
MAX_STRAIN: Final = 21.0
MIN_WIDTH: Final = 1.0


@dataclass(frozen=True, slots=True)
class StrainTarget:
    """A range of day strain (0 to 21), and how many days of the wearer's own it is taken from.

    ``own_days`` is 0 where the fixed bands stand in; ``load_known`` tells whether the load of the
    last weeks could move the range.
    """

    low: float
    high: float
    own_days: int
    load_known: bool

    @property
    def middle(self) -> float:
        """The one number of the range."""
        return (self.low + self.high) / 2.0

    def to_dict(self) -> dict[str, object]:
        """As plain JSON types."""
        return {
            "low": round(self.low, 1),
            "high": round(self.high, 1),
            "own_days": self.own_days,
            "load_known": self.load_known,
        }


def earlier_recovery(facts: Mapping[date, DayFacts], day: date) -> dict[date, float]:
    """Recovery (0 to 100) of the 90 days before ``day``, those that have one.

    Worked out of their facts again, by heart and breath: what a night that long ago needed to be
    is not known any more.
    """
    rmssd, resting, breathing = (values_of(facts, key) for key in NIGHTLY)
    ln, found = logarithms(rmssd), {}
    for on in calendar_days(day, OWN_DAYS):
        one = recovery_of_ln(ln, resting, breathing, None, on)
        if not isinstance(one, str):
            found[on] = one.score
    return found


def alike_strain(
    strain: Mapping[date, float], recovered: Mapping[date, float], day: date, today: float
) -> list[float]:
    """Strain (0 to 21) of the days, of 90 before ``day``, whose recovery was of today's band."""
    band = band_of(today)
    return [
        strain[on]
        for on in calendar_days(day, OWN_DAYS)
        if on in strain and on in recovered and band_of(recovered[on]) is band
    ]


def strain_target(
    score: float, load_ratio: float | None = None, alike: Sequence[float] = ()
) -> StrainTarget:
    """Range of strain for a day by the ``score`` of its own recovery, 0 to 100.

    The middle half of what the wearer's own days of the same band bore (``alike``), from 15 days
    on, else fixed bands. ``load_ratio`` is acute over chronic load: a lot of late lowers the range,
    little of late lets it reach further; None leaves it as it is. No published method.
    """
    if len(alike) >= MIN_ALIKE:
        low, high = (float(edge) for edge in np.percentile(alike, QUARTILES))
        own = len(alike)
    else:
        low, high = next((low, high) for below, low, high in BANDS if score < below)
        own = 0
    if load_ratio is not None and load_ratio > LOADED:
        low, high = low - LOADED_DOWN[0], high - LOADED_DOWN[1]
    elif load_ratio is not None and load_ratio < FRESH:
        high += FRESH_UP
    low = clamp(low, 0.0, MAX_STRAIN - MIN_WIDTH)
    return StrainTarget(low, clamp(high, low + MIN_WIDTH, MAX_STRAIN), own, load_ratio is not None)
