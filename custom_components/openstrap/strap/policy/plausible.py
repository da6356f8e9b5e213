"""Which times a record can have."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from ...engine.protocol.base import CLOCK_SET_AFTER
from .clock import DAY_S

RANGE_MARGIN_S: Final = 7 * DAY_S
"""How far outside what the strap says it holds a record may lie."""


class When(Enum):
    """Verdict on the time of a record."""

    PLAUSIBLE = "plausible"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Times (Unix seconds, both ends included) that are possible."""

    first: float
    last: float

    def judge(self, epoch: int) -> When:
        """Place a record's time (s)."""
        if epoch < self.first:
            return When.BEFORE
        return When.AFTER if epoch > self.last else When.PLAUSIBLE


def time_window(now: float, oldest: float | None, newest: float | None) -> TimeWindow:
    """Give the possible times at a host time, and given the strap's own range where known (s)."""
    first: float = CLOCK_SET_AFTER
    last = now + DAY_S
    if oldest is not None and newest is not None:
        first = max(first, oldest - RANGE_MARGIN_S)
        last = min(last, newest + RANGE_MARGIN_S)
    return TimeWindow(first, last)


def usable_range_ts(epoch: int, now: float) -> float | None:
    """Give a time of the strap's data range, or None where it cannot be one (s)."""
    return float(epoch) if CLOCK_SET_AFTER <= epoch <= now + DAY_S else None
