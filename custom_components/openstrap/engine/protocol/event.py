"""Events, log lines and history markers: 0x30, 0x32, 0x31."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar, Final

from .base import E, Reason, U, Undecodable, V
from .read import dotted, text, u16, u32
from .record import need

_FLOOR: Final = 12


class EventId(IntEnum):
    """Events with a known meaning. A strap sends others too; they are kept raw."""

    ERROR = 1
    BATTERY_LEVEL = 3
    EXTERNAL_5V_ON = 5
    EXTERNAL_5V_OFF = 6
    CHARGING_ON = 7
    CHARGING_OFF = 8
    WRIST_ON = 9
    WRIST_OFF = 10
    BLE_CONNECTION_UP = 11
    BLE_CONNECTION_DOWN = 12
    RTC_LOST = 13
    DOUBLE_TAP = 14
    BOOT = 15
    SET_RTC = 16
    TEMPERATURE_LEVEL = 17
    PAIRING_MODE = 18
    BATTERY_PACK_ON = 21
    BATTERY_PACK_OFF = 22
    BLE_BONDED = 23
    BLE_HR_BROADCAST_ON = 24
    BLE_HR_BROADCAST_OFF = 25
    TRIM_ALL = 26
    TRIM_ALL_ENDED = 27
    FLASH_INIT_COMPLETE = 28
    CONDITION_REPORT = 29
    TOUCH_THRESHOLD = 32
    BLE_REALTIME_HR_ON = 33
    BLE_REALTIME_HR_OFF = 34
    SHIP_MODE_ON = 37
    SHIP_MODE_OFF = 38
    ALARM_ARMED = 56
    ALARM_FIRED = 57
    HAPTICS_FIRED = 60
    EXTENDED_BATTERY = 63
    HIGH_FREQ_PROMPT = 96
    HIGH_FREQ_ON = 97
    HIGH_FREQ_OFF = 98
    HAPTICS_ENDED = 100
    PACK_INFO = 109
    FIRMWARE_EVENT = 123


@dataclass(frozen=True, slots=True)
class BatteryLevel:
    """State of charge."""

    percent: float | None = field(metadata=V(1, "%"))
    millivolts: int = field(metadata=V(5, "mV"))
    charging: bool = field(metadata=V(9))


@dataclass(frozen=True, slots=True)
class ConditionReport:
    """What a gen5 strap says of itself now and then."""

    pages_behind: int = field(metadata=E(0, "pages"))
    backlog: float = field(metadata=E(4))
    battery_percent: float | None = field(metadata=E(6, "%"))
    flash: int = field(metadata=E(8))
    charging: bool = field(metadata=E(9))
    wrist_state: int = field(metadata=E(10))


class HapticsEnd(IntEnum):
    """Why the motor stopped."""

    RAN_OUT = 0
    ERROR = 1
    DOUBLE_TAP = 2


@dataclass(frozen=True, slots=True)
class HapticsEnded:
    """End of an alarm or a buzz."""

    cause: HapticsEnd = field(metadata=E(1))


@dataclass(frozen=True, slots=True)
class PackEvent:
    """Battery pack of a gen5 strap."""

    bluetooth_id: bytes = field(metadata=E(1))
    name: str | None = field(metadata=E(7))
    u16_23: int = field(metadata=U(23))
    colour: int = field(metadata=E(25))
    family: int = field(metadata=E(26))


@dataclass(frozen=True, slots=True)
class FirmwareEvent:
    """A message of the firmware to itself."""

    sub_id: int = field(metadata=E(1))


type EventDetail = BatteryLevel | ConditionReport | HapticsEnded | PackEvent | FirmwareEvent


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the strap. Events are replayed: (id, epoch, subsec) is the key."""

    kind: ClassVar[str] = "event"

    sequence: int = field(metadata=V(1))
    event_id: int = field(metadata=V(2))
    name: str | None = field(metadata=V(2))
    epoch: int = field(metadata=V(4, "s"))
    subsec: int = field(metadata=V(8, "1/32768 s"))
    body: bytes = field(metadata=V(12))
    detail: EventDetail | None = field(metadata=E(12))
    """The body in fields, where its layout is known and it is as long as that needs."""


@dataclass(frozen=True, slots=True)
class Console:
    """A piece of the strap's log; a line can go on in the next sequence number."""

    kind: ClassVar[str] = "console"

    sequence: int = field(metadata=V(1))
    epoch: int = field(metadata=V(4, "s"))
    subsec: int = field(metadata=V(8, "1/32768 s"))
    text: str = field(metadata=V(12))


