"""Packets in plain words: what it is, in one sentence, and what to watch out for."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from openstrap.engine.protocol import (
    Command,
    Console,
    Event,
    GatedRecord,
    Generation,
    LiveHeartRate,
    LiveMotion,
    Marker,
    MarkerKind,
    MotionBuffer,
    MotionRecord,
    OpaquePacket,
    OpticalBuffer,
    OpticalRecord,
    Packet,
    PacketType,
    PulseRecordGen4,
    PulseRecordGen5,
    ResearchRecord,
    Response,
    Status,
    SummaryRecord,
    SummaryRecordGen5,
    clock_is_set,
    is_allowed,
    record_time,
)
from openstrap.engine.protocol.base import SUBSEC_PER_S
from openstrap.engine.protocol.layout import LIVE_HR_RR_SLOTS, R24_RR_SLOTS, V18_RR_SLOTS

REJECTIONS: Final = {
    "empty": "there is nothing in this line",
    "odd_length": "an odd number of characters cannot be whole bytes",
    "not_hex": "there are characters other than 0-9 and a-f",
    "unknown_type": "it neither starts a frame (aa) nor with a known packet type",
    "header_crc": "it starts like a frame (aa), but the check of its header fails",
    "truncated": "the frame announces more bytes than there are",
    "payload_crc": "the frame arrived damaged: the check of its payload fails",
    "too_long": "larger than any packet of a strap",
}
LOCATIONS: Final = {
    0: "unknown",
    1: "wrist",
    2: "bicep",
    3: "calf",
    4: "side of the torso",
    5: "glute",
    7: "ankle",
    128: "not sure",
    160: "unknown garment",
}


def utc(epoch: int, subsec: int = 0) -> str:
    """Write a strap time as ISO 8601 in UTC with milliseconds."""
    moment = datetime.fromtimestamp(epoch, UTC)
    millis = min(subsec * 1000 // SUBSEC_PER_S, 999)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{millis:03d}Z"


def type_name(inner: bytes) -> str | None:
    """Name of the packet type, None when it is not known."""
    return PacketType(inner[0]).name if inner and inner[0] in PacketType else None


def when(inner: bytes) -> dict[str, Any] | None:
    """Time of any packet that has one, also when it cannot be decoded."""
    found = record_time(inner)
    if found is None:
        return None
    epoch, subsec = found
    return {
        "utc": utc(epoch, subsec),
        "epoch": epoch,
        "subsec": subsec,
        "clock_set": clock_is_set(epoch),
    }


def _hr(hr_bpm: int | None) -> str:
    return "no usable heart rate" if hr_bpm is None else f"heart rate {hr_bpm} bpm"


def _rr(rr_ms: tuple[int, ...]) -> str:
    if not rr_ms:
        return "no intervals"
    listed = ", ".join(str(value) for value in rr_ms)
    return f"{'interval' if len(rr_ms) == 1 else 'intervals'} {listed} ms"


def _summary(packet: SummaryRecord | SummaryRecordGen5) -> str:
    return f"summary record {packet.counter}: {_hr(packet.usable_hr_bpm)}, {_rr(packet.rr_ms)}"


def _gated(packet: GatedRecord) -> str:
    return (
        f"record of version {packet.version} read by guess, for it is plausible: "
        f"{_hr(packet.usable_hr_bpm)}"
    )


def _motion(packet: MotionRecord | MotionBuffer) -> str:
    accel, gyro = (
        len(counts[0]) if counts else 0 for counts in (packet.accel_counts, packet.gyro_counts)
    )
    extra = ""
    if isinstance(packet, MotionRecord):
        extra = f", {_hr(packet.usable_hr_bpm)}, {_rr(packet.rr_ms)}"
    return f"raw motion {packet.counter}: {accel} accelerometer and {gyro} gyroscope samples{extra}"


def _optical(packet: OpticalRecord | OpticalBuffer) -> str:
    counts = " + ".join(str(block.count) for block in packet.blocks)
    return f"raw light {packet.counter}: {counts} samples, no heart rate in it"


def _pulse(packet: PulseRecordGen4 | PulseRecordGen5) -> str:
    clean = packet.window.first_ambiguous
    state = "all sound" if clean is None else f"not to be relied on from sample {clean}"
    return f"pulse wave {packet.counter}: {len(packet.window.samples)} samples, {state}"


def _research(packet: ResearchRecord) -> str:
    return f"research record {packet.counter} with tag {packet.tag}"


def _live_hr(packet: LiveHeartRate) -> str:
    body = {None: "", True: ", on the body", False: ", off the body"}[packet.on_body]
    place = LOCATIONS.get(packet.location) if packet.location is not None else None
    worn = f" ({place})" if place and packet.on_body else ""
    return f"live: {_hr(packet.usable_hr_bpm)}, {_rr(packet.rr_ms)}{body}{worn}"


def _live_motion(packet: LiveMotion) -> str:
    return f"live motion {packet.index}: {len(packet.accel_counts[0])} accelerometer samples"


def _opcode(opcode: int, name: str | None) -> str:
    return f"{name} (0x{opcode:02x})" if name else f"0x{opcode:02x}"


def _command(packet: Command) -> str:
    return f"command {_opcode(packet.opcode, packet.name)}, sequence {packet.sequence}"


def _response(packet: Response) -> str:
    status = (
        Status(packet.status).name.lower().replace("_", " ")
        if packet.status in Status
        else f"status {packet.status}"
    )
    return f"reply to {_opcode(packet.opcode, packet.name)}, request {packet.request_seq}: {status}"


def _event(packet: Event) -> str:
    return f"event {packet.name or 'unknown'} ({packet.event_id})"


def _marker(packet: Marker) -> str:
    if packet.sub is MarkerKind.START:
        return f"history starts (firmware {packet.firmware or 'unknown'})"
    if packet.sub is MarkerKind.COMPLETE:
        return "history is complete: nothing more to send"
    if packet.token is None:
        return "end of a burst without its token: not to be acknowledged"
    return f"end of a burst of {packet.expected_count} packets, token {packet.token.hex()}"


def _console(packet: Console) -> str:
    return f"log of the strap: {packet.text!r}"


def _opaque(packet: OpaquePacket) -> str:
    name = PacketType(packet.packet_type).name.lower().replace("_", " ")
    return f"{name}: no layout is known, kept raw"


_SENTENCES: Final[dict[type, Callable[[Any], str]]] = {
    SummaryRecord: _summary,
    SummaryRecordGen5: _summary,
    GatedRecord: _gated,
    MotionRecord: _motion,
    MotionBuffer: _motion,
    OpticalRecord: _optical,
    OpticalBuffer: _optical,
    PulseRecordGen4: _pulse,
    PulseRecordGen5: _pulse,
    ResearchRecord: _research,
    LiveHeartRate: _live_hr,
    LiveMotion: _live_motion,
    Command: _command,
    Response: _response,
    Event: _event,
    Marker: _marker,
    Console: _console,
    OpaquePacket: _opaque,
}


def sentence(packet: Packet) -> str:
    """Say what a packet is."""
    return _SENTENCES[type(packet)](packet)


_SLOTS: Final = {
    SummaryRecord: R24_RR_SLOTS,
    MotionRecord: R24_RR_SLOTS,
    SummaryRecordGen5: V18_RR_SLOTS,
    LiveHeartRate: LIVE_HR_RR_SLOTS,
}


def notes(packet: Packet, inner: bytes, generation: Generation, *, proven: bool) -> Iterator[str]:
    """Say what a person should know before believing the fields."""
    time = when(inner)
    if time is not None and not time["clock_set"]:
        yield "the strap's clock was not set: this time means nothing"
    if isinstance(packet, (SummaryRecord, MotionRecord, LiveHeartRate)):
        if packet.hr_bpm == 0:
            yield "heart rate 0 means no reading"
        elif packet.usable_hr_bpm is None:
            yield f"heart rate {packet.hr_bpm} is an artefact (25 to 230 is possible)"
    if isinstance(packet, (SummaryRecord, MotionRecord, SummaryRecordGen5, LiveHeartRate)):
        declared = packet.rr_declared or 0
        slots = _SLOTS[type(packet)]
        if declared > slots:
            yield f"{declared} intervals declared where {slots} fit: none read"
        elif declared > len(packet.rr_ms):
            yield f"{declared - len(packet.rr_ms)} of {declared} intervals impossible and left out"
    if isinstance(packet, (Command, Response)) and not is_allowed(packet.opcode):
        yield "not a command that this project ever sends"
    if isinstance(packet, Event) and packet.name is None:
        yield "the meaning of this event is not known"
    if not proven:
        yield f"no frame around it: {generation} is a guess (--generation says otherwise)"
