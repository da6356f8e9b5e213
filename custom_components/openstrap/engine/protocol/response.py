"""Replies of the strap, 0x24, and the bodies that are understood."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
import re
from typing import ClassVar, Final

from .base import E, Generation, U, V
from .command import Opcode
from .event import percent_of
from .read import dotted, i16, text, u16, u32
from .record import need


class Status(IntEnum):
    """Outcome of a command. For some, pending is the only answer that ever comes."""

    FAILED = 0
    OK = 1
    PENDING = 2
    NOT_SUPPORTED = 3


class AlarmStatus(IntEnum):
    """Outcome of setting or running an alarm."""

    UNKNOWN = 0
    ACCEPTED = 1
    BAD_EFFECT = 2
    BAD_LOOP = 3
    BAD_DURATION = 4
    PLAYED = 5
    HAPTICS_FAILED = 6
    TIMED_OUT = 7
    BUSY = 8
    STOPPED = 9
    BAD_TIME = 10
    BAD_SLOT = 11


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the strap is. Offsets here and below count from the start of the body."""

    battery_percent: float | None = field(metadata=V(1, "%"))
    charging: bool = field(metadata=E(5))
    clock_epoch: int = field(metadata=V(6, "s"))
    """As sent; ``clock_is_set`` tells whether it means anything."""
    clock_subsec: int = field(metadata=V(10, "1/32768 s"))
    serial: str | None = field(metadata=V(14))
    firmware: str | None = field(metadata=E())
    on_wrist: bool | None = field(metadata=E(102))
    """Gen5 only."""
    hr_broadcast: bool | None = field(metadata=E(101))
    """Gen5 only."""
    hardware: tuple[int, int, int] | None = field(metadata=E(79))
    """Gen5 only: hardware family, board revision, optics."""
    signal_processor: str | None = field(metadata=E(98))
    """Gen5 only."""
    error_code: int | None = field(metadata=E(103))
    """Gen5 only, for information."""


@dataclass(frozen=True, slots=True)
class DataRange:
    """What the strap holds. Times are as sent: see ``clock_is_set``."""

    oldest_raw_page: int = field(metadata=V(1, "page"))
    read_page: int = field(metadata=V(5, "page"))
    write_page: int = field(metadata=V(9, "page"))
    trim_page: int = field(metadata=V(13, "page"))
    wrap_count: int = field(metadata=V(17))
    """Rises when the ring has overwritten data."""
    total_pages: int = field(metadata=V(21, "pages"))
    used_records: int = field(metadata=V(25, "records"))
    free_records: int = field(metadata=V(29, "records"))
    oldest_epoch: int = field(metadata=V(33, "s"))
    oldest_subsec: int = field(metadata=V(37, "1/32768 s"))
    trim_epoch: int = field(metadata=V(41, "s"))
    trim_subsec: int = field(metadata=V(45, "1/32768 s"))
    read_epoch: int = field(metadata=V(49, "s"))
    read_subsec: int = field(metadata=V(53, "1/32768 s"))
    newest_epoch: int = field(metadata=V(57, "s"))
    newest_subsec: int = field(metadata=V(61, "1/32768 s"))

    @property
    def backlog_pages(self) -> int | None:
        """Pages not yet fetched; does not depend on any clock. None when the ring has no pages."""
        if not self.total_pages:
            return None
        return (self.write_page - self.trim_page) % self.total_pages


@dataclass(frozen=True, slots=True)
class Battery:
    """State of charge."""

    percent: float | None = field(metadata=V(0, "%"))


@dataclass(frozen=True, slots=True)
class ExtBattery:
    """Fuel gauge of a gen4 strap."""

    current_ma: int = field(metadata=E(1, "mA"))
    millivolts: int = field(metadata=E(5, "mV"))
    remaining: int = field(metadata=E(11))


