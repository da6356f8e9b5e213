"""Records: known answers, floors and gates."""

import math
from struct import pack_into

import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import (
    GatedRecord,
    Generation,
    LiveHeartRate,
    LiveMotion,
    MotionRecord,
    OpaquePacket,
    OpticalRecord,
    PulseRecordGen4,
    PulseRecordGen5,
    SummaryRecord,
    SummaryRecordGen5,
    Undecodable,
    decode,
    field_specs,
    infer_generation,
)
from custom_components.openstrap.engine.protocol.base import Reason, Trust

from . import material
from .material import ALL, COUNTER, EPOCH, GEN4, GEN5, SUBSEC, Sample


def patched(inner: bytes, at: int, code: str, *values: float) -> bytes:
    """Put other values at one place of a packet."""
    data = bytearray(inner)
    pack_into(code, data, at, *values)
    return bytes(data)


def reason(inner: bytes, generation: Generation) -> str:
    """Why it is not decoded."""
    with pytest.raises(Undecodable) as error:
        decode(inner, generation)
    assert str(error.value) == error.value.code.sentence
    return error.value.reason


def summary(inner: bytes) -> SummaryRecord:
    """Decode a summary record of gen4."""
    packet = decode(inner, GEN4)
    assert isinstance(packet, SummaryRecord)
    return packet


# --- every kind ---------------------------------------------------------------


@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
def test_every_field_has_unit_and_trust(sample: Sample) -> None:
    """What inspect prints must be there for each field."""
    packet = decode(sample.inner, sample.generation)
    specs = field_specs(packet)
    assert specs
    for spec in specs:
        assert isinstance(spec.trust, Trust)
        assert hasattr(packet, spec.name)
        assert spec.trust.word.isalpha()


def test_field_specs_of_no_packet() -> None:
    """A programmer's mistake is told."""
    with pytest.raises(TypeError):
        field_specs(3)


@pytest.mark.parametrize(
    ("inner", "generation", "expected"),
    [
        (b"", GEN4, "empty"),
        (b"\x00\x01", GEN4, "unknown_type"),
        (b"\xaa", GEN5, "unknown_type"),
        (b"\x2f", GEN4, "too_short"),
        (b"\x2b", GEN5, "too_short"),
        (b"\x23\x01", GEN4, "too_short"),
        (material.r24()[:71], GEN4, "too_short"),
        (material.r10()[:18], GEN4, "too_short"),
        (material.r11()[:1713], GEN4, "too_short"),
        (material.pulse(25, 0)[:74], GEN4, "too_short"),
        (material.v18()[:108], GEN5, "too_short"),
        (material.live_motion()[:83], GEN4, "too_short"),
        (bytes.fromhex("28022678256ae061"), GEN4, "too_short"),
        (material.pulse(26, 0)[:75], GEN5, "wrong_length"),
        (material.pulse(26, 0) + b"\0", GEN5, "wrong_length"),
        (material.v20()[:-1], GEN5, "wrong_length"),
        (material.v22(1)[:-1], GEN5, "wrong_length"),
        (material.v21()[:-1], GEN5, "wrong_length"),
        (material.v21(accel=0), GEN5, "bad_count"),
        (material.v21(gyro=101), GEN5, "bad_count"),
        (material.v21(version=99, gyro=0), GEN5, "unknown_version"),
        (material.r24(), GEN5, "unknown_version"),
        (b"\x2b\x18" + bytes(94), GEN4, "unknown_version"),
        (
            material.v18()[:1].replace(b"\x2f", b"\x2b") + material.v18()[1:],
            GEN5,
            "unknown_version",
        ),
        (patched(material.r24(), 40, "<f", math.inf), GEN4, "non_finite"),
        (patched(material.gated(31, 17), 44, "<f", math.nan), GEN4, "non_finite"),
        (patched(material.gated(31, 17), 17, "<B", 24), GEN4, "implausible"),
        (patched(material.gated(31, 17), 17, "<B", 231), GEN4, "implausible"),
        (patched(material.gated(7, 27), 36, "<3f", 0.1, 0.1, 0.1), GEN4, "implausible"),
        (patched(material.gated(7, 27), 36, "<3f", 1.9, 0, 0), GEN4, "implausible"),
    ],
)
def test_undecodable(inner: bytes, generation: Generation, expected: str) -> None:
    """Nothing is invented from what has no layout or does not fit it."""
    assert reason(inner, generation) == expected


