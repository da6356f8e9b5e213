"""Minutes as sums: the same whatever the order, each moment weighed once."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.rollup import (
    COLUMNS,
    NO_HR_MIN,
    MinuteSums,
    Source,
    best_minutes,
    empty_sums,
    merge_minutes,
    sum_minutes,
)

from .made_records import START, records, rows_of


def same(left: MinuteSums, right: MinuteSums) -> bool:
    """Tell whether two tables agree to the bit."""
    return all(
        np.array_equal(getattr(left, name), getattr(right, name))
        and getattr(left, name).dtype == getattr(right, name).dtype
        for name in COLUMNS
    )


def test_a_minute_holds_62_readings() -> None:
    """Make records 0.961 s apart: 62 or 63 a minute, all of them counted."""
    sums = sum_minutes(records(624), Source.SUMMARY)
    assert sums.minute.tolist() == [START + 60 * minute for minute in range(10)]
    assert set(sums.records.tolist()) <= {62, 63}
    assert sums.records.sum() == 624
    assert sums.hr_sum.tolist() == (60 * sums.hr_n).tolist()
    assert (sums.acc_sum_mg == 1000 * sums.acc_n).all()
    assert (sums.dyn_sum_mg == 13 * sums.dyn_n).all()


def test_no_heart_rate_merges_without_a_special_case() -> None:
    """The lowest of none is above any, the highest of none below any."""
    off = sum_minutes(records(10, hr=0), Source.SUMMARY)
    assert (off.hr_n[0], off.hr_min[0], off.hr_max[0]) == (0, NO_HR_MIN, 0)
    both = merge_minutes([off, sum_minutes(records(10, hr=[50] * 9 + [70]), Source.SUMMARY)])
    assert (both.hr_n[0], both.hr_min[0], both.hr_max[0]) == (10, 50, 70)
    minutes = best_minutes(off)
    assert np.isnan(minutes.hr_bpm[0])
    assert (minutes.hr_min[0], minutes.hr_max[0], minutes.hr_n[0]) == (0, 0, 0)


def test_undecoded_records_are_left_out() -> None:
    """Their reason is not 0."""
    some = records(10)
    some.reason[3] = 2
    assert sum_minutes(some, Source.SUMMARY).records.sum() == 9


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 299), max_size=5),
)
def test_order_and_cutting_do_not_show(seed: int, cuts: list[int]) -> None:
    """Any permutation, cut anywhere, merges to the same table."""
    chance = np.random.default_rng(seed)
    whole = records(300, hr=chance.integers(0, 200, 300), accel=chance.normal(size=(300, 3)))
    order = chance.permutation(300)
    parts = np.split(order, sorted(cuts))
    merged = merge_minutes(sum_minutes(rows_of(whole, part), Source.SUMMARY) for part in parts)
    assert same(merged, sum_minutes(whole, Source.SUMMARY))


def test_a_moment_that_came_three_ways_is_weighed_once() -> None:
    """The summary speaks where it has readings, else the next best; heart and motion apart."""
    summary = records(62, hr=50)
    summary.accel_g[:] = np.nan
    sums = merge_minutes(
        [
            sum_minutes(records(124, hr=90), Source.LIVE),
            sum_minutes(records(62, hr=70, accel=(0.0, 0.0, 2.0)), Source.HIGH_RATE),
            sum_minutes(summary, Source.SUMMARY),
        ]
    )
    minutes = best_minutes(sums)
    assert minutes.hr_bpm.tolist() == [50.0, 90.0]
    assert minutes.hr_n[0] == summary.hr_bpm[summary.epoch < START + 60].size
    assert minutes.acc_g.tolist() == [2.0, 1.0]
    assert minutes.acc_sd_g.tolist() == [0.0, 0.0]
    assert len(minutes) == 2


def test_averages_agree_with_numpy() -> None:
    """Mean and spread of the acceleration in one minute."""
    accel = np.random.default_rng(3).normal(size=(62, 3))
    minutes = best_minutes(sum_minutes(records(62, accel=accel), Source.SUMMARY))
    norm = np.sqrt((accel**2).sum(axis=1))
    assert minutes.acc_g[0] == pytest.approx(norm.mean(), abs=5e-4)
    assert minutes.acc_sd_g[0] == pytest.approx(norm.std(), abs=5e-4)


def test_milli_g_round_half_up_everywhere() -> None:
    """A half is exact in binary here: it goes up, and does not depend on neighbours."""
    sums = sum_minutes(
        records(3, accel=[[0, 0, 0.0625], [0, 0, 0.1875], [0, 0, 8.5]]), Source.SUMMARY
    )
    assert sums.acc_sum_mg[0] == 63 + 188
    assert sums.acc_sq_sum_mg2[0] == 63**2 + 188**2
    assert sums.acc_n[0] == 2


def test_nothing_in_nothing_out() -> None:
    """No records, no rows, the right types."""
    assert same(merge_minutes([]), empty_sums())
    assert same(sum_minutes(records(0), Source.LIVE), empty_sums())
    assert len(best_minutes(empty_sums())) == 0
    assert len(empty_sums()) == 0
