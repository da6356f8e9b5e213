"""What is due when on a connection that is held and not draining."""

from enum import Enum
from typing import Final

KEEP_ALIVE_S: Final = 60.0
BATTERY_S: Final = 300.0
CLOCK_S: Final = 6 * 3600.0
STALE_S: Final = 90.0
STALE_LIVE_S: Final = 30.0
"""Silence after which the strap is asked something, without and with a live stream."""
SILENT_S: Final = 120.0
"""Silence after which the link is given up."""


class Due(Enum):
    """A chore."""

    KEEP_ALIVE = "keep_alive"
    BATTERY = "battery"
    CLOCK = "clock"
    PROBE = "probe"
    BOUNCE = "bounce"


_PERIODS: Final = {
    Due.KEEP_ALIVE: KEEP_ALIVE_S,
    Due.BATTERY: BATTERY_S,
    Due.CLOCK: CLOCK_S,
}


class Timetable:
    """Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        """Start at the end of a drain."""
        self._at = {due: now + period for due, period in _PERIODS.items()}
        self._probed_at = float("-inf")

    def bring_forward(self, due: Due, now: float) -> None:
        """Make a chore due at once."""
        self._at[due] = now

    def restart(self, due: Due, now: float) -> None:
        """Note that a chore has been done otherwise."""
        self._at[due] = now + _PERIODS[due]

    def _probe_at(self, heard_at: float, *, live: bool) -> float:
        if self._probed_at >= heard_at:
            return heard_at + SILENT_S
        return heard_at + (STALE_LIVE_S if live else STALE_S)

    def next_at(self, heard_at: float, *, live: bool) -> float:
        """Time of the next chore, when the strap was last heard at a time."""
        return min(*self._at.values(), self._probe_at(heard_at, live=live))

    def take_due(self, now: float, heard_at: float, *, live: bool) -> list[Due]:
        """Hand over what is due, and plan it anew."""
        if now - heard_at >= SILENT_S and self._probed_at >= heard_at:
            return [Due.BOUNCE]
        due = [one for one, at in self._at.items() if at <= now]
        for one in due:
            self.restart(one, now)
        if self._probe_at(heard_at, live=live) <= now:
            self._probed_at = now
            due.append(Due.PROBE)
        return due
