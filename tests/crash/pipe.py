"""A radio between two processes: GATT calls one way, answers and notifications the other.

The band lives in one process, the host in the other. When the host's process is killed the
socket ends, which is what the band hears of it. Time runs fast for both.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
import json
from multiprocessing.connection import Connection
import os
import selectors
import socket
from typing import Any, Final, override

from bleak.exc import BleakError

from custom_components.openstrap.strap.link import Services
from tests.strap_sim.gatt import Channel, GattTable
from tests.strap_sim.link import (
    Closer,
    ConnectRefused,
    GattError,
    Host,
    Link,
    LinkLost,
    PairingRefused,
    Unanswered,
)
from tests.strap_sim.strap import SimulatedStrap

SPEED: Final = 30.0
"""Seconds of the loop's time that pass in a real one."""

type Message = dict[str, Any]


class _FastSelector(selectors.DefaultSelector):
    @override
    def select(self, timeout: float | None = None) -> list[Any]:
        return super().select(None if timeout is None else timeout / SPEED)


class FastLoop(asyncio.SelectorEventLoop):
    """A loop whose seconds are short. Its clock is the same in every process of the machine."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__(_FastSelector())

    @override
    def time(self) -> float:
        return super().time() * SPEED


def as_socket(end: Connection) -> socket.socket:
    """Take the socket out of one end of a pipe."""
    taken = socket.socket(fileno=os.dup(end.fileno()))
    end.close()
    return taken


async def _messages(
    reader: asyncio.StreamReader, take: Callable[[Message], Awaitable[None] | None]
) -> None:
    """Hand over messages until the other side is gone."""
    try:
        while line := await reader.readline():
            if (work := take(json.loads(line))) is not None:
                await work
    except ConnectionError, asyncio.IncompleteReadError, ValueError:
        pass


# --- the band's side --------------------------------------------------------------


class Air:
    """The transport of a band's link to a host in another process."""

    def __init__(self, strap: SimulatedStrap, host: Host, end: socket.socket) -> None:
        """Take the band, the adapter with its keys, and this end of the radio."""
        self._strap, self.host, self._end = strap, host, end
        self._link: Link | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._table: GattTable = strap.gatt
        self.fault: str | None = None
        """Why the host says that its session ended; None when all history came."""
        self.ended = False
        """Whether the host came to the end of its session."""
        self.kept: Mapping[str, int] = {}
        self.made = 0
        """Records that were made when it connected; 0 when it never did."""

    async def serve(self) -> None:
        """Serve until the host is gone."""
        reader, self._writer = await asyncio.open_unix_connection(sock=self._end)
        try:
            await _messages(reader, self._take)
        finally:
            if self._link is not None:
                self._link.close(Closer.AIR)
            self._writer.close()

    def deliver(self, handle: int, data: bytes) -> None:
        """Pass a notification on."""
        self._send({"notify": self._table.by_handle[handle].uuid, "data": data.hex()})

    def closed(self, _closer: Closer) -> None:
        """Tell the host that the link is gone."""
        self._link = None
        self._send({"closed": True})

    def ready(self) -> bool:
        """Tell whether the socket takes more; the host asks, so it need not be told later."""
        return True

    def _send(self, message: Message) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")

    def _take(self, message: Message) -> None:
        if "ended" in message:
            self.ended, self.fault = True, message["ended"]
            self.kept = message["kept"]
            if self._writer is not None:
                self._writer.close()
            return
        delay = sum(fault.delay_s(message["op"]) for fault in self._strap.faults)
        if delay:
            self._strap.soon(lambda: self._answer(message), delay)
        else:
            self._answer(message)

    def _answer(self, message: Message) -> None:
        try:
            answer = self._do(message)
        except Unanswered:
            return
        except (LinkLost, ConnectRefused, PairingRefused, GattError) as err:
            self._send({"id": message["id"], "error": f"{type(err).__name__} {err}"})
        else:
            self._send({"id": message["id"], "answer": answer})

    def _do(self, message: Message) -> str | list[str]:
        operation = message["op"]
        if operation == "connect":
            self._link = self._strap.connect(self)
            self.made = len(self._strap.ledger.made)
            return [service.uuid for service in self._table.services]
        if (link := self._link) is None:
            raise LinkLost
        if operation == "disconnect":
            self._link = None
            link.close(Closer.HOST)
        elif operation == "pair":
            link.pair()
        elif operation == "read":
            return link.read(self._handle(message)).hex()
        elif operation == "subscribe":
            link.subscribe(self._handle(message))
        else:
            link.write(
                self._handle(message),
                bytes.fromhex(message["data"]),
                response=message["response"],
            )
        return ""

    def _handle(self, message: Message) -> int:
        for handle, one in self._table.by_handle.items():
            if one.uuid == message["char"]:
                return handle
        raise GattError(0x0A)


