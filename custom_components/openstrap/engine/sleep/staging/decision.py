"""From probabilities to the stages that are shown."""

import numpy as np
from numpy.typing import NDArray

from ..hypnogram import Stage

MIN_RUN = 4
"""Epochs: a run of one sleep stage shorter than two minutes joins its neighbour."""


def decide(probability: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return the stage (n,) of the largest weighted probability; unobserved where that is NaN.

    Weights (4,) above one lift the rare stages, which plain probabilities hardly ever name.
    """
    seen = np.isfinite(probability).all(axis=1)
    stage = np.full(len(probability), Stage.UNOBSERVED, dtype=np.int8)
    stage[seen] = (probability[seen] * weight).argmax(axis=1)
    return stage


def merge_short(stage: NDArray[np.int8]) -> NDArray[np.int8]:
    """Let sleep runs under two minutes join the longer sleeping neighbour, the shortest first.

    Wake and unobserved time stay as they are, so no total of sleep changes. Of equally short runs
    the earlier goes first, of equally long neighbours the earlier takes it.
    """
    first = np.flatnonzero(np.diff(stage, prepend=np.int8(-128)))
    runs = [
        [int(stage[a]), int(b - a)]
        for a, b in zip(first, np.append(first[1:], len(stage)), strict=bool(len(first)))
    ]
    while True:
        short = [
            (length, at)
            for at, (which, length) in enumerate(runs)
            if which > Stage.WAKE and length < MIN_RUN and _sleeping_neighbours(runs, at)
        ]
        if not short:
            break
        _, at = min(short)
        taker = max(_sleeping_neighbours(runs, at), key=lambda near: (runs[near][1], -near))
        runs[at][0] = runs[taker][0]
        joined = [runs[0]]
        for run in runs[1:]:
            if run[0] == joined[-1][0]:
                joined[-1][1] += run[1]
            else:
                joined.append(run)
        runs = joined
    if not runs:
        return stage.copy()
    return np.repeat(
        np.array([which for which, _ in runs], dtype=np.int8), [length for _, length in runs]
    )


def _sleeping_neighbours(runs: list[list[int]], at: int) -> list[int]:
    return [
        near for near in (at - 1, at + 1) if 0 <= near < len(runs) and runs[near][0] > Stage.WAKE
    ]
