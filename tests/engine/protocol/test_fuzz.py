"""Damaged packets by the million: a documented error, or values within their bounds."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
import math
from typing import Any

import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import (
    BeatRecords,
    Generation,
    HexRejected,
    Reason,
    Reassembler,
    Undecodable,
    build_frame,
    decode,
    decode_records,
    parse_hex,
    record_kind,
    record_time,
)

from .material import ALL, RECORDS, Sample
from .two_paths import RECORD_TYPES, attempt, rows, single

FLOAT_EXTREMES = np.array(
    [0.0, -0.0, 1e-45, 0.5, 1.0, 1.8, 16.0, 16.00001, 3.4e38, np.nan, np.inf, -np.inf], "<f4"
)
BYTE_EXTREMES = np.array([0, 1, 8, 9, 24, 25, 127, 128, 230, 231, 254, 255], np.uint8)
BULKY = 200
"""Bytes from which on a packet is long: fewer of those, for they cost as much as a hundred."""


def mutate(rng: np.random.Generator, inner: bytes, n: int) -> np.ndarray:
    """Damage a packet in n ways: flipped bits, random and extreme bytes, floats, length.

    All of one batch have one length; the type byte is spared in most.
    """
    size = len(inner)
    match rng.integers(0, 6):
        case 0:
            size = int(rng.integers(1, size + 1))
        case 1:
            size += int(rng.integers(1, 40))
    base = np.zeros(size, np.uint8)
    base[: len(inner)] = np.frombuffer(inner[:size], np.uint8)
    rows = np.tile(base, (n, 1))
    every = np.arange(n)
    # Most fields are near the front; long packets have their samples behind.
    front = min(size, 110)
    for _ in range(int(rng.integers(1, 5))):
        at = rng.integers(0, front if rng.random() < 0.8 else size, n)
        kind = rng.integers(0, 3)
        if kind == 0:
            rows[every, at] ^= (1 << rng.integers(0, 8, n)).astype(np.uint8)
        elif kind == 1:
            rows[every, at] = rng.integers(0, 256, n)
        else:
            rows[every, at] = rng.choice(BYTE_EXTREMES, n)
    if size > 60 and rng.random() < 0.4:
        at = rng.choice([32, 33, 36, 37, 40, 41, 42, 44, 45, 46, 50, 54], n)
        values = rng.choice(FLOAT_EXTREMES, n).view(np.uint8).reshape(n, 4)
        for byte in range(4):
            rows[every, at + byte] = values[:, byte]
    if rng.random() < 0.1:
        rows[:, 1:] = rng.integers(0, 256, (n, size - 1))
    if rng.random() < 0.8:
        rows[:, 0] = inner[0]
    return rows


def finite(packet: Any) -> bool:
    """Tell whether every number in a packet, however deep, is one."""
    if isinstance(packet, float):
        return math.isfinite(packet)
    if isinstance(packet, tuple):
        return all(finite(one) for one in packet)
    if is_dataclass(packet):
        return all(finite(getattr(packet, one.name)) for one in fields(packet))
    return True


def assert_bounds(packet: Any) -> None:
    """Hold what a packet says of heart beats and motion within what is possible."""
    hr = getattr(packet, "usable_hr_bpm", None)
    assert hr is None or 25 <= hr <= 230
    assert all(200 <= value <= 2500 for value in getattr(packet, "rr_ms", ()))
    for name in ("accel_g", "accel_mean_g"):
        accel = getattr(packet, name, None)
        if isinstance(accel, tuple):
            assert all(abs(axis) <= 16 for axis in accel)
    dyn = getattr(packet, "dyn_accel_g", None)
    assert dyn is None or 0 <= dyn <= 16


def assert_columns(records: BeatRecords) -> None:
    """Hold the columns within what is possible."""
    good = records.reason == Reason.OK
    hr = records.hr_bpm
    assert ((hr == 0) | ((hr >= 25) & (hr <= 230))).all()
    filled = np.arange(8) < records.rr_count[:, None]
    rr = records.rr_ms
    assert (np.where(filled, (rr >= 200) & (rr <= 2500), rr == 0)).all()
    assert not (np.abs(records.accel_g) > 16).any()
    assert not ((records.dyn_accel_g > 16) | (records.dyn_accel_g < 0)).any()
    assert not hr[~good].any()
    assert not records.rr_count[~good].any()
    assert np.isnan(records.accel_g[~good]).all()
    assert np.isnan(records.skin_temp_c[~good]).all()
    assert (records.step_counter[~good] == -1).all()
    assert (records.step_counter <= 65535).all()


def attack(rng: np.random.Generator, sample: Sample, generation: Generation, n: int) -> None:
    """Send a batch of damaged packets down both paths and hold them against each other."""
    damaged = mutate(rng, sample.inner, n)
    records = decode_records(damaged, generation)
    assert_columns(records)
    said = rows(records)
    for at, one in enumerate(damaged):
        inner = one.tobytes()
        record_time(inner)
        record_kind(inner)
        packet = attempt(inner, generation)
        if inner[0] in RECORD_TYPES:
            assert said[at] == single(inner, packet), inner.hex()
        else:
            assert said[at]["reason"] == Reason.NOT_A_RECORD
        if not isinstance(packet, Undecodable):
            assert_bounds(packet)
            if at % 8 == 0:
                assert finite(packet)


def envelope_attack(rng: np.random.Generator, sample: Sample, n: int) -> None:
    """Damage whole frames: for the reassembler, and as uploaded text."""
    frame = build_frame(sample.generation, sample.inner)
    rows = mutate(rng, frame, n)
    reassembler = Reassembler(sample.generation)
    for one in rows:
        data = one.tobytes()
        for inner in reassembler.feed(data):
            with suppress(Undecodable):
                assert_bounds(decode(inner, sample.generation))
        with suppress(HexRejected):
            for found in parse_hex(data.hex()):
                with suppress(Undecodable):
                    decode(found.data, found.generation)


def rounds(total: int, rng: np.random.Generator) -> Iterator[tuple[Sample, int]]:
    """Choose packets until the total is reached: records twice as often as the rest."""
    pool = [*ALL, *RECORDS]
    left = total
    while left > 0:
        sample = pool[int(rng.integers(0, len(pool)))]
        n = min(left, 20 if len(sample.inner) > BULKY else 250)
        yield sample, n
        left -= n


def run(total: int, seed: int) -> None:
    """Attack with as many damaged packets."""
    rng = np.random.default_rng(seed)
    for sample, n in rounds(total, rng):
        other = rng.random() < 0.15
        generation = next(one for one in Generation if (one != sample.generation) is other)
        if rng.random() < 0.1:
            envelope_attack(rng, sample, n)
        else:
            attack(rng, sample, generation, n)


@pytest.mark.full
def test_damaged_packets() -> None:
    """A few, in every run."""
    run(30_000, seed=1)


@pytest.mark.full
@pytest.mark.parametrize("seed", [2, 3])
def test_two_million_damaged_packets(seed: int) -> None:
    """Nothing but the documented errors, nothing beyond the bounds, both paths the same.

    In halves, which the cores share.
    """
    run(1_250_000, seed)
