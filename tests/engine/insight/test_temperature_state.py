"""The state of the skin's temperature, and how steady its rhythm is."""

from datetime import date

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.insight.temperature_state import Warmth, skin_rhythm, warmth
from custom_components.openstrap.engine.sleep.circadian import Rhythm
from tests.engine.heart.made import day_at, facts_made

HOUR = np.arange(24)


def with_nights(*last_c: float) -> dict[date, DayFacts]:
    """Make 21 usual nights and some more."""
    dice = np.random.default_rng(1)
    usual = (34.0 + 0.2 * dice.standard_normal(21)).tolist()
    return {
        day_at(at): facts_made(day_at(at), {"skin_temp_c": value})
        for at, value in enumerate([*usual, *last_c])
    }


@pytest.mark.parametrize(
    ("last_c", "luteal", "expected"),
    [
        ((34.0, 34.1), False, Warmth.USUAL),
        ((34.0, 35.5), False, Warmth.ONE_WARM_NIGHT),
        ((35.5, 35.5), False, Warmth.RAISED),
        ((35.5, 35.5), True, Warmth.RAISED_CYCLIC),
        ((34.0, 35.5), True, Warmth.ONE_WARM_NIGHT),
    ],
)
def test_states(last_c: tuple[float, ...], luteal: bool, expected: Warmth) -> None:
    """One warm night is not two, and a cycle is said to explain them."""
    assert warmth(with_nights(*last_c), day_at(22), luteal=luteal) is expected


def test_no_state_without_a_thermometer() -> None:
    """The reason is the one of the nights."""
    assert warmth({}, day_at(0), luteal=False) == "need_input:name=skin_temp_c,have=0,need=1"


def with_hours(days: int, noise_c: float) -> dict[date, DayFacts]:
    """Make days whose skin is warmest at night."""
    dice = np.random.default_rng(2)
    facts = {}
    for at in range(days):
        hours = 33.0 + np.cos(2 * np.pi * (HOUR - 3) / 24) + noise_c * dice.standard_normal(24)
        clean = facts_made(day_at(at))
        facts[day_at(at)] = DayFacts(
            day=clean.day,
            tz=clean.tz,
            clock=clean.clock,
            end_ts=clean.end_ts,
            hourly_skin_c=tuple(hours.tolist()),
        )
    return facts


def test_a_steady_rhythm_is_stable() -> None:
    """Of days that are alike it is 1, of days by the dice near 0; noise breaks the hours."""
    steady, noisy = (skin_rhythm(with_hours(7, noise), day_at(6)) for noise in (0.01, 5.0))
    assert isinstance(steady, Rhythm) and isinstance(noisy, Rhythm)
    assert steady.stability > 0.99 and noisy.stability < 0.5
    assert steady.variability < 0.1 and noisy.variability > 1.0


def test_a_day_that_is_not_over_leaves_the_week_before() -> None:
    """And six days are none."""
    facts = with_hours(8, 0.1)
    whole = skin_rhythm({day: fact for day, fact in facts.items() if day != day_at(7)}, day_at(7))
    assert isinstance(whole, Rhythm)
    few = with_hours(6, 0.1)
    assert skin_rhythm(few, day_at(5)) == "need_input:name=complete_days,have=6,need=7"
    assert skin_rhythm({}, day_at(5)) == "need_input:name=complete_days,have=0,need=7"
