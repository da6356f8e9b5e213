"""Robust and circular statistics: known answers, other implementations, refusals."""

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.stats import circmean, circstd, median_abs_deviation, rankdata

from custom_components.openstrap.engine.signal import stats

NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=40)
HOURS = st.lists(st.floats(0.0, 24.0, exclude_max=True), min_size=2, max_size=20)


def test_known_answers() -> None:
    """Textbook numbers."""
    assert stats.sd([2, 4, 4, 4, 5, 5, 7, 9]) == pytest.approx(2.138090, rel=1e-6)
    assert stats.median([3, 1, 2]) == 2
    assert stats.theil_sen([0, 0.5, 1, 1.5, 2], [14, 14.5, 15, 15.5, 16]) == pytest.approx(1.0)


def test_one_outlier_does_not_tilt_the_slope() -> None:
    """Of ten points on a line one may be anywhere."""
    y = 2.0 * np.arange(10)
    y[4] = 1e6
    assert stats.theil_sen(np.arange(10), y) == pytest.approx(2.0)


@given(NUMBERS)
def test_agrees_with_scipy(x: list[float]) -> None:
    """The scaled MAD is scipy's, but for the digits of the factor."""
    assert stats.mad(x) == pytest.approx(median_abs_deviation(x, scale="normal"), rel=1e-5)


def test_midnight_is_one_moment() -> None:
    """Times on either side of midnight meet there."""
    mean = stats.circular_mean_h([23.5, 0.5])
    assert mean is not None
    assert 0.0 <= mean < 24.0
    assert (mean + 12.0) % 24.0 == pytest.approx(12.0)
    assert stats.circular_median_h([23.0, 23.5, 2.0]) == pytest.approx(23.5)
    assert stats.circular_median_h([1.0, 2.0, 9.0]) == pytest.approx(2.0)


@given(HOURS, st.floats(0.0, 24.0))
def test_circle_turns_along(hours: list[float], by: float) -> None:
    """Mean as scipy's; later times give a later mean and the same spread."""
    mean, spread = stats.circular_mean_h(hours), stats.circular_sd_min(hours)
    vector = abs(np.exp(2j * np.pi / 24.0 * np.array(hours)).mean())
    if mean is None or spread is None or vector < 1e-3:
        return
    assert 0.0 <= mean < 24.0
    off = (mean - circmean(hours, high=24.0) + 12.0) % 24.0 - 12.0
    assert off == pytest.approx(0.0, abs=1e-6)
    assert spread == pytest.approx(60.0 * circstd(hours, high=24.0), rel=1e-5, abs=1e-3)
    later = [hour + by for hour in hours]
    turned = stats.circular_mean_h(later)
    assert turned is not None
    assert (turned - mean - by + 12.0) % 24.0 - 12.0 == pytest.approx(0.0, abs=1e-6)
    assert stats.circular_sd_min(later) == pytest.approx(spread, rel=1e-4, abs=1e-3)


@pytest.mark.parametrize("x", [[], [np.nan], [1.0, np.nan, 2.0], [np.inf, 0.0]])
def test_refuses_nothing_and_no_number(x: list[float]) -> None:
    """Without numbers, or with one that is none, nothing is defined."""
    found = (
        stats.sd(x),
        stats.median(x),
        stats.mad(x),
        stats.theil_sen(x, x),
        stats.theil_sen(range(len(x)), x),
        stats.circular_mean_h(x),
        stats.circular_sd_min(x),
        stats.circular_median_h(x),
    )
    assert found == (None,) * len(found)


def test_refuses_what_has_no_scale_or_direction() -> None:
    """One number has no spread, equal ones no scale, opposite times no mean."""
    assert stats.sd([5.0]) is None
    assert stats.mad([5.0]) == 0.0
    # The mean of equal numbers is not always their value, to the last digit.
    assert stats.sd([33.3] * 7) == stats.sd([0.1] * 6) == 0.0
    assert stats.theil_sen([1.0, 1.0], [2.0, 3.0]) is None
    assert stats.circular_mean_h([0.0, 12.0]) is None
    assert stats.circular_sd_min([6.0, 18.0]) is None
    assert stats.circular_sd_min([6.0]) is None
    assert stats.circular_median_h([6.0, 18.0]) is None


@given(st.lists(st.integers(-5, 5) | st.floats(-1e9, 1e9), max_size=60))
def test_average_ranks_as_scipy_has_them(x: list[float]) -> None:
    """The same bits, with ties and without."""
    values = np.array(x, dtype=np.float64)
    assert stats.average_ranks(values).tobytes() == rankdata(values).astype(np.float64).tobytes()
