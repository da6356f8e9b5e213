"""Minutes with a busy arm, and still ones of a sleep."""

import numpy as np

from custom_components.openstrap.engine.motion.active import active_minutes
from custom_components.openstrap.engine.motion.restlessness import longest_still_min

from ..heart.made import minutes_made


def test_a_fifth_of_a_minute_makes_it_active() -> None:
    """Of waking minutes that were observed."""
    moved = np.array([0.0, 0.19, 0.2, 1.0, 1.0, np.nan])
    minutes = minutes_made(np.full(6, 70.0), moved=moved)
    waking = np.array([True, True, True, True, False, True])
    assert active_minutes(minutes, waking) == (2, 4)
    assert active_minutes(minutes, np.zeros(6, dtype=bool)) == (0, 0)


def test_the_longest_still_row() -> None:
    """A minute that nobody saw ends it, and an hour must have been seen."""
    moved = np.zeros(120)
    moved[[30, 80]] = 0.02
    assert longest_still_min(minutes_made(np.full(120, 55.0), moved=moved)) == (49, 120)
    moved[60] = np.nan
    assert longest_still_min(minutes_made(np.full(120, 55.0), moved=moved)) == (39, 119)
    restless = minutes_made(np.full(120, 55.0), moved=np.full(120, 0.1))
    assert longest_still_min(restless) == (0, 120)
    short = minutes_made(np.full(59, 55.0), moved=np.zeros(59))
    assert longest_still_min(short) == (None, 59)
