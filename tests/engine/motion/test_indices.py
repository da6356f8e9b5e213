"""How much the wrist moved."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.motion.indices import (
    dyn_amp_g,
    motion_minutes,
    still_length_g,
    worn_dyn_g,
)

from ..series import clock, samples_of

STILL = np.tile((0.02, 0.01, 1.0), (60, 1))
SWING = np.column_stack((np.tile((0.2, -0.2), 30), np.full(60, 0.01), np.ones(60)))


def test_a_swing_of_constant_length() -> None:
    """Known answer: ENMO hardly sees it, MAD not at all, dynamic amplitude does."""
    samples = samples_of(clock(0.0, 120.0), accel_g=np.concatenate((STILL, SWING)))
    length = np.linalg.norm(samples.accel_g, axis=1)
    assert still_length_g(length) == pytest.approx(1.0100514, abs=1e-6)
    found = motion_minutes(samples, worn_dyn_g(samples, np.ones(120, dtype=bool)), 0.0, 120.0)
    assert found.enmo_g == pytest.approx([0.0, 0.009801], abs=2e-6)
    assert found.mad_g == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.dyn_g == pytest.approx([0.0, 0.188067], abs=2e-6)
    assert found.covered.all()


def test_a_hole_empties_the_window() -> None:
    """The first reading after it is its own gravity."""
    ts = np.concatenate((clock(0.0, 20.0), clock(34.0, 40.0)))
    accel = np.where((ts < 20.0)[:, None], (0.0, 0.0, 1.0), (1.0, 0.0, 0.0))
    found = dyn_amp_g(ts, accel, np.ones(len(ts), dtype=bool))
    assert not found.any()
    near = dyn_amp_g(np.where(ts < 20.0, ts, ts - 1.0), accel, np.ones(len(ts), dtype=bool))
    assert near[20] > 0.5


def test_what_is_not_usable_is_unknown_and_counts_nowhere() -> None:
    """As if it had not come."""
    accel = np.random.default_rng(1).normal(0.0, 0.5, (100, 3))
    usable = np.random.default_rng(2).random(100) > 0.3
    ts = clock(0.0, 100.0)
    found = dyn_amp_g(ts, accel, usable)
    assert np.isnan(found[~usable]).all()
    alone = dyn_amp_g(ts[usable], accel[usable], np.ones(usable.sum(), dtype=bool))
    np.testing.assert_array_equal(found[usable], alone)
    assert len(dyn_amp_g(ts[:0], accel[:0], usable[:0])) == 0


@given(st.integers(0, 2**32 - 1), st.floats(-0.2, 0.2))
def test_a_constant_offset_falls_out(seed: int, offset: float) -> None:
    """And what came before the window leaves no trace."""
    accel = np.random.default_rng(seed).normal(0.0, 0.3, (200, 3))
    ts, usable = clock(0.0, 200.0), np.ones(200, dtype=bool)
    found = dyn_amp_g(ts, accel, usable)
    shifted = dyn_amp_g(ts, accel + offset, usable)
    assert np.abs(shifted - found).max() < 3e-6
    np.testing.assert_array_equal(dyn_amp_g(ts[100:], accel[100:], usable[100:])[15:], found[115:])


def test_thin_minutes_are_unknown() -> None:
    """Below thirty worn readings."""
    samples = samples_of(clock(0.0, 180.0))
    worn = np.ones(180, dtype=bool)
    worn[60:91] = False
    found = motion_minutes(samples, worn_dyn_g(samples, worn), 0.0, 240.0)
    assert found.covered.tolist() == [True, False, True, False]
