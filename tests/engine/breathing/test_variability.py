"""Spread and trend of breathing over a night."""

import numpy as np
import pytest

from custom_components.openstrap.engine.breathing.rate import BreathTrack
from custom_components.openstrap.engine.breathing.variability import bin_rates, breath_variability


def track(brpm: list[float]) -> BreathTrack:
    """Make segments of 300 s, every 150 s."""
    rates = np.array(brpm)
    n = len(rates)
    no = np.zeros(n, dtype=bool)
    return BreathTrack(
        1e9 + 150.0 * np.arange(n, dtype=float), 300.0, rates, np.full(n, 0.5), no, no, np.full(n, 0.5)
    )  # fmt: skip


def test_five_half_hours() -> None:
    """BRV1."""
    found = breath_variability(
        np.arange(5, dtype=np.float64) * 0.5, np.array([14, 14.5, 15, 15.5, 16])
    )
    assert found.slope_brpm_h == pytest.approx(1.0)
    assert found.sd_brpm == pytest.approx(0.790569, abs=1e-6)
    assert found.cv_pct == pytest.approx(100 * 0.790569 / 15, abs=1e-4)
    assert (found.mean_brpm, found.bins) == (15.0, 5)
    assert found.confidence == pytest.approx(0.55)


@pytest.mark.parametrize("bins", [0, 1, 2])
def test_too_few(bins: int) -> None:
    """Nothing of fewer than three."""
    found = breath_variability(np.arange(bins, dtype=np.float64) * 0.5, np.full(bins, 15.0))
    assert (found.mean_brpm, found.sd_brpm, found.cv_pct, found.slope_brpm_h) == (None,) * 4
    assert (found.bins, found.confidence) == (bins, 0.0)


def test_half_hours_of_a_track() -> None:
    """Two told segments are too few, and three that disagree are no rate."""
    nan = float("nan")
    full, thin, torn = [15.0] * 12, [15.0] * 2 + [nan] * 10, [10.0, 14.0, 18.0] + [nan] * 9
    hours, rates = bin_rates(track(full + thin + torn + [16.0] * 12))
    assert hours.tolist() == [0.25, 1.75]
    assert rates.tolist() == [15.0, 16.0]
    assert bin_rates(track([]))[0].tolist() == []


def test_a_wild_half_hour_moves_the_slope_little() -> None:
    """The slope is the median of all pairs."""
    hours = np.arange(12, dtype=np.float64) * 0.5
    rates = 15.0 + 0.2 * hours
    rates[4] = 22.0
    assert breath_variability(hours, rates).slope_brpm_h == pytest.approx(0.2, abs=0.02)
