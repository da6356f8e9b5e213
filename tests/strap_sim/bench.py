"""A strap, a host and a set for a disk: what a test of the simulation starts from."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bleak.exc import BleakError

from custom_components.openstrap.engine.protocol import Event, Generation, Response, decode

from .client import SimClient
from .clock import LoopTime
from .link import Host
from .reference_client import ReferenceClient
from .sources import Source, steady_source
from .strap import GEN5, SimulatedStrap, StrapConfig
from .virtual import run

START_TS = 1_790_000_000.0
"""An evening in 2026."""
CONFIGS = {Generation.GEN4: StrapConfig(), Generation.GEN5: GEN5}


@dataclass(slots=True)
class Bench:
    """One strap on a bench. Make it inside a running event loop."""

    generation: Generation = Generation.GEN4
    backlog_s: float = 600.0
    source: Source | None = None
    config: StrapConfig | None = None
    clock_offset_s: float = 0.0
    saved: set[bytes] = field(default_factory=set)
    """The disk."""
    host: Host = field(default_factory=Host)
    strap: SimulatedStrap = field(init=False)

    def __post_init__(self) -> None:
        """Make the strap."""
        self.strap = SimulatedStrap(
            self.source or steady_source(1, self.generation),
            LoopTime(START_TS),
            self.saved.__contains__,
            config=self.config or CONFIGS[self.generation],
            backlog_s=self.backlog_s,
            clock_offset_s=self.clock_offset_s,
        )

    async def connected(self, *, careless: bool = False) -> ReferenceClient:
        """Connect a client that is bonded and listens."""
        client = ReferenceClient(
            SimClient(self.strap, host=self.host),
            self.generation,
            self.saved.update,
            careless=careless,
        )
        await client.connect()
        return client

    async def drained(self) -> ReferenceClient:
        """Connect, drain and disconnect."""
        client = await self.connected()
        await client.drain()
        await client.client.disconnect()
        return client


def replies(client: ReferenceClient, opcode: int) -> list[Response]:
    """Decode the replies to a command, and forget everything that came."""
    packets = [decode(inner, client.generation) for inner in client.received.others]
    client.received.others.clear()
    return [one for one in packets if isinstance(one, Response) and one.opcode == opcode]


async def ask(client: ReferenceClient, inner: bytes) -> list[Response]:
    """Send a command and give its replies."""
    await client.send(inner)
    await asyncio.sleep(0.01)
    return replies(client, inner[2])


def events(client: ReferenceClient) -> list[Event]:
    """Decode the events that came, and forget them."""
    packets = [decode(inner, client.generation) for inner in client.received.members]
    client.received.members.clear()
    return [one for one in packets if isinstance(one, Event)]


def bench_test(
    test: Callable[[Bench, ReferenceClient], Awaitable[None]],
    generation: Generation = Generation.GEN4,
    *,
    backlog_s: float = 600.0,
    clock_offset_s: float = 0.0,
) -> None:
    """Run a test with a connected client."""

    async def main() -> None:
        bench = Bench(generation, backlog_s=backlog_s, clock_offset_s=clock_offset_s)
        client = await bench.connected()
        await asyncio.sleep(0.01)
        await test(bench, client)
        bench.strap.stop()

    run(main())


async def drain_until_done(bench: Bench, rounds: int = 40) -> ReferenceClient:
    """Connect and drain, again and again, until one drain comes to its end."""
    for _ in range(rounds):
        client = None
        try:
            client = await bench.connected()
            await client.drain()
        except BleakError, TimeoutError:
            if bench.strap.bonding.keys.get(bench.host.name) is None:
                bench.host.keys.clear()
            await asyncio.sleep(10)
        else:
            return client
        finally:
            if client is not None:
                await client.client.disconnect()
            elif bench.strap.link is not None:
                bench.strap.drop()
    raise AssertionError("it never ends")
