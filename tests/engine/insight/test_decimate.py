"""Fewer points, the same picture."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.insight.decimate import low_and_high, stride


@given(st.integers(0, 5000), st.integers(2, 300))
def test_stride(count: int, limit: int) -> None:
    """Both ends, no index twice, evenly apart."""
    found = stride(count, limit)
    assert len(found) == min(count, limit)
    steps = np.diff(found)
    if count:
        assert (found[0], found[-1]) == (0, count - 1)
    if len(steps):
        assert steps.min() >= 1
        assert np.ptp(steps) <= 1


def test_a_curve_has_two_ends() -> None:
    """No single point stands for a curve."""
    with pytest.raises(ValueError, match="two ends"):
        stride(10, 1)


def test_peaks_stay() -> None:
    """A spike of one second in a day, and the order of time."""
    ts = np.arange(86400.0)
    hr = 60.0 + 5.0 * np.sin(ts / 5000.0)
    hr[43210], hr[43300] = 180.0, 35.0
    found = low_and_high(ts, hr)
    assert len(found) <= 500
    assert {43210, 43300} <= set(found.tolist())
    assert (np.diff(found) > 0).all()


def test_short_ones_stay_whole_and_gaps_stay_gaps() -> None:
    """Only what is no number goes."""
    hr = np.array([60.0, np.nan, 62.0, np.inf, 61.0])
    assert low_and_high(np.arange(5.0), hr).tolist() == [0, 2, 4]
    long = np.full(2000, 60.0)
    long[500:1000] = np.nan
    found = low_and_high(np.arange(2000.0), long, buckets=20)
    assert not ((found >= 500) & (found < 1000)).any()
    assert len(low_and_high([], [])) == 0
    with pytest.raises(ValueError, match="ascend"):
        low_and_high(np.zeros(10), np.arange(10.0), buckets=2)


@given(
    st.lists(st.one_of(st.just(float("nan")), st.integers(40, 200).map(float)), max_size=200),
    st.integers(1, 20),
)
def test_against_the_plain_way(values: list[float], buckets: int) -> None:
    """Lowest and highest of each stretch, found one by one."""
    series = np.array(values, dtype=np.float64)
    ts = np.cumsum(np.arange(len(series)) % 3 + 1.0)
    known = np.flatnonzero(np.isfinite(series))
    found = low_and_high(ts, series, buckets).tolist()
    if len(known) <= 2 * buckets:
        assert found == known.tolist()
        return
    first, last = ts[known[0]], ts[known[-1]]
    wanted = set()
    for bucket in range(buckets):
        inside = [
            at
            for at in known
            if min(int((ts[at] - first) / (last - first) * buckets), buckets - 1) == bucket
        ]
        if inside:
            wanted |= {
                min(inside, key=lambda at: series[at]),
                max(inside, key=lambda at: series[at]),
            }
    assert found == sorted(wanted)
