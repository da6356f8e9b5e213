"""A wearer who does not exist: nights, walks and workouts as the frames that a strap would send.

Everything is a function of the seed, the moment and the time zone, through hashes instead of
dice, so that a stretch asked for in pieces, twice or backwards is always the same stretch.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .dice import bell, uniform
from .protocol.encode import encode_r24_rows

RECORD_TICKS: Final = 32768 * 25
RECORD_PARTS: Final = 26
"""Record k is stamped k * 25 / 26 s, in ticks of 1/32768 s: about 0.9615 s apart as on gen4."""
RECORD_S: Final = 25 / 26
BLOCK_S: Final = 3600
RECORD_LAG_S: Final = 0.3
"""A record holds the beats that end up to this long after its time."""
PHASE_STEP_S: Final = 0.25
MARGIN_S: Final = 8
"""Beats looked at before a block, so that its first intervals are whole."""
BREATHS_HZ: Final = 0.24
SLOW_WAVE_HZ: Final = 0.095
BEATS_PER_DAY: Final = 250_000
"""More than a heart can do; keeps the numbers of beats of different days apart."""
COUNTER_EPOCH: Final = 1_400_000_000
"""Where the record counter is zero, epoch s; it must fit 32 bits until 2100."""
BIAS_G: Final = (0.012, -0.015, 0.021)
"""Offset of an accelerometer that nobody calibrated."""
RR_SLOTS: Final = 4


@dataclass(frozen=True, slots=True)
class DemoNight:
    """When the wearer of a seed is in bed before waking on a day, epoch seconds."""

    onset_ts: float
    offset_ts: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """From one local noon to the next; arrays have a value for every minute mark, (minutes + 1,).

    ``phase`` counts beats from the first noon and is whole at the second, so days join without a
    seam. ``breath`` and ``wave`` are how far breathing and blood pressure push the phase, beats.
    ``motion`` is the spread of acceleration, g; ``off`` the stretch off the wrist.
    """

    start: int
    end: int
    number: int
    night: DemoNight
    hr: NDArray[np.float64]
    phase: NDArray[np.float64]
    breath: NDArray[np.float64]
    wave: NDArray[np.float64]
    motion: NDArray[np.float64]
    off: tuple[float, float]
    records_while_off: bool


def demo_night(seed: int, day: date, tz: tzinfo) -> DemoNight:
    """Return when the wearer is in bed in the night that ends on a local day."""
    return _plan(seed, day, tz).night


def demo_frames(seed: int, start_ts: float, end_ts: float, tz: tzinfo) -> list[bytes]:
    """Inner payloads of the records with start <= time < end, in order."""
    rows = [np.empty((0, 96), dtype=np.uint8)]
    for plan, block in _blocks(seed, start_ts, end_ts, tz):
        ticks, block_rows = _block_rows(seed, plan, block)
        first, last = np.searchsorted(ticks, (start_ts * 32768.0, end_ts * 32768.0))
        rows.append(block_rows[first:last])
    joined = np.concatenate(rows)
    size, data = joined.shape[1], joined.tobytes()
    return [data[at : at + size] for at in range(0, len(data), size)]


def demo_beats(seed: int, start_ts: float, end_ts: float, tz: tzinfo) -> NDArray[np.float64]:
    """Return the times of the wearer's true heart beats with start <= time < end, epoch s."""
    times = [np.empty(0)]
    for plan, block in _blocks(seed, start_ts, end_ts, tz):
        beat_s, _ = _beat_times(seed, plan, *block)
        times.append(plan.start + beat_s[(beat_s >= block[0]) & (beat_s < block[1])])
    joined = np.concatenate(times)
    return joined[(joined >= start_ts) & (joined < end_ts)]


def _blocks(
    seed: int, start_ts: float, end_ts: float, tz: tzinfo
) -> list[tuple[_Plan, tuple[int, int]]]:
    """Whole blocks that a stretch touches: its day's plan, and seconds since that day's noon."""
    found: list[tuple[_Plan, tuple[int, int]]] = []
    day = datetime.fromtimestamp(start_ts, tz).date()
    while True:
        plan = _plan(seed, day, tz)
        if plan.start >= end_ts:
            return found
        for first in range(0, plan.end - plan.start, BLOCK_S):
            last = min(first + BLOCK_S, plan.end - plan.start)
            if plan.start + first < end_ts and plan.start + last > start_ts:
                found.append((plan, (first, last)))
        day += timedelta(days=1)


