"""The distance between two groups of days, and its interval."""

import numpy as np
import pytest

from custom_components.openstrap.engine.insight.shift import hodges_lehmann, slope


def rng() -> np.random.Generator:
    """Give dice."""
    return np.random.Generator(np.random.PCG64(1))


def test_known_answer() -> None:
    """Median of all differences; a day without a value counts in neither group."""
    with_it = np.array([True] * 4 + [False] * 6 + [True])
    values = np.array([40, 42, 38, 41, 50, 48, 52, 49, 51, 47, np.nan])
    found = hodges_lehmann(with_it, values, 3, rng())
    assert found.value == pytest.approx(-9.0)
    assert found.low <= found.value <= found.high
    assert found.high < 0.0


def test_slope_known_answer() -> None:
    """Dose and answer of eight days."""
    dose = np.array([1.0, 2, 2, 3, 5, 4, 0, 6])
    answer = np.array([60.0, 58, 59, 55, 50, 52, 61, 48])
    assert slope(dose, answer, 2, rng()).value == pytest.approx(-2.4)


@pytest.mark.full
def test_the_interval_covers() -> None:
    """Nine times in ten or so, and narrows with the days."""
    dice, covered, widths = np.random.default_rng(5), 0, {40: 0.0, 160: 0.0}
    for days in widths:
        for _ in range(15):
            with_it = dice.random(days) < 0.4
            found = hodges_lehmann(with_it, dice.normal(size=days) + 2.0 * with_it, 7, dice)
            covered += found.low <= 2.0 <= found.high
            widths[days] += found.high - found.low
    assert 21 <= covered <= 30
    assert widths[160] < 0.7 * widths[40]
