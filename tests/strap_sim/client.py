"""The strap in process: a bleak backend, and bleak's own client on top of it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, override

from bleak import BleakClient
from bleak.args import SizedBuffer
from bleak.assigned_numbers import CHARACTERISTIC_PROPERTIES
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError

from .gatt import CCCD, GattTable
from .link import (
    Closer,
    ConnectRefused,
    GattError,
    Host,
    Link,
    LinkLost,
    PairingRefused,
    Unanswered,
)
from .strap import SimulatedStrap

ANSWER_TIMEOUT_S = 30.0
"""How long a host waits for an answer that never comes."""


def bleak_services(table: GattTable, room: Callable[[], int]) -> BleakGATTServiceCollection:
    """Show a table as bleak does; ``room`` tells the payload bytes of a notification."""
    collection = BleakGATTServiceCollection()
    for service in table.services:
        shown = BleakGATTService(None, service.handle, service.uuid)
        collection.add_service(shown)
        for one in service.characteristics:
            names = [name for name in CHARACTERISTIC_PROPERTIES.values() if name in one.properties]
            char = BleakGATTCharacteristic(None, one.handle, one.uuid, names, room, shown)
            collection.add_characteristic(char)
            if one.cccd is not None:
                collection.add_descriptor(BleakGATTDescriptor(None, one.cccd, CCCD, char))
    return collection


class SimBackend(BaseBleakClient):
    """A bleak backend whose radio reaches the straps it is given, by their addresses."""

    def __init__(
        self,
        device: BLEDevice | str,
        *,
        straps: Mapping[str, SimulatedStrap] | None = None,
        host: Host | None = None,
        on_link: Callable[[], None] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the straps in reach, or those in the details of the device; ``on_link`` at changes."""
        kwargs.setdefault("timeout", 10.0)
        super().__init__(device, **kwargs)
        details = device.details if isinstance(device, BLEDevice) else {}
        self._straps: Mapping[str, SimulatedStrap] = straps or details["straps"]
        self.host: Host = host or details["host"]
        self._on_link = on_link or (lambda: None)
        self._callbacks: dict[int, NotifyCallback] = {}
        self._gone = asyncio.Event()
        self.link: Link | None = None

    # --- the transport of a link ----------------------------------------------

    def deliver(self, handle: int, data: bytes) -> None:
        """Take one notification."""
        if (callback := self._callbacks.get(handle)) is not None:
            callback(bytearray(data))

    def closed(self, _closer: Closer) -> None:
        """Learn that the link is gone."""
        self._callbacks.clear()
        self.link = None
        self._gone.set()
        self._on_link()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def ready(self) -> bool:
        """There is always room in memory."""
        return True

    # --- bleak's side ---------------------------------------------------------

    @property
    @override
    def name(self) -> str:
        return self._straps[self.address].config.name

    @property
    @override
    def mtu_size(self) -> int:
        return self.link.mtu if self.link else 23

    @property
    @override
    def is_connected(self) -> bool:
        return self.link is not None

    @override
    async def connect(self, pair: bool, **kwargs: Any) -> None:
        strap = self._straps.get(self.address)
        if self.link is not None:
            raise BleakError("already connected")
        if strap is None:
            raise BleakError(f"{self.address} is not in reach")
        await self._air(strap, "connect")
        try:
            self.link = link = strap.connect(self)
        except ConnectRefused:
            raise BleakError(f"{self.address} does not answer") from None
        self._gone.clear()
        self._on_link()
        self.services = bleak_services(strap.gatt, lambda: self.mtu_size - 3)
        try:
            await asyncio.sleep(0)
            if pair:
                await self.pair()
        except BaseException:
            await self.disconnect()
            raise
        if self.link is not link:
            raise BleakError("disconnected while connecting")

    @override
    async def disconnect(self) -> None:
        if (link := self.link) is not None:
            link.close(Closer.HOST)
            self.closed(Closer.HOST)
        await asyncio.sleep(0)

    def vanish(self) -> None:
        """Let the host die: the strap's side of the link ends, and nobody here is told."""
        link, self.link = self.link, None
        self._callbacks.clear()
        self._disconnected_callback = None
        if link is not None:
            link.close(Closer.AIR)
        self._gone.set()

    @override
    async def pair(self, *args: Any, **kwargs: Any) -> None:
        await self._ask("pair", Link.pair)

    @override
    async def unpair(self) -> None:
        self.host.keys.pop(self.address, None)
        await self.disconnect()

    @override
    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        return bytearray(await self._ask("read", lambda link: link.read(characteristic.handle)))

    @override
    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        return bytearray(b"\0\0")

    @override
    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        sent = bytes(data)
        try:
            await self._ask(
                "write", lambda link: link.write(characteristic.handle, sent, response=response)
            )
        except BleakGATTProtocolError:
            # Without a response nobody hears that it was refused.
            if response:
                raise

    @override
    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        raise BleakError("there is no descriptor to write to")

    @override
    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        handle = characteristic.handle
        if handle in self._callbacks:
            raise BleakError("notifications are already enabled")
        self._callbacks[handle] = callback
        try:
            await self._ask("subscribe", lambda link: link.subscribe(handle))
        except BaseException:
            self._callbacks.pop(handle, None)
            raise

    @override
    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self._callbacks.pop(characteristic.handle, None)
        await self._ask("subscribe", lambda link: link.unsubscribe(characteristic.handle))

    async def set_connection_params(self, *_params: int) -> None:
        """Take wishes for the timing of the link; there are none to grant."""

    # --- there and back over the air ------------------------------------------

    async def _ask[T](self, operation: str, question: Callable[[Link], T]) -> T:
        """Ask the strap something; every way of not getting an answer is a BleakError."""
        link = self.link
        if link is None:
            raise BleakError("not connected")
        await self._air(link.strap, operation)
        if self.link is not link:
            raise BleakError(f"the link dropped before the {operation}")
        try:
            answer = question(link)
        except LinkLost:
            raise BleakError(f"the link dropped during the {operation}") from None
        except PairingRefused:
            raise BleakError("pairing failed") from None
        except GattError as err:
            await asyncio.sleep(0)
            raise BleakGATTProtocolError(err.code) from None
        except Unanswered:
            await self._wait(ANSWER_TIMEOUT_S, link)
            raise TimeoutError(f"no answer to the {operation}") from None
        await asyncio.sleep(0)
        if self.link is not link:
            raise BleakError(f"the link dropped before the answer to the {operation}")
        return answer

    async def _air(self, strap: SimulatedStrap, operation: str) -> None:
        delay = sum(fault.delay_s(operation) for fault in strap.faults)
        await asyncio.sleep(0)
        if delay:
            await self._wait(delay, self.link)

    async def _wait(self, seconds: float, link: Link | None) -> None:
        """Wait; the end of the link ends it with BleakError."""
        try:
            async with asyncio.timeout(seconds):
                await (self._gone.wait() if link is not None else _never())
        except TimeoutError:
            return
        raise BleakError("the link dropped")


async def _never() -> None:
    await asyncio.get_running_loop().create_future()


class SimClient(BleakClient):
    """Bleak's client, connected to one strap without any radio."""

    def __init__(
        self,
        strap: SimulatedStrap,
        disconnected_callback: Callable[[BleakClient], None] | None = None,
        *,
        host: Host | None = None,
        pair: bool = False,
    ) -> None:
        """Take the strap and the adapter; the adapter keeps the keys, so reuse it to stay bonded."""
        address = strap.config.address
        details = {"straps": {address: strap}, "host": host or Host()}
        super().__init__(
            BLEDevice(address, strap.config.name, details),
            disconnected_callback,
            pair=pair,
            backend=SimBackend,
        )

    @property
    def backend(self) -> SimBackend:
        """The backend, for what only a test may do."""
        assert isinstance(self._backend, SimBackend)
        return self._backend

    def vanish(self) -> None:
        """Let the host die without a word to anybody."""
        self.backend.vanish()

    async def set_connection_params(self, *params: int) -> None:
        """Take wishes for the timing of the link."""
        await self.backend.set_connection_params(*params)
