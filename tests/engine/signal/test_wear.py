"""When the strap was on a wrist."""

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.wear import (
    judge_wear,
    seen_seconds,
    worn_records,
    worn_seconds,
)

from ..series import GEN4_STEP_S, clock, samples_of


@pytest.mark.parametrize("step_s", [1.0, GEN4_STEP_S])
def test_an_hour_is_an_hour(step_s: float) -> None:
    """Whatever the distance of the records."""
    samples = samples_of(clock(0, 3600, step_s))
    worn = worn_records(samples)
    assert worn.all()
    assert worn_seconds(samples.ts, worn) == pytest.approx(3600, abs=1.01)


def test_a_long_hole_is_not_worn() -> None:
    """120 s between records still count, more do not."""
    near = samples_of([0.0, 120.0])
    far = samples_of([0.0, 120.1])
    assert worn_seconds(near.ts, worn_records(near)) == 120.0
    assert worn_seconds(far.ts, worn_records(far)) == 0.0


def test_a_strap_on_a_table_is_not_worn() -> None:
    """It goes on recording, with heart rate 0, before, between and after being worn."""
    ts = clock(0.0, 4 * 3600)
    hour = ts // 3600
    samples = samples_of(ts, hr_bpm=np.where((hour == 1) | (hour == 3), 60, 0))
    worn = worn_records(samples)
    assert np.array_equal(worn, (hour == 1) | (hour == 3))
    assert worn_seconds(ts, worn) == pytest.approx(7198)
    never = samples_of(ts, hr_bpm=0)
    assert not worn_records(never).any()


def test_a_lost_pulse_is_still_a_wrist() -> None:
    """Up to ten minutes without a reading, also at the ends of a stretch."""
    ts = clock(0.0, 3600.0)
    lost = ((ts > 1000) & (ts < 1590)) | (ts < 590) | (ts > 3010)
    samples = samples_of(ts, hr_bpm=np.where(lost, 0, 60))
    assert worn_records(samples).all()


def test_stretches_do_not_vouch_for_each_other() -> None:
    """A stretch without any pulse is not worn, however short and near to a worn one."""
    ts = np.concatenate([clock(0.0, 300.0), clock(430.0, 700.0)])
    samples = samples_of(ts, hr_bpm=np.where(ts < 300, 60, 0))
    assert np.array_equal(worn_records(samples), ts < 300)


def test_nothing() -> None:
    """No records, no wear."""
    nothing = samples_of([])
    assert worn_records(nothing).tolist() == []
    assert worn_seconds(nothing.ts, worn_records(nothing)) == 0.0


def test_between_two_events_the_strap_knows() -> None:
    """Whatever the pulse says; elsewhere the records decide."""
    ts = clock(0.0, 6 * 3600)
    hour = ts // 3600
    # A pulse in hours 0, 2, 4 and 5; off in hour 2, on in hour 3 and what follows.
    samples = samples_of(ts, hr_bpm=np.where((hour == 1) | (hour == 3), 0, 60))
    wear = judge_wear(samples, ((7200.0, False), (10_800.0, True), (14_400.0, False)))
    assert np.array_equal(wear.worn, (hour == 0) | (hour >= 3))
    assert np.array_equal(wear.told, (hour == 2) | (hour == 3)), "the last event is contradicted"
    assert np.array_equal(judge_wear(samples, ((0.0, True),)).worn, worn_records(samples))


def test_a_lost_event_costs_no_night() -> None:
    """Off twice: it was put on meanwhile."""
    samples = samples_of(clock(0.0, 7200.0))
    wear = judge_wear(samples, ((600.0, False), (6600.0, False)))
    assert wear.worn.all()
    assert not wear.told.any()


def test_without_events_the_records_decide() -> None:
    """And nothing is told."""
    samples = samples_of(clock(0.0, 600.0))
    wear = judge_wear(samples)
    assert wear.worn.all()
    assert not wear.told.any()
    assert judge_wear(samples_of([]), ((5.0, True),)).worn.tolist() == []


def test_seconds_with_a_record() -> None:
    """Two records in one second are one second seen."""
    assert seen_seconds(np.array([1.0, 1.5, 2.0, 9.0])) == 3
    assert seen_seconds(np.array([])) == 0
