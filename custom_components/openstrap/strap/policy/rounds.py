"""Whether to ask for history once more, after the strap said that this was all."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

NEWEST_WITHIN_S: Final = 300.0
"""Nearer than this to the strap's newest record is up to date: it is still writing."""
ROUND_GAP_S: Final = 5.0
"""Least time between two requests for history."""
CLOSER_S: Final = 60.0
"""How much nearer to the newest record a round must come to be of use: what the strap records
between two rounds is no progress."""
UNPRODUCTIVE_ROUNDS: Final = 6
"""Rounds in a row of no use, after which this catch-up ends."""
STUCK_AFTER_S: Final = 600.0
"""Nothing new for so long, although the strap reports newer data: it needs a push."""
CONSOLE_ONLY_DRAINS: Final = 3
"""Drains in a row with nothing but log lines, which means that the clock was lost."""


class After(Enum):
    """What follows a completed round."""

    AGAIN = "again"
    DONE = "done"
    STUCK = "stuck"
    CLOCK_LOST = "clock_lost"


@dataclass(frozen=True, slots=True)
class Round:
    """What one round brought."""

    bursts: int = 0
    """Acknowledged."""
    received: int = 0
    consoles: int = 0

    @property
    def console_only(self) -> bool:
        """Nothing but log lines came."""
        return 0 < self.received == self.consoles


@dataclass(frozen=True, slots=True)
class RoundsMemory:
    """What has to outlive a connection."""

    stuck_since: float | None = None
    """Monotonic time of the first round without anything new."""
    console_only: int = 0


class RoundsPolicy:
    """Goes on until the newest record is here, as long as that comes nearer."""

    def __init__(self, memory: RoundsMemory) -> None:
        """Go on from what the last connection left."""
        self.memory = memory
        self.start()

    def start(self) -> None:
        """Begin a new catch-up."""
        self._unproductive = 0
        self._behind_s = float("inf")

    def judge(
        self, done: Round, *, newest_ts: float | None, stored_ts: float | None, now: float
    ) -> After:
        """Decide after a round.

        ``newest_ts`` is the strap's newest record by its own account (None: unknown),
        ``stored_ts`` the newest that is on disk; ``now`` is monotonic.
        """
        console_only = self.memory.console_only + 1 if done.console_only else 0
        self.memory = replace(self.memory, console_only=console_only)
        if console_only >= CONSOLE_ONLY_DRAINS:
            self.memory = replace(self.memory, console_only=0)
            return After.CLOCK_LOST
        if done.bursts and not done.console_only:
            self.memory = replace(self.memory, stuck_since=None)
        if newest_ts is None:
            return After.AGAIN if done.bursts > 1 and not done.console_only else After.DONE
        behind_s = newest_ts - (stored_ts or 0.0)
        if behind_s <= NEWEST_WITHIN_S:
            self.memory = replace(self.memory, stuck_since=None)
            return After.DONE
        closer = done.bursts and behind_s <= self._behind_s - CLOSER_S
        self._behind_s = behind_s
        self._unproductive = 0 if closer else self._unproductive + 1
        if not done.bursts or done.console_only:
            since = now if self.memory.stuck_since is None else self.memory.stuck_since
            stuck = now - since >= STUCK_AFTER_S
            self.memory = replace(self.memory, stuck_since=None if stuck else since)
            if stuck:
                return After.STUCK
        return After.DONE if self._unproductive >= UNPRODUCTIVE_ROUNDS else After.AGAIN
