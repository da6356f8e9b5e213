"""Resting heart rate now and two months ago."""

import numpy as np
import pytest

from custom_components.openstrap.engine.insight.drift import Drift, drift
from custom_components.openstrap.engine.insight.window_summary import Direction

from ..heart.made import day_at, series

LAST = 60
NOISE = np.random.default_rng(8).normal(0.0, 1.0, LAST + 1)


def of(nights: np.ndarray) -> Drift:
    """Return the drift that there is on the last day."""
    found = drift(series(nights.tolist()), day_at(LAST), name="rhr")
    assert isinstance(found, Drift)
    return found


def test_which_days_are_compared() -> None:
    """The last 14 with days 31 to 60 before; what is between does not matter for them."""
    nights = np.full(LAST + 1, 70.0)
    nights[:30] = np.tile([54.0, 55.0, 56.0], 10)
    nights[47:] = 50.0
    found = of(nights)
    assert (found.recent, found.earlier, found.delta) == (50.0, 55.0, -5.0)
    assert (found.recent_days, found.earlier_days) == (14, 30)


def test_named_beyond_chance_only() -> None:
    """Falling and rising; what nights differ by is steady."""
    slope = np.linspace(0.0, 8.0, LAST + 1)
    assert of(60.0 - slope + NOISE).direction is Direction.FALLING
    assert of(60.0 + slope + NOISE).direction is Direction.RISING
    steady = of(60.0 + NOISE)
    assert steady.direction is Direction.STEADY
    assert abs(steady.delta) < steady.detectable
    assert steady.detectable == pytest.approx(1.96 * np.sqrt(2.0), rel=0.3)


def test_the_first_days_ever_are_not_the_reference() -> None:
    """What was before the 60 days does not matter."""
    known = series((60.0 + NOISE).tolist())
    later = {day_at(at + 100): 60.0 + float(NOISE[at]) for at in range(LAST + 1)}
    first = {day_at(at): 90.0 for at in range(3)}
    found = drift(later | first, day_at(LAST + 100), name="rhr")
    assert found == drift(known, day_at(LAST), name="rhr")


def test_refusals() -> None:
    """Seven recent values and fourteen earlier ones."""
    known = series((60.0 + NOISE).tolist())
    few = {on: bpm for on, bpm in known.items() if on < day_at(46) or on > day_at(54)}
    assert drift(few, day_at(LAST), name="rhr") == "need_input:name=rhr,have=6,need=7"
    young = {on: bpm for on, bpm in known.items() if on > day_at(16)}
    assert drift(young, day_at(LAST), name="rhr") == "need_baseline:have=13,need=14"
    sparse = {on: bpm for at, (on, bpm) in enumerate(sorted(known.items())) if at % 2 == 0}
    found = drift(sparse, day_at(LAST), name="rhr")
    assert found == "need_input:name=neighbouring_nights,have=0,need=6"
