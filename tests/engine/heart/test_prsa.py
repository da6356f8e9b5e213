"""Capacity to slow down and to speed up."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.prsa import Capacity, heart_rate_capacity

from ..series import beats_of, tone_a


def of(rr_ms: object, *, holes: tuple[int, ...] = ()) -> Capacity:
    """Capacity of intervals end to end, but for holes before some of them."""
    beats = beats_of(rr_ms)  # type: ignore[arg-type]  # object stands for any array-like
    joined = beats.joined.copy()
    joined[list(holes)] = False
    return heart_rate_capacity(beats.rr_ms, joined)


def test_half_an_hour() -> None:
    """PRSA1."""
    found = of(tone_a())
    assert found.deceleration_ms == pytest.approx(11.864992)
    assert found.acceleration_ms == pytest.approx(-11.917407)
    assert (found.decelerations, found.accelerations) == (688, 685)


def test_two_anchors() -> None:
    """PRSA2."""
    found = of([1000, 1000, 1000, 1020, 1030, 1000, 1000, 1000, 1010, 1000])
    assert (found.deceleration_ms, found.decelerations) == (7.5, 2)


def test_an_anchor_does_not_reach_across_a_hole() -> None:
    """Any of its four intervals that does not follow takes it away."""
    rr = [1000.0] * 4 + [1020.0] + [1000.0] * 5
    assert of(rr).decelerations == 1
    for hole, left in ((2, 1), (3, 0), (4, 0), (5, 0), (6, 1)):
        assert of(rr, holes=(hole,)).decelerations == left


def test_a_leap_is_no_anchor() -> None:
    """More than 5 % is an artefact."""
    assert of([1000.0] * 4 + [1050.0] + [1000.0] * 5).decelerations == 1
    assert of([1000.0] * 4 + [1051.0] + [1000.0] * 5).decelerations == 0


def test_too_little() -> None:
    """Seven intervals, and a heart like a clock."""
    assert of(tone_a()[:7]) == of([1000.0] * 500) == of([]) == Capacity(None, None, 0, 0)


@given(st.integers(0, 2**32 - 1), st.integers(0, 300), st.floats(0.0, 1.0))
def test_scale(seed: int, n: int, share: float) -> None:
    """Intervals twice as long have twice the capacity, from the same anchors; holes take some."""
    dice = np.random.default_rng(seed)
    rr = dice.uniform(900.0, 1000.0, n).round()
    here, twice = of(rr), of(2.0 * rr)
    assert (twice.decelerations, twice.accelerations) == (here.decelerations, here.accelerations)
    if here.deceleration_ms is not None:
        assert twice.deceleration_ms == pytest.approx(2.0 * here.deceleration_ms)
    torn = of(rr, holes=tuple(np.flatnonzero(dice.random(n) < share).tolist()))
    assert torn.decelerations <= here.decelerations
