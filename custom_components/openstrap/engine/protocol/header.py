"""The little that ingest needs of every packet, without decoding it."""

from enum import IntEnum
from typing import Final

from .base import PacketType
from .layout import R10_VERSION, R11_VERSION

_TIME_AT: Final[dict[int, tuple[int, int]]] = {
    # packet type: places of epoch and subsec
    PacketType.HISTORICAL: (7, 11),
    PacketType.REALTIME_RAW: (7, 11),
    PacketType.REALTIME_HR: (2, 6),
    PacketType.EVENT: (4, 8),
    PacketType.CONSOLE: (4, 8),
    PacketType.METADATA: (3, 7),
}
_IMU_EPOCH_AT: Final = 4


class RecordKind(IntEnum):
    """Which stream of beats or motion a record belongs to, the best source first."""

    SUMMARY = 0
    HIGH_RATE = 1
    LIVE = 2
    LIVE_HIGH_RATE = 3


def record_time(inner: bytes) -> tuple[int, int] | None:
    """Strap time of a packet as (epoch seconds, 1/32768 s), or None when its type has none.

    Holds for undecodable records too: the place of the time does not depend on the version.
    """
    if not inner:
        return None
    if inner[0] == PacketType.REALTIME_IMU:
        at = _IMU_EPOCH_AT
        return (int.from_bytes(inner[at : at + 4], "little"), 0) if len(inner) >= at + 4 else None
    places = _TIME_AT.get(inner[0])
    if places is None or len(inner) < places[1] + 2:
        return None
    epoch, subsec = places
    return (
        int.from_bytes(inner[epoch : epoch + 4], "little"),
        int.from_bytes(inner[subsec : subsec + 2], "little"),
    )


def record_kind(inner: bytes) -> RecordKind | None:
    """Stream of a record by its first two bytes, or None when it is no record with beats.

    Optical records and every control packet give None. A summary record may still turn
    out to be undecodable.
    """
    if len(inner) < 2:
        return None
    kind, version = inner[0], inner[1]
    if kind == PacketType.REALTIME_HR:
        return RecordKind.LIVE
    if kind == PacketType.REALTIME_RAW:
        return RecordKind.LIVE_HIGH_RATE if version == R10_VERSION else None
    if kind != PacketType.HISTORICAL or version == R11_VERSION:
        return None
    return RecordKind.HIGH_RATE if version == R10_VERSION else RecordKind.SUMMARY
