"""What the strap puts on the air: frames in its own envelope, cut to the size of a notification."""

from functools import lru_cache
from typing import Final

from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.engine.protocol.checksum import crc8, crc16, crc32

ATT_HEADER: Final = 3
"""Bytes of every notification that are not payload."""
MTU_DEFAULT: Final = 247
MTU_SMALLEST: Final = 23
_ROLE_STRAP: Final = b"\x01\x00"

type Chunk = tuple[int, bytes]
"""One notification: value handle and payload. A handle below 0 means that the link drops here."""

DROP: Final[Chunk] = (-1, b"")


@lru_cache(maxsize=512)
def _header(generation: Generation, payload_size: int) -> bytes:
    size = (payload_size + 4).to_bytes(2, "little")
    if generation is Generation.GEN4:
        return bytes((0xAA, *size, crc8(size)))
    head = bytes((0xAA, 1, *size)) + _ROLE_STRAP
    return head + crc16(head).to_bytes(2, "little")


def strap_frame(generation: Generation, inner: bytes) -> bytes:
    """Wrap an inner payload as the strap does, padded to a multiple of four."""
    payload = inner if not len(inner) % 4 else inner + bytes(-len(inner) % 4)
    return _header(generation, len(payload)) + payload + crc32(payload).to_bytes(4, "little")


def cut(handle: int, frame: bytes, mtu: int) -> list[Chunk]:
    """Cut a frame into notifications of a characteristic."""
    room = mtu - ATT_HEADER
    return [(handle, frame[at : at + room]) for at in range(0, len(frame), room)]
