"""A small client that does what it must: to try the simulation with, and to compare others to."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from custom_components.openstrap.engine.protocol import (
    Generation,
    Marker,
    MarkerKind,
    PacketType,
    Reassembler,
    build_ack,
    build_frame,
    command,
    decode,
)

from .gatt import Channel, vendor_uuid

MEMBERS = frozenset({PacketType.HISTORICAL, PacketType.EVENT, PacketType.CONSOLE})


@dataclass(slots=True)
class Received:
    """What came over one connection."""

    members: list[bytes] = field(default_factory=list)
    """Of the burst that is open."""
    others: list[bytes] = field(default_factory=list)
    """Replies, events, live packets."""
    bursts: int = 0
    counts: list[tuple[int, int]] = field(default_factory=list)
    """Packets announced and received, by burst."""


class ReferenceClient:
    """Drains a strap: commit, then acknowledge, until COMPLETE."""

    def __init__(
        self,
        client: BleakClient,
        generation: Generation,
        commit: Callable[[Iterable[bytes]], None],
        *,
        careless: bool = False,
    ) -> None:
        """Take a client; ``careless`` acknowledges before it commits."""
        self.client, self.generation, self._commit = client, generation, commit
        self._careless = careless
        self.received = Received()
        self._markers: asyncio.Queue[tuple[Marker, list[bytes]]] = asyncio.Queue()
        self._seq = 0x05

    async def connect(self) -> None:
        """Connect, bond and listen."""
        await self.client.connect()
        await self.listen()

    async def listen(self) -> None:
        """Bond and listen, on a client that is connected."""
        await self.client.pair()
        for channel in (Channel.RESPONSE, Channel.EVENT, Channel.DATA):
            frames = Reassembler(self.generation)

            def on_data(
                _: BleakGATTCharacteristic, data: bytearray, frames: Reassembler = frames
            ) -> None:
                for inner in frames.feed(data):
                    self._take(inner)

            await self.client.start_notify(vendor_uuid(self.generation, channel), on_data)

    def _take(self, inner: bytes) -> None:
        if inner[0] == PacketType.METADATA:
            marker = decode(inner, self.generation)
            assert isinstance(marker, Marker)
            members: list[bytes] = []
            if marker.sub is not MarkerKind.COMPLETE:
                # At once: by the time the END is looked at, the next START may have come.
                members, self.received.members = self.received.members, []
            self._markers.put_nowait((marker, members))
        elif inner[0] in MEMBERS:
            self.received.members.append(inner)
        else:
            self.received.others.append(inner)

    async def send(self, inner: bytes) -> None:
        """Send one command (inner payload)."""
        uuid = vendor_uuid(self.generation, Channel.COMMAND)
        await self.client.write_gatt_char(uuid, build_frame(self.generation, inner), response=True)

    async def drain(self, timeout_s: float = 60.0) -> None:
        """Fetch all there is. Raises TimeoutError after that long without a marker."""
        await self.send(command.send_history(self.generation, 4))
        while True:
            async with asyncio.timeout(timeout_s):
                marker, members = await self._markers.get()
            if marker.sub is MarkerKind.COMPLETE:
                return
            if marker.sub is MarkerKind.END:
                await self._end(marker, members)

    async def _end(self, marker: Marker, taken: list[bytes]) -> None:
        self.received.bursts += 1
        self.received.counts.append((marker.expected_count or 0, len(taken)))
        self._seq = 0x05 + (self._seq - 0x04) % 0x9B
        ack = build_ack(marker, self._seq)
        if self._careless:
            await self.send(ack)
        self._commit(inner for inner in taken if inner[0] == PacketType.HISTORICAL)
        if not self._careless:
            await self.send(ack)
