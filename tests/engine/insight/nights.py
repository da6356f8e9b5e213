"""A wearer's nights by the dice: steady ones, alike from night to night, and an illness."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.facts import DayFacts
from tests.engine.heart.made import facts_made

FIRST = date(2025, 1, 6)
LIKE = np.array([[1, 0.4, 0.3, 0.2], [0.4, 1, 0.3, 0.1], [0.3, 0.3, 1, 0.2], [0.2, 0.1, 0.2, 1]])
"""How the signs of a night go together, each toward illness."""
SPREAD = np.array([2.5, 0.18, 0.6, 0.35])
CENTRE = np.array([58.0, -np.log(45.0), 15.5, 34.0])
"""Resting heart rate, minus ln RMSSD, breathing rate, skin temperature."""
WEEKEND = np.array([3.0, 0.1, 0.2, 0.0])
ILL = np.array(
    [[4.0, 0.36, 1.0, 0.0], [6.0, 0.36, 1.5, 0.0], [8.0, 0.36, 2.0, 0.0], [6.0, 0.36, 1.5, 0.0]]
)
"""Four nights: 4 to 8 bpm more, HRV down by 30 %, one to two more breaths a minute."""

type Nights = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Heart rate at night (n,) and the signs (n, 4)."""


def day_at(at: int) -> date:
    """Tell the date of a night."""
    return FIRST + timedelta(days=at)


def nights(
    seed: int,
    count: int,
    *,
    alike: float = 0.0,
    weekend: bool = False,
    spread_bpm: float = 2.5,
    signs: int = 4,
) -> Nights:
    """Make steady nights, of which ``alike`` is the correlation with the night before."""
    dice = np.random.default_rng(seed)
    fresh = dice.standard_normal((count, 4)) @ np.linalg.cholesky(LIKE).T
    for at in range(1, count):
        fresh[at] = alike * fresh[at - 1] + np.sqrt(1 - alike**2) * fresh[at]
    spread = SPREAD * (spread_bpm / SPREAD[0], 1, 1, 1)
    table = CENTRE + spread * fresh
    if weekend:
        table += np.isin(np.arange(count) % 7, (5, 6))[:, None] * WEEKEND
    hr_bpm = table[:, 0] + 3.0 + 0.8 * dice.standard_normal(count)
    table[:, signs:] = np.nan
    return hr_bpm, table


def fallen_ill(made: Nights, at: int) -> Nights:
    """Let an illness begin on a night."""
    hr_bpm, table = made[0].copy(), made[1].copy()
    hr_bpm[at : at + len(ILL)] += ILL[:, 0]
    table[at : at + len(ILL)] += ILL
    return hr_bpm, table


def facts_of(made: Nights, missing: Sequence[int] = ()) -> dict[date, DayFacts]:
    """Make the facts that hold such nights."""
    found = {}
    for at, (hr_bpm, row) in enumerate(zip(*made, strict=True)):
        values = {
            "night_hr_median_bpm": hr_bpm,
            "resting_hr_bpm": row[0],
            "rmssd_ms": np.exp(-row[1]),
            "breathing_rate_brpm": row[2],
            "skin_temp_c": row[3],
        }
        known = {key: float(value) for key, value in values.items() if np.isfinite(value)}
        found[day_at(at)] = facts_made(day_at(at), {} if at in missing else known)
    return found
