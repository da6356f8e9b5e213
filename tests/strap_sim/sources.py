"""Where records come from: functions of the true time, asked for any stretch in any pieces.

A source takes a stretch (epoch s) and gives the inner payloads of the records with
start <= time < end, in order, with true stamps and a counter that goes up. The strap
stamps them anew where its own clock or counter differ.
"""

from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from custom_components.openstrap.engine.demo import RECORD_PARTS, RECORD_TICKS, demo_frames
from custom_components.openstrap.engine.dice import uniform
from custom_components.openstrap.engine.protocol import Generation, decode_records
from custom_components.openstrap.engine.protocol.encode import (
    encode_r10,
    encode_r24_rows,
    encode_v18,
)

type Source = Callable[[float, float], list[bytes]]

_HOUR_S: Final = 3600
_COUNTER_EPOCH: Final = 1_400_000_000
_R11_SIZE: Final = 1924
_V18_SIZE: Final = 112


def split_rows(rows: NDArray[np.uint8]) -> list[bytes]:
    """Cut a matrix into its rows."""
    size, data = rows.shape[1], rows.tobytes()
    return [data[at : at + size] for at in range(0, len(data), size)]


def time_of(inner: bytes) -> float:
    """Read the time of a record, s."""
    return int.from_bytes(inner[7:11], "little") + int.from_bytes(inner[11:13], "little") / 32768


