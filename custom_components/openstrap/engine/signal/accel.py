"""Acceleration: what is a reading, how strong it is, how the wrist lies."""

import numpy as np
from numpy.typing import NDArray

MAX_ACCEL_G = 8.0
"""Norm above which a mean acceleration is a fault, g (the sensor's range)."""


def magnitude_mg(accel_g: NDArray[np.floating]) -> NDArray[np.int64]:
    """Length of each vector in whole milli-g, halves rounded up; -1 where there is no reading.

    ``accel_g`` is (n, 3) in g. No reading: a component that is not finite, all three exactly
    zero, or a norm above 8 g. The result is an integer so that sums of it do not depend on the
    order of adding; single precision squares are exact in double precision, so every machine
    rounds alike.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        norm = np.sqrt(_square(accel_g))
        usable = (norm > 0.0) & (norm <= MAX_ACCEL_G)
        milli = np.floor(np.where(usable, norm, 0.0) * 1000.0 + 0.5).astype(np.int64)
    milli[~usable] = -1
    return milli


def is_reading(accel_g: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Tell which vectors (n, 3), g, have a magnitude, (n,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        norm = np.sqrt(_square(accel_g))
        return (norm > 0.0) & (norm <= MAX_ACCEL_G)


def _square(accel_g: NDArray[np.floating]) -> NDArray[np.float64]:
    x, y, z = (accel_g[:, axis].astype(np.float64, copy=False) for axis in range(3))
    square: NDArray[np.float64] = x * x + y * y + z * z
    return square


def z_angle_deg(accel_g: NDArray[np.floating]) -> NDArray[np.float64]:
    """Angle of the z axis against the horizontal, degrees; NaN where there is no reading.

    ``accel_g`` is (n, 3) in g (van Hees et al. 2015).
    """
    x, y, z = (accel_g[:, axis].astype(np.float64) for axis in range(3))
    angle: NDArray[np.float64] = np.degrees(np.arctan2(z, np.hypot(x, y)))
    angle[~is_reading(accel_g)] = np.nan
    return angle
