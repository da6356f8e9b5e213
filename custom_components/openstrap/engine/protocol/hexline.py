"""Uploaded hexadecimal strings to inner payloads: inner payloads as they are, or whole frames."""

from typing import Final, NamedTuple

from .base import KNOWN_TYPES, Generation
from .frame import MAX_FRAME, REVISION, START, FrameCheck, check_frame
from .layout import infer_generation

MAX_HEX_CHARS: Final = 64 * 1024
"""Characters of one string; the largest packet has 4280."""
MAX_INNER: Final = MAX_FRAME - 8
"""Bytes of an inner payload that fits into the smaller of the two envelopes."""


class Inner(NamedTuple):
    """One inner payload and where its generation is known from."""

    data: bytes
    generation: Generation
    proven: bool
    """The generation stood in a frame header or was given, it is no inference."""


class HexRejected(ValueError):
    """A string that cannot be accepted as a whole.

    ``reason`` is one of empty, odd_length, not_hex, unknown_type, header_crc, truncated,
    payload_crc, too_long. ``inners`` are the payloads of the sound frames before the fault.
    """

    def __init__(self, reason: str, inners: tuple[Inner, ...] = ()) -> None:
        """Take the reason and what could be read before it."""
        super().__init__(reason)
        self.reason = reason
        self.inners = inners


def parse_hex(text: str, generation: Generation | None = None) -> list[Inner]:
    """Read one uploaded string; raises HexRejected and nothing else.

    ``generation`` is what the sender says; a frame header, which is checked, overrules it.
    White space anywhere in the string is ignored.
    """
    compact = "".join(text.split())
    if not compact:
        raise HexRejected("empty")
    if len(compact) > MAX_HEX_CHARS:
        raise HexRejected("too_long")
    if len(compact) % 2:
        raise HexRejected("odd_length")
    try:
        data = bytes.fromhex(compact)
    except ValueError:
        raise HexRejected("not_hex") from None
    if data[0] == START:
        return _frames(data)
    if data[0] not in KNOWN_TYPES:
        raise HexRejected("unknown_type")
    if len(data) > MAX_INNER:
        raise HexRejected("too_long")
    if generation is None:
        return [Inner(data, infer_generation(data), proven=False)]
    return [Inner(data, generation, proven=True)]


def _frames(data: bytes) -> list[Inner]:
    inners: list[Inner] = []
    while data:
        generation, found = _first_frame(data)
        if not found.header_crc_ok:
            raise HexRejected("header_crc", tuple(inners))
        if found.size > MAX_FRAME:
            raise HexRejected("too_long", tuple(inners))
        if found.inner is None:
            raise HexRejected("truncated", tuple(inners))
        if not found.payload_crc_ok:
            raise HexRejected("payload_crc", tuple(inners))
        if found.inner:
            inners.append(Inner(found.inner, generation, proven=True))
        data = data[found.size :].lstrip(b"\0")
    if not inners:
        raise HexRejected("empty")
    return inners


def _first_frame(data: bytes) -> tuple[Generation, FrameCheck]:
    """Check the frame at the start under the envelope that fits it.

    Gen5 is tried first: should both headers ever pass, its check is the stronger one.
    Another revision of that envelope is not for us to read.
    """
    if data[1:2] == bytes((REVISION,)):
        found = check_frame(Generation.GEN5, data)
        if found.header_crc_ok:
            return Generation.GEN5, found
    return Generation.GEN4, check_frame(Generation.GEN4, data)
