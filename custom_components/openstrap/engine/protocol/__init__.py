"""Bytes of a WHOOP strap to packets and back."""

from .base import (
    KNOWN_TYPES,
    FieldSpec,
    Generation,
    PacketType,
    Reason,
    Trust,
    Undecodable,
    clock_is_set,
    field_specs,
    usable_hr,
)
from .bulk import BeatRecords, decode_records
from .command import (
    ON_USER_ACTION,
    CommandRefused,
    Opcode,
    build_ack,
    is_allowed,
    is_allowed_inner,
    is_supported,
    set_alarm,
    set_clock,
)
from .decode import Command, HistoryRecord, OpaquePacket, Packet, decode
from .event import Console, Event, EventId, Marker, MarkerKind
from .frame import FrameCheck, Reassembler, build_frame, check_frame
from .header import RecordKind, record_kind, record_time
from .hexline import HexRejected, Inner, parse_hex
from .layout import infer_generation
from .live import LiveHeartRate, LiveMotion
from .pulse import PulseRecordGen4, PulseRecordGen5
from .record import Record
from .records_gen4 import GatedRecord, MotionRecord, OpticalRecord, SummaryRecord
from .records_gen5 import MotionBuffer, OpticalBuffer, ResearchRecord, SummaryRecordGen5
from .response import AlarmStatus, Response, Status

__all__ = [
    "KNOWN_TYPES",
    "ON_USER_ACTION",
    "AlarmStatus",
    "BeatRecords",
    "Command",
    "CommandRefused",
    "Console",
    "Event",
    "EventId",
    "FieldSpec",
    "FrameCheck",
    "GatedRecord",
    "Generation",
    "HexRejected",
    "HistoryRecord",
    "Inner",
    "LiveHeartRate",
    "LiveMotion",
    "Marker",
    "MarkerKind",
    "MotionBuffer",
    "MotionRecord",
    "OpaquePacket",
    "Opcode",
    "OpticalBuffer",
    "OpticalRecord",
    "Packet",
    "PacketType",
    "PulseRecordGen4",
    "PulseRecordGen5",
    "Reason",
    "Reassembler",
    "Record",
    "RecordKind",
    "ResearchRecord",
    "Response",
    "Status",
    "SummaryRecord",
    "SummaryRecordGen5",
    "Trust",
    "Undecodable",
    "build_ack",
    "build_frame",
    "check_frame",
    "clock_is_set",
    "decode",
    "decode_records",
    "field_specs",
    "infer_generation",
    "is_allowed",
    "is_allowed_inner",
    "is_supported",
    "parse_hex",
    "record_kind",
    "record_time",
    "set_alarm",
    "set_clock",
    "usable_hr",
]
