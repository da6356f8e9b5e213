"""Minutes in which the arm kept turning."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..heart.sleep_stress import MOVED_SHARE
from ..signal.minutes import Minutes

MIN_OBSERVED_MIN: Final = 60
"""Of less than an hour nothing is said (judgement)."""


def active_minutes(minutes: Minutes, waking: NDArray[np.bool_]) -> tuple[int, int]:
    """Count the active and the observed minutes among the waking ones, ``waking`` (n,).

    Active is a minute with a turn above 5 degrees from one second to the next in at least a fifth
    of its seconds: the same turns by which a night's restless minutes are told. The whole turn is
    taken, where others take that of the z axis, which does not see the arm roll around it.
    """
    observed = np.isfinite(minutes.moved) & minutes.worn & waking
    return int((minutes.moved[observed] >= MOVED_SHARE).sum()), int(observed.sum())
