"""The envelope: inner payloads to frames, notifications to inner payloads."""

from collections.abc import Buffer
from dataclasses import dataclass
from typing import Final

from .base import Generation
from .checksum import crc8, crc16, crc32

START: Final = 0xAA
REVISION: Final = 0x01
"""Second byte of every gen5 frame."""
ROLE_HOST: Final = b"\x00\x01"
"""Bytes 4 and 5 of a gen5 frame towards the strap. Written, never judged."""

HEADER_SIZE: Final = {Generation.GEN4: 4, Generation.GEN5: 8}
CRC_SIZE: Final = 4
MAX_FRAME: Final = 4096
"""Bytes of the largest frame that is believed."""


@dataclass(frozen=True, slots=True)
class FrameCheck:
    """What the three checks say about one frame."""

    valid: bool
    header_crc_ok: bool
    payload_crc_ok: bool
    inner: bytes | None
    """The payload as sent, padding included, also when its check fails; None when it is cut off."""
    size: int
    """Bytes of the whole frame by its header, 0 when the header is not sound."""


def build_frame(generation: Generation, inner: Buffer, *, pad: bool = True) -> bytes:
    """Wrap an inner payload for the strap, zero-padded to a multiple of four.

    Straps acknowledge unpadded commands and then do not carry them out; ``pad`` is off
    only for the clock of those that do not take it padded. Raises ValueError when the
    frame would be larger than a strap accepts.
    """
    payload = bytes(inner)
    if pad:
        payload += bytes(-len(payload) % 4)
    size = len(payload) + CRC_SIZE
    if size + HEADER_SIZE[generation] > MAX_FRAME:
        raise ValueError(f"{len(payload)} bytes do not fit into one frame")
    length = size.to_bytes(2, "little")
    if generation is Generation.GEN4:
        header = bytes((START, *length, crc8(length)))
    else:
        header = bytes((START, REVISION, *length, *ROLE_HOST))
        header += crc16(header).to_bytes(2, "little")
    return header + payload + crc32(payload).to_bytes(4, "little")


def frame_size(generation: Generation, header: bytes) -> int | None:
    """Bytes of the whole frame that a header announces, or None when the header is not sound."""
    if len(header) < HEADER_SIZE[generation] or header[0] != START:
        return None
    if generation is Generation.GEN4:
        size = int.from_bytes(header[1:3], "little")
        sound = crc8(header[1:3]) == header[3]
    else:
        size = int.from_bytes(header[2:4], "little")
        sound = crc16(header[:6]) == int.from_bytes(header[6:8], "little")
    return size + HEADER_SIZE[generation] if sound and size >= CRC_SIZE else None


def check_frame(generation: Generation, data: bytes) -> FrameCheck:
    """Check one frame that starts at the first byte; what follows it is not looked at."""
    header = HEADER_SIZE[generation]
    total = frame_size(generation, data[:header])
    if total is None:
        return FrameCheck(False, False, False, None, 0)
    if len(data) < total:
        return FrameCheck(False, True, False, None, total)
    inner = data[header : total - CRC_SIZE]
    sound = crc32(inner) == int.from_bytes(data[total - CRC_SIZE : total], "little")
    known = generation is Generation.GEN4 or data[1] == REVISION
    return FrameCheck(sound and known and total <= MAX_FRAME, True, sound, inner, total)


class Reassembler:
    """Puts the notifications of one characteristic together again.

    One of these per characteristic and connection: the characteristics interleave,
    and what was left of a frame when the link dropped is sent again.

    ``resyncs`` counts places where bytes had to be skipped to find a frame,
    ``corrupt`` frames whose payload check failed. What is kept between two calls is
    less than one frame, so no further limit on the buffer is needed.
    """

    def __init__(self, generation: Generation) -> None:
        """Start empty, for the envelope of one generation."""
        self.generation = generation
        self.resyncs = 0
        self.corrupt = 0
        self._buffer = bytearray()
        self._undecodable: list[bytes] = []
        self._after_frame = False

    def reset(self) -> None:
        """Forget a frame that has not ended: for a disconnect and for a new subscription."""
        self._buffer.clear()
        self._after_frame = False

    def take_undecodable(self) -> list[bytes]:
        """Hand over, once, whole frames that are sound but of an unknown revision."""
        taken, self._undecodable = self._undecodable, []
        return taken

    def feed(self, chunk: Buffer) -> list[bytes]:
        """Take one notification and return the inner payloads that are now complete."""
        self._buffer += chunk
        data = bytes(self._buffer)
        header = HEADER_SIZE[self.generation]
        inners: list[bytes] = []
        at = 0
        while True:
            if self._after_frame:
                # Zero bytes behind a frame are filling, also when they come in the next chunk.
                at = _skip_zeros(data, at)
                self._after_frame = at == len(data)
            if len(data) - at < header + CRC_SIZE:
                break
            if data[at] != START:
                at = _next_start(data, at)
                self.resyncs += 1
                continue
            total = frame_size(self.generation, data[at : at + header])
            if total is None or total > MAX_FRAME:
                at = _next_start(data, at + 1)
                self.resyncs += 1
                continue
            if len(data) - at < total:
                break
            found = check_frame(self.generation, data[at : at + total])
            if not found.payload_crc_ok or found.inner is None:
                # The length itself may be what is wrong: never skip by it.
                at = _next_start(data, at + 1)
                self.corrupt += 1
                continue
            if found.valid:
                inners.append(found.inner)
            else:
                self._undecodable.append(data[at : at + total])
            at += total
            self._after_frame = True
        del self._buffer[:at]
        return inners


def _next_start(data: bytes, at: int) -> int:
    """Position of the next byte that may start a frame, else the end."""
    found = data.find(START, at)
    return len(data) if found < 0 else found


def _skip_zeros(data: bytes, at: int) -> int:
    """Position of the next byte that is not zero."""
    while at < len(data) and not data[at]:
        at += 1
    return at
