"""Runs of true."""

import numpy as np

from custom_components.openstrap.engine.signal.runs import merge, runs


def test_runs_and_merging() -> None:
    """Runs of true; those less than a gap apart join."""
    first, last = runs(np.array([True, True, False, True, False, False, True]))
    assert (first.tolist(), last.tolist()) == ([0, 3, 6], [2, 4, 7])
    assert merge(first, last, 2) == [(0, 4), (6, 7)]
    assert merge(first, last, 1) == [(0, 2), (3, 4), (6, 7)]
    assert merge(*runs(np.zeros(3, dtype=bool)), 1) == []
