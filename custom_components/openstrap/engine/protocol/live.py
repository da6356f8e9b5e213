"""Packets of the live streams: heart rate 0x28 and motion 0x33."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from .base import ACCEL_COUNTS_PER_G, E, V, usable_hr
from .layout import LIVE_HR_FLOOR, LIVE_HR_RR_SLOTS
from .read import i16s, intervals, u16, u32
from .record import need

_IMU_FLOOR: Final = 84
_IMU_SAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class LiveHeartRate:
    """About once a second while the stream is on; history brings the same moment later."""

    kind: ClassVar[str] = "live_heart_rate"

    revision: int = field(metadata=V(1))
    epoch: int = field(metadata=V(2, "s"))
    subsec: int = field(metadata=V(6, "1/32768 s"))
    hr_bpm: int = field(metadata=V(8, "bpm"))
    """0 means "no reading"."""
    rr_declared: int | None = field(metadata=V(9))
    rr_ms: tuple[int, ...] = field(metadata=V(10, "ms"))
    on_body: bool | None = field(metadata=V(18))
    location: int | None = field(metadata=E(19))

    @property
    def usable_hr_bpm(self) -> int | None:
        """Heart rate, None when there is no reading or it is an artefact."""
        return usable_hr(self.hr_bpm)


def decode_live_hr(data: bytes) -> LiveHeartRate:
    """Decode a live heart rate (20 bytes; nine hold time and heart rate)."""
    need(data, LIVE_HR_FLOOR)
    return LiveHeartRate(
        revision=data[1],
        epoch=u32(data, 2),
        subsec=u16(data, 6),
        hr_bpm=data[8],
        rr_declared=data[9] if len(data) >= 10 else None,
        rr_ms=intervals(data, 9, LIVE_HR_RR_SLOTS),
        on_body=data[18] != 0 if len(data) >= 19 else None,
        location=data[19] if len(data) >= 20 else None,
    )


@dataclass(frozen=True, slots=True)
class LiveMotion:
    """Ten raw samples of the accelerometer."""

    kind: ClassVar[str] = "live_motion"

    epoch: int = field(metadata=E(4, "s"))
    index: int = field(metadata=E(14))
    accel_counts: tuple[tuple[int, ...], ...] = field(metadata=E(24, "1/4096 g"))

    @property
    def accel_g(self) -> NDArray[np.float64]:
        """(3, 10) raw acceleration, g."""
        return np.asarray(self.accel_counts, dtype=np.float64) / ACCEL_COUNTS_PER_G


def decode_live_motion(data: bytes) -> LiveMotion:
    """Decode a live motion packet (84 bytes or more)."""
    need(data, _IMU_FLOOR)
    return LiveMotion(
        epoch=u32(data, 4),
        index=u16(data, 14),
        accel_counts=tuple(i16s(data, at, _IMU_SAMPLES) for at in (24, 44, 64)),
    )
