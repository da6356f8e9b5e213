"""Simulated wearers, as the published statistics of twelve exports describe them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
import math

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.facts import DayFacts
from tests.engine.heart.made import facts_made

FIRST = date(2025, 1, 1)
WINDOW = 30
MIN_TOLD = 10
NEED_MIN = 500.0
TOLD_Z = (-3.5, -2.6, -1.75, -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1.9, 3.0)
TOLD_POINTS = (11.0, 21.0, 36.0, 41.0, 47.0, 56.0, 66.5, 79.0, 86.5, 90.0, 92.0)
"""Recovery by z of HRV with all else as usual; with the rest and the noise the medians by z come
out as published."""

type Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights in a row (n,): ms, bpm, breaths a minute, sleep in % of the need; NaN: missing."""

    rmssd_ms: Numbers
    resting_hr_bpm: Numbers
    breathing_brpm: Numbers
    performance: Numbers

    def shuffled(self, dice: np.random.Generator) -> Nights:
        """Return the same nights in another order."""
        order = dice.permutation(len(self.rmssd_ms))
        return Nights(
            self.rmssd_ms[order],
            self.resting_hr_bpm[order],
            self.breathing_brpm[order],
            self.performance[order],
        )

    def facts(self) -> dict[date, DayFacts]:
        """As the engine keeps them, from ``FIRST`` on."""
        found = {}
        for at in range(len(self.rmssd_ms)):
            told = {
                "rmssd_ms": self.rmssd_ms[at],
                "resting_hr_bpm": self.resting_hr_bpm[at],
                "breathing_rate_brpm": self.breathing_brpm[at],
                "sleep_min": self.performance[at] * NEED_MIN / 100.0,
            }
            day = FIRST + timedelta(days=at)
            found[day] = facts_made(
                day, {key: float(value) for key, value in told.items() if np.isfinite(value)}
            )
        return found


def steady(dice: np.random.Generator, days: int) -> Nights:
    """One wearer whose nights are independent and normal."""
    body = dice.normal(0.0, 1.0, days)
    return Nights(
        np.exp(4.2 + 0.15 * body),
        52.0 + 2.5 * _tied(dice, -0.73, body),
        15.0 + 0.5 * _tied(dice, -0.38, body),
        np.clip(80.0 + 13.63 * _tied(dice, 0.29, body), 0.0, 100.0),
    )


def lively(dice: np.random.Generator, days: int) -> Nights:
    """One wearer with bad nights, illnesses, drift, nights that resemble the last, missing ones."""
    body = _skewed(dice, days)
    alike = dice.uniform(0.15, 0.5)
    for at in range(1, days):
        body[at] = alike * body[at - 1] + math.sqrt(1.0 - alike**2) * body[at]
    for _ in range(dice.poisson(3.0 * days / 360.0)):
        at = int(dice.integers(0, days))
        body[at : at + int(dice.integers(2, 7))] -= dice.uniform(1.0, 2.5)
    body -= (dice.random(days) < 0.05) * dice.uniform(1.0, 2.5, days)
    drift = np.cumsum(dice.normal(0.0, 0.06, days))
    nights = Nights(
        np.round(dice.uniform(40.0, 130.0) * np.exp(dice.uniform(0.10, 0.24) * (body + drift))),
        np.round(
            dice.uniform(42.0, 65.0) + dice.uniform(2.0, 4.0) * _tied(dice, -0.73, body) - drift
        ),
        np.round(dice.uniform(13.5, 17.0) + dice.uniform(0.4, 0.65) * _tied(dice, -0.38, body), 1),
        np.clip(dice.normal(82.0, 4.0) + 13.0 * _tied(dice, 0.35, body), 20.0, 100.0),
    )
    missing = dice.random(days) < 0.03
    away = int(dice.integers(0, days))
    missing[away : away + int(dice.integers(0, 20))] = True
    hrv = np.where(missing, np.nan, nights.rmssd_ms)
    breathing = np.where(dice.random(days) < 0.02, np.nan, nights.breathing_brpm)
    return replace(nights, rmssd_ms=hrv, breathing_brpm=breathing)


def told(nights: Nights, dice: np.random.Generator) -> dict[int, float]:
    """Make up what the maker might have told, by night: noisy, and each person a bit different."""
    slope, resting, sleep = dice.normal(1.0, 0.15), dice.normal(1.0, 0.3), dice.normal(1.0, 0.3)
    offset = dice.normal(-1.3, 3.5)
    known = np.isfinite(nights.rmssd_ms)
    found = {}
    for at in np.flatnonzero(known):
        before = np.arange(max(0, at - WINDOW), at)
        before = before[known[before]]
        if len(before) < MIN_TOLD:
            continue
        z = _z(np.log(nights.rmssd_ms), int(at), before)
        score = (
            float(np.interp(slope * z, TOLD_Z, TOLD_POINTS))
            - 2.0 * resting * _z(nights.resting_hr_bpm, int(at), before)
            + 3.7 * sleep * (nights.performance[at] - 80.0) / 10.0
            + offset
            + 6.4 * dice.standard_t(4)
        )
        found[int(at)] = float(np.clip(np.round(score), 1.0, 99.0))
    return found


def _z(values: Numbers, at: int, before: NDArray[np.intp]) -> float:
    earlier = values[before]
    return float((values[at] - earlier.mean()) / max(earlier.std(ddof=1), 1e-6))


def _tied(dice: np.random.Generator, r: float, body: Numbers) -> Numbers:
    """Return normal numbers of unit spread with this correlation to a series of unit spread."""
    return r * body + math.sqrt(1.0 - r * r) * dice.normal(0.0, 1.0, len(body))


def _skewed(dice: np.random.Generator, count: int) -> Numbers:
    """Skew-normal numbers of mean 0 and unit spread, with the longer tail down."""
    shape = dice.uniform(2.0, 8.0)
    share = -shape / math.sqrt(1.0 + shape * shape)
    raw = share * np.abs(dice.normal(size=count)) + math.sqrt(1.0 - share**2) * dice.normal(
        size=count
    )
    return (raw - share * math.sqrt(2.0 / math.pi)) / math.sqrt(1.0 - 2.0 * share**2 / math.pi)
