"""The services that a strap shows, with their handles."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from custom_components.openstrap.engine.protocol import Generation

_VENDOR: Final = {
    Generation.GEN4: "6108000{}-8d6d-82b8-614a-1c8cb0f8dcc6",
    Generation.GEN5: "fd4b000{}-cce1-4033-93ce-002d5875f58a",
}
CCCD: Final = "00002902-0000-1000-8000-00805f9b34fb"


class Channel(IntEnum):
    """Vendor characteristics by the digit in their uuid."""

    COMMAND = 2
    RESPONSE = 3
    EVENT = 4
    DATA = 5
    CRASH = 7


def vendor_uuid(generation: Generation, digit: int) -> str:
    """Give the uuid of the vendor service (1) or of one of its characteristics."""
    return _VENDOR[generation].format(digit)


def short_uuid(number: int) -> str:
    """Write out a 16-bit uuid."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic; ``channel`` tells the vendor's, which need an encrypted link."""

    uuid: str
    handle: int
    properties: tuple[str, ...]
    cccd: int | None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One service."""

    uuid: str
    handle: int
    characteristics: tuple[Characteristic, ...]


_CHANNELS: Final = (
    (Channel.COMMAND, ("write", "write-without-response")),
    (Channel.RESPONSE, ("notify",)),
    (Channel.EVENT, ("notify",)),
    (Channel.DATA, ("notify",)),
    (Channel.CRASH, ("notify",)),
)
HEART_RATE: Final = short_uuid(0x2A37)
BATTERY: Final = short_uuid(0x2A19)
MANUFACTURER, MODEL, SERIAL, FIRMWARE, HARDWARE = (
    short_uuid(number) for number in (0x2A29, 0x2A24, 0x2A25, 0x2A26, 0x2A27)
)


class GattTable:
    """All services of a generation."""

    def __init__(self, generation: Generation) -> None:
        """Lay the table out."""
        self._next = 1
        information = (
            (MANUFACTURER,)
            if generation is Generation.GEN4
            else (MANUFACTURER, MODEL, SERIAL, FIRMWARE, HARDWARE)
        )
        self.services = (
            self._service(
                vendor_uuid(generation, 1),
                [
                    (vendor_uuid(generation, channel), properties, channel)
                    for channel, properties in _CHANNELS
                ],
            ),
            self._service(short_uuid(0x180D), [(HEART_RATE, ("notify",), None)]),
            self._service(short_uuid(0x180F), [(BATTERY, ("read", "notify"), None)]),
            self._service(short_uuid(0x180A), [(uuid, ("read",), None) for uuid in information]),
        )
        self.by_handle = {one.handle: one for one in self}
        self.by_cccd = {one.cccd: one for one in self if one.cccd is not None}
        self.handle_of = {one.channel: one.handle for one in self if one.channel is not None}

    def __iter__(self) -> Iterator[Characteristic]:
        """Go through all characteristics."""
        for service in self.services:
            yield from service.characteristics

    def _take(self, count: int) -> int:
        first, self._next = self._next, self._next + count
        return first

    def _service(
        self, uuid: str, characteristics: list[tuple[str, tuple[str, ...], Channel | None]]
    ) -> Service:
        handle = self._take(1)
        made = []
        for char_uuid, properties, channel in characteristics:
            value = self._take(2) + 1  # the declaration comes first
            cccd = self._take(1) if "notify" in properties else None
            made.append(Characteristic(char_uuid, value, properties, cccd, channel))
        return Service(uuid, handle, tuple(made))


@lru_cache
def gatt_table(generation: Generation) -> GattTable:
    """Give the table of a generation."""
    return GattTable(generation)
