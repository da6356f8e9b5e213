"""Runs of true in a mask, and joining those that are near each other."""

import numpy as np
from numpy.typing import NDArray


def runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First index and index after the last of every run of true."""
    edge = np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))
    return np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)


def merge(first: NDArray[np.intp], last: NDArray[np.intp], gap: float) -> list[tuple[int, int]]:
    """Join runs that less than ``gap`` separates."""
    joined: list[tuple[int, int]] = []
    for start, stop in zip(first.tolist(), last.tolist(), strict=True):
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined
