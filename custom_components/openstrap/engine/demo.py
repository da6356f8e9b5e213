"""A wearer who does not exist: nights, walks and workouts as the frames that a strap would send.

Everything is a function of the seed, the moment and the time zone, through hashes instead of
dice, so that a stretch asked for in pieces, twice or backwards is always the same stretch.
"""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .demo_arm import LYING_S, LYING_TURNS, POSE_S, STILL_G
from .demo_body import MARK_S, Body, DemoNight, beat_times, body_of
from .dice import bell, uniform
from .protocol.encode import encode_r24_rows

RECORD_TICKS: Final = 32768 * 25
RECORD_PARTS: Final = 26
"""Record k is stamped k * 25 / 26 s, in ticks of 1/32768 s: about 0.9615 s apart as on gen4."""
RECORD_S: Final = 25 / 26
BLOCK_S: Final = 3600
RECORD_LAG_S: Final = 0.3
"""A record holds the beats that end up to this long after its time."""
COUNTER_EPOCH: Final = 1_400_000_000
"""Where the record counter is zero, epoch s; it must fit 32 bits until 2100."""
BIAS_G: Final = (0.012, -0.015, 0.021)
"""Offset of an accelerometer that nobody calibrated."""
RR_SLOTS: Final = 4
TURNING_S: Final = 12.0
TURNING_G: Final = 0.12
"""How long, and how much, an arm shakes whose sleeper turns."""


def demo_night(seed: int, day: date, tz: tzinfo, story_end: date | None = None) -> DemoNight:
    """Return when the wearer is in bed in the night that ends on a local day."""
    return body_of(seed, day, tz, story_end).night


def demo_frames(
    seed: int, start_ts: float, end_ts: float, tz: tzinfo, story_end: date | None = None
) -> list[bytes]:
    """Inner payloads of the records with start <= time < end, in order."""
    rows = [np.empty((0, 96), dtype=np.uint8)]
    for body, block in _blocks(seed, start_ts, end_ts, tz, story_end):
        day = date.fromordinal(body.number)
        ticks, block_rows = _kept_rows(seed, day, tz, story_end, block)
        first, last = np.searchsorted(ticks, (start_ts * 32768.0, end_ts * 32768.0))
        rows.append(block_rows[first:last])
    joined = np.concatenate(rows)
    size, data = joined.shape[1], joined.tobytes()
    return [data[at : at + size] for at in range(0, len(data), size)]


def demo_beats(
    seed: int, start_ts: float, end_ts: float, tz: tzinfo, story_end: date | None = None
) -> NDArray[np.float64]:
    """Return the times of the wearer's true heart beats with start <= time < end, epoch s."""
    times = [np.empty(0)]
    for body, block in _blocks(seed, start_ts, end_ts, tz, story_end):
        beat_s, _ = beat_times(seed, body, *block)
        times.append(body.start + beat_s[(beat_s >= block[0]) & (beat_s < block[1])])
    joined = np.concatenate(times)
    return joined[(joined >= start_ts) & (joined < end_ts)]


def _blocks(
    seed: int, start_ts: float, end_ts: float, tz: tzinfo, story_end: date | None
) -> list[tuple[Body, tuple[int, int]]]:
    """Whole blocks that a stretch touches: its day's body, and seconds since that day's noon."""
    found: list[tuple[Body, tuple[int, int]]] = []
    day = datetime.fromtimestamp(start_ts, tz).date()
    while True:
        body = body_of(seed, day, tz, story_end)
        if body.start >= end_ts:
            return found
        for first in range(0, body.end - body.start, BLOCK_S):
            last = min(first + BLOCK_S, body.end - body.start)
            if body.start + first < end_ts and body.start + last > start_ts:
                found.append((body, (first, last)))
        day += timedelta(days=1)


