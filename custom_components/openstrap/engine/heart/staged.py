"""Which stage of sleep a moment fell into."""

import numpy as np
from numpy.typing import NDArray

from ..sleep.hypnogram import EPOCH_S, Hypnogram, Stage

NREM = (Stage.LIGHT, Stage.DEEP)


def stages_at(hypnogram: Hypnogram, ts: NDArray[np.float64]) -> NDArray[np.int8]:
    """Stage of each moment, (n,) for ``ts`` (n,) epoch s; UNOBSERVED outside the hypnogram."""
    epoch = np.floor((ts - hypnogram.start_ts) / EPOCH_S)
    inside = (epoch >= 0) & (epoch < len(hypnogram))
    found = np.full(len(ts), Stage.UNOBSERVED, np.int8)
    found[inside] = hypnogram.stage[epoch[inside].astype(np.intp)]
    return found
