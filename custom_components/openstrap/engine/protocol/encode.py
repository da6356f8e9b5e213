"""Packets as a strap would send them: for the demo wearer, the simulated strap and tests.

Inner payloads only; ``build_frame`` wraps them (the role bytes then say "host", which
no reader may judge).
"""

from collections.abc import Sequence
from struct import Struct
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .base import ACCEL_COUNTS_PER_G, GYRO_DPS_PER_COUNT, PacketType
from .layout import (
    IMU_SAMPLES,
    R10_COPY_END,
    R10_SIZE,
    R24_SIZE,
    V18_RR_SLOTS,
    V18_SKIN_TEMP_ABSENT,
)

_CONSTANT_R24: Final = 5
_CONSTANT_R10: Final = 41
"""Byte 2 of the gen4 kinds."""
_FLAGS_R24: Final = b"\x80\x54\x54\x01"
"""Bytes 13 to 16, constant over long stretches of real records."""

_R24_ROW: Final = np.dtype(
    {
        "names": [
            "type", "version", "constant", "counter", "epoch", "subsec", "flags", "hr",
            "declared", "rr", "green", "dyn", "accel", "float48", "copy", "levels", "u16_72",
            "gain",
        ],
        "formats": [
            "u1", "u1", "u1", "<u4", "<u4", "<u2", "<u4", "u1",
            "u1", ("<i2", 4), "<u2", "<f4", ("<f4", 3), "<f4", ("<f4", 3), ("<u2", 4), "<u2",
            ("<u2", 3),
        ],
        "offsets": [0, 1, 2, 3, 7, 11, 13, 17, 18, 19, 29, 32, 36, 48, 52, 64, 72, 74],
        "itemsize": R24_SIZE,
    }
)  # fmt: skip
_RR_STORED: Final = 4
"""Intervals a real summary record has room for before other fields begin to differ."""
_LEVELS: Final = (534, 644, 680, 644)
"""Optical levels at offsets 64 to 70 of a resting strap, counts."""
_U16_72: Final = 350
_GAIN: Final = (0x0B01, 0x0C01, 0x0C02)
"""Channel words at offset 74: green lit, the other two idle."""
_GREEN: Final = 3000


def encode_r24_rows(
    *,
    counter: ArrayLike,
    epoch: ArrayLike,
    subsec: ArrayLike,
    hr_bpm: ArrayLike,
    rr_ms: ArrayLike,
    rr_count: ArrayLike,
    accel_g: ArrayLike,
    dyn_accel_g: ArrayLike = 0.0,
) -> NDArray[np.uint8]:
    """Encode n summary records of version 24 as rows, (n, 96).

    ``counter``, ``epoch`` (s), ``subsec`` (1/32768 s), ``hr_bpm``, ``rr_count`` (0..4) and
    ``dyn_accel_g`` (g) are (n,) or one value for all; ``rr_ms`` is (n, up to 4), ms, and
    ``accel_g`` (n, 3), g.
    """
    accel = np.asarray(accel_g, dtype=np.float32)
    intervals = np.asarray(rr_ms, dtype=np.int16)
    rows = np.zeros(accel.shape[0], dtype=_R24_ROW)
    values: dict[str, Any] = {
        "type": PacketType.HISTORICAL,
        "version": 24,
        "constant": _CONSTANT_R24,
        "counter": counter,
        "epoch": epoch,
        "subsec": subsec,
        "flags": int.from_bytes(_FLAGS_R24, "little"),
        "hr": hr_bpm,
        "declared": rr_count,
        "green": _GREEN,
        "dyn": dyn_accel_g,
        "accel": accel,
        "copy": accel,
        "levels": _LEVELS,
        "u16_72": _U16_72,
        "gain": _GAIN,
    }
    for name, value in values.items():
        rows[name] = value
    used = intervals.shape[1]
    rows["rr"][:, :used] = np.where(
        np.arange(used) < np.asarray(rr_count).reshape(-1, 1), intervals, 0
    )
    return rows.view(np.uint8).reshape(-1, R24_SIZE)


def encode_r24(
    counter: int,
    epoch: int,
    subsec: int,
    hr_bpm: int,
    rr_ms: Sequence[int] = (),
    *,
    accel_g: Sequence[float] = (0.0, 0.0, 1.0),
    dyn_accel_g: float = 0.01,
) -> bytes:
    """Encode one summary record of version 24 (96 bytes); at most four intervals (ms)."""
    if len(rr_ms) > _RR_STORED:
        raise ValueError(f"a record has at most {_RR_STORED} intervals")
    intervals = [*rr_ms, *[0] * (_RR_STORED - len(rr_ms))]
    rows = encode_r24_rows(
        counter=counter,
        epoch=epoch,
        subsec=subsec,
        hr_bpm=hr_bpm,
        rr_ms=[intervals],
        rr_count=len(rr_ms),
        accel_g=[accel_g],
        dyn_accel_g=dyn_accel_g,
    )
    return rows.tobytes()


