"""The daily rhythm without a model: how stable it is from day to day, how broken within."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOURS = 24
M10 = 10
L5 = 5
MIN_DAYS = 7
MAX_MISSING_HOURS = 2
"""Of a complete day at most this many hours are missing: one goes to summer time."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Indices of hourly values; units of the values where there is one.

    ``stability`` between days (IS, 0 to 1) and ``variability`` within (IV, about 0 to 2); mean of
    the ten most and the five least active hours of the mean day (``m10``, ``l5``) with the hour of
    the clock at which they begin; ``amplitude`` is their difference over their sum (RA), None
    where that is 0. ``observed`` is the share of hours with a value.
    """

    stability: float
    variability: float
    m10: float
    m10_hour: int
    l5: float
    l5_hour: int
    amplitude: float | None
    days: int
    observed: float


def complete(hours: Sequence[float | None]) -> bool:
    """Tell a day with 24 hourly values, or all but two."""
    return sum(value is None for value in hours) <= MAX_MISSING_HOURS


def rhythm(days: Sequence[Sequence[float | None]]) -> Rhythm | None:
    """Non-parametric indices of at least seven consecutive complete days.

    ``days`` (d, 24) hourly values from local midnight on, not negative, None where not observed.
    None with fewer or incomplete days, without any variance, or for an hour of the clock that no
    day has. Source: Witting et al. 1990, Biol Psychiatry 27:563; van Someren et al. 1999,
    Chronobiol Int 16:505. Deviation: up to two hours of a day may be missing; sums run over what
    is there, and IV over pairs of neighbouring hours.
    """
    if len(days) < MIN_DAYS or not all(len(day) == HOURS and complete(day) for day in days):
        return None
    x = np.array([[np.nan if v is None else v for v in day] for day in days], dtype=np.float64)
    flat = x.ravel()
    known = np.isfinite(flat)
    if not known.any() or not np.isfinite(x).any(axis=0).all():
        return None
    mean = float(flat[known].mean())
    spread = float(((flat[known] - mean) ** 2).mean())
    if spread <= (1e-9 * max(abs(mean), 1.0)) ** 2:
        return None
    profile = np.nanmean(x, axis=0)
    step = np.diff(flat)
    m10_hour, m10 = _extreme(profile, M10, most=True)
    l5_hour, l5 = _extreme(profile, L5, most=False)
    return Rhythm(
        stability=float(((profile - mean) ** 2).mean()) / spread,
        variability=float((step[np.isfinite(step)] ** 2).mean()) / spread,
        m10=m10,
        m10_hour=m10_hour,
        l5=l5,
        l5_hour=l5_hour,
        amplitude=(m10 - l5) / (m10 + l5) if m10 + l5 > 0.0 else None,
        days=len(days),
        observed=float(known.mean()),
    )


def _extreme(profile: NDArray[np.float64], length: int, *, most: bool) -> tuple[int, float]:
    """Hour at which the window of the circular day with the largest or smallest mean begins."""
    around = np.concatenate((profile, profile[: length - 1]))
    means = np.convolve(around, np.full(length, 1.0 / length), mode="valid")
    at = int(means.argmax() if most else means.argmin())
    return at, float(means[at])
