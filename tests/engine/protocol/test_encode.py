"""Packets for the demo wearer and the simulated strap must be read as they were meant."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import (
    Event,
    LiveHeartRate,
    MotionRecord,
    SummaryRecord,
    SummaryRecordGen5,
    decode,
    decode_records,
    encode,
)

from .material import EPOCH, GEN4, GEN5, SUBSEC

intervals = st.lists(st.integers(200, 2500), max_size=4)
axes = st.tuples(*[st.floats(-4, 4, width=32)] * 3)
u32 = st.integers(0, 2**32 - 1)
subsecs = st.integers(0, 32767)


@given(st.tuples(u32, u32, subsecs, st.integers(25, 230)), intervals, axes)
def test_summary_records(
    numbers: tuple[int, int, int, int], rr: list[int], accel: tuple[float, float, float]
) -> None:
    """Both generations."""
    counter, epoch, subsec, hr = numbers
    old = decode(encode.encode_r24(*numbers, rr, accel_g=accel, dyn_accel_g=0.25), GEN4)
    new = decode(encode.encode_v18(*numbers, rr, accel_g=accel, dyn_accel_g=0.25), GEN5)
    assert isinstance(old, SummaryRecord)
    assert isinstance(new, SummaryRecordGen5)
    for packet in (old, new):
        assert (packet.counter, packet.epoch, packet.subsec) == (counter, epoch, subsec)
        assert (packet.hr_bpm, packet.rr_ms) == (hr, tuple(rr))
        assert (packet.accel_g, packet.dyn_accel_g) == (accel, 0.25)
    assert old.copy_52[:12] == np.asarray(accel, "<f4").tobytes()


def test_rows_equal_single_records() -> None:
    """The vectorised encoder makes the same bytes."""
    rng = np.random.default_rng(7)
    n = 200
    count = rng.integers(0, 5, n)
    rr = rng.integers(400, 1500, (n, 4))
    accel = rng.normal(0, 0.5, (n, 3)).astype(np.float32)
    hr = rng.integers(40, 150, n)
    rows = encode.encode_r24_rows(
        counter=np.arange(n), epoch=EPOCH + np.arange(n), subsec=SUBSEC, hr_bpm=hr, rr_ms=rr,
        rr_count=count, accel_g=accel, dyn_accel_g=0.5,
    )  # fmt: skip
    assert rows.shape == (n, 96)
    assert rows.dtype == np.uint8
    for at in range(n):
        assert rows[at].tobytes() == encode.encode_r24(
            at, EPOCH + at, SUBSEC, int(hr[at]), rr[at, : count[at]].tolist(),
            accel_g=accel[at].tolist(), dyn_accel_g=0.5,
        )  # fmt: skip
    found = decode_records(rows, GEN4)
    assert (found.reason == 0).all()
    assert (found.rr_count == count).all()


def test_too_many_intervals() -> None:
    """No real summary record has more than four."""
    with pytest.raises(ValueError, match="at most 4"):
        encode.encode_r24(1, EPOCH, 0, 60, [800] * 5)


def test_motion_record_is_the_twin_of_a_summary_record() -> None:
    """The repeated bytes are the same bytes."""
    rng = np.random.default_rng(3)
    accel = rng.normal(0, 0.3, (3, 100)) + np.array([[0], [0], [1]])
    motion = encode.encode_r10(
        9, EPOCH, SUBSEC, 62, (837,), accel_g=accel, gyro_dps=rng.normal(0, 50, (3, 100)), live=True
    )
    packet = decode(motion, GEN4)
    assert isinstance(packet, MotionRecord)
    assert packet.accel_mean_g is not None
    assert packet.dyn_accel_g is not None
    assert packet.accel_g == pytest.approx(accel, abs=1 / 4096)
    summary = encode.encode_r24(
        9, EPOCH, SUBSEC, 62, (837,), accel_g=packet.accel_mean_g, dyn_accel_g=packet.dyn_accel_g
    )
    assert (motion[0], len(motion)) == (0x2B, 1920)
    assert motion[3:32] == summary[3:32]
    assert motion[42:82] == summary[32:72]


def test_live_heart_rate() -> None:
    """Worked example 16 of the specification."""
    inner = encode.encode_live_hr(1780916382, 18350, 98, (603, 587), location=0)
    assert inner.hex() == "28029ea0266aae4762025b024b02000000000100"
    assert isinstance(decode(inner, GEN5), LiveHeartRate)


def test_event() -> None:
    """Worked example 14 of the specification, and padding behind a body."""
    assert (
        encode.encode_event(14, 1780910464, 10813, sequence=0x34).hex()
        == "30340e008089266a3d2a0000"
    )
    packet = decode(encode.encode_event(99, EPOCH, 1, b"abc"), GEN4)
    assert isinstance(packet, Event)
    assert packet.body == b"abc"


def test_markers() -> None:
    """Worked example 15 of the specification, and a start as captured."""
    assert (
        encode.encode_marker(
            2,
            1772777034,
            21299,
            expected_count=59,
            token=bytes.fromhex("ee18000000000000"),
            sequence=0x45,
        ).hex()
        == "3145024a6eaa6933533b000000ee18000000000000000000"
    )
    assert (
        encode.encode_marker(1, 31626930, 9192, sequence=0x69).hex()
        == "316901b296e201e82306000000100000000200000029000000110000000600000000000000080600"
    )
