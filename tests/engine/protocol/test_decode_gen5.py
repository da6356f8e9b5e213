"""Records of gen5: known answers and what a broken field costs."""

import math
from struct import pack_into

import pytest

from custom_components.openstrap.engine.protocol import (
    MotionBuffer,
    OpticalBuffer,
    ResearchRecord,
    SummaryRecordGen5,
    decode,
)

from . import material
from .material import COUNTER, EPOCH, GEN5, SUBSEC


def test_v18() -> None:
    """Every field where the table has it; 109 bytes are enough."""
    packet = decode(material.v18()[:109], GEN5)
    assert isinstance(packet, SummaryRecordGen5)
    assert (packet.counter, packet.epoch, packet.subsec) == (COUNTER, EPOCH, SUBSEC)
    assert (packet.hr_bpm, packet.usable_hr_bpm, packet.rr_ms) == (61, 61, (942,))
    assert packet.accel_g == pytest.approx((0.1647, 0.6295, 0.7786))
    assert packet.dyn_accel_g == pytest.approx(0.0068)
    assert (packet.step_counter, packet.activity_class, packet.sleep_state) == (645, 0, 2)
    assert (packet.temp_aux1_c, packet.temp_aux2_c, packet.skin_temp_c) == (24.7, 26.5, 33.59)
    assert packet.channel_words == (0x0700, 0x0C01, 0x0C02)
    assert (packet.psnr_a_db, packet.psnr_b_db) == (30, 30)
    assert packet.signal_quality_logvar == -5.25


def test_v18_broken_fields_cost_only_themselves() -> None:
    """The record stays."""
    data = bytearray(material.v18())
    data[14] = 240
    data[15] = 5
    data[55] = 255
    pack_into("<f", data, 41, 17.0)
    pack_into("<h", data, 65, -5000)
    data[100:102] = bytes((0x80, 0xFF))
    pack_into("<f", data, 105, math.nan)
    packet = decode(bytes(data), GEN5)
    assert isinstance(packet, SummaryRecordGen5)
    assert (packet.hr_bpm, packet.usable_hr_bpm, packet.rr_ms) == (0, None, ())
    assert (packet.accel_g, packet.skin_temp_c, packet.signal_quality_logvar) == (None, None, None)
    assert (packet.activity_code, packet.activity_class) == (255, None)
    assert (packet.psnr_b_db, packet.psnr_a_db) == (None, -1)
    assert packet.step_counter == 645


def test_v20() -> None:
    """Twenty bits with sign, whatever stands above them; a count beyond 50 is no count."""
    packet = decode(material.v20(), GEN5)
    assert isinstance(packet, OpticalBuffer)
    assert (packet.sample_rate_hz, packet.third_is_infrared) == (25, False)
    assert [block.count for block in packet.blocks] == [25, 0, 0, 0, 0]
    assert packet.blocks[0].a == tuple(range(-10, 15))
    assert packet.blocks[0].b == tuple(range(100, 125))


@pytest.mark.parametrize("version", [21, 18, 0, 99])
@pytest.mark.parametrize("kind", [0x2F, 0x2B])
def test_v21_whatever_the_version_byte_says(kind: int, version: int) -> None:
    """Length and counts tell; only the declared samples are read."""
    packet = decode(material.v21(kind=kind, version=version), GEN5)
    assert isinstance(packet, MotionBuffer)
    assert packet.accel_g.shape == (3, 100)
    assert packet.gyro_dps.shape == (3, 40)
    assert packet.accel_counts[2][:2] == (2, 3)
    assert packet.gyro_counts[1][:2] == (-1, 0)
    assert (packet.accel_id, packet.gyro_id) == (3, 5)


def test_v22() -> None:
    """What a tag defines, and nothing that is left over from the packet before."""
    packets = {tag: decode(material.v22(tag), GEN5) for tag in (1, 3, 5, 6, 9)}
    one, three, five, six, nine = packets.values()
    for packet in packets.values():
        assert isinstance(packet, ResearchRecord)
    assert isinstance(one, ResearchRecord)
    assert len(one.windows[0].deltas) == 49
    assert one.floats == (1.5, 2.5, 3.5)
    assert (one.flags_snapshot, one.state_word, one.primary_flags) == (0x80, 592, 3)
    assert one.accel_delta_g == pytest.approx(0.0065)
    assert isinstance(three, ResearchRecord)
    assert [len(window.deltas) for window in three.windows] == [24, 24]
    assert (three.windows[1].first_adc, three.state_word) == (524_287, 592)
    assert (three.flags_snapshot, three.primary_flags) == (0x80, 3)
    assert isinstance(five, ResearchRecord)
    assert (five.pip_epoch, five.state_word, five.primary_flags) == (EPOCH - 39, 864, 1)
    assert isinstance(six, ResearchRecord)
    assert (five.windows[0].first_adc, five.windows[0].deltas) == (23_393, tuple(range(24)))
    assert five.accel_delta_g == pytest.approx(0.526)
    assert six.accel_counts[2][:2] == (200, 201)
    assert six.windows == ()
    assert isinstance(nine, ResearchRecord)
    assert (nine.windows, nine.accel_counts, nine.accel_delta_g) == ((), (), None)
