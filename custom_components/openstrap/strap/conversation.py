"""Commands and their replies over a link, and the switches that have to be put back."""

import asyncio
from contextlib import suppress
from enum import Enum
from typing import Final

from ..engine.protocol import Response
from .errors import StrapError
from .generation import Build, Traits
from .link import Link
from .requests import Request, Requests

REPLY_TIMEOUT_S: Final = 5.0
CLOCK_TIMEOUT_S: Final = 3.0
GAP_S: Final = 0.12
"""Rest between two commands in a row."""
CLEAR_TIMEOUT_S: Final = 4.0
"""Time for putting switches back when a session ends."""

FIRST_SEQ: Final = 0xA0
"""Sequence numbers from here to the end are for commands at large."""
ACK_SEQS: Final = range(0x05, 0xA0)


class Switch(Enum):
    """Something that a session turns on and must turn off again."""

    HISTORY = "history"
    LIVE_HR = "live_hr"
    HAPTICS = "haptics"


class Conversation:
    """What is said to the strap."""

    def __init__(self, link: Link) -> None:
        """Talk over a link."""
        self.link = link
        self.requests = Requests()
        self._seq = FIRST_SEQ
        self._ack_seq = ACK_SEQS.start
        self._on: dict[Switch, Build] = {}

    @property
    def traits(self) -> Traits:
        """Differences of the strap's generation."""
        return self.link.traits

    def _next_seq(self) -> int:
        seq = self._seq
        self._seq = FIRST_SEQ if seq == 0xFF else seq + 1
        return seq

    def next_ack_seq(self) -> int:
        """Give the next sequence number for an answer to a burst."""
        seq = self._ack_seq
        self._ack_seq = seq + 1 if seq + 1 in ACK_SEQS else ACK_SEQS.start
        return seq

    async def tell(self, build: Build, *, seq: int | None = None) -> None:
        """Send a command whose reply nobody waits for. Raises StrapError."""
        await self.link.write(build(self._next_seq() if seq is None else seq))

    async def post(self, build: Build, *, seq: int | None = None, pad: bool = True) -> Request:
        """Send a command whose reply will be waited for later. Raises StrapError."""
        inner = build(self._next_seq() if seq is None else seq)
        request = self.requests.open(inner[2], inner[1])
        try:
            await self.link.write(inner, pad=pad)
        except BaseException:
            self.requests.close(request)
            raise
        return request

    async def reply(self, request: Request, timeout_s: float = REPLY_TIMEOUT_S) -> Response | None:
        """Wait for a reply; None when there is none in time. Raises StrapError at the link's end."""
        try:
            response = await request.wait(timeout_s)
        finally:
            self.requests.close(request)
        if response is None:
            self.link.check()
        return response

    async def ask(
        self, build: Build, *, timeout_s: float = REPLY_TIMEOUT_S, pad: bool = True
    ) -> Response | None:
        """Send a command and wait for its reply; None when there is none in time."""
        return await self.reply(await self.post(build, pad=pad), timeout_s)

    # --- switches -------------------------------------------------------------

    def is_on(self, switch: Switch) -> bool:
        """Tell whether a switch was turned on and not yet off."""
        return switch in self._on

    def will_turn_off(self, switch: Switch, off: Build) -> None:
        """Note how to turn something off, before turning it on: a failed write may have arrived."""
        self._on[switch] = off

    async def turn_off(self, switch: Switch) -> None:
        """Turn something off that was turned on."""
        if (off := self._on.get(switch)) is not None:
            await self.tell(off)
            self._on.pop(switch, None)

    def went_off(self, switch: Switch) -> None:
        """Note that something ended by itself."""
        self._on.pop(switch, None)

    async def turn_all_off(self) -> None:
        """Put everything back, as far as the link still carries it. Raises nothing."""
        with suppress(StrapError, TimeoutError):
            async with asyncio.timeout(CLEAR_TIMEOUT_S):
                for switch in list(self._on):
                    with suppress(StrapError):
                        await self.turn_off(switch)
