"""What the accelerometer calls 1 g: gain and offset of each axis, from when the arm lay still."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..metric import need_input
from .accel import is_reading

BLOCK_S: Final = 10.0
STILL_SD_G: Final = 0.013
"""Standard deviation on every axis below which a block lay still, g (van Hees et al. 2014; made
for 50 to 100 Hz, it selects as well at 1 Hz)."""
MIN_BLOCK_VALUES: Final = 5
"""Readings in a block: half of the records in 10 s."""
MIN_RECORDED_H: Final = 6.0
MIN_BLOCKS: Final = 100
MAX_BLOCKS: Final = 2000
"""More blocks are thinned evenly: 5 h of stillness tell as much as 36."""
MIN_REACH_G: Final = 0.3
"""How far the still blocks must reach to either side on every axis, g."""
MAX_ROUNDS: Final = 1000
CONVERGED_G: Final = 1e-10
MAX_WEIGHT: Final = 100.0
"""Most that a block weighs, per g: blocks off by less than 10 mg all weigh the same."""
MAX_ERROR_G: Final = 0.010
"""Error after the fit above which it is not believed, g."""
GOOD_ERROR_G: Final = 0.005


@dataclass(frozen=True, slots=True)
class Calibration:
    """Per-axis ``gain`` (3,) and ``offset_g`` (3,), and the mean error of 1 g before and after."""

    gain: tuple[float, float, float]
    offset_g: tuple[float, float, float]
    error_before_g: float
    error_after_g: float
    confidence: float

    def apply(self, accel_g: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrate acceleration, (n, 3) g. What is no reading stays none: NaN NaN, zero zero."""
        calibrated: NDArray[np.float64] = (accel_g + np.array(self.offset_g)) * np.array(self.gain)
        x, y, z = accel_g.T
        nothing = (x == 0.0) & (y == 0.0) & (z == 0.0)
        calibrated[nothing] = accel_g[nothing]
        return calibrated


def not_calibrated(error_g: float) -> str:
    """Say that no gain and offset make the length of still gravity 1 g."""
    return f"not_calibrated:error_mg={error_g * 1000.0:.1f},max={MAX_ERROR_G * 1000.0:g}"


def fit_calibration(ts: NDArray[np.float64], accel_g: NDArray[np.float64]) -> Calibration | str:
    """Fit the calibration of a stretch of records; the best is of several days.

    ``ts`` (n,) ascending epoch s, ``accel_g`` (n, 3) g as it came. Whether the strap was worn
    does not matter: gravity is the same on a table. A reason instead when less than 6 h were
    recorded, fewer than 100 blocks lay still, these do not reach 0.3 g to either side on every
    axis, or the fit leaves more than 10 mg or no less than before. After van Hees et al. 2014
    (J Appl Physiol 117:738).
    """
    means, recorded_h = still_blocks(ts, accel_g)
    if recorded_h < MIN_RECORDED_H:
        return need_input("recorded_h", recorded_h, MIN_RECORDED_H)
    if len(means) < MIN_BLOCKS:
        return need_input("still_10_s", len(means), MIN_BLOCKS)
    reach = float(np.minimum(means.max(axis=0), -means.min(axis=0)).min())
    if reach <= MIN_REACH_G:
        return need_input("reach_g", round(reach, 3), MIN_REACH_G)
    found = fit_sphere(means)
    if not found.error_after_g < min(MAX_ERROR_G, found.error_before_g):
        return not_calibrated(found.error_after_g)
    return found


def still_blocks(
    ts: NDArray[np.float64], accel_g: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Mean vectors (k, 3) of the blocks of 10 s that lay still, and the hours of all blocks."""
    usable = is_reading(accel_g)
    ts, vectors = ts[usable], np.ascontiguousarray(accel_g[usable].T)
    if not len(ts):
        return np.empty((0, 3)), 0.0
    block = np.floor((ts - ts[0]) / BLOCK_S)
    start = np.flatnonzero(np.diff(block, prepend=-1.0))
    count = np.diff(np.append(start, len(ts)))
    filled = count >= MIN_BLOCK_VALUES
    # Around one vector near them all, so that the squares keep their digits.
    middle = vectors[:, :1]
    off = vectors - middle
    mean = np.add.reduceat(off, start, axis=1) / count
    squares = np.add.reduceat(off * off, start, axis=1) - count * mean * mean
    sd = np.sqrt(np.maximum(squares, 0.0) / np.maximum(count - 1, 1))
    still = filled & (sd < STILL_SD_G).all(axis=0)
    return (mean[:, still] + middle).T, float(filled.sum()) * BLOCK_S / 3600.0


def fit_sphere(means: NDArray[np.float64]) -> Calibration:
    """Fit gain and offset that bring still vectors (k, 3) onto the sphere of 1 g.

    Each round moves every axis by a weighted least squares line from the vectors to their own
    directions, until the mean error stands still.
    """
    vectors = np.ascontiguousarray(means[:: -(-len(means) // MAX_BLOCKS)].T)
    gain, offset = np.ones(3), np.zeros(3)
    # Calibrated vectors, their squares; weights, and weights over lengths: the aim of a vector is
    # its own direction, so all sums of a round are products of these.
    current, weight = np.empty((6, vectors.shape[1])), np.ones((2, vectors.shape[1]))
    length, error = _lengths(current, vectors, gain, offset)
    before = last = float(error.mean())
    for _ in range(MAX_ROUNDS):
        np.divide(weight[0], length, out=weight[1])
        sums = current @ weight.T / weight[0].sum()
        centre, spread = sums[:3, 0], sums[3:, 0]
        aim, shared = sums[:3, 1], sums[3:, 1]
        slope = (shared - centre * aim) / (spread - centre * centre)
        offset += (aim - slope * centre) / (slope * gain)
        gain *= slope
        length, error = _lengths(current, vectors, gain, offset)
        np.divide(1.0, np.maximum(error, 1.0 / MAX_WEIGHT), out=weight[0])
        previous, last = last, float(error.mean())
        if abs(last - previous) < CONVERGED_G:
            break
    return Calibration(
        gain=(float(gain[0]), float(gain[1]), float(gain[2])),
        offset_g=(float(offset[0]), float(offset[1]), float(offset[2])),
        error_before_g=before,
        error_after_g=last,
        confidence=0.95 if last < GOOD_ERROR_G else 0.7,
    )


def _lengths(
    current: NDArray[np.float64],
    vectors: NDArray[np.float64],
    gain: NDArray[np.float64],
    offset: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fill ``current`` (6, k); return lengths (k,) and how far each is from 1 g."""
    np.multiply(vectors + offset[:, None], gain[:, None], out=current[:3])
    np.square(current[:3], out=current[3:])
    length: NDArray[np.float64] = np.sqrt(current[3] + current[4] + current[5])
    return length, np.abs(length - 1.0)
