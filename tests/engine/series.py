"""Series for tests of the engine: generators whose values are known, and the shapes it takes."""

from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.demo import demo_frames
from custom_components.openstrap.engine.protocol import BeatRecords, Generation, decode_records
from custom_components.openstrap.engine.protocol.encode import encode_r24
from custom_components.openstrap.engine.rollup import Source
from custom_components.openstrap.engine.samples import Samples, build_samples
from custom_components.openstrap.engine.signal.beats import Beats

BERLIN = ZoneInfo("Europe/Berlin")
GEN4_STEP_S = 25 / 26


def lcg(n: int) -> NDArray[np.float64]:
    """Return n numbers in [0, 1) of a linear congruential generator, the same in any language."""
    x, found = 12345, []
    for _ in range(n):
        x = (1664525 * x + 1013904223) % 2**32
        found.append(x / 2**32)
    return np.array(found)


def tone(
    n: int, base: float, first: tuple[float, float], second: tuple[float, float]
) -> NDArray[np.float64]:
    """Return n intervals (ms) around a base with two waves of (amplitude ms, Hz)."""
    t, found = 0.0, []
    for _ in range(n):
        nn = base + sum(a * np.sin(2 * np.pi * f * t) for a, f in (first, second))
        t += nn / 1000.0
        found.append(nn)
    return np.array(found)


def tone_a() -> NDArray[np.float64]:
    """Half an hour at 60 bpm with slow waves and breathing."""
    return tone(1800, 1000.0, (50.0, 0.1), (30.0, 0.25))


def tone_b() -> NDArray[np.float64]:
    """Twenty minutes at 63 bpm with breathing alone."""
    return tone(1200, 950.0, (0.0, 0.1), (40.0, 0.2))


def beats_of(rr_ms: ArrayLike, hr_bpm: float = np.nan) -> Beats:
    """Lay beats end to end, each in a record of its own."""
    rr = np.asarray(rr_ms, dtype=np.float64)
    t_s = np.cumsum(rr) / 1000.0
    joined = np.ones(len(rr), dtype=bool)
    joined[:1] = False
    return Beats(t_s, rr, joined, t_s, np.full(len(rr), hr_bpm))


def samples_of(
    ts: ArrayLike,
    *,
    hr_bpm: ArrayLike = 60,
    accel_g: ArrayLike = (0.0, 0.0, 1.0),
    rr_ms: ArrayLike = (),
    rr_index: ArrayLike = (),
    skin_temp_c: ArrayLike | None = None,
    step_counter: ArrayLike | None = None,
) -> Samples:
    """Make samples at these times; one value stands for all."""
    times = np.asarray(ts, dtype=np.float64)
    return Samples(
        ts=times,
        hr_bpm=np.broadcast_to(np.asarray(hr_bpm, dtype=np.int16), times.shape).copy(),
        accel_g=np.broadcast_to(np.asarray(accel_g, dtype=np.float64), (len(times), 3)).copy(),
        rr_ms=np.asarray(rr_ms, dtype=np.float64),
        rr_index=np.asarray(rr_index, dtype=np.int64),
        skin_temp_c=None
        if skin_temp_c is None
        else np.broadcast_to(np.asarray(skin_temp_c, dtype=np.float64), times.shape).copy(),
        step_counter=None
        if step_counter is None
        else np.broadcast_to(np.asarray(step_counter, dtype=np.int64), times.shape).copy(),
    )


def decoded(frames: list[bytes], generation: Generation = Generation.GEN4) -> BeatRecords:
    """Decode inner payloads of one length."""
    size = len(frames[0])
    return decode_records(np.frombuffer(b"".join(frames), np.uint8).reshape(-1, size), generation)


@cache
def demo_samples(seed: int, day: date, tz: tzinfo = BERLIN) -> Samples:
    """Make samples of the demo wearer for one day, the way that production makes them.

    Many tests share them, so nobody can write to them.
    """
    frames = demo_frames(seed, *window_of(day, tz), tz)
    samples = build_samples([(Source.SUMMARY, decoded(frames))])
    for array in (samples.ts, samples.hr_bpm, samples.accel_g, samples.rr_ms, samples.rr_index):
        array.flags.writeable = False
    return samples


def at(day: date, hour: int, minute: int = 0, tz: tzinfo = BERLIN) -> float:
    """Epoch seconds of a local time."""
    return datetime.combine(day, time(hour, minute), tz).timestamp()


def clock(start: float, stop: float, step_s: float = 1.0) -> NDArray[np.float64]:
    """Tell the times from start to before stop."""
    return np.arange(start, stop, step_s, dtype=np.float64)


def real_night(folder: Path, start: float) -> tuple[Samples, list[bytes]]:
    """Read a recorded night as samples from ``start`` on, and frame it as a strap would."""
    seconds = np.loadtxt(folder / "onehz.csv.gz", delimiter=",", skiprows=1)
    beats = np.loadtxt(folder / "rr.csv.gz", delimiter=",", skiprows=1)
    record = np.searchsorted(seconds[:, 0], beats[:, 0] / 1000.0)
    accel = seconds[:, 2:].astype(np.float32)
    table = samples_of(
        start + seconds[:, 0],
        hr_bpm=seconds[:, 1],
        accel_g=accel,
        rr_ms=beats[:, 1],
        rr_index=record,
    )
    told = np.split(beats[:, 1].astype(int), np.searchsorted(record, np.arange(1, len(seconds))))
    frames = [
        encode_r24(at, int(start) + at, 0, int(hr), rr.tolist(), accel_g=tuple(g.tolist()))
        for at, (hr, rr, g) in enumerate(zip(seconds[:, 1], told, accel, strict=True))
    ]
    return table, frames


def quiet_night(
    day: date,
    *,
    tz: tzinfo = BERLIN,
    step_s: float = 1.0,
    bed: tuple[int, int] = (23, 0),
    up: tuple[int, int] = (7, 0),
) -> Samples:
    """From noon to the end of a day: an arm that swings all day and lies still at night."""
    start, end = window_of(day, tz)
    ts = clock(start, end, step_s)
    onset = at(day - timedelta(days=1), *bed, tz)
    offset = at(day, *up, tz)
    asleep = (ts >= onset) & (ts < offset)
    swing = np.radians(np.where((ts // 5.0) % 2 == 0, 20.0, -20.0))
    angle = np.where(asleep, 0.3, swing)
    accel = np.stack([np.cos(angle), np.zeros_like(angle), np.sin(angle)], axis=1)
    return samples_of(ts, hr_bpm=np.where(asleep, 52, 75), accel_g=accel)
