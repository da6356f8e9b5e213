"""Means on an even grid of true time."""

import numpy as np

from custom_components.openstrap.engine.signal.grid import on_grid


def test_cells_hold_the_mean_of_what_fell_in_them() -> None:
    """Two readings share a cell, one is empty, NaN and what lies outside are left out."""
    ts = np.array([9.9, 10.0, 10.9, 11.0, 13.5, 14.0])
    values = np.array([7.0, 1.0, 3.0, np.nan, 5.0, 9.0])
    found = on_grid(ts, values, start_ts=10.0, step_s=1.0, size=4)
    assert np.array_equal(found, [2.0, np.nan, np.nan, 5.0], equal_nan=True)
