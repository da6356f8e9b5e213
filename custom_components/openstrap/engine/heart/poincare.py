"""The cloud of each interval over the one before (Brennan et al. 2001, IEEE TBME 48:1342)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hrv import differences

MIN_DIFFERENCES = 2


@dataclass(frozen=True, slots=True)
class Poincare:
    """Spread (ms) of the cloud across (``sd1``) and along (``sd2``) its diagonal, and their ratio."""

    sd1_ms: float
    sd2_ms: float
    ratio: float


def poincare(nn_ms: NDArray[np.float64], joined: NDArray[np.bool_]) -> Poincare | None:
    """Width and length of the cloud from the intervals' own spreads, (m,) ms, ``joined`` (m,).

    Sample deviations: SD1 is that of the differences over the root of two, SD2 what SDNN leaves
    for the diagonal. None with fewer than two differences or when the cloud has no length.
    """
    step = differences(nn_ms, joined)
    step = step[np.isfinite(step)]
    if len(step) < MIN_DIFFERENCES:
        return None
    across = float(step.var(ddof=1)) / 2.0
    along = 2.0 * float(nn_ms.var(ddof=1)) - across
    if along <= 0.0:
        return None
    return Poincare(across**0.5, along**0.5, (across / along) ** 0.5)
