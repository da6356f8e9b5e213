"""When the strap's clock is set, and when to keep the hands off it."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from ...engine.protocol.base import CLOCK_SET_AFTER

DAY_S: Final = 86_400
"""Drift above which one of the two clocks is plainly wrong."""
GIVE_IN_AFTER_S: Final = 12 * 3600
"""A host that has insisted on its time for so long is believed."""
LATCHED_WITHIN_S: Final = 5.0
"""Read back, the clock may differ by the time that two exchanges take on a slow link."""
RECHECK_FROM_S: Final = 2.0
"""Drift (s) from which the clock is set again during a long connection."""


class ClockAction(Enum):
    """What to do about the clock."""

    KEEP = "keep"
    SET = "set"
    REFUSE = "refuse"
    """Neither set nor drain: the host's clock is probably the wrong one."""


@dataclass(frozen=True, slots=True)
class ClockVerdict:
    """The decision and what it rests on."""

    action: ClockAction
    drift_s: float | None
    """Strap minus host; None when the strap's time is unknown or was never set."""


def judge_clock(
    strap_s: float | None, host_s: float, *, set_from_s: float, ahead_for_s: float = 0.0
) -> ClockVerdict:
    """Compare the clocks (Unix seconds).

    ``set_from_s`` is the drift from which a plausible clock is corrected (0: always).
    ``ahead_for_s`` tells for how long (monotonic) the strap has been seen ahead.
    A drain under a host clock that lags would judge good records to be of the future.
    """
    if host_s < CLOCK_SET_AFTER:
        return ClockVerdict(ClockAction.REFUSE, None)
    if strap_s is None:
        return ClockVerdict(ClockAction.KEEP, None)
    if strap_s < CLOCK_SET_AFTER:
        return ClockVerdict(ClockAction.SET, None)
    drift_s = strap_s - host_s
    if drift_s > DAY_S and ahead_for_s < GIVE_IN_AFTER_S:
        return ClockVerdict(ClockAction.REFUSE, drift_s)
    return ClockVerdict(
        ClockAction.SET if abs(drift_s) >= set_from_s else ClockAction.KEEP, drift_s
    )


def latched(strap_s: float | None, host_s: float) -> bool:
    """Tell whether a clock that was just set shows the host's time."""
    return strap_s is not None and abs(strap_s - host_s) <= LATCHED_WITHIN_S
