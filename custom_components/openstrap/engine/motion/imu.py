"""Raw acceleration out of the frames that carry it, as stretches without a hole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..protocol.base import ACCEL_COUNTS_PER_G, SUBSEC_PER_S, Generation, PacketType
from ..protocol.layout import IMU_SAMPLES, R10_ACCEL_END, R10_VERSION, V21_SIZE
from ..signal.accel import MAX_ACCEL_G

RECORD_S: Final = 0.9615
"""A gen4 record lasts 25/26 s: its 100 samples are taken at 104 Hz."""
BUFFER_S: Final = 1.0
LIVE_SAMPLES: Final = 10
LIVE_FLOOR: Final = 84
MIN_LIVE_FRAMES: Final = 8
"""Frames of a second's ten from which the live stream stands for it; else the records do."""
RAW_RECORD_AT: Final = 85
BUFFER_AT: Final = 20
AXIS_BYTES: Final = 2 * IMU_SAMPLES
LIVE_AXES_AT: Final = (24, 44, 64)
MAX_JOIN_S: Final = 0.25
"""Longest hole between records that belong to one stretch, s: times jitter by a few ms."""

type Rows = NDArray[np.uint8]
type Frames = tuple[Generation, Rows]
"""Inner payloads of one kind and length, (n, length)."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Raw acceleration without a hole: ``ts`` (n,) epoch s, ``magnitude_g`` (n,) g with gravity."""

    ts: NDArray[np.float64]
    magnitude_g: NDArray[np.float64]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(self.ts[-1] - self.ts[0]) if len(self.ts) else 0.0


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Frames of one length of time: ``start`` (n,) epoch s, ``magnitude_g`` (n, k), NaN unused."""

    start: NDArray[np.float64]
    magnitude_g: NDArray[np.float64]
    step_s: float


def stretches_of(frames: Iterable[Frames]) -> tuple[Stretch, ...]:
    """Join frames of any kinds and order into stretches, ascending, each moment once.

    Taken are gen4 motion records, gen5 motion buffers (both history or live) and frames of the
    live motion stream; what is of another kind is left out. A second of the live stream counts
    when at least eight of its ten frames came, and then in place of the records of that second:
    both tell of the same movement. Historical motion frames have no known layout.
    """
    records: list[_Pieces] = []
    live: list[Rows] = []
    for generation, rows in frames:
        if (pieces := _records(generation, rows)) is not None:
            records.append(pieces)
        elif rows.shape[1] >= LIVE_FLOOR and len(rows) and rows[0, 0] == PacketType.REALTIME_IMU:
            live.append(rows)
    heard = [rows[:, :LIVE_FLOOR] for rows in live]
    seconds = _live(np.concatenate(heard)) if heard else None
    taken = set() if seconds is None else set(seconds.start.tolist())
    found: list[tuple[float, float, NDArray[np.float64]]] = []
    for pieces in records if seconds is None else [*records, seconds]:
        for start, values in zip(pieces.start.tolist(), pieces.magnitude_g, strict=True):
            kept = values[np.isfinite(values)].astype(np.float64)
            middle = np.floor(start + pieces.step_s * len(kept) / 2.0)
            if len(kept) and (pieces is seconds or middle not in taken):
                found.append((start, pieces.step_s, kept))
    return _joined(found)


def _joined(found: list[tuple[float, float, NDArray[np.float64]]]) -> tuple[Stretch, ...]:
    """Lay pieces one after another; of those that overlap the first, by time and content, stays."""
    found.sort(key=lambda piece: (piece[0], piece[1], piece[2].tobytes()))
    joined: list[Stretch] = []
    times: list[NDArray[np.float64]] = []
    values: list[NDArray[np.float64]] = []
    end = -np.inf
    for start, step, magnitude in found:
        if start < end - MAX_JOIN_S:
            continue
        if times and start > end + MAX_JOIN_S:
            joined.append(Stretch(np.concatenate(times), np.concatenate(values)))
            times, values = [], []
        if times:
            # Time goes on: a stamp may lie a little before the end of the piece before it.
            start = max(start, float(times[-1][-1]) + 1e-3)
        times.append(start + step * np.arange(len(magnitude), dtype=np.float64))
        values.append(magnitude)
        end = start + step * len(magnitude)
    if times:
        joined.append(Stretch(np.concatenate(times), np.concatenate(values)))
    return tuple(joined)


def _records(generation: Generation, rows: Rows) -> _Pieces | None:
    """Take the samples of history or live motion records; None for frames of another kind."""
    if not len(rows) or rows[0, 0] not in (PacketType.HISTORICAL, PacketType.REALTIME_RAW):
        return None
    length = rows.shape[1]
    if generation is Generation.GEN4 and rows[0, 1] == R10_VERSION and length >= R10_ACCEL_END:
        counts = np.full(len(rows), IMU_SAMPLES)
        at, lasts_s = RAW_RECORD_AT, RECORD_S
    elif generation is Generation.GEN5 and length == V21_SIZE:
        counts = _column(rows, 16, "<u2", 1)[:, 0].astype(np.int64)
        at, lasts_s = BUFFER_AT, BUFFER_S
    else:
        return None
    axes = [_column(rows, at + AXIS_BYTES * axis, "<i2", IMU_SAMPLES) for axis in range(3)]
    magnitude = _magnitude(axes)
    magnitude[np.arange(IMU_SAMPLES) >= counts[:, None]] = np.nan
    epoch = _column(rows, 7, "<u4", 1)[:, 0].astype(np.float64)
    subsec = _column(rows, 11, "<u2", 1)[:, 0]
    return _Pieces(epoch + subsec / SUBSEC_PER_S, magnitude, lasts_s / IMU_SAMPLES)


def _live(rows: Rows) -> _Pieces:
    """Put the frames of each second of the live stream in order; seconds with too few are left out."""
    epoch = _column(rows, 4, "<u4", 1)[:, 0].astype(np.int64)
    index = _column(rows, 14, "<u2", 1)[:, 0].astype(np.int64)
    magnitude = _magnitude([_column(rows, at, "<i2", LIVE_SAMPLES) for at in LIVE_AXES_AT])
    # A frame that came twice is one; two of a stamp that differ are told apart by content.
    order = np.lexsort((*magnitude.T, index, epoch))
    again = np.zeros(len(order), dtype=bool)
    again[1:] = (np.diff(epoch[order]) == 0) & (np.diff(index[order]) == 0)
    order = order[~again]
    starts, values = [], []
    first = np.flatnonzero(np.diff(epoch[order], prepend=-1))
    for part in np.split(order, first[1:]) if len(order) else ():
        if MIN_LIVE_FRAMES <= len(part) <= LIVE_SAMPLES:
            starts.append(float(epoch[part[0]]))
            second = np.full(LIVE_SAMPLES * LIVE_SAMPLES, np.nan)
            # Spread over the second: where a frame is missing its neighbours move together.
            told = magnitude[part].ravel()
            place = np.linspace(0.0, len(told) - 1.0, len(second))
            second[:] = np.interp(place, np.arange(len(told)), told)
            values.append(second)
    size = LIVE_SAMPLES * LIVE_SAMPLES
    return _Pieces(np.array(starts), np.array(values).reshape(-1, size), 1.0 / size)


def _magnitude(axes: list[NDArray[np.int16]]) -> NDArray[np.float64]:
    """Length of the vectors, g; NaN for none at all, which is no reading, and beyond the range."""
    squares = sum((axis.astype(np.float64) ** 2 for axis in axes), np.zeros(axes[0].shape))
    found: NDArray[np.float64] = np.sqrt(squares) / ACCEL_COUNTS_PER_G
    found[(found == 0.0) | (found > 2.0 * MAX_ACCEL_G)] = np.nan
    return found


def _column(rows: Rows, at: int, dtype: str, count: int) -> NDArray[np.int16]:
    """Numbers side by side at one offset of every row, (n, count)."""
    size = np.dtype(dtype).itemsize * count
    found: NDArray[np.int16] = np.ascontiguousarray(rows[:, at : at + size]).view(dtype)
    return found
