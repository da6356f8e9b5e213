"""Movement: what is a step, what is still, and what was not seen."""

from pathlib import Path

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.signal.motion import (
    STILL_STEP_G,
    Motion,
    motion_bins,
    motion_of,
)

from ..series import GEN4_STEP_S, clock, real_night, samples_of

START = 1_782_900_000.0


def turned(*degrees: float) -> np.ndarray:
    """Gravity at these angles of the arm."""
    angle = np.radians(degrees)
    return np.stack([np.sin(angle), np.zeros(len(angle)), np.cos(angle)], axis=1)


def everywhere(n: int) -> np.ndarray:
    """All worn."""
    return np.ones(n, dtype=bool)


def test_steps() -> None:
    """A turn over five degrees is movement, as long as its chord; the last record says nothing."""
    samples = samples_of(START + np.arange(4.0), accel_g=turned(0, 4.9, 65, 65))
    motion = motion_of(samples, everywhere(4))
    assert motion.ts is samples.ts
    assert motion.amount[0] == 0.0
    assert motion.amount[1] == pytest.approx(2.0 * np.sin(np.radians(60.1 / 2)))
    assert motion.amount[2] == 0.0
    assert np.isnan(motion.amount[3])


def test_a_reading_that_is_none_is_skipped() -> None:
    """The step goes on to the next usable record if that is near, and is not seen otherwise."""
    accel = turned(0, 0, 90, 90, 90)
    accel[1] = np.nan
    samples = samples_of(START + np.array([0.0, 1.0, 2.0, 3.0, 6.0]), accel_g=accel)
    amount = motion_of(samples, everywhere(5)).amount
    assert amount[0] == pytest.approx(np.sqrt(2.0))
    assert np.isnan(amount).tolist() == [False, True, False, True, True]


def test_off_the_wrist_nothing_is_seen() -> None:
    """What a table does is no movement of an arm."""
    samples = samples_of(START + np.arange(6.0), accel_g=turned(0, 90, 0, 90, 0, 90))
    worn = np.array([True, True, False, False, True, True])
    assert np.isfinite(motion_of(samples, worn).amount).tolist() == [
        True,
        *[False] * 3,
        True,
        False,
    ]
    assert np.isnan(motion_of(samples, ~everywhere(6)).amount).all()


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_records(n: int) -> None:
    """Without two records there is no step."""
    motion = motion_of(samples_of(START + np.arange(float(n))), everywhere(n))
    assert len(motion) == n
    assert np.isnan(motion.amount).all()
    assert np.isnan(motion_bins(motion, START, 15.0, 2)).all()


def test_bins_keep_the_strongest() -> None:
    """The strongest of each bin; still only where half of it was seen, moved where any moved."""
    ts = clock(START, START + 60.0)
    amount = np.zeros(60)
    amount[[3, 9]] = 0.2, 0.5
    amount[15:23] = np.nan
    amount[30:37] = np.nan
    amount[45:60] = np.nan
    amount[50] = 0.1
    bins = motion_bins(Motion(ts, amount, 1.0), START, 15.0, 6)
    assert bins[0] == 0.5
    assert np.isnan(bins[1])
    assert bins[2] == 0.0
    assert bins[3] == 0.1
    assert np.isnan(bins[4:]).all()


def test_bins_of_records_that_are_closer() -> None:
    """A fully seen bin stays still at 0.961 s between records."""
    ts = clock(START, START + 900.0, GEN4_STEP_S)
    assert (motion_bins(Motion(ts, np.zeros(len(ts)), 1.0), START, 15.0, 60) == 0.0).all()


def test_bins_finer_than_the_motion() -> None:
    """Counts of 15 s fill every bin of 5 s in them, and leave those of a missing count unseen."""
    motion = Motion(clock(START, START + 45.0, 15.0), np.array([0.0, 4.0, np.nan]), 15.0)
    bins = motion_bins(motion, START, 5.0, 9)
    assert bins[:6].tolist() == [0.0] * 3 + [4.0] * 3
    assert np.isnan(bins[6:]).all()
    assert motion_bins(motion, START, 15.0, 3)[:2].tolist() == [0.0, 4.0]
    assert motion_bins(motion, START, 30.0, 1).tolist() == [4.0]


def test_between() -> None:
    """A part begins with its start and ends before its end."""
    motion = Motion(clock(START, START + 10.0), clock(0.0, 10.0), 1.0)
    part = motion.between(START + 2.0, START + 5.0)
    assert part.amount.tolist() == [2.0, 3.0, 4.0]
    assert part.step_s == 1.0


@given(st.lists(st.sampled_from([0.0, 3.0, 30.0, np.nan]), min_size=2, max_size=80), st.data())
def test_properties(degrees: list[float], data: st.DataObject) -> None:
    """Whenever it is, the same; and a lost record never adds a bin that was seen."""
    ts = START + np.arange(float(len(degrees)))
    samples = samples_of(ts, accel_g=turned(*degrees))
    worn = everywhere(len(ts))
    motion = motion_of(samples, worn)
    assert np.nanmin(motion.amount, initial=0.0) >= 0.0
    bins = motion_bins(motion, START, 15.0, 6)
    later = motion_of(samples_of(ts + 86400.0, accel_g=samples.accel_g), worn)
    np.testing.assert_array_equal(motion_bins(later, START + 86400.0, 15.0, 6), bins)
    lost = data.draw(st.integers(0, len(ts) - 1))
    worn[lost:] = False
    torn = motion_bins(motion_of(samples, worn), START, 15.0, 6)
    assert np.isfinite(bins[np.isfinite(torn)]).all()


@pytest.mark.full
def test_a_real_night(shared_data: Path) -> None:
    """The share of 15 s with movement is that of labelled nights, and no edge decides it."""
    samples, _ = real_night(shared_data / "whoop_real_night", START)
    motion = motion_of(samples, everywhere(len(samples)))
    bins = motion_bins(motion, START, 15.0, 2136)
    assert np.isfinite(bins).all()
    assert 0.024 < (bins > 0.0).mean() < 0.070
    near = (bins > 0.0) & (bins < 1.5 * STILL_STEP_G)
    assert near.mean() < 0.005
