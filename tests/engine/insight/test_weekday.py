"""Whether a week has a shape."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import kruskal

from custom_components.openstrap.engine.insight.journal_effects import CHANCE, CONSTANT
from custom_components.openstrap.engine.insight.weekday import WeekdayEffect, weekday_effects

from .made_days import MONDAY, remembering


def effect_of(values: list[float], first: date = MONDAY) -> WeekdayEffect:
    """Test one outcome of consecutive days."""
    daily = {first + timedelta(days=day): value for day, value in enumerate(values)}
    return weekday_effects({"x": daily}, seed=1)[0]


def test_saturdays_are_seen() -> None:
    """Through a slow drift, and from whatever day the records begin."""
    rng = np.random.default_rng(1)
    for shift in range(3):
        week = (np.arange(84) + shift) % 7
        values = rng.normal(size=84) + 3.0 * (week == 5) + 0.1 * np.arange(84)
        found = effect_of(list(values), MONDAY + timedelta(days=shift))
        assert found.note is None
        assert found.most == 5
        assert found.medians[5] > 2.0
        assert found.q is not None and found.q <= 0.05
        assert 0.25 <= found.confidence <= 0.5
        assert found.to_dict()["medians"] == list(found.medians)


def test_h_as_scipy_has_it() -> None:
    """Ties and all, of what is left without the week's median."""
    values = np.random.default_rng(2).integers(0, 5, 70).astype(float)
    found = effect_of(list(values))
    table = values.reshape(10, 7) - np.median(values.reshape(10, 7), axis=1, keepdims=True)
    assert found.h == pytest.approx(kruskal(*table.T).statistic)


def test_refusals() -> None:
    """Eight weeks, five of every weekday, something that varies."""
    assert effect_of([1.0] * 55).note == "need_input:name=days,have=55,need=56"
    assert weekday_effects({"x": {}}, seed=1)[0].note == "need_input:name=days,have=0,need=56"
    gaps = {
        MONDAY + timedelta(days=day): float(day) for day in range(70) if day % 7 != 2 or day < 28
    }
    assert (
        weekday_effects({"x": gaps}, seed=1)[0].note
        == "need_input:name=days_of_each_weekday,have=4,need=5"
    )
    assert effect_of([1.0] * 60).note == CONSTANT


@pytest.mark.full
def test_slow_change_has_no_weekday() -> None:
    """Bodies that remember yesterday: at most the nominal share, over a family of four."""
    said = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        daily = {
            str(phi): {
                MONDAY + timedelta(days=day): float(value)
                for day, value in enumerate(remembering(rng, 84, phi))
                if rng.random() > 0.1
            }
            for phi in (0.0, 0.5, 0.8, 0.95)
        }
        effects = weekday_effects(daily, seed=seed)
        assert [effect.outcome for effect in effects] == sorted(daily)
        assert {effect.note for effect in effects} <= {None, CHANCE}
        said += any(effect.note is None for effect in effects)
    assert said <= 5
