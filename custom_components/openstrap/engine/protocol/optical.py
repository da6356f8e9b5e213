"""Raw light: blocks of samples (gen4 R11, gen5 v20) and pulse windows (gen4 v25, gen5 v26, v22)."""

from dataclasses import dataclass, field
from itertools import accumulate
from struct import unpack_from
from typing import Final

from .base import E, V
from .read import i16, i16s, i32, u16, u32

MAX_SAMPLES: Final = 50
"""Samples one detector has room for; a larger count is no count."""
ADC_MIN: Final = -(1 << 19)
ADC_MAX: Final = (1 << 19) - 1
"""Bounds of a 20-bit sample."""
_RAILS: Final = (-32768, 32767)
"""A difference at its limit was clipped."""


@dataclass(frozen=True, slots=True)
class Led:
    """One light source of a block."""

    driver: int = field(metadata=E(0))
    current: int = field(metadata=E(1, "10 uA"))


@dataclass(frozen=True, slots=True)
class Detector:
    """Front-end settings of one light detector."""

    photodiode: int = field(metadata=E(0))
    range_ua: int = field(metadata=E(1, "uA"))
    offset: int = field(metadata=E(5, "10 nA"))


@dataclass(frozen=True, slots=True)
class OpticalBlock:
    """Samples of two detectors under one set of lights."""

    count: int = field(metadata=V(0, "samples"))
    leds: tuple[Led, ...] = field(metadata=E(1))
    detectors: tuple[Detector, Detector] = field(metadata=E())
    a: tuple[int, ...] = field(metadata=V(None, "counts"))
    b: tuple[int, ...] = field(metadata=V(None, "counts"))


@dataclass(frozen=True, slots=True)
class PulseWindow:
    """A pulse wave as first sample and differences."""

    first_adc: int = field(metadata=V(0, "counts"))
    deltas: tuple[int, ...] = field(metadata=V(4, "counts"))

    @property
    def samples(self) -> tuple[int, ...]:
        """The wave itself: one sample more than there are differences, counts."""
        return tuple(accumulate(self.deltas, initial=self.first_adc))

    @property
    def first_ambiguous(self) -> int | None:
        """Index of the first sample that cannot be relied on, nor can any later one.

        A clipped difference, or a sample beyond 20 bits, which proves that the sum went astray.
        """
        for index, sample in enumerate(self.samples):
            clipped = index > 0 and self.deltas[index - 1] in _RAILS
            if clipped or not ADC_MIN <= sample <= ADC_MAX:
                return index
        return None


def pulse_window(data: bytes, at: int, differences: int) -> PulseWindow:
    """Read a window: i32 first sample, then i16 differences."""
    return PulseWindow(i32(data, at), i16s(data, at + 4, differences))


def _led(data: bytes, at: int) -> Led:
    return Led(data[at], u16(data, at + 1))


def _detector(data: bytes, at: int) -> Detector:
    return Detector(data[at], u32(data, at + 1), i16(data, at + 5))


def _count(declared: int) -> int:
    return declared if declared <= MAX_SAMPLES else 0


def block_r11(data: bytes, at: int) -> OpticalBlock:
    """Read one of the four blocks of a gen4 optical record (425 bytes)."""
    count = _count(data[at])
    return OpticalBlock(
        count=count,
        leds=(_led(data, at + 1), _led(data, at + 4), _led(data, at + 7)),
        detectors=(_detector(data, at + 10), _detector(data, at + 17)),
        a=unpack_from(f"<{count}i", data, at + 24),
        b=unpack_from(f"<{count}i", data, at + 224),
    )


def block_v20(data: bytes, at: int) -> OpticalBlock:
    """Read one of the five blocks of a gen5 optical buffer (422 bytes)."""
    count = _count(data[at])
    return OpticalBlock(
        count=count,
        leds=(_led(data, at + 1), _led(data, at + 4)),
        detectors=(_detector(data, at + 7), _detector(data, at + 14)),
        a=_twenty_bits(data, at + 21, count),
        b=_twenty_bits(data, at + 221, count),
    )


def _twenty_bits(data: bytes, at: int, count: int) -> tuple[int, ...]:
    slots = unpack_from(f"<{count}I", data, at)
    return tuple(((slot & 0xFFFFF) ^ 0x80000) - 0x80000 for slot in slots)
