"""Stability and variability of hourly values."""

from dataclasses import astuple

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.circadian import rhythm

HOUR = np.arange(24)
WAVE = (1 + np.cos(2 * np.pi * (HOUR - 14) / 24)).tolist()


def test_known_answer() -> None:
    """Known answer."""
    found = rhythm([WAVE] * 7)
    assert found is not None
    assert found.stability == pytest.approx(1.0)
    assert found.variability == pytest.approx(0.068254, abs=5e-7)
    assert found.m10 == pytest.approx(1.733694, abs=5e-7)
    assert found.l5 == pytest.approx(0.067220, abs=5e-7)
    assert (found.m10_hour, found.l5_hour) == (9, 0)
    assert found.amplitude == pytest.approx(0.925350, abs=5e-7)
    assert (found.days, found.observed) == (7, 1.0)


def test_formulas_as_published() -> None:
    """Formulas as published."""
    x = np.random.default_rng(3).gamma(2.0, size=(9, 24))
    found = rhythm(x.tolist())
    flat, mean, n = x.ravel(), x.mean(), x.size
    total = ((flat - mean) ** 2).sum()
    assert found is not None
    assert found.stability == pytest.approx(n * ((x.mean(axis=0) - mean) ** 2).sum() / (24 * total))
    assert found.variability == pytest.approx(n * (np.diff(flat) ** 2).sum() / ((n - 1) * total))


def test_an_hour_may_be_missing_but_no_more_than_two() -> None:
    """An hour may be missing but no more than two."""
    days: list[list[float | None]] = [list(WAVE) for _ in range(7)]
    days[3][2] = days[3][3] = None
    found = rhythm(days)
    assert found is not None
    assert found.observed == pytest.approx(166 / 168)
    assert found.stability == pytest.approx(1.0, abs=0.05)
    days[3][4] = None
    assert rhythm(days) is None


@pytest.mark.parametrize(
    "days",
    [
        [],
        [WAVE] * 6,
        [WAVE[:23]] * 7,
        [[None] * 24] * 7,
        [[0.0] * 24] * 7,
        [[61.3] * 24] * 7,
        [[None, *WAVE[1:]]] * 7,
        [[float("nan")] * 24] * 7,
    ],
)
def test_nothing_to_say(days: list[list[float | None]]) -> None:
    """Nothing to say."""
    assert rhythm(days) is None


def test_without_any_activity_at_rest() -> None:
    """Without any activity at rest."""
    quiet = [0.0] * 8 + [1.0] * 16
    found = rhythm([quiet] * 7)
    assert found is not None
    assert (found.amplitude, found.l5_hour, found.m10_hour) == (1.0, 0, 8)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 23), st.floats(0.01, 100))
def test_scale_and_order_of_days(seed: int, turn: int, factor: float) -> None:
    """Scale and order of days."""
    draw = np.random.default_rng(seed)
    x = draw.gamma(2.0, size=(8, 24))
    found, scaled = rhythm(x.tolist()), rhythm((factor * x).tolist())
    assert found is not None
    assert scaled is not None
    assert scaled.stability == pytest.approx(found.stability)
    assert scaled.variability == pytest.approx(found.variability)
    assert scaled.amplitude == pytest.approx(found.amplitude)
    assert scaled.m10 == pytest.approx(factor * found.m10)
    assert 0 <= found.stability <= 1
    turned = rhythm(np.roll(x, turn, axis=1).tolist())
    assert turned is not None
    assert turned.m10 == pytest.approx(found.m10)
    assert turned.m10_hour == (found.m10_hour + turn) % 24
    mixed = rhythm(draw.permutation(x, axis=0).tolist())
    assert mixed is not None
    assert astuple(mixed)[2:7] == pytest.approx(astuple(found)[2:7])
