"""Night to night variation of HRV."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.variation import hrv_variation

from .made import day_at, series


def test_known_value() -> None:
    """Sample deviation over mean, percent."""
    rmssd = [40.0, 50.0, 60.0, 50.0, 45.0]
    found = hrv_variation(series(rmssd), day_at(4))
    assert found.cv_pct == pytest.approx(100.0 * np.std(rmssd, ddof=1) / 49.0)
    assert found.nights == 5


def test_five_nights_of_fourteen_and_tonight() -> None:
    """The window is one of the calendar."""
    values = series([40.0 + at for at in range(20)])
    assert hrv_variation(values, day_at(19)).nights == 14
    assert hrv_variation(values, day_at(3)).cv_pct is None
    assert hrv_variation(values, day_at(20)).cv_pct is None
    assert hrv_variation({}, day_at(0)).nights == 0
    old = series([40.0, 41.0, 42.0, 43.0]) | series([44.0], day_at(14))
    assert hrv_variation(old, day_at(14)).nights == 4


def test_constant_hrv_does_not_vary() -> None:
    """0 is an answer here."""
    assert hrv_variation(series([50.0] * 6), day_at(5)).cv_pct == 0.0


@given(st.lists(st.floats(10.0, 200.0), min_size=5, max_size=14), st.floats(0.2, 5.0))
def test_scale_and_order_do_not_matter(rmssd: list[float], factor: float) -> None:
    """Neither the unit nor which night came first."""
    last = day_at(len(rmssd) - 1)
    here = hrv_variation(series(rmssd), last).cv_pct
    there = hrv_variation(series([factor * value for value in reversed(rmssd)]), last).cv_pct
    assert there == pytest.approx(here, rel=1e-6, abs=1e-6)
