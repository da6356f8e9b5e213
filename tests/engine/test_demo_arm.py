"""A made-up arm: mostly still, seldom for long."""

from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.demo_arm import (
    POSE_S,
    Doing,
    doing_of,
    flicks_g,
    postures,
    shake_g,
)
from custom_components.openstrap.engine.demo_story import day_story
from custom_components.openstrap.engine.motion.indices import motion_minutes, worn_dyn_g
from custom_components.openstrap.engine.signal.motion import motion_of
from custom_components.openstrap.engine.signal.wear import worn_records

from .series import BERLIN, at, demo_samples

DAY = date(2026, 9, 3)
EVE = DAY - timedelta(days=1)
NIGHT = at(EVE, 22, 30), at(DAY, 6, 45)
CLOCK: NDArray[np.float64] = np.arange(at(EVE, 12), at(DAY, 12), 5.0, dtype=np.float64)


def doing(seed: int = 3) -> NDArray[np.intp]:
    """Tell what is done from noon to noon."""
    return doing_of(seed, EVE, BERLIN, CLOCK, NIGHT)


@cache
def day_minutes(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean dynamic acceleration (mg), ENMO (mg) and share of moving seconds, of minutes sat through.

    Of the minutes awake that are neither walked nor trained through.
    """
    samples = demo_samples(seed, DAY)
    worn = worn_records(samples)
    start, end = at(DAY, 0), at(DAY + timedelta(days=1), 0)
    minutes = motion_minutes(samples, worn_dyn_g(samples, worn), start, end)
    motion = motion_of(samples, worn)
    known = np.isfinite(motion.amount)
    minute = np.floor((motion.ts[known] - start) / 60.0).astype(int)
    inside = (minute >= 0) & (minute < 1440)
    seen = np.bincount(minute[inside], minlength=1440)
    moved = np.bincount(minute[inside], motion.amount[known][inside] > 0.0, minlength=1440)
    ts = start + 60.0 * np.arange(1440)
    told = day_story(seed, DAY, BERLIN)
    idle = (ts > told.night[1] + 1800.0) & (ts < at(DAY, 21)) & minutes.covered
    for span in (*told.walks, *told.naps, *((one.start_ts, one.end_ts) for one in told.workouts)):
        idle &= (ts + 60.0 <= span[0]) | (ts >= span[1])
    share = moved / np.maximum(seen, 1)
    return 1000.0 * minutes.dyn_g[idle], 1000.0 * minutes.enmo_g[idle], share[idle]


@pytest.mark.full
@pytest.mark.parametrize("seed", [1, 3])
def test_a_waking_arm_moves_as_a_real_one(seed: int) -> None:
    """Smoothed to a second: half of the minutes nearly still, some of them busy."""
    dyn_mg, enmo_mg, moved = day_minutes(seed)
    assert 12.0 < np.median(dyn_mg) < 27.0
    assert np.percentile(dyn_mg, 90) < 90.0
    assert np.median(enmo_mg) < 8.0
    assert np.median(moved) < 0.1
    assert 0.1 < np.percentile(moved, 95) < 0.5


def test_stretches_of_a_day() -> None:
    """Sitting lasts for 20 to 90 minutes, pottering for minutes, and each evening ends calmly."""
    told = doing()
    assert set(told.tolist()) == {Doing.ASLEEP, Doing.SITTING, Doing.RELAXING, Doing.POTTERING}
    asleep = (NIGHT[0] <= CLOCK) & (NIGHT[1] > CLOCK)
    assert (told[asleep] == Doing.ASLEEP).all()
    assert (told[~asleep] != Doing.ASLEEP).all()
    edges = np.flatnonzero(np.diff(told == Doing.POTTERING))
    lengths = np.diff(edges) * 5.0 / 60.0
    # The night and what is cut by it are no stretches of sitting.
    assert lengths.min() > 1.9 and np.sort(lengths)[:-1].max() < 91.0
    awake = ~asleep
    assert 0.05 < np.mean(told[awake] == Doing.POTTERING) < 0.25
    assert (told[(NIGHT[0] - 900.0 <= CLOCK) & ~asleep & (NIGHT[0] > CLOCK)] == 4).all()


def test_days_and_wearers_differ() -> None:
    """And the same one is always the same."""
    assert (doing(3) == doing(3)).all()
    assert (doing(3) != doing(4)).any()


def test_postures_are_gravity() -> None:
    """Of length one, held asleep for minutes, and turning awake."""
    told = doing()
    held = postures(3, int(CLOCK[0]), told)
    assert np.linalg.norm(held, axis=1) == pytest.approx(1.0)
    step = np.linalg.norm(np.diff(held, axis=0), axis=1)
    asleep = (told == Doing.ASLEEP)[1:] & (told == Doing.ASLEEP)[:-1]
    assert np.mean(step[asleep] > 0.0) < 0.02
    sitting = (told == Doing.SITTING)[1:] & (told == Doing.SITTING)[:-1]
    assert 0.0 < np.median(step[sitting]) < 0.03
    assert step[(told == Doing.POTTERING)[1:]].mean() > 3 * step[sitting].mean()
    assert CLOCK[1] - CLOCK[0] == POSE_S


def test_a_sleeper_reaches_for_nothing() -> None:
    """Flicks are of the waking; training shakes as it is told."""
    told = doing()
    flick = np.linalg.norm(flicks_g(3, int(CLOCK[0]), told), axis=1)
    assert not flick[told == Doing.ASLEEP].any()
    assert 0.1 < np.mean(flick[told == Doing.SITTING] > 0.0) < 0.25
    busy = np.full(len(CLOCK), Doing.TRAINING, dtype=np.intp)
    assert (shake_g(3, CLOCK, busy, np.full(len(CLOCK), 0.2)) == 0.2).all()
    quiet = shake_g(3, CLOCK, told, np.zeros(len(CLOCK)))
    assert (quiet[told == Doing.ASLEEP] == 0.0008).all()
    assert quiet[told == Doing.POTTERING].mean() > 3 * quiet[told == Doing.SITTING].mean()
