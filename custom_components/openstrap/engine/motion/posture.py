"""How the wrist lay: tilt of short spans, and a rough position of the body."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..signal.accel import is_reading

EPOCH_S: Final = 30.0
MIN_READINGS: Final = 3
FULL_READINGS: Final = 30.0
MAX_TURN_DEG: Final = 3.0
"""Mean turn from one reading to the next from which the wrist does not lie."""
MAX_JITTER_G: Final = 0.05
UPRIGHT_DEG: Final = 60.0
SUPINE_DEG: Final = 45.0
PRONE_DEG: Final = 135.0
MAX_CONFIDENCE: Final = 0.9


class Posture(IntEnum):
    """Position by the tilt of the wrist; a wrist is no torso, so this is a proxy."""

    SUPINE = 1
    PRONE = 2
    RIGHT = 3
    LEFT = 4
    UPRIGHT = 5


@dataclass(frozen=True, slots=True)
class Tilts:
    """Mean tilt of k spans, (k,) each: degrees, ``Posture`` or 0, confidence 0..0.9.

    A span that is too thin, turns or shakes has NaN, 0 and 0.
    """

    pitch_deg: NDArray[np.float64]
    roll_deg: NDArray[np.float64]
    posture: NDArray[np.int64]
    confidence: NDArray[np.float64]

    @property
    def still(self) -> NDArray[np.bool_]:
        """(k,) Spans that have a tilt."""
        return self.posture > 0


def tilts_of(
    ts: NDArray[np.float64],
    accel_g: NDArray[np.float64],
    start_ts: float,
    end_ts: float,
    step_s: float = EPOCH_S,
) -> Tilts:
    """Tilt of every 30 s from ``start_ts`` to before ``end_ts``.

    ``ts`` (n,) ascending epoch s, ``accel_g`` (n, 3) g; readings that are none are left out. The
    turn from one reading to the next decides with the step of the length: that alone does not see
    an arm that rolls.
    """
    size = max(int(np.ceil((end_ts - start_ts) / step_s)), 0)
    span = np.floor((ts - start_ts) / step_s)
    rows = np.flatnonzero(is_reading(accel_g) & (span >= 0) & (span < size))
    place, vectors = span[rows].astype(np.intp), accel_g[rows]
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    near = np.diff(place) == 0
    within = place[1:][near]
    cosine = np.einsum("ij,ij->i", vectors[1:], vectors[:-1]) / (length[1:] * length[:-1])
    turned = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    count = np.bincount(place, minlength=size)

    def mean(row: NDArray[np.intp], values: NDArray[np.float64], least: int) -> NDArray[np.float64]:
        number = np.bincount(row, minlength=size)
        total = np.bincount(row, values, minlength=size)
        return np.where(number >= least, total / np.maximum(number, 1), np.nan)

    turn = mean(within, turned[near], 1)
    jitter = mean(within, np.abs(np.diff(length))[near], 1)
    x, y, z = (mean(place, vectors[:, axis], MIN_READINGS) for axis in range(3))
    with np.errstate(invalid="ignore"):
        still = (turn <= MAX_TURN_DEG) & (jitter <= MAX_JITTER_G) & ((x != 0) | (y != 0) | (z != 0))
        still &= count >= MIN_READINGS
        stillness = np.minimum(1.0 - turn / MAX_TURN_DEG, 1.0 - jitter / MAX_JITTER_G)
    pitch = np.where(still, np.degrees(np.arctan2(-x, np.hypot(y, z))), np.nan)
    roll = np.where(still, np.degrees(np.arctan2(y, z)), np.nan)
    share = np.clip(count / FULL_READINGS, 0.3, 1.0)
    sure = np.where(still, np.clip(stillness * share, 0.0, MAX_CONFIDENCE), 0.0)
    return Tilts(pitch, roll, np.where(still, _postures(pitch, roll), 0), sure)


def _postures(pitch: NDArray[np.float64], roll: NDArray[np.float64]) -> NDArray[np.int64]:
    side = np.where(roll > 0.0, Posture.RIGHT, Posture.LEFT)
    lying = np.where(np.abs(roll) > PRONE_DEG, Posture.PRONE, side)
    lying = np.where(np.abs(roll) < SUPINE_DEG, Posture.SUPINE, lying)
    return np.where(np.abs(pitch) > UPRIGHT_DEG, Posture.UPRIGHT, lying).astype(np.int64)


def posture_changes(tilts: Tilts) -> int:
    """Count how often the position became another one; a wrist in movement has none between."""
    known = tilts.posture[tilts.still]
    return int((np.diff(known) != 0).sum())
