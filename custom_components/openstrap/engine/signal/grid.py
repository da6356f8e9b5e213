"""Readings on an even grid of true time."""

import numpy as np
from numpy.typing import NDArray


def on_grid(
    ts: NDArray[np.float64],
    values: NDArray[np.float64],
    *,
    start_ts: float,
    step_s: float,
    size: int,
) -> NDArray[np.float64]:
    """Mean of the readings in each of ``size`` cells of ``step_s`` from ``start_ts`` on.

    ``ts`` and ``values`` are (n,); values that are NaN and times outside are left out. (size,),
    NaN where a cell has no reading.
    """
    cell = np.floor((ts - start_ts) / step_s)
    usable = np.isfinite(values) & (cell >= 0) & (cell < size)
    place = cell[usable].astype(np.intp)
    count = np.bincount(place, minlength=size)
    total = np.bincount(place, values[usable], minlength=size).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(count > 0, total / count, np.nan)