def _by_hour(make: Callable[[int], list[bytes]]) -> Source:
    """Serve any stretch from whole hours, the last few of which are kept."""

    @lru_cache(maxsize=4)
    def hour(number: int) -> tuple[list[bytes], NDArray[np.float64]]:
        inners = make(number)
        return inners, np.array([time_of(inner) for inner in inners])

    def source(start_ts: float, end_ts: float) -> list[bytes]:
        found: list[bytes] = []
        for number in range(int(start_ts // _HOUR_S), math.ceil(end_ts / _HOUR_S)):
            inners, times = hour(number)
            first, last = np.searchsorted(times, (start_ts, end_ts))
            found += inners[first:last]
        return found

    return source


def demo_source(seed: int, tz: tzinfo, generation: Generation = Generation.GEN4) -> Source:
    """Let the demo wearer wear the strap."""

    def gen4(number: int) -> list[bytes]:
        return demo_frames(seed, number * _HOUR_S, (number + 1) * _HOUR_S, tz)

    def gen5(number: int) -> list[bytes]:
        # The second s holds the beats of the records that came in the second before it.
        start = number * _HOUR_S
        return _seconds(demo_frames(seed, start - 1, start + _HOUR_S, tz), start, start + _HOUR_S)

    return _by_hour(gen4 if generation is Generation.GEN4 else gen5)


def steady_source(seed: int = 0, generation: Generation = Generation.GEN4) -> Source:
    """Let someone wear it whose heart hardly changes: cheap, for tests that look elsewhere."""

    def gen4(start_ts: float, end_ts: float) -> list[bytes]:
        low, high = (
            math.ceil(edge * 32768) * RECORD_PARTS // RECORD_TICKS for edge in (start_ts, end_ts)
        )
        number = np.arange(low, high + 2, dtype=np.int64)
        ticks = number * RECORD_TICKS // RECORD_PARTS
        inside = (ticks >= start_ts * 32768) & (ticks < end_ts * 32768)
        number, ticks = number[inside], ticks[inside]
        hr = 55 + (10 * uniform(seed, "steady", number // 60)).astype(np.int64)
        rr = 60000 // hr + (20 * uniform(seed, "beat", number)).astype(np.int64)
        rows = encode_r24_rows(
            counter=number - _COUNTER_EPOCH * RECORD_PARTS // 25,
            epoch=ticks >> 15,
            subsec=ticks & 32767,
            hr_bpm=hr,
            rr_ms=rr.reshape(-1, 1),
            rr_count=np.ones(len(number), dtype=np.int64),
            accel_g=np.tile((0.1, 0.2, 0.97), (len(number), 1)),
            dyn_accel_g=0.01,
        )
        return split_rows(rows)

    def gen5(start_ts: float, end_ts: float) -> list[bytes]:
        first, last = math.ceil(start_ts), math.ceil(end_ts)
        return _seconds(gen4(first - 1, last), first, last)

    return gen4 if generation is Generation.GEN4 else gen5


def _seconds(summaries: list[bytes], first: int, last: int) -> list[bytes]:
    """Turn gen4 summaries into those of gen5, one for each second that has any."""
    if not summaries:
        return []
    records = decode_records(
        np.frombuffer(b"".join(summaries), dtype=np.uint8).reshape(len(summaries), -1),
        Generation.GEN4,
    )
    second = np.ceil(records.ts).astype(np.int64)
    wanted = np.flatnonzero((second >= first) & (second < last))
    kept, at = np.unique(second[wanted], return_index=True)
    if not len(kept):
        return []
    edges = wanted[0] + np.append(at, len(wanted))
    last_row = edges[1:] - 1
    template = np.frombuffer(encode_v18(0, 0, 0, 0), dtype=np.uint8)
    rows = np.tile(template, (len(kept), 1))
    _put(rows, 3, (kept - _COUNTER_EPOCH).astype("<u4"))
    _put(rows, 7, kept.astype("<u4"))
    _put(rows, 14, records.hr_bpm[last_row].astype("u1"))
    _put(rows, 33, records.dyn_accel_g[last_row].astype("<f4"))
    _put(rows, 37, records.accel_g[last_row].astype("<f4"))
    _put(rows, 65, np.full(len(kept), 3350, dtype="<i2"))
    for index in range(len(kept)):
        of = slice(edges[index], edges[index + 1])
        rr = records.rr_ms[of][np.arange(8) < records.rr_count[of][:, None]][:4].astype("<i2")
        rows[index, 15] = len(rr)
        rows[index, 16 : 16 + 2 * len(rr)] = rr.view(np.uint8)
    return split_rows(rows)


def _put(rows: NDArray[np.uint8], at: int, values: NDArray[np.generic]) -> None:
    """Write a field into all rows."""
    data = np.ascontiguousarray(values).view(np.uint8).reshape(len(rows), -1)
    rows[:, at : at + data.shape[1]] = data


def with_raw(summaries: Source) -> Source:
    """Store raw motion and optics beside each gen4 summary: three records of a moment."""
    wave = np.sin(np.arange(300).reshape(3, 100) / 9.0) * 0.05 + np.array([[0.1], [0.2], [0.97]])
    motion = encode_r10(0, 0, 0, 60, (), accel_g=wave, gyro_dps=wave)
    optics = bytearray(_R11_SIZE)
    optics[:3] = bytes((0x2F, 11, 0))
    for block in (14, 1289):
        optics[block] = 50
        samples = (40_000 + 500 * np.sin(np.arange(100) / 8.0)).astype("<i4")
        optics[block + 24 : block + 424] = samples.tobytes()
    tail = bytes(optics[13:])

    def source(start_ts: float, end_ts: float) -> list[bytes]:
        found = []
        for inner in summaries(start_ts, end_ts):
            r10 = motion[:3] + inner[3:32] + motion[32:42] + inner[32:72] + motion[82:]
            found += [inner, r10, b"\x2f\x0b\0" + inner[3:13] + tail]
        return found

    return source


def with_unknown_version(known: Source, every: int, version: int = 99) -> Source:
    """Make every so many-th record (by its counter) one of a version that nobody can read."""

    def alter(inner: bytes) -> bytes:
        if int.from_bytes(inner[3:7], "little") % every:
            return inner
        body = bytes(255 - byte for byte in inner[13:])
        return inner[:1] + bytes((version,)) + inner[2:13] + body

    return lambda start_ts, end_ts: [alter(inner) for inner in known(start_ts, end_ts)]