def percent_of(tenths: int) -> float | None:
    """Give a charge (%) sent in tenths, None when it is impossible."""
    return tenths / 10 if tenths <= 1000 else None


def _battery(body: bytes) -> BatteryLevel | None:
    if body[0] != 2:
        return None
    return BatteryLevel(percent_of(u32(body, 1)), u32(body, 5), body[9] != 0)


def _condition(body: bytes) -> ConditionReport:
    return ConditionReport(
        pages_behind=u32(body, 0),
        backlog=u16(body, 4) / 10,
        battery_percent=percent_of(u16(body, 6)),
        flash=body[8],
        charging=body[9] != 0,
        wrist_state=body[10],
    )


def _haptics(body: bytes) -> HapticsEnded | None:
    return HapticsEnded(HapticsEnd(body[1])) if body[1] in HapticsEnd else None


def _pack(body: bytes) -> PackEvent:
    return PackEvent(body[1:7], text(body[7:23]), u16(body, 23), body[25], body[26])


def _firmware(body: bytes) -> FirmwareEvent:
    return FirmwareEvent(u16(body, 1))


_BODIES: Final[dict[int, tuple[int, Callable[[bytes], EventDetail | None]]]] = {
    # event id: (bytes that it needs, reader)
    EventId.BATTERY_LEVEL: (10, _battery),
    EventId.CONDITION_REPORT: (11, _condition),
    EventId.HAPTICS_ENDED: (2, _haptics),
    EventId.PACK_INFO: (27, _pack),
    EventId.FIRMWARE_EVENT: (3, _firmware),
}


def _body(data: bytes) -> bytes:
    """Bytes that the packet declares; what follows them is padding."""
    need(data, _FLOOR)
    size = u16(data, 10)
    need(data, _FLOOR + size)
    return data[_FLOOR : _FLOOR + size]


def decode_event(data: bytes) -> Event:
    """Decode an event; its body must be there as long as declared."""
    body = _body(data)
    event_id = u16(data, 2)
    floor, reader = _BODIES.get(event_id, (0, None))
    return Event(
        sequence=data[1],
        event_id=event_id,
        name=EventId(event_id).name if event_id in EventId else None,
        epoch=u32(data, 4),
        subsec=u16(data, 8),
        body=body,
        detail=reader(body) if reader is not None and len(body) >= floor else None,
    )


def decode_console(data: bytes) -> Console:
    """Decode a piece of the log."""
    body = _body(data)
    return Console(data[1], u32(data, 4), u16(data, 8), body.rstrip(b"\0").decode("latin-1"))


class MarkerKind(IntEnum):
    """What a marker says about the history transfer."""

    START = 1
    END = 2
    COMPLETE = 3


@dataclass(frozen=True, slots=True)
class Marker:
    """A bracket around a burst of history."""

    kind: ClassVar[str] = "marker"

    sequence: int = field(metadata=V(1))
    sub: MarkerKind = field(metadata=V(2))
    epoch: int = field(metadata=V(3, "s"))
    subsec: int = field(metadata=V(7, "1/32768 s"))
    expected_count: int | None = field(metadata=V(9, "packets"))
    """Packets that the strap counted in the burst (END)."""
    token: bytes | None = field(metadata=V(13))
    """Eight bytes that acknowledge the burst, to be returned unchanged (END)."""
    firmware: str | None = field(metadata=V(21))
    """Version of the main firmware (START)."""
    signal_processor: str | None = field(metadata=V(37))

    @property
    def token_page(self) -> int | None:
        """Page of the flash ring in the token, to show; never to build a token from."""
        return u32(self.token, 0) if self.token else None

    @property
    def token_wrap(self) -> int | None:
        """Wrap count of the flash ring in the token."""
        return u32(self.token, 4) if self.token else None


_MARKER_FLOOR: Final = 9
_TOKEN_END: Final = 21
_FIRMWARE_END: Final = 39


def decode_marker(data: bytes) -> Marker:
    """Decode a history marker; an END cut off before its token has none."""
    need(data, _MARKER_FLOOR)
    if data[2] not in MarkerKind:
        raise Undecodable(Reason.UNKNOWN_MARKER)
    sub = MarkerKind(data[2])
    start = sub is MarkerKind.START and len(data) >= _FIRMWARE_END
    end = sub is MarkerKind.END and len(data) >= _TOKEN_END
    return Marker(
        sequence=data[1],
        sub=sub,
        epoch=u32(data, 3),
        subsec=u16(data, 7),
        expected_count=u32(data, 9) if end else None,
        token=data[13:_TOKEN_END] if end else None,
        firmware=dotted(data, 21) if start else None,
        signal_processor=f"{data[37]}.{data[38]}" if start else None,
    )
