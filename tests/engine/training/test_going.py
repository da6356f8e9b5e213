"""Whether a workout goes on at this moment."""

from collections.abc import Iterable

import numpy as np
import pytest

from custom_components.openstrap.engine.samples import Samples
from custom_components.openstrap.engine.told import NOTHING_TOLD, Told, ToldWorkout
from custom_components.openstrap.engine.training.anchors import Anchors
from custom_components.openstrap.engine.training.going import Going, effort_going, told_going
from custom_components.openstrap.engine.training.hr_max import HrMax

from ..series import clock, samples_of

START = 1_800_000_000.0
RUN = START + 3600.0
ANCHORS = Anchors(50.0, HrMax(190.0, 2.0, "lab"), None, 20, 1.0)


def hours(minutes: float, *, rest: float = 0.0, moving: bool = True) -> Samples:
    """Make an hour of sitting, so many minutes of running, and of rest after it."""
    end = RUN + 60.0 * (minutes + rest)
    ts = clock(START, end)
    run = (ts >= RUN) & (ts < RUN + 60.0 * minutes)
    swing = np.where((ts % 2 < 1) & run & moving, 0.6, 0.0)
    accel = np.stack([swing, np.zeros_like(ts), np.ones_like(ts)], axis=1)
    return samples_of(ts, hr_bpm=np.where(run, 150, 62), accel_g=accel)


def going(samples: Samples, told: Told = NOTHING_TOLD) -> Going | None:
    """Ask at the end of the records."""
    worn = np.ones(len(samples), dtype=bool)
    return effort_going(samples, worn, ANCHORS, told, float(samples.ts[-1]) + 1.0)


def test_a_run_is_seen_after_a_quarter_of_an_hour() -> None:
    """With its own start; five minutes of rest end it."""
    assert going(hours(8)) is None
    found = going(hours(16))
    assert found is not None
    assert found.start_ts == pytest.approx(RUN, abs=60.0)
    assert (found.kind, found.told) == (None, False)
    assert going(hours(16, rest=3)) is not None
    assert going(hours(16, rest=8)) is None


def told_of(*workouts: ToldWorkout, tombstones: Iterable[tuple[float, float]] = ()) -> Told:
    """Say what was told."""
    return Told(workouts=workouts, tombstones=tuple(tombstones))


def test_what_the_wearer_has_spoken_of_is_not_found_again() -> None:
    """Ended by hand, or deleted; what was told of the morning does not matter."""
    run = hours(20)
    ended = ToldWorkout("a", RUN, RUN + 900.0, "run")
    assert going(run, told_of(ended)) is None
    assert going(run, told_of(tombstones=[(RUN, RUN + 1000.0)])) is None
    earlier = ToldWorkout("a", START - 7200.0, START - 3600.0, "run")
    assert going(run, told_of(earlier, tombstones=[(START - 7200.0, START - 3600.0)])) is not None


def test_what_was_begun_by_hand_goes_on_until_it_is_ended() -> None:
    """Or forgotten, after six hours; the kind is the one that was told."""
    begun = told_of(ToldWorkout("b", RUN, None, "yoga"))
    assert told_going(begun, RUN + 60.0) == Going(RUN, "yoga", told=True)
    assert told_going(begun, RUN - 60.0) is None
    assert told_going(begun, RUN + 6 * 3600.0) is None
    assert told_going(told_of(ToldWorkout("b", RUN, RUN + 60.0)), RUN + 30.0) is None