# --- the host's side --------------------------------------------------------------


class _Found(Services):
    def __init__(self, uuids: list[str]) -> None:
        self._uuids = frozenset(uuids)

    def get_service(self, specifier: str, /) -> object | None:
        return specifier if specifier in self._uuids else None


class PipeClient:
    """A client such as bleak's, over a socket."""

    def __init__(self, end: socket.socket) -> None:
        """Take this end of the radio."""
        self._end = end
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._callbacks: dict[str, Callable[[Any, bytearray], None]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self.is_connected = False
        self.services: Services = _Found([])
        self.on_disconnected: Callable[[], None] = lambda: None
        self.on_data: Callable[[], None] = lambda: None
        """Called before a notification of the data characteristic is handed over."""

    async def connect(self) -> None:
        """Connect. Raises BleakError."""
        reader, self._writer = await asyncio.open_unix_connection(sock=self._end)
        self._reading = asyncio.create_task(_messages(reader, self._take))
        self.services = _Found(await self._ask("connect"))
        self.is_connected = True

    async def pair(self) -> None:
        """Bond."""
        await self._ask("pair")

    async def disconnect(self) -> None:
        """End the link."""
        if self.is_connected:
            self._gone()
            await self._ask("disconnect")

    async def start_notify(self, char: str, callback: Callable[[Any, bytearray], None], /) -> None:
        """Subscribe to a characteristic."""
        self._callbacks[char] = callback
        await self._ask("subscribe", char=char)

    async def write_gatt_char(self, char: str, data: bytes, /, response: bool) -> None:
        """Write to a characteristic."""
        await self._ask("write", char=char, data=bytes(data).hex(), response=response)

    async def read_gatt_char(self, char: str, /) -> bytearray:
        """Read a characteristic."""
        return bytearray.fromhex(await self._ask("read", char=char))

    async def end(self, fault: str | None, kept: Mapping[str, int]) -> None:
        """Say how the session ended and what is to be remembered, and hang up for good.

        Only after the other side has: what the band still says on a socket that is closed would
        take with it what was said here.
        """
        assert self._writer is not None and self._reading is not None
        message = {"ended": fault, "kept": kept}
        self._writer.write(json.dumps(message).encode() + b"\n")
        await self._writer.drain()
        await self._reading
        self._writer.close()
        await self._writer.wait_closed()

    async def _ask(self, operation: str, **details: Any) -> Any:
        assert self._writer is not None
        number = next(self._numbers)
        self._waiting[number] = future = asyncio.get_running_loop().create_future()
        message = {"id": number, "op": operation, **details}
        self._writer.write(json.dumps(message).encode() + b"\n")
        try:
            return await future
        finally:
            self._waiting.pop(number, None)

    def _take(self, message: Message) -> None:
        if "closed" in message:
            self._gone()
        elif (char := message.get("notify")) is not None:
            if self.is_connected and (callback := self._callbacks.get(char)) is not None:
                if char[:8].endswith(str(Channel.DATA.value)):
                    self.on_data()
                callback(None, bytearray.fromhex(message["data"]))
        elif (future := self._waiting.get(message["id"])) is not None and not future.done():
            if "error" in message:
                future.set_exception(BleakError(message["error"]))
            else:
                future.set_result(message["answer"])

    def _gone(self) -> None:
        was, self.is_connected = self.is_connected, False
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(BleakError("the link dropped"))
        if was:
            self.on_disconnected()
