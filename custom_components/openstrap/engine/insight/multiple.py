"""Many tests at once: how much of what is called a finding would be chance."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNREACHABLE: Final = "unreachable"
"""So many tests that the smallest p the method can give would not survive the correction."""


def bh_q(p: ArrayLike, tests: int | None = None) -> NDArray[np.float64]:
    """Return the false discovery rate at which each p (m,) would just be called, (m,) in 0..1.

    Benjamini & Hochberg (1995): q = min over all larger p of p * m / rank. ``tests`` is the size
    of the family when tests belong to it whose p is not among these; never below m. Raises
    ValueError for a p outside of 0..1 or one that is not a number: what was not tested has no
    place here.
    """
    values = np.asarray(p, dtype=np.float64)
    if not bool(((values >= 0.0) & (values <= 1.0)).all()):
        raise ValueError("p lies between 0 and 1")
    count = len(values)
    family = max(count, tests or 0)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * family / np.arange(1, count + 1)
    q = np.empty(count)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
