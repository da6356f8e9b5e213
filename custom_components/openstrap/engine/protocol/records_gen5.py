"""Records of a WHOOP 5.0 or MG: the one-second summary and the buffers of research modes."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from .base import ACCEL_COUNTS_PER_G, GYRO_DPS_PER_COUNT, D, E, Reason, U, Undecodable, V, usable_hr
from .layout import (
    IMU_SAMPLES,
    V18_FLOOR,
    V18_RR_SLOTS,
    V18_SKIN_TEMP_ABSENT,
    V18_SKIN_TEMP_AT,
    V18_STEPS_AT,
    V20_SIZE,
    V21_SIZE,
    V22_SIZE,
    is_v21,
)
from .optical import OpticalBlock, PulseWindow, block_v20, pulse_window
from .read import Vector, accel, dyn_accel, f32, i16, i16s, intervals, u16, u32
from .record import Record, head, need

_PSNR_ABSENT: Final = -128
_ACTIVITY_CLASSES: Final = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class SummaryRecordGen5(Record):
    """Version 18: exactly one a second. A broken field costs that field, never the record."""

    kind: ClassVar[str] = "summary"

    hr_bpm: int = field(metadata=V(14, "bpm"))
    """0 when there is no usable reading."""
    rr_declared: int = field(metadata=V(15))
    rr_ms: tuple[int, ...] = field(metadata=V(16, "ms"))
    cardiac_flags: int = field(metadata=U(25))
    hr_flags: int = field(metadata=E(28))
    """Bit 7: both estimates agree; bit 4: infrared used. Not a validity flag."""
    hr_alt_bpm: int = field(metadata=E(29, "bpm"))
    """Second estimate, not to be published."""
    u16_30: int = field(metadata=U(30))
    u8_32: int = field(metadata=U(32))
    dyn_accel_g: float | None = field(metadata=V(33, "g"))
    accel_g: Vector | None = field(metadata=V(37, "g"))
    step_counter: int = field(metadata=E(V18_STEPS_AT, "steps"))
    """Wraps at 65536, no reset at midnight."""
    step_cadence: int = field(metadata=E(51))
    """In an unknown unit."""
    activity_code: int = field(metadata=E(55))
    activity_class: int | None = field(metadata=E(55))
    """0 not classified (which is not "still"), 1 walk, 2 run."""
    temp_aux1_c: float = field(metadata=E(61, "degC"))
    temp_aux2_c: float = field(metadata=E(63, "degC"))
    skin_temp_c: float | None = field(metadata=V(V18_SKIN_TEMP_AT, "degC"))
    channel_words: tuple[int, int, int] = field(metadata=E(67))
    """Bits 0-1 channel, 4-7 offset, 8-11 light level, 12-15 saturation; 0x0C0n idle."""
    sleep_state: int = field(metadata=E(73))
    """0 wake, 1 still, 2 sleep, 3 up; lags the onset by about ten minutes."""
    u8_74: int = field(metadata=D(74))
    """Estimate or status of unknown encoding, zero outside sleep: no oxygen saturation."""
    detector_means: tuple[int, int] = field(metadata=U(98))
    psnr_b_db: int | None = field(metadata=E(100, "dB"))
    psnr_a_db: int | None = field(metadata=E(101, "dB"))
    signal_quality_logvar: float | None = field(metadata=E(105))
    """Lower is cleaner: a relative weight only."""

    @property
    def usable_hr_bpm(self) -> int | None:
        """Heart rate, None when there is no reading."""
        return usable_hr(self.hr_bpm)


def decode_v18(data: bytes) -> SummaryRecordGen5:
    """Decode a summary record (112 bytes, at least 109)."""
    need(data, V18_FLOOR)
    skin = i16(data, V18_SKIN_TEMP_AT)
    return SummaryRecordGen5(
        *head(data),
        hr_bpm=usable_hr(data[14]) or 0,
        rr_declared=data[15],
        rr_ms=intervals(data, 15, V18_RR_SLOTS),
        cardiac_flags=data[25],
        hr_flags=data[28],
        hr_alt_bpm=data[29],
        u16_30=u16(data, 30),
        u8_32=data[32],
        dyn_accel_g=dyn_accel(data, 33),
        accel_g=accel(data, 37),
        step_counter=u16(data, V18_STEPS_AT),
        step_cadence=data[51],
        activity_code=data[55],
        activity_class=data[55] if data[55] in _ACTIVITY_CLASSES else None,
        temp_aux1_c=i16(data, 61) / 10,
        temp_aux2_c=i16(data, 63) / 10,
        skin_temp_c=skin / 100 if skin != V18_SKIN_TEMP_ABSENT else None,
        channel_words=(u16(data, 67), u16(data, 69), u16(data, 71)),
        sleep_state=data[73] >> 4 & 3,
        u8_74=data[74],
        detector_means=(data[98], data[99]),
        psnr_b_db=_decibel(data[100]),
        psnr_a_db=_decibel(data[101]),
        signal_quality_logvar=f32(data, 105),
    )


def _decibel(value: int) -> int | None:
    signed = (value ^ 0x80) - 0x80
    return signed if signed != _PSNR_ABSENT else None


@dataclass(frozen=True, slots=True)
class OpticalBuffer(Record):
    """Version 20: raw light of green, red, a fourth, infrared and ambient."""

    kind: ClassVar[str] = "optical"

    third_is_infrared: bool = field(metadata=E(2))
    sample_rate_hz: int = field(metadata=E(15, "Hz"))
    blocks: tuple[OpticalBlock, ...] = field(metadata=E(18))


def decode_v20(data: bytes) -> OpticalBuffer:
    """Decode an optical buffer (exactly 2128 bytes)."""
    if len(data) != V20_SIZE:
        raise Undecodable(Reason.WRONG_LENGTH)
    return OpticalBuffer(
        *head(data),
        third_is_infrared=not data[2] & 1,
        sample_rate_hz=u16(data, 15),
        blocks=tuple(block_v20(data, 18 + 422 * place) for place in range(5)),
    )


@dataclass(frozen=True, slots=True)
class MotionBuffer(Record):
    """Version 21: raw motion at 100 Hz. Only the declared samples; what follows them is stale."""

    kind: ClassVar[str] = "motion"

    accel_capacity: int = field(metadata=V(14, "samples"))
    accel_id: int = field(metadata=V(18))
    accel_flags: int = field(metadata=V(19))
    accel_counts: tuple[tuple[int, ...], ...] = field(metadata=V(20, "1/4096 g"))
    gyro_capacity: int = field(metadata=V(620, "samples"))
    gyro_id: int = field(metadata=V(624))
    gyro_flags: int = field(metadata=V(625))
    gyro_counts: tuple[tuple[int, ...], ...] = field(metadata=V(632, "2000/32768 deg/s"))

    @property
    def accel_g(self) -> NDArray[np.float64]:
        """(3, declared) raw acceleration, g."""
        return np.asarray(self.accel_counts, dtype=np.float64) / ACCEL_COUNTS_PER_G

    @property
    def gyro_dps(self) -> NDArray[np.float64]:
        """(3, declared) raw turning rate, degrees/s."""
        return np.asarray(self.gyro_counts, dtype=np.float64) * GYRO_DPS_PER_COUNT


def decode_v21(data: bytes) -> MotionBuffer:
    """Decode a motion buffer (exactly 1232 bytes, both counts 1..100)."""
    if len(data) != V21_SIZE:
        raise Undecodable(Reason.WRONG_LENGTH)
    if not is_v21(data):
        raise Undecodable(Reason.BAD_COUNT)
    return MotionBuffer(
        *head(data),
        accel_capacity=u16(data, 14),
        accel_id=data[18],
        accel_flags=data[19],
        accel_counts=_axes(data, 20, u16(data, 16)),
        gyro_capacity=u16(data, 620),
        gyro_id=data[624],
        gyro_flags=data[625],
        gyro_counts=_axes(data, 632, u16(data, 622)),
    )


def _axes(data: bytes, at: int, count: int) -> tuple[tuple[int, ...], ...]:
    step = 2 * IMU_SAMPLES
    return tuple(i16s(data, at + step * axis, count) for axis in range(3))


@dataclass(frozen=True, slots=True)
class ResearchRecord(Record):
    """Version 22: what it holds depends on a tag; bytes that a tag does not define are left over."""

    kind: ClassVar[str] = "research"

    tag: int = field(metadata=E(13))
    windows: tuple[PulseWindow, ...] = field(metadata=E())
    pip_epoch: int | None = field(metadata=E(15, "s"))
    accel_counts: tuple[tuple[int, ...], ...] = field(metadata=E(18, "1/4096 g"))
    flags_snapshot: int | None = field(metadata=E())
    accel_delta_g: float | None = field(metadata=E(None, "g"))
    floats: tuple[float | None, ...] = field(metadata=U())
    state_word: int | None = field(metadata=E())
    primary_flags: int | None = field(metadata=E())


_V22_WINDOWS: Final = {
    # tag: (start, differences) of each window
    1: ((15, 49),),
    2: ((15, 49),),
    3: ((15, 24), (67, 24)),
    4: ((15, 49),),
    5: ((23, 24),),
}
_V22_BASE: Final = {1: 117, 2: 117, 3: 119, 4: 117}
"""Where the shared block of details stands."""


def decode_v22(data: bytes) -> ResearchRecord:
    """Decode a research record (exactly 176 bytes); of an unknown tag only the header is read."""
    if len(data) != V22_SIZE:
        raise Undecodable(Reason.WRONG_LENGTH)
    tag = data[13]
    base = _V22_BASE.get(tag)
    details: tuple[int | None, float | None, tuple[float | None, ...], int | None, int | None]
    if base is not None:
        details = (
            data[base + 1],
            f32(data, base + 4),
            (f32(data, base + 8), f32(data, base + 12), f32(data, base + 16)),
            u16(data, base + 20),
            data[base + 26],
        )
    elif tag == 5:
        details = (None, f32(data, 75), (), u16(data, 79), data[81])
    else:
        details = (None, None, (), None, None)
    return ResearchRecord(
        *head(data),
        tag,
        tuple(pulse_window(data, at, count) for at, count in _V22_WINDOWS.get(tag, ())),
        u32(data, 15) if tag == 5 else None,
        tuple(i16s(data, at, 25) for at in (18, 68, 118)) if tag == 6 else (),
        *details,
    )
