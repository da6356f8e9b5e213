"""Days on a calendar, and what is taken out of them."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.stats import pearsonr

from custom_components.openstrap.engine.insight.calendar_series import (
    block_orders,
    correlations,
    on_calendar,
    ranks,
    rotations,
    span_of,
    without_weekday,
    without_yesterday,
)

MONDAY = date(2026, 1, 5)


def test_a_gap_is_a_gap() -> None:
    """Days without a value, and values that are none."""
    values = {
        MONDAY: 1.0,
        MONDAY + timedelta(days=3): float("inf"),
        MONDAY + timedelta(days=4): 5.0,
    }
    assert span_of(values) == (MONDAY, 5)
    assert span_of([]) is None
    assert on_calendar(values, MONDAY, 5) == pytest.approx(
        [1, np.nan, np.nan, np.nan, 5], nan_ok=True
    )
    assert on_calendar(values, MONDAY + timedelta(days=4), 1) == pytest.approx([5.0])


def test_weekdays_go() -> None:
    """Weekends that differ do not after; a weekday seen twice goes by all days."""
    weekend = np.where(np.arange(28) % 7 >= 5, 10.0, 0.0)
    assert without_weekday(weekend, MONDAY) == pytest.approx(np.zeros(28))
    assert without_weekday(weekend[:14], MONDAY) == pytest.approx(weekend[:14])
    assert np.isnan(without_weekday(np.full(7, np.nan), MONDAY)).all()


def test_yesterday_goes() -> None:
    """What a first-order process carries over is taken out, its news stay."""
    rng = np.random.default_rng(1)
    news = rng.normal(size=400)
    carried = np.zeros(400)
    for at in range(1, 400):
        carried[at] = 0.8 * carried[at - 1] + news[at]
    left = without_yesterday(carried)
    assert np.corrcoef(left[1:], left[:-1])[0, 1] == pytest.approx(0.0, abs=0.1)
    assert np.corrcoef(left[1:], news[1:])[0, 1] > 0.97
    holed = carried.copy()
    holed[10] = np.nan
    found = without_yesterday(holed)
    assert np.isnan(found[10])
    assert found[11] == holed[11]
    assert (without_yesterday(carried[:14]) == carried[:14]).all()


@given(st.integers(3, 60), st.integers(0, 99))
def test_orders_hold_every_day_once(days: int, seed: int) -> None:
    """And neighbours within a block stay neighbours."""
    rng = np.random.default_rng(seed)
    for turned in (False, True):
        orders = block_orders(days, 7, 20, rng, turned=turned)
        assert (np.sort(orders, axis=1) == np.arange(days)).all()
        follows = (np.diff(orders, axis=1) - 1) % days == 0
        assert follows.sum(axis=1).min() >= days - 1 - days // 7
    turns = rotations(days)
    assert turns.shape == (days - 1, days)
    assert ((np.diff(turns, axis=1) - 1) % days == 0).all()
    assert not (turns == np.arange(days)).all(axis=1).any()


@given(st.integers(0, 99))
def test_correlation_over_the_days_that_both_know(seed: int) -> None:
    """As scipy has it, pair by pair."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(3, 40)), rng.normal(size=(2, 40))
    x[rng.random(x.shape) < 0.2] = np.nan
    y[rng.random(y.shape) < 0.2] = np.nan
    x[2] = 4.0
    found = correlations(x, y)
    for a in range(2):
        for b in range(2):
            both = np.isfinite(x[a]) & np.isfinite(y[b])
            assert found[a, b] == pytest.approx(pearsonr(x[a][both], y[b][both]).statistic)
    assert (found[2] == 0.0).all()


def test_ranks() -> None:
    """Average ranks around 0; what is unknown stays so."""
    assert ranks(np.array([5.0, np.nan, 1.0, 5.0])) == pytest.approx(
        [0.5, np.nan, -1, 0.5], nan_ok=True
    )
    assert np.isnan(ranks(np.array([np.nan]))).all()
