"""A night with all its signs taken together."""

import numpy as np
import pytest

from custom_components.openstrap.engine.insight.anomaly import (
    Anomaly,
    anomaly,
    distance,
    nightly_signs,
)
from custom_components.openstrap.engine.metric import DEGENERATE_SIGNAL

from .nights import day_at, facts_of, nights

RHR = (52, 53, 51, 54, 52, 53, 52, 51)
RMSSD = (60, 65, 70, 62, 68, 66, 64, 61)
TEMP = (0, 1, -1, 0.5, -0.5, 0, 0.8, -0.8)
EARLIER = np.column_stack((RHR, np.negative(RMSSD), TEMP)).astype(float)
TONIGHT = np.array([57.0, -50.0, 2.0])


def test_known_answer_of_eight_nights() -> None:
    """Oriented signs, the exact distance, and its F on (3, 5) degrees of freedom."""
    found = distance(EARLIER, TONIGHT, shrink=0.0)
    assert found is not None
    assert np.sqrt(found.squared) == pytest.approx(5.9186, rel=1e-3)
    assert found.f == pytest.approx(7.4136, rel=1e-3)
    assert found.p == pytest.approx(0.0274, abs=5e-5)
    # The known z are of the population's standard deviation.
    assert np.array(found.z) * np.sqrt(8 / 7) == pytest.approx((4.906, 4.475, 2.910), rel=1e-3)


def test_which_way_a_sign_points_does_not_change_the_distance() -> None:
    """Turning a sign around turns its correlations around as well."""
    turn = np.array([1.0, -1.0, 1.0])
    a, b = distance(EARLIER, TONIGHT), distance(EARLIER * turn, TONIGHT * turn)
    assert a is not None and b is not None
    assert a.squared == pytest.approx(b.squared)


def test_no_distance_without_enough_or_without_spread() -> None:
    """As many nights as signs, or a sign that never varies."""
    assert distance(EARLIER[:3], TONIGHT) is None
    flat = EARLIER.copy()
    flat[:, 1] = 3.0
    assert distance(flat, TONIGHT) is None


def test_probability_is_honest() -> None:
    """Of steady nights one in twenty is as far off as one in twenty should be."""
    p = []
    for seed in range(12):
        _, table = nights(seed, 90)
        for at in range(56, 90):
            found = anomaly(table[at - 56 : at], table[at])
            assert isinstance(found, Anomaly)
            p.append(found.p)
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.025)
    assert np.mean(np.array(p) < 0.005) < 0.015


def test_only_what_points_to_illness_is_a_candidate() -> None:
    """As far off the other way, or torn, it is unusual and no sign of illness."""
    _, table = nights(3, 57)
    spread = table[:56].std(axis=0)
    up = table[:56].mean(axis=0) + 4.0 * spread
    down = table[:56].mean(axis=0) - 4.0 * spread
    torn = np.where([True, True, True, False], up, down)
    for tonight, candidate in ((up, True), (down, False), (torn, False)):
        found = anomaly(table[:56], tonight)
        assert isinstance(found, Anomaly)
        assert found.p < 0.005
        assert found.candidate is candidate
    found = anomaly(table[:56], up)
    assert isinstance(found, Anomaly)
    assert [name for name, _ in found.z] == ["heart_rate", "hrv", "breathing", "temperature"]
    assert all(value == pytest.approx(4.0, rel=0.05) for _, value in found.z)


def test_signs_are_paired_by_date() -> None:
    """Nights of which one has each sign and none has two tell nothing together."""
    _, table = nights(1, 57, signs=2)
    table[:56:2, 0] = np.nan
    table[1:56:2, 1] = np.nan
    assert anomaly(table[:56], table[56]) == "need_baseline:have=0,need=14"


def test_a_rare_sign_is_left_out() -> None:
    """A thermometer worn for ten nights does not cost the other signs their baseline."""
    _, table = nights(2, 57)
    table[:46, 3] = np.nan
    found = anomaly(table[:56], table[56])
    assert isinstance(found, Anomaly)
    assert [name for name, _ in found.z] == ["heart_rate", "hrv", "breathing"]
    assert found.nights == 56


def test_refusals() -> None:
    """One sign, too few nights, nights without any spread."""
    _, table = nights(4, 57, signs=1)
    assert anomaly(table[:56], table[56]) == "need_input:name=night_signs,have=1,need=2"
    _, table = nights(4, 57)
    assert anomaly(table[43:56], table[56]) == "need_baseline:have=13,need=14"
    table[:56, 1:] = table[0, 1:]
    assert anomaly(table[:56], table[56]) == DEGENERATE_SIGNAL


def test_signs_come_from_facts() -> None:
    """The logarithm of HRV, turned around; what is missing is missing."""
    made = nights(5, 3)
    made[1][1, 2] = np.nan
    found = nightly_signs(facts_of(made, missing=[2]), [day_at(at) for at in range(4)])
    assert found[0] == pytest.approx(made[1][0], rel=1e-5)
    assert np.isnan(found[1]).tolist() == [False, False, True, False]
    assert np.isnan(found[2:]).all()
