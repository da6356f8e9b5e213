"""What is a reading of acceleration, how strong, at which angle."""

import numpy as np
import pytest

from custom_components.openstrap.engine.signal.accel import magnitude_mg, z_angle_deg


@pytest.mark.parametrize(
    "vector", [(np.nan, 0, 1), (np.inf, 0, 0), (0, 0, 0), (0, 0, 8.01), (3e38, 3e38, 3e38)]
)
def test_no_reading(vector: tuple[float, float, float]) -> None:
    """Not finite, all zero, beyond the sensor."""
    accel = np.array([vector, (0.0, 0.0, 1.0)], dtype=np.float32)
    assert magnitude_mg(accel).tolist() == [-1, 1000]
    assert np.isnan(z_angle_deg(accel)).tolist() == [True, False]


def test_angle() -> None:
    """Up is 90, flat 0, down -90 degrees."""
    accel = np.array([(0, 0, 2), (1, 0, 0), (0, 0, -1), (0, 1, 1)], dtype=np.float64)
    assert z_angle_deg(accel).tolist() == pytest.approx([90, 0, -90, 45])
