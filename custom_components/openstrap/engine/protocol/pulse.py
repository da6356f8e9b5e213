"""Pulse packets: one second of the green light wave (gen4 v25, gen5 v26)."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from .base import E, Reason, U, Undecodable, V
from .layout import V25_FLOOR, V26_SIZE
from .optical import PulseWindow, pulse_window
from .read import f32, u16
from .record import Record, head, need

DELTAS: Final = 24


@dataclass(frozen=True, slots=True)
class PulseRecord(Record):
    """What both generations have: 25 samples of the pulse wave, no heart rate, no gravity."""

    kind: ClassVar[str] = "pulse"

    pip_state: int = field(metadata=E(13))
    """Position within an episode of such packets."""
    window: PulseWindow = field(metadata=V(15))
    accel_delta_g: float | None = field(metadata=E(67, "g"))
    state_word: int = field(metadata=E(71))


@dataclass(frozen=True, slots=True)
class PulseRecordGen4(PulseRecord):
    """Version 25: 26 Hz."""

    bytes_73: bytes = field(metadata=U(73))


@dataclass(frozen=True, slots=True)
class PulseRecordGen5(PulseRecord):
    """Version 26: 25 or 50 Hz."""

    primary_flags: int = field(metadata=E(73))
    morphology_pass: bool = field(metadata=E(74))

    @property
    def rate_hz(self) -> int:
        """Samples per second."""
        return optics_rate_hz(self.flags)


def optics_rate_hz(flags: int) -> int:
    """Tell the samples per second of gen5 optics by the flags byte of a record."""
    return 25 if flags & 0x80 else 50


def _common(data: bytes) -> tuple[int, PulseWindow, float | None, int]:
    return u16(data, 13), pulse_window(data, 15, DELTAS), f32(data, 67), u16(data, 71)


def decode_v25(data: bytes) -> PulseRecordGen4:
    """Decode a gen4 pulse packet (75 bytes or more)."""
    need(data, V25_FLOOR)
    return PulseRecordGen4(*head(data), *_common(data), bytes_73=data[73:76])


def decode_v26(data: bytes) -> PulseRecordGen5:
    """Decode a gen5 pulse packet (exactly 76 bytes)."""
    if len(data) != V26_SIZE:
        raise Undecodable(Reason.WRONG_LENGTH)
    return PulseRecordGen5(
        *head(data), *_common(data), primary_flags=data[73], morphology_pass=data[74] == 1
    )
