"""Four months of a wearer whose health is told."""

from dataclasses import replace
from datetime import date

import numpy as np

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.told import Told

from .nights import day_at, facts_of, fallen_ill, nights

DAYS = 121
LAST = DAYS - 1
STARTS = tuple(day_at(at) for at in (20, 48, 77, 105))
ASKED = Told(period_starts=STARTS, cycle_tracking=True)


def history(seed: int = 2, *, ill: bool = False, step_bpm: float = 0.0) -> dict[date, DayFacts]:
    """Make 121 days of a steady wearer with a thermometer."""
    made = nights(seed, DAYS, spread_bpm=1.5)
    made[1][60:, 0] += step_bpm
    facts = facts_of(fallen_ill(made, DAYS - 4) if ill else made)
    hour = np.arange(24)
    dice = np.random.default_rng(seed)
    return {
        day: replace(
            fact,
            values=dict(fact.values) | {"nocturnal_dip_percent": float(dice.normal(14.0, 2.0))},
            hourly_skin_c=tuple(
                (33 + np.cos(2 * np.pi * (hour - 3) / 24) + dice.normal(0, 0.3, 24)).tolist()
            ),
        )
        for day, fact in facts.items()
    }
