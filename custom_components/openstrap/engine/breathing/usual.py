"""Breath and warmth of a night beside those of earlier nights, as plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from ..baseline import SKIN_TEMPERATURE_C, known_values, median_mad, need_baseline
from ..facts import calendar_days

CVHR_NIGHTS: Final = 30
CVHR_MIN_HOURS: Final = 4.0
CVHR_MIN_NIGHTS: Final = 5
RECENT_NIGHTS: Final = 2
RECENT_SHARE: Final = 3
"""Recent are the newest two nights, or a third of all when that is more."""
FLAG_DAYS: Final = 21
FLAG_MIN_NIGHTS: Final = 7
FLAG_Z: Final = 2.0
FLAG_NIGHTS: Final = 2
NO_NIGHT: Final = "need_input:name=skin_temp_c,have=0,need=1"


@dataclass(frozen=True, slots=True)
class CyclicUsual:
    """Cyclic variation per hour over earlier nights.

    ``mean`` is weighted by hours, ``p25`` and ``p75`` are of the nights, ``recent`` the mean of
    the newest; ``above`` when that is over ``p75``; ``nights`` how many.
    """

    mean: float
    p25: float
    p75: float
    recent: float
    above: bool
    nights: int


@dataclass(frozen=True, slots=True)
class WarmNights:
    """Whether the skin was warm tonight and the night before, and how warm it is tonight.

    ``z`` and ``above_c`` (degrees C) are of tonight, ``nights`` how many are in its baseline.
    """

    raised: bool
    z: float
    above_c: float
    nights: int


def cyclic_usual(
    per_h: Mapping[date, float], hours: Mapping[date, float], day: date
) -> CyclicUsual | str:
    """Tell what is usual in the 30 dates before a day, and how the newest nights compare.

    Nights with less than four hours do not count; five must. The newest include the day's own,
    the usual does not. Never about a single night.
    """
    counted = {d: v for d, v in per_h.items() if hours.get(d, 0.0) >= CVHR_MIN_HOURS}
    before = [d for d in calendar_days(day, CVHR_NIGHTS) if d in counted]
    if len(before) < CVHR_MIN_NIGHTS:
        return need_baseline(len(before), CVHR_MIN_NIGHTS)
    values = np.array([counted[d] for d in before])
    weights = np.array([hours[d] for d in before])
    newest = [*before, day] if day in counted else before
    newest = newest[-max(RECENT_NIGHTS, len(newest) // RECENT_SHARE) :]
    recent = float(np.mean([counted[d] for d in newest]))
    p25, p75 = (float(value) for value in np.percentile(values, (25.0, 75.0)))
    return CyclicUsual(
        mean=float(np.average(values, weights=weights)),
        p25=p25,
        p75=p75,
        recent=recent,
        above=recent > p75,
        nights=len(before),
    )


def warm_nights(skin_c: Mapping[date, float], day: date) -> WarmNights | str:
    """Tell whether the skin has been warm for two nights, each against its own 21 days before.

    Warm: two scaled median absolute deviations over the median (Smarr et al. 2020, Sci Rep
    10:21640, saw fever this way), the deviation being 0.3 degrees at least, below which nights
    of anybody vary. The last night without a baseline or a value was not warm.
    """
    today = _z(skin_c, day)
    if isinstance(today, str):
        return today
    z, above, nights = today
    earlier = (_z(skin_c, day - timedelta(days=back)) for back in range(1, FLAG_NIGHTS))
    raised = z >= FLAG_Z and all(not isinstance(one, str) and one[0] >= FLAG_Z for one in earlier)
    return WarmNights(raised, z, above, nights)


def _z(skin_c: Mapping[date, float], day: date) -> tuple[float, float, int] | str:
    if day not in skin_c:
        return NO_NIGHT
    base = median_mad(known_values(skin_c, day, FLAG_DAYS), FLAG_MIN_NIGHTS)
    if isinstance(base, str):
        return base
    above = skin_c[day] - base.centre
    return above / max(base.scale, SKIN_TEMPERATURE_C.floor), above, base.count
