"""How the wrist lay."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.motion.posture import (
    Posture,
    Tilts,
    posture_changes,
    tilts_of,
)

from ..series import clock


def tilt(accel_g: NDArray[np.float64]) -> Tilts:
    """Tilt of one span of readings, one a second."""
    return tilts_of(clock(0.0, len(accel_g)), accel_g, 0.0, 30.0)


@pytest.mark.parametrize(
    ("vector", "pitch", "roll", "posture"),
    [
        ((0, 0, 1), 0, 0, Posture.SUPINE),
        ((0, 0, -1), 0, 180, Posture.PRONE),
        ((0, 1, 0), 0, 90, Posture.RIGHT),
        ((0, -1, 0), 0, -90, Posture.LEFT),
        ((1, 0, 0), -90, 0, Posture.UPRIGHT),
        ((0.5, 0.5, 0.7071), -30, 35.264, Posture.SUPINE),
        ((-0.9, 0.1, 0.4), 65.386, 14.036, Posture.UPRIGHT),
    ],
)
def test_known_tilts(vector: Sequence[float], pitch: float, roll: float, posture: Posture) -> None:
    """Known answers."""
    found = tilt(np.tile(np.asarray(vector, dtype=float), (30, 1)))
    assert (found.pitch_deg[0], found.roll_deg[0]) == pytest.approx((pitch, roll), abs=2e-3)
    assert found.posture.tolist() == [posture]
    assert found.confidence.tolist() == [0.9]


def test_what_turns_or_shakes_or_is_short_has_no_tilt() -> None:
    """Nor has nothing at all."""
    still = np.tile((0.0, 0.0, 1.0), (30, 1))
    angle = np.radians(4.0 * np.arange(30))
    turning = np.column_stack((np.sin(angle), np.zeros(30), np.cos(angle)))
    shaking = still * np.where(np.arange(30) % 2, 1.1, 1.0)[:, None]
    for readings in (turning, shaking, still[:2], 0.0 * still, np.nan * still):
        found = tilt(readings)
        assert not found.still.any()
        assert np.isnan(found.pitch_deg).all()
        assert found.confidence.tolist() == [0.0]
    assert tilt(still[:3]).confidence == pytest.approx(0.3)


def test_changes_of_a_night() -> None:
    """A span in movement is no posture of its own."""
    ts = clock(0.0, 120.0)
    accel = np.tile((0.0, 0.0, 1.0), (120, 1))
    accel[30:60] = np.random.default_rng(0).normal(0.0, 1.0, (30, 3))
    accel[90:] = (0.0, 1.0, 0.0)
    found = tilts_of(ts, accel, 0.0, 120.0)
    assert found.posture.tolist() == [Posture.SUPINE, 0, Posture.SUPINE, Posture.RIGHT]
    assert posture_changes(found) == 1
    assert posture_changes(tilts_of(ts, accel, 0.0, 0.0)) == 0
    assert not tilts_of(ts, accel, 500.0, 600.0).still.any()
