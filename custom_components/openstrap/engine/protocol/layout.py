"""Numbers of the record layouts that more than one module needs."""

from typing import Final

from .base import Generation, PacketType

HEADER_FLOOR: Final = 13
"""Bytes of the header that every history and live record has: type, version, flags, counter,
epoch, subsec."""

R24_VERSIONS: Final = (24, 12)
R24_FLOOR: Final = 72
R24_SIZE: Final = 96
R24_RR_SLOTS: Final = 8

V25_FLOOR: Final = 75

R10_VERSION: Final = 10
R10_FLOOR: Final = 19
R10_COPY_END: Final = 82
"""End of the bytes that repeat an R24 of the same moment."""
R10_ACCEL_END: Final = 685
R10_GYRO_END: Final = 1288
R10_SIZE: Final = 1920
IMU_SAMPLES: Final = 100

R11_VERSION: Final = 11
R11_FLOOR: Final = 1714
"""End of the last optical block (records have 1924 bytes)."""

GATED_HR_AT: Final = {7: 27, 9: 17, 18: 14}
"""Where gen4 records of other versions have the heart rate."""
GATED_HR_AT_UNKNOWN: Final = 17
GATED_NORM2_G2: Final = (0.25, 3.24)
"""Squared gravity (g², 0.5 to 1.8 g) between which a guessed layout is believed."""

V18_FLOOR: Final = 109
V18_RR_SLOTS: Final = 4
V18_SKIN_TEMP_AT: Final = 65
V18_SKIN_TEMP_ABSENT: Final = -5000
"""Hundredths of a degree; this one says that there is no reading."""
V18_STEPS_AT: Final = 49
V20_SIZE: Final = 2128
V21_SIZE: Final = 1232
V22_SIZE: Final = 176
V26_SIZE: Final = 76

LIVE_HR_FLOOR: Final = 9
LIVE_HR_RR_SLOTS: Final = 4
LIVE_HR_SIZE: Final = 20

RECORD_TYPES: Final = frozenset({int(PacketType.HISTORICAL), int(PacketType.REALTIME_RAW)})
"""Packet types whose second byte is a record version."""


def is_v21(record: bytes) -> bool:
    """Tell whether a gen5 record is a motion buffer, which its version byte does not decide."""
    return (
        len(record) == V21_SIZE
        and 1 <= int.from_bytes(record[16:18], "little") <= IMU_SAMPLES
        and 1 <= int.from_bytes(record[622:624], "little") <= IMU_SAMPLES
    )


def infer_generation(inner: bytes) -> Generation:
    """Guess the generation of an inner payload that came without its envelope.

    Records of the versions that only WHOOP 5.0 sends, and motion buffers, are gen5;
    everything else is taken for gen4.
    """
    if len(inner) < 2 or inner[0] not in RECORD_TYPES:
        return Generation.GEN4
    gen5 = (
        is_v21(inner)
        or (inner[0] == PacketType.HISTORICAL and inner[1] in (20, 21, 22, 26))
        or (inner[0] == PacketType.HISTORICAL and inner[1] == 18 and len(inner) >= V18_FLOOR)
    )
    return Generation.GEN5 if gen5 else Generation.GEN4
