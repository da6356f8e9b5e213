"""The words for a score from 0 to 100."""

from enum import IntEnum
import math
from typing import Final

YELLOW_FROM: Final = 34
GREEN_FROM: Final = 67
"""Where wearers of the band know the colours to change."""


class Band(IntEnum):
    """Colour of a recovery or readiness; the numbers are what ``*_band`` metrics hold."""

    RED = 1
    YELLOW = 2
    GREEN = 3


def whole(score: float) -> int:
    """Round half up, so that a band never contradicts the number beside it."""
    return math.floor(score + 0.5)


def band_of(score: float) -> Band:
    """Red below 34, green from 67 on, of the rounded score."""
    points = whole(score)
    if points >= GREEN_FROM:
        return Band.GREEN
    return Band.YELLOW if points >= YELLOW_FROM else Band.RED
