"""From a connected client to a strap that is known and ready to be drained."""

import asyncio
import logging
from typing import Final

from ..engine.protocol import Response
from ..engine.protocol.command import get_hello
from ..engine.protocol.response import Alarm, DataRange, Hello, Name
from .clock import clock_ts
from .connection import Connection
from .conversation import GAP_S, REPLY_TIMEOUT_S
from .errors import FaultKind, StrapError
from .state import Phase

_LOGGER = logging.getLogger(__name__)

HELLO_FAILURES: Final = 5
"""Sessions in a row without an answer to HELLO after which the bond is suspected."""

SERIAL_UUID: Final = "00002a25-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID: Final = "00002a26-0000-1000-8000-00805f9b34fb"


class Opening:
    """Steps 2 to 8 of a session; every step may raise StrapError."""

    def __init__(self, connection: Connection) -> None:
        """Open one connection."""
        self._conversation = connection.conversation
        self._traits = connection.traits
        self._receiver = connection.receiver
        self._keeper = connection.keeper
        self._clock = connection.clock
        self._link = connection.link
        self._attention = connection.attention
        self.bonded_at: float | None = None
        """Loop time at which the bond stood."""

    async def run(self) -> None:
        """Bond, subscribe, identify, look at the clock, ask what there is."""
        await self._bond()
        await self._subscribe()
        await self._identify()
        await self._start()

    def _enter(self, phase: Phase) -> None:
        self._attention.check()
        self._keeper.update(phase=phase)

    async def _bond(self) -> None:
        """Bond before subscribing: the other way round wedges the link of gen5."""
        self._enter(Phase.BONDING)
        self._keeper.update(generation=self._traits.generation)
        await self._link.pair()
        self.bonded_at = asyncio.get_running_loop().time()
        await asyncio.sleep(self._traits.bond_settle_s)

    async def _subscribe(self) -> None:
        self._enter(Phase.SUBSCRIBING)
        await self._link.subscribe(self._receiver.feed)
        await asyncio.sleep(self._traits.subscribed_settle_s)

    async def _identify(self) -> None:
        self._enter(Phase.IDENTIFYING)
        strap_s = await self._hello_first() if self._traits.clock_in_hello else None
        await self._clock.check(set_from_s=self._traits.set_clock_from_s, strap_s=strap_s)

    async def _hello_first(self) -> float | None:
        """Ask who it is (gen5); gives the strap's time, s."""
        generation = self._traits.generation
        response = await self._conversation.ask(lambda seq: get_hello(generation, seq))
        hello = response.detail if response else None
        if isinstance(hello, Hello):
            self._keeper.remember(hello_failures=0)
            self._hello(hello)
            return clock_ts(hello.clock_epoch, hello.clock_subsec)
        failures = self._keeper.memory.hello_failures + 1
        self._keeper.remember(hello_failures=failures)
        if failures >= HELLO_FAILURES:
            self._keeper.remember(hello_failures=0)
            raise StrapError(FaultKind.KEYS_LOST, "no answer to HELLO")
        serial = await self._link.read_text(SERIAL_UUID)
        firmware = await self._link.read_text(FIRMWARE_UUID)
        self._expect(serial)
        self._keeper.identity(serial, firmware)
        return None

    def _hello(self, hello: Hello) -> None:
        self._expect(hello.serial)
        self._keeper.hello(hello, self._traits.generation)

    def _expect(self, serial: str | None) -> None:
        """Refuse another strap than the one that is meant: its wearer is another one."""
        expected = self._keeper.memory.serial
        if serial is not None and expected is not None and serial != expected:
            raise StrapError(FaultKind.OTHER_STRAP)

    async def _start(self) -> None:
        self._enter(Phase.STARTING)
        for build in self._traits.quiet:
            await self._conversation.tell(build)
            await asyncio.sleep(GAP_S)
        requests = []
        for seq, build in enumerate(self._traits.startup):
            requests.append(await self._conversation.post(build, seq=seq))
            await asyncio.sleep(GAP_S)
        # All were asked at about the same time, so they have one deadline together.
        time = asyncio.get_running_loop().time
        deadline = time() + REPLY_TIMEOUT_S
        for request in requests:
            response = await self._conversation.reply(request, deadline - time())
            await self._take(response)
        self._attention.check()

    async def _take(self, response: Response | None) -> None:
        match response.detail if response else None:
            case Hello() as hello:
                self._hello(hello)
                if not self._clock.known:
                    strap_s = clock_ts(hello.clock_epoch, hello.clock_subsec)
                    await self._clock.check(
                        set_from_s=self._traits.set_clock_from_s, strap_s=strap_s
                    )
            case Name(name):
                self._keeper.update(name=name)
            case DataRange() as found:
                self._keeper.data_range(found)
            case Alarm() as alarm:
                self._keeper.alarm(alarm)
            case None if response is None:
                _LOGGER.debug("A question at the start was not answered")
