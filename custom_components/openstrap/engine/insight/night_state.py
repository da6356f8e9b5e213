"""How many signs of strain a single night shows: a state, never a cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
import math
from typing import Final

from ..baseline import DEGENERATE_BASELINE, known_values, median_mad, need_baseline
from ..facts import DayFacts
from ..metric import need_input

BASELINE_DAYS: Final = 28
MIN_NIGHTS: Final = 7
ROUGH_SIGNS: Final = 2
DETECTABLE: Final = 1.96 * math.sqrt(2.0)
"""Spreads of single nights by which two of them differ anyway (Hopkins 2000)."""


class State(IntEnum):
    """How a night was: one sign is mildly off, from two on it was rough."""

    NORMAL = 0
    MILDLY_OFF = 1
    ROUGH = 2


@dataclass(frozen=True, slots=True)
class NightState:
    """The state, and of each sign that could be asked its z (positive is strained).

    ``raised`` names those beyond the smallest change that is one.
    """

    state: State
    z: tuple[tuple[str, float], ...]
    raised: tuple[str, ...]


SIGNS: Final = (
    ("heart_rate", "resting_hr_bpm", 1.0),
    ("hrv", "rmssd_ms", -1.0),
    ("dip", "nocturnal_dip_percent", -1.0),
    ("temperature", "skin_temp_c", 1.0),
)


def night_state(facts: Mapping[date, DayFacts], day: date) -> NightState | str:
    """Count the signs by which a night differs from the 28 days before it, or say why not.

    Resting heart rate or skin temperature up, HRV (its logarithm) or nocturnal dip down, each by
    more than two nights differ by anyway: 1.96 sqrt 2 times the robust spread of at least seven
    nights (Hopkins 2000). Signs without such a baseline are not asked.
    """
    tonight = facts[day].values if day in facts else {}
    z: list[tuple[str, float]] = []
    short: list[int] = []
    there = 0
    for name, key, direction in SIGNS:
        if key not in tonight:
            continue
        there += 1
        series = {one: _scaled(key, fact.values.get(key)) for one, fact in facts.items()}
        known = known_values(series, day, BASELINE_DAYS)
        base = median_mad(known, MIN_NIGHTS)
        value = series[day]
        if len(known) < MIN_NIGHTS:
            short.append(len(known))
        if not isinstance(base, str) and value is not None:
            z.append((name, direction * base.z(value)))
    if not there:
        return need_input("night_signs", 0, 1)
    if not z:
        return need_baseline(max(short), MIN_NIGHTS) if short else DEGENERATE_BASELINE
    raised = tuple(name for name, value in z if value > DETECTABLE)
    return NightState(State(min(len(raised), ROUGH_SIGNS)), tuple(z), raised)


def _scaled(key: str, value: float | None) -> float | None:
    """HRV is spread evenly in its logarithm."""
    if key != "rmssd_ms" or value is None:
        return value
    return math.log(value) if value > 0.0 else None