def test_reasons_keep_their_numbers() -> None:
    """They are stored with raw frames."""
    assert {one.text: int(one) for one in Reason} == {
        "ok": 0, "empty": 1, "unknown_type": 2, "too_short": 3, "wrong_length": 4,
        "unknown_version": 5, "non_finite": 6, "implausible": 7, "bad_count": 8,
        "unknown_marker": 9, "no_beats": 10, "not_a_record": 11,
    }  # fmt: skip
    assert all(one.sentence for one in Reason)


# --- gen4 ---------------------------------------------------------------------


def test_r24() -> None:
    """Every field where the table has it."""
    packet = summary(material.r24())
    assert (packet.version, packet.flags, packet.counter) == (24, 5, COUNTER)
    assert (packet.epoch, packet.subsec) == (EPOCH, SUBSEC)
    assert packet.ts_ms == EPOCH * 1000 + 432
    assert packet.flags_13 == b"\x80\x54\x54\x01"
    assert (packet.hr_bpm, packet.usable_hr_bpm) == (109, 109)
    assert (packet.rr_declared, packet.rr_ms) == (2, (555, 564))
    assert packet.optical_29 == 1899
    assert packet.dyn_accel_g == pytest.approx(0.0133)
    assert packet.accel_g == pytest.approx((-0.4031, 0.4506, 0.8725))
    assert (packet.float_48, packet.u8_51) == (4.0, 0x40)
    assert packet.copy_52 == material.r24()[36:48]
    assert packet.u16_31 & 0xFF == 255
    assert (packet.optical_64, packet.optical_66) == (592, 612)
    assert (packet.u16_68, packet.optical_70, packet.u16_72) == (861, 612, 297)
    assert packet.gain_words == (0x0B01, 0x0C01, 0x0C02)
    assert (packet.bytes_80, packet.u8_88) == (bytes(range(8)), 7)


def test_v12_of_88_bytes_and_the_floor() -> None:
    """What is cut off is absent; the rest is as ever."""
    whole = summary(material.r24(12, 88))
    assert (whole.version, whole.bytes_80, whole.u8_88) == (12, bytes(range(8)), None)
    short = summary(material.r24(24, 72))
    assert (short.optical_70, short.u16_72, short.gain_words, short.bytes_80) == (
        612,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("hr", "usable"), [(0, None), (24, None), (25, 25), (230, 230), (231, None)]
)
def test_heart_rate_is_kept_and_judged(hr: int, usable: int | None) -> None:
    """The record stays, the heart rate is only used when possible."""
    packet = summary(patched(material.r24(), 17, "<B", hr))
    assert (packet.hr_bpm, packet.usable_hr_bpm) == (hr, usable)


