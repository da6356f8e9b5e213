"""What every history and live record begins with."""

from dataclasses import dataclass, field
from typing import ClassVar

from .base import SUBSEC_PER_S, Reason, Undecodable, V
from .read import u16, u32


@dataclass(frozen=True, slots=True)
class Record:
    """What every record begins with."""

    kind: ClassVar[str] = "record"

    packet_type: int = field(metadata=V(0))
    version: int = field(metadata=V(1))
    flags: int = field(metadata=V(2))
    counter: int = field(metadata=V(3))
    epoch: int = field(metadata=V(7, "s"))
    subsec: int = field(metadata=V(11, "1/32768 s"))

    @property
    def ts_ms(self) -> int:
        """Strap time in whole milliseconds."""
        return self.epoch * 1000 + self.subsec * 1000 // SUBSEC_PER_S


def head(data: bytes) -> tuple[int, int, int, int, int, int]:
    """Read the common header: type, version, flags, counter, epoch, subsec."""
    return data[0], data[1], data[2], u32(data, 3), u32(data, 7), u16(data, 11)


def need(data: bytes, floor: int) -> None:
    """Raise Undecodable when the packet is shorter than its layout needs."""
    if len(data) < floor:
        raise Undecodable(Reason.TOO_SHORT)
