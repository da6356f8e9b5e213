"""The strap's clock: read, judge, set, confirm."""

import asyncio
import logging
from typing import Final

from ..engine.protocol import set_clock
from ..engine.protocol.base import SUBSEC_PER_S
from ..engine.protocol.command import get_clock
from ..engine.protocol.response import Clock
from .conversation import CLOCK_TIMEOUT_S, Conversation
from .errors import FaultKind, StrapError
from .keeper import Keeper
from .policy.clock import ClockAction, judge_clock, latched

_LOGGER = logging.getLogger(__name__)

SET_TRIES: Final = 3


def clock_ts(epoch: int, subsec: int) -> float:
    """Give a strap time in seconds."""
    return epoch + subsec / SUBSEC_PER_S


class ClockKeeper:
    """Keeps the strap's clock right, by the policy."""

    def __init__(self, conversation: Conversation, keeper: Keeper) -> None:
        """Work on the clock of one connection."""
        self._conversation = conversation
        self._keeper = keeper
        self._time = asyncio.get_running_loop().time
        self.known = False
        """The strap's time has been read."""

    async def read(self) -> float | None:
        """Ask for the strap's time, s; None when it does not answer."""
        response = await self._conversation.ask(get_clock, timeout_s=CLOCK_TIMEOUT_S)
        detail = response.detail if response else None
        return clock_ts(detail.epoch, detail.subsec) if isinstance(detail, Clock) else None

    async def check(self, *, set_from_s: float, strap_s: float | None = None) -> None:
        """Judge the strap's time, read anew unless given, and set it where that is right.

        Raises StrapError ``clock_ahead`` when neither setting nor draining is.
        """
        if strap_s is None:
            strap_s = await self.read()
        self.known = self.known or strap_s is not None
        host_s, now = self._keeper.clock(), self._time()
        since = self._keeper.memory.clock_ahead_since
        verdict = judge_clock(
            strap_s,
            host_s,
            set_from_s=set_from_s,
            ahead_for_s=0.0 if since is None else now - since,
        )
        self._keeper.update(clock_drift_s=verdict.drift_s)
        if verdict.action is ClockAction.REFUSE:
            self._keeper.remember(clock_ahead_since=now if since is None else since)
            raise StrapError(FaultKind.CLOCK_AHEAD)
        self._keeper.remember(clock_ahead_since=None)
        if verdict.action is ClockAction.SET:
            await self.set()

    async def set(self) -> bool:
        """Set the strap's time to the host's; gives whether reading it back confirms that.

        An answer of "done" does not: some firmware wants the command unpadded.
        """
        for pad in (*[True] * SET_TRIES, False):
            await self._conversation.ask(self._build, pad=pad)
            strap_s = await self.read()
            host_s = self._keeper.clock()
            if latched(strap_s, host_s) and strap_s is not None:
                self._keeper.update(clock_drift_s=strap_s - host_s, clock_latches=True)
                return True
            if strap_s is None:
                # There is no telling, and trying again would not tell either.
                return False
        _LOGGER.warning("The strap does not take the time that it is given")
        self._keeper.update(clock_latches=False)
        return False

    def _build(self, seq: int) -> bytes:
        return set_clock(seq, round(self._keeper.clock() * 1000))
