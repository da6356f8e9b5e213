"""The link itself: one connected client, its characteristics, and what may be written."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from bleak.exc import BleakError

from ..engine.protocol import (
    CommandRefused,
    Generation,
    Marker,
    Opcode,
    build_ack,
    build_frame,
    is_allowed_inner,
)
from .errors import FaultKind, StrapError
from .generation import COMMAND, SUBSCRIBED, TRAITS, Traits

GATT_ERRORS: Final = (BleakError, TimeoutError, OSError, EOFError)
"""Everything that adapters and proxies raise when something does not work."""

PAIR_TIMEOUT_S: Final = 30.0
SUBSCRIBE_TIMEOUT_S: Final = 15.0
WRITE_TIMEOUT_S: Final = 30.0
READ_TIMEOUT_S: Final = 10.0
DISCONNECT_TIMEOUT_S: Final = 10.0
ACK_RETRIES_S: Final = (0.2, 0.4)
"""Rests before a failed acknowledgement is written again; after that the link is dropped."""


class Services(Protocol):
    """The part of bleak's collection of services that is needed."""

    def get_service(self, specifier: str, /) -> object | None:
        """Find a service by its UUID."""


class GattClient(Protocol):
    """The part of bleak's client that is needed: connected, and used by nobody else."""

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""

    @property
    def services(self) -> Services:
        """Services, discovered when it connected."""

    async def pair(self) -> None:
        """Bond; nothing happens where that is done already."""

    async def disconnect(self) -> None:
        """End the link."""

    async def start_notify(self, char: str, callback: Callable[[Any, bytearray], None], /) -> None:
        """Subscribe to a characteristic."""

    async def write_gatt_char(self, char: str, data: bytes, /, response: bool) -> None:
        """Write to a characteristic."""

    async def read_gatt_char(self, char: str, /) -> bytearray:
        """Read a characteristic."""


class Link:
    """One connection. What it carried is not valid on any other."""

    def __init__(self, client: GattClient) -> None:
        """Take a connected client. Raises StrapError when it is no strap."""
        self._client = client
        self._lock = asyncio.Lock()
        self.lost = asyncio.Event()
        """Set for good once the link is gone."""
        self.traits = _pin(client)

    @property
    def generation(self) -> Generation:
        """Generation of the strap, by the service that it has."""
        return self.traits.generation

    def fault(self, kind: FaultKind, cause: Exception | None = None) -> StrapError:
        """Make the error for a failed operation: the end of the link explains any other."""
        # What adapters say names the device, and belongs into no log.
        detail = "" if cause is None else type(cause).__name__
        if self.lost.is_set() or not self._client.is_connected:
            self.lost.set()
            return StrapError(FaultKind.LINK_LOST, detail)
        return StrapError(kind, detail)

    def check(self) -> None:
        """Raise StrapError when the link is gone."""
        if self.lost.is_set() or not self._client.is_connected:
            raise self.fault(FaultKind.LINK_LOST)

    async def pair(self) -> None:
        """Bond. Raises StrapError."""
        try:
            async with asyncio.timeout(PAIR_TIMEOUT_S):
                await self._client.pair()
        except NotImplementedError as err:
            raise StrapError(FaultKind.PAIRING_UNSUPPORTED) from err
        except GATT_ERRORS as err:
            raise self.fault(FaultKind.BOND_REFUSED, err) from err

    async def subscribe(self, callback: Callable[[int, bytearray], None]) -> None:
        """Have all notifications sent to ``callback(characteristic number, bytes)``."""
        for number in SUBSCRIBED:

            def on_notify(_: Any, data: bytearray, number: int = number) -> None:
                callback(number, data)

            try:
                async with asyncio.timeout(SUBSCRIBE_TIMEOUT_S):
                    await self._client.start_notify(self.traits.characteristic(number), on_notify)
            except GATT_ERRORS as err:
                refused = any(word in str(err).lower() for word in ("authent", "encrypt"))
                kind = FaultKind.BOND_REFUSED if refused else FaultKind.SUBSCRIBE_FAILED
                raise self.fault(kind, err) from err

    async def read_text(self, uuid: str) -> str | None:
        """Read a standard characteristic, None where that does not work."""
        try:
            async with asyncio.timeout(READ_TIMEOUT_S):
                data = await self._client.read_gatt_char(uuid)
        except GATT_ERRORS:
            return None
        return bytes(data).rstrip(b"\0").decode("ascii", "replace").strip() or None

    async def write(self, inner: bytes, *, pad: bool = True) -> None:
        """Write a command, with response. Raises StrapError, or CommandRefused before that.

        Nothing but the commands of the allow-list gets past here, and no acknowledgement:
        that has a way of its own.
        """
        if inner[2:4] == bytes((Opcode.HISTORY_RESULT, 1)):
            raise CommandRefused("an acknowledgement needs the marker that it is for")
        await self._write(inner, pad=pad)

    async def acknowledge(self, end: Marker, seq: int) -> None:
        """Acknowledge a burst that is on disk, by the END that came on this very link."""
        inner = build_ack(end, seq)
        for rest_s in (*ACK_RETRIES_S, None):
            try:
                await self._write(inner)
            except StrapError as err:
                if rest_s is None or err.kind is FaultKind.LINK_LOST:
                    raise
                await asyncio.sleep(rest_s)
            else:
                return

    async def _write(self, inner: bytes, *, pad: bool = True) -> None:
        if not is_allowed_inner(inner):
            raise CommandRefused(f"not on the list of commands: {inner[:3].hex()}")
        frame = build_frame(self.generation, inner, pad=pad)
        async with self._lock:
            self.check()
            try:
                async with asyncio.timeout(WRITE_TIMEOUT_S):
                    await self._client.write_gatt_char(
                        self.traits.characteristic(COMMAND), frame, response=True
                    )
            except GATT_ERRORS as err:
                raise self.fault(FaultKind.WRITE_FAILED, err) from err


def _pin(client: GattClient) -> Traits:
    """Tell the generation by the vendor service; name and model are not reliable."""
    try:
        services = client.services
        for traits in TRAITS.values():
            if services.get_service(traits.characteristic(1)) is not None:
                return traits
    except GATT_ERRORS as err:
        # Bleak has no services to show once the link is gone.
        raise StrapError(FaultKind.LINK_LOST, type(err).__name__) from err
    raise StrapError(FaultKind.NOT_A_STRAP)


async def disconnect(client: GattClient) -> None:
    """End a link, however it is; raises nothing."""
    with suppress(*GATT_ERRORS):
        async with asyncio.timeout(DISCONNECT_TIMEOUT_S):
            await client.disconnect()
