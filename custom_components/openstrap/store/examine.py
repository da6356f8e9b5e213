"""What the frames of one kind say: their times, whether they decode, and their beats."""

from dataclasses import dataclass, fields
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engine.protocol import (
    BeatRecords,
    PacketType,
    Reason,
    RecordKind,
    Undecodable,
    decode,
    decode_records,
    record_kind,
    record_time,
)
from ..engine.protocol.base import SUBSEC_PER_S
from ..engine.protocol.event import EventId
from ..engine.rollup import SECONDS_PER_MINUTE, Source
from .frames import Kind, Rows

READING_VERSION: Final = 1
"""Raise it when frames are read differently: what is stored raw is then read again."""

EARLIEST_TS: Final = 1_420_070_400
"""2015-01-01 UTC, epoch s. No strap existed before; its clock was not set."""
FUTURE_S: Final = 300
"""How far ahead of ours a strap's clock may be, s."""
SECONDS_PER_HOUR: Final = 3600
UNDATED: Final = -1
"""Hour and epoch of a frame that has no time."""

BEAT_TYPES: Final = frozenset(
    {int(PacketType.HISTORICAL), int(PacketType.REALTIME_RAW), int(PacketType.REALTIME_HR)}
)
WRIST_EVENTS: Final = MappingProxyType({int(EventId.WRIST_ON): True, int(EventId.WRIST_OFF): False})
"""Events that tell of wear: whether the strap is on a wrist from then on."""
_EVENT_ID_AT: Final = 2
_HEADER_BYTES: Final = 16
"""Every packet's time lies within its first bytes, here with room to spare."""


class Kept(IntEnum):
    """Why a frame is kept but counts for nothing, beside the engine's Reason."""

    TIME_PAST = 101
    """Decodable, but the strap's clock cannot have been set."""
    TIME_FUTURE = 102
    """Not to be judged before its time has come."""


def reason_text(code: int) -> str:
    """Give the stable word for a stored reason."""
    if code in _KEPT:
        return Kept(code).name.lower()
    return Reason(code).text if code in _REASONS else f"reason_{code}"


_KEPT: Final = frozenset(map(int, Kept))
_REASONS: Final = frozenset(map(int, Reason))


@dataclass(frozen=True, slots=True)
class Examined:
    """What n frames of one kind say, in their order."""

    epoch: NDArray[np.int64]
    """(n,) strap time, s; UNDATED where the frame has none."""
    subsec: NDArray[np.int64]
    """(n,) its fraction, 1/32768 s."""
    reason: NDArray[np.uint8]
    """(n,) engine Reason or Kept; 0 = counts."""
    beats: BeatRecords | None
    """The decoded rows, or None for types that never carry beats."""
    source: Source | None
    """The stream of minutes that the beats belong to."""

    @property
    def hour(self) -> NDArray[np.int64]:
        """(n,) hours since the epoch; UNDATED where the frame has no time."""
        return self.epoch // SECONDS_PER_HOUR


def examine(rows: Rows, now: float) -> Examined:
    """Read frames; ``now`` (epoch s) is what future means. Never raises for content."""
    kind, count = rows.kind, len(rows.frames)
    beats = source = None
    if kind.type in BEAT_TYPES:
        beats = decode_records(rows.matrix, kind.generation)
        reason = beats.reason.copy()
        source = source_of(rows.frames[0]) if count else None
    else:
        reason = np.array([_decodes(frame, kind) for frame in rows.frames], dtype=np.uint8)
    if beats is not None and kind.length >= _HEADER_BYTES:
        epoch, subsec = beats.epoch, beats.subsec.astype(np.int64)
    else:
        epoch, subsec = _times(rows.frames)
    readable = (reason == Reason.OK) | (reason == Reason.NO_BEATS)
    reason[readable & (epoch != UNDATED) & (epoch < EARLIEST_TS)] = Kept.TIME_PAST
    # Also of what does not decode: whether a frame came before its time never shows later.
    reason[epoch + subsec / SUBSEC_PER_S > now + FUTURE_S] = Kept.TIME_FUTURE
    return Examined(epoch, subsec, reason, beats, source)


def telling_minutes(
    rows: Rows, seen: Examined, picked: NDArray[np.intp] | slice = slice(None)
) -> NDArray[np.int64]:
    """Give the minutes (epoch s, each once) of what makes its days dirty.

    That is history records and wrist events, of ``picked`` rows only. Decodable or not: a day is
    looked at again whenever something of it came, so which days are dirty does not depend on what
    was known of a frame when it came.
    """
    told = (seen.epoch >= EARLIEST_TS) & (seen.reason != Kept.TIME_FUTURE)
    if rows.kind.type == PacketType.EVENT and rows.kind.length > _EVENT_ID_AT:
        told &= np.isin(rows.matrix[:, _EVENT_ID_AT], list(WRIST_EVENTS))
    elif rows.kind.type != PacketType.HISTORICAL:
        return np.empty(0, dtype=np.int64)
    epoch = seen.epoch[picked][told[picked]]
    return np.unique(epoch - epoch % SECONDS_PER_MINUTE)


def source_of(frame: bytes) -> Source | None:
    """Give the stream of minutes that a record's beats belong to, None if it has no beats."""
    kind: RecordKind | None = record_kind(frame)
    return None if kind is None else Source(kind)


def take_beats(beats: BeatRecords, rows: NDArray[np.intp]) -> BeatRecords:
    """Give some rows of decoded records."""
    return BeatRecords(**{field.name: getattr(beats, field.name)[rows] for field in fields(beats)})


def counts_in(hour: int, now: float) -> bool:
    """Tell whether records of an hour can count now: it is neither too early nor yet to come."""
    start = hour * SECONDS_PER_HOUR
    return EARLIEST_TS <= start <= now + FUTURE_S


def _decodes(frame: bytes, kind: Kind) -> int:
    try:
        decode(frame, kind.generation)
    except Undecodable as err:
        return err.code
    return Reason.OK


def _times(frames: list[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the times of single frames.

    Read with trailing zeros restored, so that a frame which lost them has the same time,
    hence lies in the same hour, as its whole form.
    """
    times = [record_time(frame.ljust(_HEADER_BYTES, b"\0")) or (UNDATED, 0) for frame in frames]
    both = np.array(times, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
