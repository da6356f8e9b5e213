"""Records of a WHOOP 4.0: history 0x2F and live 0x2B."""

from dataclasses import dataclass, field
import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from .base import (
    ACCEL_COUNTS_PER_G,
    GYRO_DPS_PER_COUNT,
    HR_MAX_BPM,
    HR_MIN_BPM,
    E,
    Reason,
    U,
    Undecodable,
    V,
    X,
    usable_hr,
)
from .layout import (
    GATED_HR_AT,
    GATED_HR_AT_UNKNOWN,
    GATED_NORM2_G2,
    IMU_SAMPLES,
    R10_ACCEL_END,
    R10_COPY_END,
    R10_FLOOR,
    R10_GYRO_END,
    R11_FLOOR,
    R24_FLOOR,
    R24_RR_SLOTS,
)
from .optical import OpticalBlock, block_r11
from .read import Vector, accel, dyn_accel, f32, i16s, intervals, u16, vector
from .record import Record, head, need


@dataclass(frozen=True, slots=True)
class SummaryRecord(Record):
    """R24, versions 24 and 12: the record of about every 0.961 s."""

    kind: ClassVar[str] = "summary"

    flags_13: bytes = field(metadata=U(13))
    hr_bpm: int = field(metadata=V(17, "bpm"))
    """As sent: 0 means "no reading". ``usable_hr_bpm`` is the one to use."""
    rr_declared: int = field(metadata=V(18))
    rr_ms: tuple[int, ...] = field(metadata=V(19, "ms"))
    optical_29: int = field(metadata=E(29, "counts"))
    """Green light level."""
    u16_31: int = field(metadata=X(31))
    """Straddles two other fields: noise."""
    dyn_accel_g: float | None = field(metadata=V(32, "g"))
    accel_g: Vector | None = field(metadata=V(36, "g"))
    float_48: float | None = field(metadata=U(48))
    u8_51: int = field(metadata=X(51))
    """Exponent byte of the float at 48: neither skin contact nor wear."""
    copy_52: bytes = field(metadata=V(52))
    """Repeats bytes 36 to 47."""
    optical_64: int = field(metadata=E(64, "counts"))
    optical_66: int = field(metadata=X(66, "counts"))
    """The signal at 64 plus a constant, not a second wavelength."""
    u16_68: int = field(metadata=X(68))
    """Moves 5 to 10 counts per record: no temperature."""
    optical_70: int = field(metadata=E(70, "counts"))
    """Probably ambient light."""
    u16_72: int | None = field(metadata=U(72))
    gain_words: tuple[int, int, int] | None = field(metadata=E(74))
    bytes_80: bytes | None = field(metadata=U(80))
    u8_88: int | None = field(metadata=U(88))

    @property
    def usable_hr_bpm(self) -> int | None:
        """Heart rate, None when there is no reading or it is an artefact."""
        return usable_hr(self.hr_bpm)


@dataclass(frozen=True, slots=True)
class GatedRecord(Record):
    """A record of another version, believed only because heart rate and gravity are plausible."""

    kind: ClassVar[str] = "summary_gated"

    hr_bpm: int = field(metadata=E(None, "bpm"))
    accel_g: Vector = field(metadata=E(36, "g"))

    @property
    def usable_hr_bpm(self) -> int:
        """Heart rate; the gate has let only usable ones through."""
        return self.hr_bpm


@dataclass(frozen=True, slots=True)
class MotionRecord(Record):
    """R10: the raw motion samples of one record period, 104 Hz."""

    kind: ClassVar[str] = "motion"

    hr_bpm: int = field(metadata=V(17, "bpm"))
    rr_declared: int = field(metadata=V(18))
    rr_ms: tuple[int, ...] = field(metadata=V(19, "ms"))
    dyn_accel_g: float | None = field(metadata=V(42, "g"))
    accel_mean_g: Vector | None = field(metadata=V(46, "g"))
    """As the summary record of the same moment has them."""
    copy_42: bytes = field(metadata=V(42))
    """Repeats bytes 32 to 71 of the summary record of the same moment."""
    accel_native: int | None = field(metadata=V(84, "samples"))
    accel_counts: tuple[tuple[int, ...], ...] = field(metadata=V(85, "1/4096 g"))
    """Three axes of 100 samples; empty when the record is cut off before them."""
    gyro_native: int | None = field(metadata=V(687, "samples"))
    gyro_counts: tuple[tuple[int, ...], ...] = field(metadata=V(688, "2000/32768 deg/s"))

    @property
    def usable_hr_bpm(self) -> int | None:
        """Heart rate, None when there is no reading or it is an artefact."""
        return usable_hr(self.hr_bpm)

    @property
    def accel_g(self) -> NDArray[np.float64]:
        """(3, 100) raw acceleration, g; (0,) when absent."""
        return np.asarray(self.accel_counts, dtype=np.float64) / ACCEL_COUNTS_PER_G

    @property
    def gyro_dps(self) -> NDArray[np.float64]:
        """(3, 100) raw turning rate, degrees/s; (0,) when absent."""
        return np.asarray(self.gyro_counts, dtype=np.float64) * GYRO_DPS_PER_COUNT


