"""A trend or none: against another implementation, ties, refusals."""

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.stats import kendalltau, norm

from custom_components.openstrap.engine.insight.mann_kendall import _inflation, mann_kendall

SERIES = st.lists(st.integers(40, 70).map(float), min_size=8, max_size=60)


@given(SERIES)
def test_against_kendalls_tau(values: list[float]) -> None:
    """The same variance, but for continuity and for neighbours that are alike."""
    if len(set(values)) == 1:
        assert mann_kendall(values) is None
        return
    ahead = np.sign(np.subtract.outer(values, values))
    score = abs(np.tril(ahead, -1).sum())
    found = mann_kendall(values)
    assert found is not None
    if score > 1.0:
        theirs = kendalltau(np.arange(len(values)), values, method="asymptotic").pvalue
        wider = math.sqrt(_inflation(np.array(values)))
        z = norm.isf(theirs / 2.0) * (score - 1.0) / score / wider
        assert found == pytest.approx(2.0 * norm.sf(z), rel=1e-6, abs=1e-12)
    else:
        assert found == 1.0


def test_its_direction_does_not_matter() -> None:
    """Up and down are as unlikely, and a straight line hardly chance."""
    line = [50.0 + at for at in range(10)]
    assert mann_kendall(line) == mann_kendall(line[::-1])
    # S = 45, variance 125.
    assert mann_kendall(line) == pytest.approx(math.erfc(44.0 / math.sqrt(125.0) / math.sqrt(2.0)))


def test_chance_is_named_as_often_as_it_says() -> None:
    """One series of twenty without a trend has p below 0.05."""
    dice = np.random.default_rng(7)
    chances = [mann_kendall(dice.normal(size=30).tolist()) or 1.0 for _ in range(1000)]
    assert 0.03 < np.mean(np.array(chances) < 0.05) < 0.07


def test_runs_are_no_trends() -> None:
    """Nights that take after the night before are named hardly more often."""
    dice = np.random.default_rng(9)

    def alike(echo: float) -> list[float]:
        found = [float(dice.normal())]
        for step in dice.normal(0.0, math.sqrt(1.0 - echo * echo), 89):
            found.append(echo * found[-1] + float(step))
        return found

    for echo in (0.3, 0.6):
        chances = [mann_kendall(alike(echo)) or 1.0 for _ in range(300)]
        assert np.mean(np.array(chances) < 0.05) < 0.1
    assert _inflation(dice.normal(size=90)) == 1.0
    assert _inflation(np.array([50.0 + 0.1 * at for at in range(90)])) == 1.0
    # The sum of twice the falling shares: about (1 + r) / (1 - r) in a long series.
    long = np.array([value for _ in range(12) for value in alike(0.5)])
    assert _inflation(long) == pytest.approx(3.0, rel=0.25)


def test_refusals() -> None:
    """Few numbers, no numbers, no difference."""
    assert mann_kendall([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) is None
    assert mann_kendall([*range(10), math.nan]) is None
    assert mann_kendall([5.0] * 20) is None