def encode_r10(
    counter: int,
    epoch: int,
    subsec: int,
    hr_bpm: int,
    rr_ms: Sequence[int],
    *,
    accel_g: ArrayLike,
    gyro_dps: ArrayLike,
    live: bool = False,
) -> bytes:
    """Encode one high-rate motion record (1920 bytes), the twin of an ``encode_r24``.

    ``accel_g`` and ``gyro_dps`` are (3, 100). The mean and the largest step follow from
    the samples, so an R24 of the same moment must be given the same.
    """
    accel = np.asarray(accel_g, dtype=np.float64)
    samples = np.clip(np.rint(accel * ACCEL_COUNTS_PER_G), -32768, 32767).astype("<i2")
    turns = np.clip(np.rint(np.asarray(gyro_dps) / GYRO_DPS_PER_COUNT), -32768, 32767)
    mean = samples.mean(axis=1) / ACCEL_COUNTS_PER_G
    step = np.abs(np.diff(np.linalg.norm(samples / ACCEL_COUNTS_PER_G, axis=0))).max()
    twin = encode_r24(
        counter, epoch, subsec, hr_bpm, rr_ms, accel_g=mean.tolist(), dyn_accel_g=float(step)
    )
    record = bytearray(R10_SIZE)
    record[0] = PacketType.REALTIME_RAW if live else PacketType.HISTORICAL
    record[1:3] = bytes((10, _CONSTANT_R10))
    record[3:32] = twin[3:32]
    record[42:R10_COPY_END] = twin[32:72]
    record[82:85] = bytes((3, 1, IMU_SAMPLES))
    record[85:685] = samples.tobytes()
    record[685:688] = bytes((5, 1, IMU_SAMPLES))
    record[688:1288] = turns.astype("<i2").tobytes()
    return bytes(record)


_LIVE_HR: Final = Struct("<BBIHBB4HBB")


def encode_live_hr(
    epoch: int,
    subsec: int,
    hr_bpm: int,
    rr_ms: Sequence[int] = (),
    *,
    on_body: bool = True,
    location: int = 1,
) -> bytes:
    """Encode one live heart rate packet (20 bytes); at most four intervals (ms)."""
    intervals = [*rr_ms, *[0] * (4 - len(rr_ms))]
    return _LIVE_HR.pack(
        PacketType.REALTIME_HR, 2, epoch, subsec, hr_bpm, len(rr_ms), *intervals, on_body, location
    )


_EVENT: Final = Struct("<BBHIHH")


def encode_event(
    event_id: int, epoch: int, subsec: int = 0, body: bytes = b"", *, sequence: int = 0
) -> bytes:
    """Encode one event with its body, padded to a multiple of four as on the air."""
    packet = _EVENT.pack(PacketType.EVENT, sequence, event_id, epoch, subsec, len(body)) + body
    return packet + bytes(-len(packet) % 4)


def encode_console(epoch: int, text: str, subsec: int = 0, *, sequence: int = 0) -> bytes:
    """Encode one line of the strap's log (Latin-1)."""
    body = text.encode("latin-1")
    packet = _EVENT.pack(PacketType.CONSOLE, sequence, 2, epoch, subsec, len(body)) + body
    return packet + bytes(-len(packet) % 4)


_BATTERY: Final = Struct("<BIIBB")


def battery_body(percent: float, millivolts: int, *, charging: bool) -> bytes:
    """Encode the body of a battery event (20 bytes)."""
    body = _BATTERY.pack(2, round(percent * 10), millivolts, charging, charging)
    return body.ljust(20, b"\0")


_MARKER: Final = Struct("<BBBIH")


def encode_marker(
    sub: int,
    epoch: int,
    subsec: int = 0,
    *,
    expected_count: int = 0,
    token: bytes = bytes(8),
    firmware: Sequence[int] = (41, 17, 6, 0),
    sequence: int = 0,
) -> bytes:
    """Encode a history marker: ``sub`` 1 start (with firmware), 2 end (count, token), 3 complete."""
    packet = _MARKER.pack(PacketType.METADATA, sequence, sub, epoch, subsec)
    if sub == 1:
        packet += bytes((6, 0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0))
        packet += b"".join(word.to_bytes(4, "little") for word in firmware) + bytes((8, 6))
    elif sub == 2:
        packet += expected_count.to_bytes(4, "little") + token
    return packet + bytes(-len(packet) % 4)


_V18_HEAD: Final = Struct("<BBBIIHxBB4h")


def encode_v18(
    counter: int,
    epoch: int,
    subsec: int,
    hr_bpm: int,
    rr_ms: Sequence[int] = (),
    *,
    accel_g: Sequence[float] = (0.0, 0.0, 1.0),
    dyn_accel_g: float = 0.01,
    steps: int = 0,
    skin_temp_c: float | None = None,
    sleep_state: int = 0,
) -> bytes:
    """Encode one gen5 summary record of version 18 (112 bytes); at most four intervals (ms)."""
    intervals = [*rr_ms, *[0] * (V18_RR_SLOTS - len(rr_ms))]
    record = bytearray(112)
    _V18_HEAD.pack_into(
        record, 0, PacketType.HISTORICAL, 18, 0x80, counter, epoch, subsec, hr_bpm,
        len(rr_ms), *intervals,
    )  # fmt: skip
    Struct("<4fH").pack_into(record, 33, dyn_accel_g, *accel_g, steps)
    centi = V18_SKIN_TEMP_ABSENT if skin_temp_c is None else round(skin_temp_c * 100)
    Struct("<3h3H").pack_into(record, 61, 247, 265, centi, 0x0700, *_GAIN[1:])
    record[73] = sleep_state << 4
    record[100:102] = bytes((30, 30))
    Struct("<f").pack_into(record, 105, -5.25)
    return bytes(record)
