"""Little-endian numbers at an offset. The caller has checked that the bytes are there."""

import math
from struct import Struct, unpack_from
from typing import Final

from .base import ACCEL_LIMIT_G, RR_MAX_MS, RR_MIN_MS

_U16: Final = Struct("<H").unpack_from
_I16: Final = Struct("<h").unpack_from
_U32: Final = Struct("<I").unpack_from
_I32: Final = Struct("<i").unpack_from
_F32: Final = Struct("<f").unpack_from
_F32X3: Final = Struct("<3f").unpack_from

type Vector = tuple[float, float, float]


def u16(data: bytes, at: int) -> int:
    """Read an unsigned 16-bit number."""
    value: int = _U16(data, at)[0]
    return value


def i16(data: bytes, at: int) -> int:
    """Read a signed 16-bit number."""
    value: int = _I16(data, at)[0]
    return value


def u32(data: bytes, at: int) -> int:
    """Read an unsigned 32-bit number."""
    value: int = _U32(data, at)[0]
    return value


def i32(data: bytes, at: int) -> int:
    """Read a signed 32-bit number."""
    value: int = _I32(data, at)[0]
    return value


def f32(data: bytes, at: int) -> float | None:
    """Read a float, None when it is not finite."""
    value: float = _F32(data, at)[0]
    return value if math.isfinite(value) else None


def vector(data: bytes, at: int) -> Vector:
    """Read three floats side by side, finite or not."""
    x, y, z = _F32X3(data, at)
    return x, y, z


def i16s(data: bytes, at: int, count: int) -> tuple[int, ...]:
    """Read signed 16-bit numbers that stand side by side."""
    return unpack_from(f"<{count}h", data, at)


def accel(data: bytes, at: int) -> Vector | None:
    """Read a mean acceleration (g), None when one axis is impossible."""
    x, y, z = vector(data, at)
    possible = abs(x) <= ACCEL_LIMIT_G and abs(y) <= ACCEL_LIMIT_G and abs(z) <= ACCEL_LIMIT_G
    return (x, y, z) if possible else None


def dyn_accel(data: bytes, at: int) -> float | None:
    """Read the largest step of the acceleration magnitude (g), None when it is impossible."""
    value: float = _F32(data, at)[0]
    return value if 0 <= value <= ACCEL_LIMIT_G else None


def intervals(data: bytes, count_at: int, slots: int) -> tuple[int, ...]:
    """Read the RR intervals (ms, oldest first) behind their declared count.

    A count above the number of slots gives none at all; impossible values are dropped one
    by one; what lies behind the end of the packet is not there.
    """
    if len(data) <= count_at or data[count_at] > slots:
        return ()
    used = min(data[count_at], (len(data) - count_at - 1) // 2)
    return tuple(
        value for value in i16s(data, count_at + 1, used) if RR_MIN_MS <= value <= RR_MAX_MS
    )


def text(data: bytes) -> str | None:
    """Read printable ASCII up to a NUL, None when there is none or something else is in it."""
    head = data.split(b"\0", 1)[0].strip()
    found = head.decode("ascii", "replace")
    return found if head and found.isascii() and found.isprintable() else None


def dotted(data: bytes, at: int, words: int = 4) -> str:
    """Read a version of 32-bit numbers, as ``41.17.6.0``."""
    return ".".join(str(u32(data, at + 4 * place)) for place in range(words))
