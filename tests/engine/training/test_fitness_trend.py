"""Fitness by the resting heart rate: up, down, chance, refusals."""

import numpy as np
import pytest

from custom_components.openstrap.engine.training.fitness_trend import (
    Fitness,
    FitnessTrend,
    fitness_trend,
)

from ..heart.made import day_at, series


def of(nights: list[float]) -> FitnessTrend:
    """Return the trend that there is on the last of the nights."""
    found = fitness_trend(series(nights), day_at(len(nights) - 1))
    assert isinstance(found, FitnessTrend)
    return found


def test_a_steady_fall() -> None:
    """Four weeks, a tenth of a beat a day."""
    found = of([56.0 - 0.1 * at for at in range(28)])
    assert found.fitness is Fitness.IMPROVING
    assert found.change_bpm == pytest.approx(-2.7)
    assert found.p < 0.001
    assert found.nights == 28
    assert of([56.0 + 0.1 * at for at in range(28)]).fitness is Fitness.DECLINING


def test_a_fall_that_is_less_than_nights_differ() -> None:
    """It must be both: no chance, and worth a word."""
    dice = np.random.default_rng(3)
    noise = dice.normal(0.0, 1.0, 42)
    slight = of((56.0 - 0.04 * np.arange(42) + noise).tolist())
    assert abs(slight.change_bpm) < slight.detectable_bpm
    assert slight.fitness is Fitness.STEADY
    clear = of((56.0 - 0.15 * np.arange(42) + noise).tolist())
    assert clear.fitness is Fitness.IMPROVING


def test_no_trend_is_named_in_chance() -> None:
    """Of a hundred wearers who stay the same."""
    dice = np.random.default_rng(4)
    named = [of(dice.normal(55.0, 1.5, 42).tolist()).fitness for _ in range(100)]
    assert named.count(Fitness.STEADY) >= 99


def test_refusals() -> None:
    """28 nights of the 42, some of them neighbours."""
    assert fitness_trend(series([55.0] * 27), day_at(26)) == "need_baseline:have=27,need=28"
    assert fitness_trend({}, day_at(0)) == "need_baseline:have=0,need=28"
    assert fitness_trend(series([55.0] * 28), day_at(60)) == "need_baseline:have=9,need=28"
