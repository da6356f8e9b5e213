"""How much the nightly HRV wavers from night to night."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from ..facts import calendar_days

NIGHTS: Final = 14
"""Calendar nights looked at, tonight among them."""
MIN_NIGHTS: Final = 5


@dataclass(frozen=True, slots=True)
class Variation:
    """Coefficient of variation (%), None below five nights, and how many nights there were."""

    cv_pct: float | None
    nights: int


def hrv_variation(rmssd_ms: Mapping[date, float], day: date) -> Variation:
    """Sample deviation over mean of the nightly RMSSD (ms) of the 14 calendar nights up to ``day``.

    Plews et al. 2012 (Eur J Appl Physiol 112:3729) follow it week by week: it falls, with the mean,
    when training wears out. None without tonight's value, which it would not be about.
    """
    values = [
        rmssd_ms[night] for night in calendar_days(day, NIGHTS, including=True) if night in rmssd_ms
    ]
    if day not in rmssd_ms or len(values) < MIN_NIGHTS or np.mean(values) <= 0.0:
        return Variation(None, len(values))
    return Variation(float(100.0 * np.std(values, ddof=1) / np.mean(values)), len(values))
