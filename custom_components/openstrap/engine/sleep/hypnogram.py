"""A night as stages over epochs, and the text in which it is kept."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
import math
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

EPOCH_S = 30.0
"""Length of a scored epoch (AASM manual)."""
MAX_EPOCHS = 2880
"""A whole day; what claims more is no night."""
PERCENT_UNKNOWN = 255
"""Stands for the probabilities of an epoch that has none."""


class Stage(IntEnum):
    """What an epoch is scored as; light is N1 and N2, deep is N3."""

    UNOBSERVED = -1
    WAKE = 0
    LIGHT = 1
    DEEP = 2
    REM = 3

    @property
    def asleep(self) -> bool:
        """Whether it is sleep; what was not observed is neither sleep nor wake."""
        return self > Stage.WAKE


type Segment = tuple[float, float, Stage]
"""A stretch of one stage: start and end, epoch s, and the stage."""


@dataclass(frozen=True, slots=True)
class Hypnogram:
    """Stages of a night from ``start_ts`` (epoch s) on, one for each ``EPOCH_S``.

    ``stage`` (n,) int8 values of ``Stage``; ``probability`` (n, 4) of wake, light, deep and rem,
    each row summing to one, NaN where the epoch was not observed (or no probability is known).
    Raises ValueError when the shapes do not agree.
    """

    start_ts: float
    stage: NDArray[np.int8]
    probability: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Hold the shapes together."""
        if self.stage.ndim != 1 or self.probability.shape != (len(self.stage), 4):
            raise ValueError("a hypnogram has one row of four probabilities for each epoch")

    def __len__(self) -> int:
        """How many epochs."""
        return len(self.stage)

    @property
    def end_ts(self) -> float:
        """End of the last epoch, epoch s."""
        return self.start_ts + EPOCH_S * len(self.stage)

    def segments(self) -> list[Segment]:
        """Return runs of one stage, in order, without holes (unobserved is a stage here)."""
        edge = [0, *(np.flatnonzero(np.diff(self.stage)) + 1).tolist(), len(self.stage)]
        return [
            (self.start_ts + EPOCH_S * a, self.start_ts + EPOCH_S * b, Stage(self.stage[a]))
            for a, b in pairwise(edge)
            if b > a
        ]

    def between(self, start_ts: float, end_ts: float) -> Hypnogram:
        """Return the epochs whose middle lies within [start, end)."""
        middle = self.start_ts + EPOCH_S * (np.arange(len(self.stage)) + 0.5)
        first, last = np.searchsorted(middle, (start_ts, end_ts)).tolist()
        return Hypnogram(
            self.start_ts + EPOCH_S * first, self.stage[first:last], self.probability[first:last]
        )

    @classmethod
    def from_segments(cls, segments: Sequence[Segment]) -> Self:
        """Make one of stretches (ascending): each epoch is what its middle lies in.

        Holes between stretches are unobserved; each observed epoch is certain. The first
        stretch's start is the start; without stretches the hypnogram is empty.
        """
        if not segments:
            return cls(0.0, np.empty(0, np.int8), np.empty((0, 4)))
        start_ts = float(segments[0][0])
        size = max(math.ceil((segments[-1][1] - start_ts) / EPOCH_S), 0)
        middle = start_ts + EPOCH_S * (np.arange(size) + 0.5)
        stage = np.full(size, Stage.UNOBSERVED, np.int8)
        for begin, end, which in segments:
            stage[(middle >= begin) & (middle < end)] = which
        probability = np.full((size, 4), np.nan)
        seen = stage >= 0
        probability[seen] = np.eye(4)[stage[seen]]
        return cls(start_ts, stage, probability)


def encode(hypnogram: Hypnogram) -> dict[str, Any]:
    """As plain JSON types: runs of [stage, epochs] and whole percents of each epoch.

    Percents of wake, light and deep are bytes in base64 (rem is what is left to 100), about
    4.4 kB for nine hours. Percents of an epoch sum to 100: the largest remainders are rounded up.
    """
    percent = _percents(hypnogram.probability)
    return {
        "start_ts": hypnogram.start_ts,
        "runs": [
            [int(stage), round((end - start) / EPOCH_S)]
            for start, end, stage in hypnogram.segments()
        ],
        "percent": base64.b64encode(percent[:, :3].tobytes()).decode("ascii"),
    }


def decode(data: Mapping[str, Any]) -> Hypnogram:
    """Undo ``encode``; probabilities come back as whole percents.

    Raises KeyError, TypeError or ValueError for anything that ``encode`` does not make.
    """
    start_ts = float(data["start_ts"])
    if not math.isfinite(start_ts):
        raise ValueError("a hypnogram starts at a finite time")
    runs = [(Stage(stage), int(epochs)) for stage, epochs in data["runs"]]
    if any(epochs < 1 for _, epochs in runs) or sum(epochs for _, epochs in runs) > MAX_EPOCHS:
        raise ValueError("a run has epochs, and all runs together no more than a day")
    stage = np.repeat(
        np.array([which for which, _ in runs], np.int8),
        np.array([epochs for _, epochs in runs], np.intp),
    )
    try:
        raw = base64.b64decode(data["percent"], validate=True)
    except binascii.Error as err:
        raise ValueError("the percents of a hypnogram are base64") from err
    percent = np.frombuffer(raw, np.uint8)
    if len(percent) != 3 * len(stage):
        raise ValueError("a hypnogram has three percents for each epoch")
    told = percent.reshape(-1, 3).astype(np.float64)
    known = told[:, 0] != PERCENT_UNKNOWN
    if (told[known].sum(axis=1) > 100).any():
        raise ValueError("percents of an epoch are at most 100")
    probability = np.full((len(stage), 4), np.nan)
    probability[known, :3] = told[known] / 100.0
    probability[known, 3] = (100.0 - told[known].sum(axis=1)) / 100.0
    return Hypnogram(start_ts, stage, probability)


def _percents(probability: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Whole percents (n, 4) that sum to 100 (largest remainder), 255 where not known."""
    percent = np.full(probability.shape, PERCENT_UNKNOWN, np.uint8)
    known = np.isfinite(probability).all(axis=1)
    exact = 100.0 * probability[known]
    # Percents that came from here are whole but for the last bits: they must come back the same.
    whole = np.floor(exact + 1e-6)
    missing = np.clip(np.round(100.0 - whole.sum(axis=1)), 0, 4)
    rank = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    percent[known] = whole + (rank < missing[:, None])
    return percent
