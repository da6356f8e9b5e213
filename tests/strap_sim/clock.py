"""Time in the simulation: the world's, which tests may bend, and the strap's own, which errs."""

import asyncio
from collections.abc import Callable
import heapq
from typing import Final, Protocol

from custom_components.openstrap.engine.protocol.base import SUBSEC_PER_S

UNSET_EPOCH: Final = 31_536_000
"""Where a strap that was never told the time begins: the first second of 1971."""
SNAP_S: Final = 0.05
"""A clock set this close to the true time counts as right, so that stamps stay those of the source."""


class Timer(Protocol):
    """Something that is due later."""

    def cancel(self) -> None:
        """Call it off."""


class Timekeeper(Protocol):
    """True time (epoch s) and what is due at which moment."""

    def now(self) -> float:
        """Give the true time, epoch s."""

    def call_later(self, delay_s: float, action: Callable[[], object]) -> Timer:
        """Do something after a while (s of the simulation)."""


class LoopTime:
    """Time that goes with the running event loop, ``speed`` times as fast.

    Also over several loops one after the other: between them it stands still.
    """

    def __init__(self, start_ts: float, speed: float = 1.0) -> None:
        """Begin at a true time (epoch s)."""
        self._base = self._last = start_ts
        self._speed = speed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_base = 0.0

    def now(self) -> float:
        """Give the true time; outside a loop that of the last look."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self._last
        if loop is not self._loop:
            self._loop, self._loop_base, self._base = loop, loop.time(), self._last
        self._last = self._base + (loop.time() - self._loop_base) * self._speed
        return self._last

    def call_later(self, delay_s: float, action: Callable[[], object]) -> Timer:
        """Do something after a while (s of the simulation)."""
        return asyncio.get_running_loop().call_later(delay_s / self._speed, action)


class ManualTimer:
    """What is due in ``ManualTime``."""

    def __init__(self, action: Callable[[], object]) -> None:
        """Take what is to be done."""
        self.action: Callable[[], object] | None = action

    def cancel(self) -> None:
        """Call it off."""
        self.action = None


class ManualTime:
    """Time that moves only when told to."""

    def __init__(self, start_ts: float) -> None:
        """Begin at a true time (epoch s)."""
        self._now = start_ts
        self._due: list[tuple[float, int, ManualTimer]] = []
        self._count = 0

    def now(self) -> float:
        """Give the true time."""
        return self._now

    def call_later(self, delay_s: float, action: Callable[[], object]) -> Timer:
        """Do something once time has been moved that far."""
        timer = ManualTimer(action)
        self._count += 1
        heapq.heappush(self._due, (self._now + delay_s, self._count, timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Move time, doing on the way what is due."""
        end = self._now + seconds
        while self._due and self._due[0][0] <= end:
            due, _, timer = heapq.heappop(self._due)
            self._now = max(self._now, due)
            if timer.action is not None:
                timer.action()
        self._now = end


class StrapClock:
    """The strap's real-time clock: anchored to the true time, with an error and a drift."""

    def __init__(self, since_ts: float, *, offset_s: float = 0.0, drift_ppm: float = 0.0) -> None:
        """Start at a true time, ahead of it by ``offset_s``."""
        self._true, self._strap = since_ts, since_ts + offset_s
        self._drift = drift_ppm * 1e-6

    @property
    def is_true(self) -> bool:
        """Whether it shows the true time and will go on to."""
        return self._true == self._strap and not self._drift

    def at(self, ts: float) -> float:
        """Give what it shows (s) at a true time (epoch s)."""
        return self._strap + (ts - self._true) * (1.0 + self._drift)

    def true_at(self, strap_s: float) -> float:
        """Give the true time at which it shows or showed something."""
        return self._true + (strap_s - self._strap) / (1.0 + self._drift)

    def set(self, ts: float, strap_s: float) -> None:
        """Show ``strap_s`` from the true time ``ts`` on."""
        self._true, self._strap = ts, ts if abs(strap_s - ts) < SNAP_S else strap_s

    def lose(self, ts: float) -> None:
        """Forget the time."""
        self._true, self._strap = ts, UNSET_EPOCH

    def drift(self, ts: float, ppm: float) -> None:
        """Run fast (or slow) by so many parts in a million from now on."""
        self._strap, self._true = self.at(ts), ts
        self._drift = ppm * 1e-6


def split(strap_s: float) -> tuple[int, int]:
    """Cut a strap time (s) into seconds and ticks of 1/32768 s."""
    ticks = int(strap_s * SUBSEC_PER_S)
    return ticks // SUBSEC_PER_S, ticks % SUBSEC_PER_S
