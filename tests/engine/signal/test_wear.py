"""When the strap was on a wrist."""

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.wear import worn_records, worn_seconds

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
