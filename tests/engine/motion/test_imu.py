"""Raw acceleration out of frames."""

from struct import pack_into

import numpy as np
import pytest

from custom_components.openstrap.engine.motion.imu import RECORD_S, Frames, stretches_of
from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.engine.protocol.encode import encode_r10, encode_r24

from ..protocol.material import v21

START = 1_780_261_200
GEN4, GEN5 = Generation.GEN4, Generation.GEN5


def rows(frames: list[bytes], generation: Generation = GEN4) -> Frames:
    """Stack frames of one length."""
    return generation, np.frombuffer(b"".join(frames), np.uint8).reshape(len(frames), -1)


def r10(second: float, g: float = 1.0) -> bytes:
    """Make a record so many seconds after START."""
    epoch, fraction = divmod(second, 1)
    accel = np.zeros((3, 100))
    accel[2] = g
    return encode_r10(
        1, START + int(epoch), int(fraction * 32768), 60, (), accel_g=accel, gyro_dps=0 * accel
    )


def live(second: int, index: int, g: float = 2.0) -> bytes:
    """Make a frame of the live stream."""
    data = bytearray(84)
    data[0] = 0x33
    pack_into("<I", data, 4, START + second)
    pack_into("<H", data, 14, index)
    pack_into("<10h", data, 64, *[int(4096 * g)] * 10)
    return bytes(data)


def test_records_join_into_a_stretch() -> None:
    """A hundred samples each, in the order of time, whatever the order they came in."""
    frames = [r10(RECORD_S * at, 1.0 + 0.1 * at) for at in range(4)]
    (found,) = stretches_of([rows(frames[2:]), rows([frames[1], frames[0], frames[2]])])
    assert len(found.ts) == 400
    assert (np.diff(found.ts) > 0).all()
    assert found.ts[0] == START
    assert found.seconds == pytest.approx(4 * RECORD_S, abs=0.02)
    np.testing.assert_allclose(found.magnitude_g[::100], [1.0, 1.1, 1.2, 1.3], atol=1e-3)


def test_a_hole_parts_stretches() -> None:
    """Steps are not counted across it."""
    found = stretches_of([rows([r10(0), r10(RECORD_S), r10(5)])])
    assert [len(one.ts) for one in found] == [200, 100]
    assert [one.ts[0] - START for one in found] == [0, 5]


def test_gen5_buffers_hold_what_they_declare() -> None:
    """What follows the declared samples is stale."""
    (found,) = stretches_of([rows([v21(accel=40)], GEN5)])
    assert len(found.ts) == 40
    assert np.diff(found.ts) == pytest.approx(np.full(39, 0.01), abs=1e-6)
    assert stretches_of([rows([v21()], GEN4)]) == ()


def test_a_second_of_the_live_stream_needs_eight_frames() -> None:
    """In any order, each once."""
    frames = [live(0, index) for index in range(10)]
    (whole,) = stretches_of([rows([*frames[::-1], frames[3]])])
    assert len(whole.ts) == 100
    assert (whole.magnitude_g == 2.0).all()
    (thin,) = stretches_of([rows(frames[:8])])
    assert len(thin.ts) == 100
    assert stretches_of([rows(frames[:7])]) == ()


def test_one_moment_is_never_counted_twice() -> None:
    """The live stream stands for its seconds, records for the others."""
    records = [r10(at) for at in range(4)]
    stream = [live(at, index) for at in (1, 2) for index in range(10)]
    found = stretches_of([rows(records), rows(stream)])
    ts = np.concatenate([one.ts for one in found])
    magnitude = np.concatenate([one.magnitude_g for one in found])
    assert len(ts) == 400
    second = np.floor(ts - START + 1e-3)
    assert (magnitude[(second == 1) | (second == 2)] == 2.0).all()
    assert (magnitude[(second == 0) | (second == 3)] == 1.0).all()
    live_alone = stretches_of([rows(records), rows(stream[:5])])
    assert sum(len(one.ts) for one in live_alone) == 400


def test_the_same_from_any_order() -> None:
    """A function of the set of frames."""
    records = [r10(RECORD_S * at, 1.0 + 0.01 * at) for at in range(6)]
    stream = [live(2, index) for index in range(9)]
    forth = stretches_of([rows(records), rows(stream)])
    back = stretches_of([rows(stream[::-1]), rows(records[3:]), rows(records[::-1])])
    assert len(forth) == len(back)
    for one, other in zip(forth, back, strict=True):
        np.testing.assert_array_equal(one.ts, other.ts)
        np.testing.assert_array_equal(one.magnitude_g, other.magnitude_g)


def test_frames_without_raw_motion_are_left_out() -> None:
    """Summaries, cut off records, nothing at all, and samples that are no reading."""
    assert stretches_of([rows([encode_r24(1, START, 0, 60)])]) == ()
    assert stretches_of([rows([r10(0)[:600]])]) == ()
    assert stretches_of([]) == ()
    assert stretches_of([rows([r10(0, 0.0)])]) == ()
