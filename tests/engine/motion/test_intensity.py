"""The wearer's own bands of movement."""

from datetime import date, timedelta

import numpy as np

from custom_components.openstrap.engine.baseline import DEGENERATE_BASELINE, need_baseline
from custom_components.openstrap.engine.motion.intensity import (
    band_minutes,
    frozen_cuts_mg,
    moving_cuts_mg,
)

DAY = date(2026, 5, 10)
DAYS = [DAY - timedelta(days=n) for n in range(1, 15)]


def test_cuts_are_of_moving_minutes() -> None:
    """What lies still has no say."""
    moving = np.arange(100.0, 201.0)
    minutes = np.concatenate((moving, np.full(500, 5.0), np.full(9, np.nan)))
    assert moving_cuts_mg(minutes) == (150.0, 175.0, 190.0)
    assert moving_cuts_mg(minutes[:29]) is None


def test_frozen_cuts_take_fourteen_days() -> None:
    """And must ascend."""
    known = [dict.fromkeys(DAYS, cut) for cut in (50.0, 90.0, 140.0)]
    assert frozen_cuts_mg(known, DAY) == (50.0, 90.0, 140.0)
    assert frozen_cuts_mg([dict.fromkeys(DAYS[:13], 50.0)] * 3, DAY) == need_baseline(13, 14)
    assert frozen_cuts_mg([known[0], known[0], known[2]], DAY) == DEGENERATE_BASELINE
    # A day that lacks one of the three is no day of any.
    lacking = {day: cut for day, cut in known[1].items() if day != DAYS[3]}
    assert frozen_cuts_mg([known[0], lacking, known[2]], DAY) == need_baseline(13, 14)


def test_minutes_fall_into_bands() -> None:
    """Below the first cut into none; a cut itself belongs to what lies below it."""
    minutes = np.array([5.0, 50.0, 51.0, 90.0, 91.0, 140.0, 141.0, 900.0, np.nan])
    assert band_minutes(minutes, (50.0, 90.0, 140.0)) == (2, 2, 2)
    assert band_minutes(np.full(3, np.nan), (50.0, 90.0, 140.0)) == (0, 0, 0)
