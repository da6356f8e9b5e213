"""Tonight's HRV among earlier nights, on the logarithmic scale on which it is even."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
import math
from typing import Final

from ..facts import calendar_days
from ..signal.stats import sd

WEEK_NIGHTS: Final = 7
MIN_PRIOR: Final = 3
"""Nights of the week before tonight for a first comparison."""
MIN_WEEK: Final = 3
"""Nights a week that keep its mean trustworthy (Plews et al. 2014, IJSPP 9:783)."""
REFERENCE_NIGHTS: Final = 60
MIN_REFERENCE: Final = 14
"""Nights of a reference whose deviation is not itself a guess (judgement)."""
SWC_SHARE: Final = 0.5
"""Smallest worthwhile change, in deviations (Buchheit 2014, Front Physiol 5:73)."""
SATURATED_NN_MS: Final = 1100.0
SATURATED_Z: Final = 1.0


class Band(StrEnum):
    """Where the tested value lies; stable words that are shown."""

    SUPPRESSED = "suppressed"
    NORMAL = "normal"
    ELEVATED = "elevated"


@dataclass(frozen=True, slots=True)
class Readiness:
    """A value of ln RMSSD (ms) against its reference; all None but ``nights`` where there is none.

    ``tested`` is what is judged, ``mean`` and ``sd`` those of the reference of ``nights`` nights,
    ``low`` and ``high`` the smallest worthwhile change around the mean. ``z`` is None where the
    reference does not vary. ``tested_nights``: how many nights are in the tested value.
    """

    tested: float | None
    mean: float | None
    sd: float | None
    z: float | None
    low: float | None
    high: float | None
    band: Band | None
    nights: int
    tested_nights: int


def night_readiness(rmssd_ms: Mapping[date, float], day: date) -> Readiness:
    """Tonight alone against the up to seven calendar nights before it, of which it takes three."""
    ln = _logarithms(rmssd_ms)
    prior = _present(ln, calendar_days(day, WEEK_NIGHTS))
    tonight = [ln[day]] if day in ln else []
    return _judged(tonight, prior, MIN_PRIOR, 1)


def week_readiness(rmssd_ms: Mapping[date, float], day: date) -> Readiness:
    """Mean of the seven calendar nights up to ``day`` against the sixty before it.

    The tested value is a rolling mean because one night says little, and the reference long
    because a deviation of three to six values is unstable (Plews et al. 2013, Sports Med 43:773;
    Buchheit 2014, Front Physiol 5:73). It takes 14 reference nights and three of the week, tonight
    among them.
    """
    ln = _logarithms(rmssd_ms)
    reference = _present(ln, calendar_days(day, REFERENCE_NIGHTS))
    week = _present(ln, calendar_days(day, WEEK_NIGHTS, including=True)) if day in ln else []
    return _judged(week, reference, MIN_REFERENCE, MIN_WEEK)


def is_saturated(mean_nn_ms: float | None, z: float | None) -> bool | None:
    """Tell high HRV at a very slow heart, which is saturation and not a gain; None if unknown.

    ``mean_nn_ms`` of tonight, ``z`` of tonight alone. Plews et al. 2013.
    """
    if mean_nn_ms is None or z is None:
        return None
    return mean_nn_ms > SATURATED_NN_MS and z > SATURATED_Z


def _logarithms(rmssd_ms: Mapping[date, float]) -> dict[date, float]:
    return {
        night: math.log(value)
        for night, value in rmssd_ms.items()
        if math.isfinite(value) and value > 0.0
    }


def _present(ln: Mapping[date, float], nights: list[date]) -> list[float]:
    return [ln[night] for night in nights if night in ln]


def _judged(
    tested: list[float], reference: list[float], need_reference: int, need_tested: int
) -> Readiness:
    n, k = len(reference), len(tested)
    value = math.fsum(tested) / k if k >= need_tested else None
    spread = sd(reference)
    if n < need_reference or spread is None:
        return Readiness(value, None, None, None, None, None, None, n, k)
    mean = math.fsum(reference) / n
    low, high = mean - SWC_SHARE * spread, mean + SWC_SHARE * spread
    if value is None:
        return Readiness(None, mean, spread, None, low, high, None, n, k)
    # The mean of equal numbers may miss them by a rounding, and so may their deviation.
    varied = spread > 1e-9 * max(abs(mean), 1.0)
    band = Band.NORMAL
    if value < low - 1e-12:
        band = Band.SUPPRESSED
    elif value > high + 1e-12:
        band = Band.ELEVATED
    z = (value - mean) / spread if varied else None
    return Readiness(value, mean, spread, z, low, high, band, n, k)
