"""Readiness: a percentile of own nights."""

from datetime import date, timedelta
import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.recovery.readiness import (
    ReadinessIndex,
    correlations,
    readiness_index,
)
from tests.engine.heart.made import day_at, series

from .people import FIRST, steady

WEEK = 7
TONIGHT = day_at(WEEK)
VALUES = {
    "rmssd_ms": series([60, 65, 70, 62, 68, 66, 64, 70]),
    "resting_hr_bpm": series([52, 53, 51, 54, 52, 53, 52, 50]),
    "breathing_rate_brpm": series([14.2, 14.5, 14.1, 14.4, 14.3, 14.6, 14.2, 14.6]),
}


def index(values: dict[str, dict[date, float]], day: date = TONIGHT) -> ReadinessIndex:
    """Return a readiness that there is."""
    found = readiness_index(values, day)
    assert isinstance(found, ReadinessIndex)
    return found


def test_known_answer() -> None:
    """Three inputs, a week, only typical correlations."""
    found = index(VALUES)
    assert found.z == pytest.approx(0.6803, abs=1e-4)
    assert math.floor(found.score + 0.5) == 75
    assert found.nights == WEEK
    assert [name for name, _ in found.points] == ["resting_hr", "hrv", "breathing"]
    assert 50.0 + math.fsum(points for _, points in found.points) == pytest.approx(found.score)


@given(st.floats(20.0, 200.0), st.floats(35.0, 80.0), st.floats(10.0, 20.0))
def test_no_input_works_against_itself(rmssd: float, resting: float, breathing: float) -> None:
    """More HRV never lowers it, a faster heart or breath never raises it."""
    for key, value, good in (
        ("rmssd_ms", rmssd, 1.0),
        ("resting_hr_bpm", resting, -1.0),
        ("breathing_rate_brpm", breathing, -1.0),
    ):
        changed = index(VALUES | {key: VALUES[key] | {TONIGHT: value}}).score
        more = good * (value - VALUES[key][TONIGHT])
        assert (changed - index(VALUES).score) * more >= -1e-9


def test_warm_skin_lowers_it_once_ten_nights_are_known() -> None:
    """Temperature has no prior, so it takes more nights."""
    long = {
        "rmssd_ms": series([60.0, 65.0, 62.0] * 4 + [63.0]),
        "resting_hr_bpm": series([52.0, 53.0, 51.0] * 4 + [52.0]),
        "skin_temp_c": series([33.0, 33.2, 33.4] * 4 + [34.5]),
    }
    found = index(long, day_at(12))
    assert dict(found.points)["skin_temp"] < 0.0
    cut = long | {"skin_temp_c": {day_at(at): 33.0 + 0.1 * (at % 3) for at in (0, 1, 2, 3, 12)}}
    assert "skin_temp" not in dict(index(cut, day_at(12)).points)


def test_refusals() -> None:
    """One input alone, none of the heart, few nights."""
    only = {"rmssd_ms": VALUES["rmssd_ms"]}
    assert readiness_index(only, TONIGHT) == "need_input:name=inputs,have=1,need=2"
    assert readiness_index({}, TONIGHT) == "need_input:name=inputs,have=0,need=2"
    other = {
        "breathing_rate_brpm": VALUES["breathing_rate_brpm"],
        "skin_temp_c": series([33.0] * 8),
    }
    assert readiness_index(other, TONIGHT) == "need_input:name=rmssd_ms,have=0,need=1"
    young = {
        key: {day_at(at): value[day_at(at)] for at in range(4)} for key, value in VALUES.items()
    }
    assert readiness_index(young, day_at(3)) == "need_baseline:have=3,need=4"
    lone = VALUES | {key: {TONIGHT: 1.0} for key in ("resting_hr_bpm", "breathing_rate_brpm")}
    assert readiness_index(lone, TONIGHT) == "need_baseline:have=0,need=4"
    even = {"rmssd_ms": VALUES["rmssd_ms"], "skin_temp_c": series([33.0] * 8)}
    assert readiness_index(even, TONIGHT) == "need_baseline:have=7,need=10"
    flat = {"rmssd_ms": series([60.0] * 13), "skin_temp_c": series([33.0] * 13)}
    assert readiness_index(flat, day_at(12)) == "degenerate_baseline:scale=0"
    bad = {key: value | {TONIGHT: float("nan")} for key, value in VALUES.items()}
    assert isinstance(readiness_index(bad, TONIGHT), str)


def test_correlations_are_shrunk() -> None:
    """Halfway to what is typical, from ten nights on; all that is typical where nothing varies."""
    up = np.arange(10.0)
    both = np.column_stack((up, up))
    assert correlations(both)[0, 1] == pytest.approx(0.65)
    assert correlations(both[:9])[0, 1] == pytest.approx(0.3)
    assert correlations(np.column_stack((up, np.ones(10))))[0, 1] == pytest.approx(0.3)


@pytest.mark.full  # hundreds of histories
def test_a_third_of_ordinary_nights_in_each_colour() -> None:
    """Uniform on nights like the ones before, with seven of them or with forty."""
    for nights in (8, 42):
        scores = []
        for who in range(400):
            facts = steady(np.random.default_rng([13, who]), nights).facts()
            values = {
                key: {day: fact.values[key] for day, fact in facts.items()}
                for key in ("rmssd_ms", "resting_hr_bpm", "breathing_rate_brpm")
            }
            scores.append(index(values, FIRST + timedelta(days=nights - 1)).score)
        for low, high in ((0.0, 33.5), (33.5, 66.5), (66.5, 100.0)):
            share = np.mean([low <= score <= high for score in scores])
            assert share == pytest.approx(1 / 3, abs=0.08)
