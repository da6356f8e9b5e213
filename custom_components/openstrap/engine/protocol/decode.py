"""One inner payload to one packet: the readable decoder, the reference for ``bulk``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Final

from .base import KNOWN_TYPES, Generation, PacketType, Reason, U, Undecodable, V
from .command import Opcode
from .event import Console, Event, Marker, decode_console, decode_event, decode_marker
from .layout import R10_VERSION, R11_VERSION, R24_VERSIONS, is_v21
from .live import LiveHeartRate, LiveMotion, decode_live_hr, decode_live_motion
from .pulse import PulseRecordGen4, PulseRecordGen5, decode_v25, decode_v26
from .record import need
from .records_gen4 import (
    GatedRecord,
    MotionRecord,
    OpticalRecord,
    SummaryRecord,
    decode_gated,
    decode_r10,
    decode_r11,
    decode_r24,
)
from .records_gen5 import (
    MotionBuffer,
    OpticalBuffer,
    ResearchRecord,
    SummaryRecordGen5,
    decode_v18,
    decode_v20,
    decode_v21,
    decode_v22,
)
from .response import Response, decode_response


@dataclass(frozen=True, slots=True)
class Command:
    """A command, as seen on the air: any opcode, also those that are never sent from here."""

    kind: ClassVar[str] = "command"

    sequence: int = field(metadata=V(1))
    opcode: int = field(metadata=V(2))
    name: str | None = field(metadata=V(2))
    payload: bytes = field(metadata=V(3))
    """Arguments, with the padding that cannot be told from them."""


@dataclass(frozen=True, slots=True)
class OpaquePacket:
    """A packet of a known type whose layout is not known: of the battery pack, or stored motion."""

    kind: ClassVar[str] = "opaque"

    packet_type: int = field(metadata=V(0))
    body: bytes = field(metadata=U(1))


type HistoryRecord = (
    SummaryRecord
    | GatedRecord
    | MotionRecord
    | OpticalRecord
    | PulseRecordGen4
    | PulseRecordGen5
    | SummaryRecordGen5
    | OpticalBuffer
    | MotionBuffer
    | ResearchRecord
)
type Packet = (
    HistoryRecord
    | LiveHeartRate
    | LiveMotion
    | Command
    | Response
    | Event
    | Marker
    | Console
    | OpaquePacket
)

type _Decoder = Callable[[bytes], HistoryRecord]


def _unknown(inner: bytes) -> HistoryRecord:
    raise Undecodable(Reason.UNKNOWN_VERSION)


_RECORDS: Final[dict[tuple[Generation, int], tuple[dict[int, _Decoder], _Decoder]]] = {
    # (generation, packet type): (decoder by version, decoder of any other version)
    (Generation.GEN4, PacketType.HISTORICAL): (
        {
            **dict.fromkeys(R24_VERSIONS, decode_r24),
            25: decode_v25,
            R10_VERSION: decode_r10,
            R11_VERSION: decode_r11,
        },
        decode_gated,
    ),
    (Generation.GEN4, PacketType.REALTIME_RAW): (
        {R10_VERSION: decode_r10, R11_VERSION: decode_r11},
        _unknown,
    ),
    (Generation.GEN5, PacketType.HISTORICAL): (
        {18: decode_v18, 20: decode_v20, 21: decode_v21, 22: decode_v22, 26: decode_v26},
        _unknown,
    ),
    (Generation.GEN5, PacketType.REALTIME_RAW): ({21: decode_v21}, _unknown),
}


def decode(inner: bytes, generation: Generation) -> Packet:
    """Decode one inner payload.

    Raises Undecodable, and nothing else, when there is no layout for it or it does not
    fit: then the bytes are kept raw. Times are as sent, whether possible or not.
    """
    if not inner:
        raise Undecodable(Reason.EMPTY)
    kind = inner[0]
    if kind not in KNOWN_TYPES:
        raise Undecodable(Reason.UNKNOWN_TYPE)
    reader = _READERS.get(kind)
    return OpaquePacket(kind, inner[1:]) if reader is None else reader(inner, generation)


def _record(inner: bytes, generation: Generation) -> HistoryRecord:
    need(inner, 2)
    if generation is Generation.GEN5 and is_v21(inner):
        # A motion buffer is one whatever its version byte says.
        return decode_v21(inner)
    decoders, otherwise = _RECORDS[generation, inner[0]]
    return decoders.get(inner[1], otherwise)(inner)


def _command(inner: bytes, _: Generation) -> Command:
    need(inner, 3)
    opcode = inner[2]
    name = Opcode(opcode).name if opcode in Opcode else None
    return Command(inner[1], opcode, name, inner[3:])


_READERS: Final[dict[int, Callable[[bytes, Generation], Packet]]] = {
    PacketType.COMMAND: _command,
    PacketType.RESPONSE: decode_response,
    PacketType.REALTIME_HR: lambda inner, _: decode_live_hr(inner),
    PacketType.REALTIME_RAW: _record,
    PacketType.HISTORICAL: _record,
    PacketType.EVENT: lambda inner, _: decode_event(inner),
    PacketType.METADATA: lambda inner, _: decode_marker(inner),
    PacketType.CONSOLE: lambda inner, _: decode_console(inner),
    PacketType.REALTIME_IMU: lambda inner, _: decode_live_motion(inner),
}