@dataclass(frozen=True, slots=True)
class Version:
    """Firmware of the main and of the second chip."""

    main: str = field(metadata=V(1))
    second: str = field(metadata=V(17))


@dataclass(frozen=True, slots=True)
class Clock:
    """The strap's time, as sent: see ``clock_is_set``."""

    epoch: int = field(metadata=V(0, "s"))
    subsec: int = field(metadata=V(4, "1/32768 s"))


@dataclass(frozen=True, slots=True)
class Name:
    """Name that the owner gave the strap."""

    name: str | None = field(metadata=V(3))


@dataclass(frozen=True, slots=True)
class Alarm:
    """Alarm that is set. Only to show: never overwrite the user's own setting by it."""

    active: bool = field(metadata=E(1))
    epoch: int = field(metadata=E(2, "s"))
    subsec: int = field(metadata=E(6, "1/32768 s"))


@dataclass(frozen=True, slots=True)
class AlarmOutcome:
    """Answer to setting or running an alarm; valid whatever the status of the reply."""

    outcome: AlarmStatus = field(metadata=V(1))


@dataclass(frozen=True, slots=True)
class BodyLocation:
    """Where the strap is worn, as a location code."""

    location: int = field(metadata=V(3))


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Battery pack of a gen5 strap."""

    attached: bool = field(metadata=E(1))
    bluetooth_id: bytes = field(metadata=E(2))
    name: str | None = field(metadata=E(8))
    u16_24: int = field(metadata=U(24))
    pack_type: int = field(metadata=E(26))
    pack_status: int = field(metadata=E(27))


type ResponseDetail = (
    Hello
    | DataRange
    | Battery
    | ExtBattery
    | Version
    | Clock
    | Name
    | Alarm
    | AlarmOutcome
    | BodyLocation
    | PackInfo
)


@dataclass(frozen=True, slots=True)
class Response:
    """A reply. It belongs to the request with this opcode and echoed sequence number."""

    kind: ClassVar[str] = "response"

    sequence: int = field(metadata=V(1))
    opcode: int = field(metadata=V(2))
    name: str | None = field(metadata=V(2))
    request_seq: int = field(metadata=V(3))
    status: int = field(metadata=V(4))
    body: bytes = field(metadata=V(5))
    detail: ResponseDetail | None = field(metadata=V(5))
    """The body in fields, where it means anything and its layout is known."""


_SERIAL: Final = re.compile(rb"[0-9A-Za-z]{6,13}")
_COMMIT: Final = re.compile(rb"[0-9A-Fa-f]*")
_MAIN_WORD: Final = 3
"""The main firmware is words 3 to 6 behind the commit token."""


def _hello_gen4(body: bytes) -> Hello:
    serial, _, rest = body[14:].partition(b"\0")
    token = _COMMIT.match(rest)
    words = rest[token.end() :] if token else b""
    firmware = dotted(words, 4 * _MAIN_WORD) if len(words) >= 4 * (_MAIN_WORD + 4) else None
    return Hello(
        battery_percent=percent_of(u32(body, 1)),
        charging=body[5] != 0,
        clock_epoch=u32(body, 6),
        clock_subsec=u32(body, 10),
        serial=serial.decode("ascii") if _SERIAL.fullmatch(serial) else None,
        firmware=firmware,
        on_wrist=None,
        hr_broadcast=None,
        hardware=None,
        signal_processor=None,
        error_code=None,
    )


def _hello_gen5(body: bytes) -> Hello | None:
    if body[0] != 1:
        return None
    return Hello(
        battery_percent=percent_of(u32(body, 1)),
        charging=bool(body[5] & 1),
        clock_epoch=u32(body, 6),
        clock_subsec=u32(body, 10),
        serial=text(body[14:25]),
        firmware=f"{body[91]}.{body[92]}.{body[93]}.{u32(body, 94)}",
        on_wrist=body[102] == 1,
        hr_broadcast=body[101] == 1,
        hardware=(u32(body, 79), u32(body, 83), u32(body, 87)),
        signal_processor=f"{body[98]}.{body[99]}.{body[100]}",
        error_code=(body[103] ^ 0x80) - 0x80,
    )


def _data_range(body: bytes) -> DataRange | None:
    if body[0] != 1:
        return None
    return DataRange(*(u32(body, at) for at in range(1, 65, 4)))


def _battery_gen4(body: bytes) -> Battery:
    return Battery(percent_of(u16(body, 0)))


def _battery_gen5(body: bytes) -> Battery:
    return Battery(percent_of(body[0] * 10))


def _ext_battery(body: bytes) -> ExtBattery:
    return ExtBattery(i16(body, 1), u16(body, 5), u16(body, 11))


def _version(body: bytes) -> Version | None:
    return Version(dotted(body, 1), dotted(body, 17)) if body[0] == 1 else None


def _clock(body: bytes) -> Clock:
    return Clock(u32(body, 0), u32(body, 4))


def _name(body: bytes) -> Name:
    return Name(text(body[3 : 3 + body[2]]))


def _alarm(body: bytes) -> Alarm | None:
    # Of the other form it is not known where the time stands.
    return Alarm(body[1] == 1, u32(body, 2), u16(body, 6)) if body[0] == 4 else None


def _alarm_outcome(body: bytes) -> AlarmOutcome | None:
    return AlarmOutcome(AlarmStatus(body[1])) if body[1] in AlarmStatus else None


def _location(body: bytes) -> BodyLocation:
    return BodyLocation(body[3])


def _pack_info(body: bytes) -> PackInfo:
    return PackInfo(body[1] == 1, body[2:8], text(body[8:24]), u16(body, 24), body[26], body[27])


type _Reader = tuple[int, Callable[[bytes], ResponseDetail | None]]

_BODIES: Final[dict[int, _Reader]] = {
    # opcode: (bytes that it needs, reader)
    Opcode.VERSION: (33, _version),
    Opcode.GET_CLOCK: (8, _clock),
    Opcode.GET_DATA_RANGE: (65, _data_range),
    Opcode.GET_HELLO_GEN4: (14, _hello_gen4),
    Opcode.GET_HELLO_GEN5: (104, _hello_gen5),
    Opcode.GET_ALARM: (8, _alarm),
    Opcode.GET_NAME_GEN4: (3, _name),
    Opcode.GET_NAME_GEN5: (3, _name),
    Opcode.BODY_LOCATION: (4, _location),
    Opcode.EXT_BATTERY: (13, _ext_battery),
    Opcode.PACK_INFO: (28, _pack_info),
}
_BATTERY: Final[dict[Generation, _Reader]] = {
    Generation.GEN4: (2, _battery_gen4),
    Generation.GEN5: (1, _battery_gen5),
}
_WHATEVER_STATUS: Final[dict[int, _Reader]] = {
    Opcode.SET_ALARM: (2, _alarm_outcome),
    Opcode.RUN_ALARM: (2, _alarm_outcome),
}


def _detail(opcode: int, status: int, body: bytes, generation: Generation) -> ResponseDetail | None:
    found = _WHATEVER_STATUS.get(opcode)
    if found is None and status == Status.OK:
        battery = opcode == Opcode.GET_BATTERY
        found = _BATTERY[generation] if battery else _BODIES.get(opcode)
    if found is None or len(body) < found[0]:
        return None
    return found[1](body)


def decode_response(data: bytes, generation: Generation) -> Response:
    """Decode a reply. A body is read only where the status says that it means something."""
    need(data, 5)
    opcode, status, body = data[2], data[4], data[5:]
    return Response(
        sequence=data[1],
        opcode=opcode,
        name=Opcode(opcode).name if opcode in Opcode else None,
        request_seq=data[3],
        status=status,
        body=body,
        detail=_detail(opcode, status, body, generation),
    )
