"""The envelope of ESPHome's native API in plain text: zero, length, number, protobuf."""

import asyncio
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Final, override

from aioesphomeapi.core import MESSAGE_TYPE_TO_PROTO

pb: Final[Any] = import_module("aioesphomeapi.api_pb2")
"""The messages; made at run time, so without types."""
_NUMBER_OF: Final = {kind: number for number, kind in MESSAGE_TYPE_TO_PROTO.items()}


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data: bytearray, at: int) -> tuple[int, int] | None:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
    return None


class ApiConnection(asyncio.Protocol):
    """One connection. Messages go to ``handle``; its end to ``ended``."""

    def __init__(self) -> None:
        """Begin."""
        self.writable = True
        self._buffer = bytearray()
        self._out: list[bytes] = []
        self._transport: asyncio.Transport | None = None

    def handle(self, name: str, parse: Callable[[], Any]) -> None:
        """Take a message: its name, and what gives its content."""
        raise NotImplementedError

    def ended(self) -> None:
        """Learn that the connection is gone; called once."""
        raise NotImplementedError

    def drained(self) -> None:
        """Learn that more can be sent again."""

    @property
    def is_open(self) -> bool:
        """Whether anybody is there."""
        return self._transport is not None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        if self._transport is not None:
            self._transport = None
            self.ended()

    def break_off(self, *, abort: bool) -> None:
        """End the connection, at once or once all is sent."""
        self._flush()
        transport = self._transport
        self._end()
        if transport is not None:
            (transport.abort if abort else transport.close)()

    @override
    def pause_writing(self) -> None:
        self.writable = False

    @override
    def resume_writing(self) -> None:
        self.writable = True
        self.drained()

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._transport is not None and (message := self._next_message()) is not None:
            number, payload = message
            if (kind := MESSAGE_TYPE_TO_PROTO.get(number)) is not None:
                parse: Any = kind
                self.handle(kind.__name__, partial(parse.FromString, payload))

    def _next_message(self) -> tuple[int, bytes] | None:
        at, values = 0, []
        for _ in range(3):  # zero, length, number
            if (found := _read_varint(self._buffer, at)) is None:
                return None
            value, at = found
            values.append(value)
        end = at + values[1]
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[at:end])
        del self._buffer[:end]
        return values[2], payload

    def send(self, message: Any) -> None:
        """Send a message; those of one go of the event loop travel together."""
        if self._transport is None:
            return
        data = message.SerializeToString()
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(b"\0" + _varint(len(data)) + _varint(_NUMBER_OF[type(message)]) + data)

    def _flush(self) -> None:
        data, self._out = b"".join(self._out), []
        if self._transport is not None:
            self._transport.write(data)
