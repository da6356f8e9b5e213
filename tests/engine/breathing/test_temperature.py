"""Skin temperature of a night."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.breathing.temperature import (
    NO_THERMOMETER,
    SkinTemperature,
    skin_temperature,
    still_skin_c,
)

ALL = np.ones(1000, dtype=bool)


def test_the_settled_mean() -> None:
    """A cold start is left out, a fever is not."""
    warm = np.full(1000, 34.0)
    warm[:150] = 30.0
    warm[900:] = 37.0
    found = skin_temperature(warm, ALL)
    assert isinstance(found, SkinTemperature)
    assert found.mean_c == pytest.approx((750 * 34 + 100 * 37) / 850)
    assert (found.settled, found.readings) == (0.85, 1000)


def test_unsettled() -> None:
    """TMP1: three quarters settled are too few."""
    warm = np.where(np.arange(1000) < 250, 30.0, 34.0)
    assert skin_temperature(warm, ALL) == "unsettled_skin_temp:settled=0.75,need=0.8"


def test_no_thermometer() -> None:
    """What other straps send in its place is not taken for one."""
    assert skin_temperature(None, ALL) == NO_THERMOMETER


@pytest.mark.parametrize("value", [np.nan, 0.0, 19.9, 42.1, -50.0, 300.0])
def test_implausible(value: float) -> None:
    """No reading."""
    found = skin_temperature(np.full(1000, value), ALL)
    assert found == "need_input:name=skin_temp_c,have=0,need=60"


def test_only_of_a_wrist() -> None:
    """A strap on the night table has a temperature too."""
    warm = np.where(np.arange(1000) < 500, 34.0, 22.0)
    found = skin_temperature(warm, np.arange(1000) < 500)
    assert found == SkinTemperature(34.0, 1.0, 500)
    few = skin_temperature(warm, np.arange(1000) < 59)
    assert few == "need_input:name=skin_temp_c,have=59,need=60"


@given(st.integers(0, 2**32 - 1))
def test_order_does_not_matter(seed: int) -> None:
    """A night is a set of readings; holes change nothing but the count."""
    chance = np.random.default_rng(seed)
    warm = chance.normal(34.0, 0.3, 1000)
    mixed = np.where(chance.random(1000) < 0.1, np.nan, warm)
    one, other = skin_temperature(mixed, ALL), skin_temperature(chance.permutation(mixed), ALL)
    assert isinstance(one, SkinTemperature)
    assert isinstance(other, SkinTemperature)
    assert one.mean_c == pytest.approx(other.mean_c)
    assert one.readings == int(np.isfinite(mixed).sum()) == other.readings


def test_a_still_wrist() -> None:
    """Worn, still, plausible; all others are no reading."""
    accel = np.tile([0.0, 0.6, 0.8], (5, 1))
    accel[1] *= 1.05
    accel[2] = np.nan
    worn = np.array([True, True, True, False, True])
    found = still_skin_c(np.array([33.0, 33.0, 33.0, 33.0, 55.0]), accel, worn)
    assert found is not None
    np.testing.assert_array_equal(np.isfinite(found), [True, False, False, False, False])
    assert found[0] == 33.0
    assert still_skin_c(None, accel, worn) is None
    nothing = still_skin_c(np.empty(0), np.empty((0, 3)), np.empty(0, dtype=bool))
    assert nothing is not None and not len(nothing)