@dataclass(frozen=True, slots=True)
class OpticalRecord(Record):
    """R11: the raw light samples of one record period, 52 Hz. It carries no heart rate."""

    kind: ClassVar[str] = "optical"

    blocks: tuple[OpticalBlock, ...] = field(metadata=V(14))


def decode_r24(data: bytes) -> SummaryRecord:
    """Decode versions 24 (96 bytes) and 12 (88 bytes); what is cut off behind byte 72 is None."""
    need(data, R24_FLOOR)
    if not all(map(math.isfinite, vector(data, 36))):
        raise Undecodable(Reason.NON_FINITE)
    size = len(data)
    return SummaryRecord(
        *head(data),
        flags_13=data[13:17],
        hr_bpm=data[17],
        rr_declared=data[18],
        rr_ms=intervals(data, 18, R24_RR_SLOTS),
        optical_29=u16(data, 29),
        u16_31=u16(data, 31),
        dyn_accel_g=dyn_accel(data, 32),
        accel_g=accel(data, 36),
        float_48=f32(data, 48),
        u8_51=data[51],
        copy_52=data[52:64],
        optical_64=u16(data, 64),
        optical_66=u16(data, 66),
        u16_68=u16(data, 68),
        optical_70=u16(data, 70),
        u16_72=u16(data, 72) if size >= 74 else None,
        gain_words=(u16(data, 74), u16(data, 76), u16(data, 78)) if size >= 80 else None,
        bytes_80=data[80:88] if size >= 88 else None,
        u8_88=data[88] if size >= 89 else None,
    )


def decode_gated(data: bytes) -> GatedRecord:
    """Decode a version without a layout of its own as far as the older ones agree."""
    need(data, R24_FLOOR)
    x, y, z = vector(data, 36)
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        raise Undecodable(Reason.NON_FINITE)
    hr_bpm = data[GATED_HR_AT.get(data[1], GATED_HR_AT_UNKNOWN)]
    low, high = GATED_NORM2_G2
    if not (HR_MIN_BPM <= hr_bpm <= HR_MAX_BPM and low <= x * x + y * y + z * z <= high):
        raise Undecodable(Reason.IMPLAUSIBLE)
    return GatedRecord(*head(data), hr_bpm=hr_bpm, accel_g=(x, y, z))


def decode_r10(data: bytes) -> MotionRecord:
    """Decode a motion record; each part needs only its own bytes."""
    need(data, R10_FLOOR)
    size = len(data)
    has_accel, has_gyro = size >= R10_ACCEL_END, size >= R10_GYRO_END
    return MotionRecord(
        *head(data),
        hr_bpm=data[17],
        rr_declared=data[18],
        rr_ms=intervals(data, 18, R24_RR_SLOTS),
        dyn_accel_g=dyn_accel(data, 42) if size >= 58 else None,
        accel_mean_g=accel(data, 46) if size >= 58 else None,
        copy_42=data[42:R10_COPY_END],
        accel_native=data[84] if has_accel else None,
        accel_counts=_axes(data, 85) if has_accel else (),
        gyro_native=data[687] if has_gyro else None,
        gyro_counts=_axes(data, 688) if has_gyro else (),
    )


def decode_r11(data: bytes) -> OpticalRecord:
    """Decode the four optical blocks."""
    need(data, R11_FLOOR)
    blocks = tuple(block_r11(data, at) for at in (14, 439, 864, 1289))
    return OpticalRecord(*head(data), blocks=blocks)


def _axes(data: bytes, at: int) -> tuple[tuple[int, ...], ...]:
    step = 2 * IMU_SAMPLES
    return tuple(i16s(data, at + step * axis, IMU_SAMPLES) for axis in range(3))