@lru_cache(maxsize=16)
def _plan(seed: int, day: date, tz: tzinfo) -> _Plan:
    """Lay out the day from the noon before ``day`` to its noon."""

    def local(on: date, hour: int, minute: int = 0) -> int:
        return int(datetime.combine(on, time(hour, minute), tz).timestamp())

    def chance(name: str, index: int = 0) -> float:
        return float(uniform(seed, name, np.array([day.toordinal() * 64 + index]))[0])

    eve = day - timedelta(days=1)
    start, end = local(eve, 12), local(day, 12)
    bed = (local(eve, 22, 45) - start) / 60.0 + 70.0 * (chance("bed") - 0.5)
    up = (local(day, 6, 45) - start) / 60.0 + 60.0 * (chance("up") - 0.5)
    minute = np.arange((end - start) // 60 + 1, dtype=np.float64)
    night = (minute >= bed) & (minute < up)

    slow = _smooth(uniform(seed, "pulse", start // 60 + minute.astype(np.int64)) - 0.5, 9)
    hr = 70.0 + 24.0 * slow
    motion = np.where(minute > bed - 60.0, 0.035, 0.07)
    breath_ms, wave_ms = np.full_like(minute, 18.0), np.full_like(minute, 22.0)

    # Each wearer has a heart of their own, and better and worse nights.
    slower = 10.0 * (float(uniform(seed, "heart", np.array([0]))[0]) - 0.5)
    form = chance("form") - 0.5
    asleep = np.clip(minute - bed, 0.0, None)
    dreaming = 0.5 - 0.5 * np.cos(2.0 * np.pi * (asleep - 25.0) / 95.0)
    deepness = (1.0 - dreaming) * np.exp(-asleep / 240.0)
    sleeping_hr = (
        51.0 - slower - 4.0 * form + 9.0 * np.exp(-asleep / 55.0) + 3.0 * dreaming + 7.0 * slow
    )
    hr = np.where(night, sleeping_hr, hr)
    motion = np.where(night, 0.0008, motion)
    breath_ms = np.where(night, (38.0 + 18.0 * deepness) * (1.0 + 0.5 * form), breath_ms)
    wave_ms = np.where(night, 24.0 + 10.0 * dreaming, wave_ms)
    for wake in range(2 + int(3.0 * chance("wakes"))):
        at = bed + (up - bed) * (0.12 + 0.7 * chance("wakes", 1 + wake))
        awake = night & (np.abs(minute - at) < 2.0)
        hr += 11.0 * awake
        motion[awake] = 0.04

    walks = [(60.0 * (2 + 2.5 * walk) + 60.0 * chance("walks", walk), 14.0) for walk in range(3)]
    for at, length in (*walks, (up + 55.0, 18.0)):
        walking = (minute >= at) & (minute < at + length) & ~night
        hr += 28.0 * walking
        motion[walking] = 0.18
    if eve.isoweekday() in (1, 3, 5):
        at, length = 330.0 + 25.0 * chance("workout"), 28.0 + 30.0 * chance("workout", 1)
        training = (minute >= at) & (minute < at + length)
        hr += 72.0 * training * np.clip((minute - at) / 8.0, 0.3, 1.0)
        motion[training] = 0.45
        breath_ms[training] = wave_ms[training] = 3.0
    hr = _smooth(hr, 3)

    phase = np.concatenate(([0.0], np.cumsum((hr[1:] + hr[:-1]) / 2.0)))
    phase *= np.round(phase[-1]) / phase[-1]
    interval_s = 60.0 / hr
    # A push of the phase by A changes the interval by A * 2 pi f * interval^2.
    per_beat = 2.0 * np.pi * interval_s**2 * 1000.0
    off_at = 60.0 * (15.0 + 40.0 * chance("off"))
    return _Plan(
        start=start,
        end=end,
        number=day.toordinal(),
        night=DemoNight(start + 60.0 * bed, start + 60.0 * up),
        hr=hr,
        phase=phase,
        breath=_smooth(breath_ms, 3) / (per_beat * BREATHS_HZ),
        wave=_smooth(wave_ms, 3) / (per_beat * SLOW_WAVE_HZ),
        motion=motion,
        off=(off_at, off_at + 60.0 * (12.0 + 14.0 * chance("off_length"))),
        records_while_off=chance("off_kind") < 0.6,
    )


def _beat_times(
    seed: int, plan: _Plan, first: int, last: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return times (seconds since the plan's noon) and numbers of the beats around [first, last)."""
    at = np.arange(first - MARGIN_S, last + 2, PHASE_STEP_S)
    mark = np.arange(len(plan.phase)) * 60.0
    phase = np.interp(at, mark, plan.phase)
    # Before the first noon and past the second the first and the last pace go on.
    before, after = at < 0.0, at > mark[-1]
    phase[before] = at[before] * plan.hr[0] / 60.0
    phase[after] += (at[after] - mark[-1]) * plan.hr[-1] / 60.0
    breathing = BREATHS_HZ * at + 0.2 * np.sin(at / 9.7) + 0.7 * np.sin(at / 41.0)
    pressing = SLOW_WAVE_HZ * at + 0.7 * np.sin(at / 23.0)
    edge = np.clip(np.minimum(at, mark[-1] - at) / 60.0, 0.0, 1.0)
    phase += edge * np.interp(at, mark, plan.breath) * np.sin(2.0 * np.pi * breathing)
    phase += edge * np.interp(at, mark, plan.wave) * np.sin(2.0 * np.pi * pressing)
    number = np.arange(int(np.ceil(phase[0])), int(np.floor(phase[-1])) + 1)
    beat_s = np.interp(number, phase, at)
    number += plan.number * BEATS_PER_DAY
    return beat_s + 0.006 * (uniform(seed, "jitter", number) - 0.5), number


def _sent_intervals(
    seed: int, plan: _Plan, first: int, last: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """End (seconds since noon) and length (ms) of the intervals as the strap counts them.

    About one beat in seventy is left out, counted twice or not told from its neighbour, and more
    of them while the arm moves.
    """
    beat_s, number = _beat_times(seed, plan, first, last)
    rr = np.diff(np.round(beat_s * 1000.0)).astype(np.int64)
    end, number = beat_s[1:], number[1:]
    moving = np.interp(end, np.arange(len(plan.motion)) * 60.0, plan.motion)
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


def _block_rows(
    seed: int, plan: _Plan, block: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Ticks of time and rows of the records of a block."""
    low, high = (-(-(plan.start + edge) * RECORD_PARTS // 25) for edge in block)
    number = np.arange(low, high, dtype=np.int64)
    ticks = number * RECORD_TICKS // RECORD_PARTS
    at = ticks / 32768.0 - plan.start
    off = (at >= plan.off[0]) & (at < plan.off[1])
    if not plan.records_while_off:
        number, ticks, at, off = number[~off], ticks[~off], at[~off], off[~off]

    end, interval = _sent_intervals(seed, plan, *block)
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
    mark = np.arange(len(plan.hr)) * 60.0
    hr = np.where(off, 0, np.round(np.interp(at, mark, plan.hr)))
    motion = np.where(off, 0.0006, plan.motion[(at // 60.0).astype(np.intp)])
    accel, step = _acceleration(seed, plan, number, at, motion)
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
    plan: _Plan,
    number: NDArray[np.int64],
    at: NDArray[np.float64],
    motion: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean acceleration (n, 3) and largest step (n,) of each record, g."""
    clock = plan.start + at
    still = motion < 0.01
    # A sleeper turns every half hour or so, a waking arm hangs differently every ten seconds.
    turn = np.arange((plan.end - plan.start) // 240 + 1) + plan.start // 240
    turns = uniform(seed, "turn", turn) < 0.13
    lying = np.maximum.accumulate(np.where(turns, turn, turn[0]))
    here = (at // 240.0).astype(np.intp)
    pose = np.where(still, lying[here], (clock // 10.0).astype(np.int64) + 10**9)
    turning = still & turns[here] & (at % 240.0 < 12.0)
    spread = np.where(turning, 0.12, motion)
    known, back = np.unique(pose, return_inverse=True)
    tilt = np.where(known < 10**9, 1.2, 0.5) * (uniform(seed, "posture", known) - 0.5)
    around = 2.0 * np.pi * uniform(seed, "posture", known + 10**10)
    tilt, around = tilt[back], around[back]
    gravity = (np.cos(tilt) * np.cos(around), np.cos(tilt) * np.sin(around), np.sin(tilt))
    accel: NDArray[np.float64] = np.stack(
        [
            part + bias + spread * bell(seed, axis, number)
            for part, bias, axis in zip(gravity, BIAS_G, "xyz", strict=True)
        ],
        axis=1,
    )
    return accel, 0.006 + 2.5 * spread * (0.5 + uniform(seed, "step", number))


def _smooth(values: ArrayLike, size: int) -> NDArray[np.float64]:
    """Return the moving mean of an odd size; the ends keep their value."""
    padded = np.pad(np.asarray(values, dtype=np.float64), size // 2, mode="edge")
    return np.convolve(padded, np.full(size, 1.0 / size), mode="valid")