@pytest.mark.parametrize(
    ("count", "values", "expected"),
    [
        (0, (800,), ()),
        (3, (199, 200, 2500), (200, 2500)),
        (3, (800, 2501, 900), (800, 900)),
        (2, (-5, 0), ()),
        (4, (700, 701, 702, 703), (700, 701, 702, 703)),
        (9, (700, 701), ()),
        (255, (700, 701), ()),
    ],
)
def test_intervals(count: int, values: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """Impossible ones are left out one by one; too many declared means none."""
    inner = patched(material.r24(), 18, f"<B{len(values)}h", count, *values)
    assert summary(inner).rr_ms == expected


def test_eight_intervals_read_no_further() -> None:
    """The last slot ends where the record still holds intervals, at byte 35."""
    inner = patched(material.r24(), 18, "<B8h", 8, *range(700, 708))
    assert summary(inner).rr_ms == tuple(range(700, 708))


def test_acceleration_beyond_full_scale_is_absent() -> None:
    """It cannot have been measured; the heart beats stay."""
    packet = summary(patched(material.r24(), 36, "<f", 16.1))
    assert packet.accel_g is None
    assert packet.rr_ms == (555, 564)


@pytest.mark.parametrize("value", [-0.1, 16.5, math.nan, math.inf])
def test_impossible_step_is_absent(value: float) -> None:
    """The same rule on both generations."""
    assert summary(patched(material.r24(), 32, "<f", value)).dyn_accel_g is None
    gen5 = decode(patched(material.v18(), 33, "<f", value), GEN5)
    assert isinstance(gen5, SummaryRecordGen5)
    assert gen5.dyn_accel_g is None
    assert gen5.accel_g is not None


@pytest.mark.parametrize(("version", "hr_at"), [(7, 27), (9, 17), (18, 14), (31, 17), (200, 17)])
def test_other_versions(version: int, hr_at: int) -> None:
    """Heart rate from where that version has it; no intervals, no light."""
    packet = decode(material.gated(version, hr_at), GEN4)
    assert isinstance(packet, GatedRecord)
    assert packet.hr_bpm == packet.usable_hr_bpm == 63
    assert packet.accel_g == pytest.approx((-0.4031, 0.4506, 0.8725))
    assert packet.counter == COUNTER


def test_r10() -> None:
    """Samples with their scales, and the repeated part of the summary record."""
    packet = decode(material.r10(), GEN4)
    assert isinstance(packet, MotionRecord)
    assert (packet.hr_bpm, packet.usable_hr_bpm, packet.rr_ms) == (62, 62, (837, 901))
    assert (packet.accel_native, packet.gyro_native) == (100, 100)
    assert packet.accel_g.shape == packet.gyro_dps.shape == (3, 100)
    assert packet.accel_g[1, 0] == pytest.approx(0.2, abs=1 / 4096)
    assert packet.gyro_dps[1, 0] == pytest.approx(-30, abs=0.07)
    assert packet.accel_mean_g == pytest.approx(packet.accel_g.mean(axis=1))
    steps = np.abs(np.diff(np.linalg.norm(packet.accel_g, axis=0)))
    assert packet.dyn_accel_g == pytest.approx(steps.max())
    assert packet.copy_42[4:16] == material.r10()[46:58]


@pytest.mark.parametrize(
    ("size", "mean", "accel", "gyro"),
    [(19, False, 0, 0), (57, False, 0, 0), (58, True, 0, 0), (685, True, 3, 0), (1288, True, 3, 3)],
)
def test_r10_cut_off(size: int, mean: bool, accel: int, gyro: int) -> None:
    """Each part needs only its own bytes."""
    packet = decode(material.r10()[:size], GEN4)
    assert isinstance(packet, MotionRecord)
    assert packet.hr_bpm == 62
    assert (packet.accel_mean_g is not None) is mean
    assert (len(packet.accel_counts), len(packet.gyro_counts)) == (accel, gyro)
    assert packet.rr_ms == ((837, 901) if size > 19 else ())


def test_r10_interval_cut_in_half_is_not_there() -> None:
    """Only whole intervals are read."""
    packet = decode(material.r10()[:22], GEN4)
    assert isinstance(packet, MotionRecord)
    assert packet.rr_ms == (837,)


def test_r11() -> None:
    """Four blocks, which need 1714 bytes; a count beyond 50 is no count."""
    packet = decode(material.r11()[:1714], GEN4)
    assert isinstance(packet, OpticalRecord)
    assert [block.count for block in packet.blocks] == [50, 0, 0, 50]
    first = packet.blocks[0]
    assert (first.leds[0].driver, first.leds[0].current) == (4, 2200)
    assert (first.detectors[1].photodiode, first.detectors[1].range_ua) == (5, 32)
    assert (first.detectors[0].offset, first.detectors[1].offset) == (800, -800)
    assert (first.a[0], first.a[-1], first.b[0]) == (200_000, 200_049, 200_100)
    assert packet.blocks[3].a[0] == -5_000
    assert not hasattr(packet, "hr_bpm")


@pytest.mark.parametrize(("version", "generation"), [(25, GEN4), (26, GEN5)])
def test_pulse(version: int, generation: Generation) -> None:
    """First sample and differences give one sample more than differences."""
    packet = decode(material.pulse(version, 0x80), generation)
    assert isinstance(packet, (PulseRecordGen4, PulseRecordGen5))
    assert (packet.pip_state, packet.state_word) == (9, 912)
    assert packet.window.samples[:3] == (209_219, 209_229, 209_239)
    assert len(packet.window.samples) == 25
    assert packet.window.first_ambiguous is None
    assert packet.accel_delta_g == pytest.approx(0.0131)


def test_pulse_of_gen5_has_its_rate() -> None:
    """Bit 7 of the flags decides."""
    fast = decode(material.pulse(26, 0x00), GEN5)
    slow = decode(material.pulse(26, 0x80), GEN5)
    assert isinstance(fast, PulseRecordGen5)
    assert isinstance(slow, PulseRecordGen5)
    assert (fast.rate_hz, slow.rate_hz) == (50, 25)
    assert (slow.primary_flags, slow.morphology_pass) == (1, True)


@pytest.mark.parametrize(
    ("at", "code", "value", "index"),
    [
        (15, "<i", 524_288, 0),
        (15, "<i", 524_278, 1),
        (19, "<h", 32767, 1),
        (19 + 2 * 23, "<h", -32768, 24),
    ],
)
def test_pulse_not_to_be_relied_on(at: int, code: str, value: int, index: int) -> None:
    """From a clipped difference or a sample beyond 20 bits on."""
    packet = decode(patched(material.pulse(26, 0), at, code, value), GEN5)
    assert isinstance(packet, PulseRecordGen5)
    assert packet.window.first_ambiguous == index


# --- live ---------------------------------------------------------------------


def test_live_heart_rate() -> None:
    """Worked example 16 of the specification."""
    packet = decode(bytes.fromhex("28029ea0266aae4762025b024b02000000000100"), GEN5)
    assert packet == LiveHeartRate(2, 1780916382, 18350, 98, 2, (603, 587), True, 0)


def test_live_heart_rate_of_nine_bytes() -> None:
    """Time and heart rate, nothing else is claimed."""
    packet = decode(bytes.fromhex("28022678256ae06141"), GEN4)
    assert packet == LiveHeartRate(2, 1780840486, 25056, 65, None, (), None, None)
    assert isinstance(packet, LiveHeartRate)
    assert packet.usable_hr_bpm == 65


def test_live_motion() -> None:
    """Ten samples an axis."""
    packet = decode(material.live_motion(), GEN4)
    assert isinstance(packet, LiveMotion)
    assert (packet.epoch, packet.index) == (EPOCH, 77)
    assert packet.accel_g[:, 0] == pytest.approx((0, 1, 2))


@pytest.mark.parametrize("kind", [0x25, 0x26, 0x34, 0x35, 0x36, 0x37, 0x38])
def test_types_without_a_layout(kind: int) -> None:
    """Known, kept, not read."""
    assert decode(bytes((kind, 1, 2)), GEN5) == OpaquePacket(kind, b"\x01\x02")


def test_sequence_number_is_no_version() -> None:
    """A log line with sequence 24 is a log line."""
    inner = b"\x32" + material.r24()[1:]
    with pytest.raises(Undecodable):
        decode(inner, infer_generation(inner))