def _sent_intervals(
    seed: int, body: Body, first: int, last: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """End (seconds since noon) and length (ms) of the intervals as the strap counts them.

    About one beat in seventy is left out, counted twice or not told from its neighbour, and more
    of them while the arm moves.
    """
    beat_s, number = beat_times(seed, body, first, last)
    rr = np.diff(np.round(beat_s * 1000.0)).astype(np.int64)
    end, number = beat_s[1:], number[1:]
    moving = np.interp(end, np.arange(len(body.motion)) * float(MARK_S), body.motion)
    fault = uniform(seed, "beat", number) / (0.015 + 0.25 * np.minimum(moving, 0.4))
    left_out, doubled, fused = fault < 0.3, (fault >= 0.3) & (fault < 0.7), fault < 1.0
    fused &= ~left_out & ~doubled
    fused[-1:] = False
    fused[1:] &= ~fused[:-1]
    into = np.flatnonzero(fused) + 1
    rr[into] += rr[into - 1]
    copies = np.where(left_out | fused, 0, np.where(doubled & ~np.roll(fused, 1), 2, 1))
    place = np.cumsum(copies)
    twice = np.flatnonzero(copies == 2)
    part = (0.42 * rr[twice]).astype(np.int64)
    sent_end, sent_rr = np.repeat(end, copies), np.repeat(rr, copies)
    sent_rr[place[twice] - 2] = part
    sent_rr[place[twice] - 1] -= part
    sent_end[place[twice] - 2] -= sent_rr[place[twice] - 1] / 1000.0
    return sent_end, sent_rr


@lru_cache(maxsize=2)
def _kept_rows(
    seed: int, day: date, tz: tzinfo, story_end: date | None, block: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Rows of a block, kept for who asks for it piece by piece."""
    return _block_rows(seed, body_of(seed, day, tz, story_end), block)


def _block_rows(
    seed: int, body: Body, block: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Ticks of time and rows of the records of a block."""
    low, high = (-(-(body.start + edge) * RECORD_PARTS // 25) for edge in block)
    number = np.arange(low, high, dtype=np.int64)
    ticks = number * RECORD_TICKS // RECORD_PARTS
    at = ticks / 32768.0 - body.start
    off = (at >= body.off[0]) & (at < body.off[1])
    if not body.records_while_off:
        number, ticks, at, off = number[~off], ticks[~off], at[~off], off[~off]

    end, interval = _sent_intervals(seed, body, *block)
    record = np.searchsorted(at + RECORD_LAG_S, end)
    # A beat belongs to the record that follows it, unless that one lies in another block.
    here = record < len(at)
    record, end, interval = record[here], end[here], interval[here]
    here = (end > at[record] + RECORD_LAG_S - RECORD_S) & ~off[record]
    record, interval = record[here], interval[here]
    slot = np.arange(len(record)) - np.searchsorted(record, record)
    record, slot, interval = (part[slot < RR_SLOTS] for part in (record, slot, interval))
    rr_ms = np.zeros((len(at), RR_SLOTS), dtype=np.int16)
    rr_ms[record, slot] = interval
    mark = np.arange(len(body.hr)) * float(MARK_S)
    hr = np.where(off, 0, np.round(np.interp(at, mark, body.hr)))
    motion = np.where(off, 0.0006, body.motion[(at // MARK_S).astype(np.intp)])
    accel, step = _acceleration(seed, body, number, at, (motion, off))
    rows = encode_r24_rows(
        counter=number - COUNTER_EPOCH * RECORD_PARTS // 25,
        epoch=ticks >> 15,
        subsec=ticks & 32767,
        hr_bpm=hr,
        rr_ms=rr_ms,
        rr_count=np.bincount(record, minlength=len(at)),
        accel_g=accel,
        dyn_accel_g=step,
    )
    return ticks, rows


def _acceleration(
    seed: int,
    body: Body,
    number: NDArray[np.int64],
    at: NDArray[np.float64],
    arm: tuple[NDArray[np.float64], NDArray[np.bool_]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean acceleration (n, 3) and largest step (n,) of each record, g.

    ``arm`` is how much it shakes, and whether the strap is off it.
    """
    motion, off = arm
    # Who turns asleep shakes for a while; the rest of the postures is the body's.
    lying = (at // LYING_S).astype(np.int64) + body.start // LYING_S
    turning = (motion <= STILL_G) & (at % LYING_S < TURNING_S)
    turning &= uniform(seed, "turn", lying) < LYING_TURNS
    spread = np.where(turning, TURNING_G, motion)
    slot = (at // POSE_S).astype(np.intp)
    gravity = body.gravity[np.where(off, 0, slot)]
    # A strap that lies on a table neither turns nor reaches for a cup.
    first = (at % POSE_S < RECORD_S) & ~off
    moved = gravity + np.where(first[:, None], body.flick[slot], 0.0)
    accel: NDArray[np.float64] = np.stack(
        [
            part + bias + spread * bell(seed, axis, number)
            for part, bias, axis in zip(moved.T, BIAS_G, "xyz", strict=True)
        ],
        axis=1,
    )
    turned = np.linalg.norm(moved - body.gravity[np.maximum(slot - 1, 0)], axis=1)
    step = 0.006 + 2.5 * spread * (0.5 + uniform(seed, "step", number))
    return accel, step + np.where(first, turned, 0.0)
