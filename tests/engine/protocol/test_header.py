"""Time and stream of a packet without decoding it."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import (
    Console,
    Event,
    Generation,
    LiveHeartRate,
    LiveMotion,
    Marker,
    Record,
    RecordKind,
    Undecodable,
    decode,
    record_kind,
    record_time,
)

from . import material
from .material import ALL, EPOCH, RECORDS, SUBSEC, Sample


@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
def test_time_is_that_of_the_decoder(sample: Sample) -> None:
    """For every kind that has one, and for no other."""
    packet = decode(sample.inner, sample.generation)
    if isinstance(packet, LiveMotion):
        assert record_time(sample.inner) == (packet.epoch, 0)
    elif isinstance(packet, (Record, LiveHeartRate, Event, Console, Marker)):
        assert record_time(sample.inner) == (packet.epoch, packet.subsec)
    else:
        assert record_time(sample.inner) is None


@pytest.mark.parametrize("sample", RECORDS, ids=[one.name for one in RECORDS])
def test_time_needs_its_bytes(sample: Sample) -> None:
    """Also an undecodable record has its time, as soon as the bytes are there."""
    floor = 8 if sample.inner[0] == 0x28 else 13
    for size in range(20):
        assert record_time(sample.inner[:size]) == ((EPOCH, SUBSEC) if size >= floor else None)


def test_time_of_short_motion() -> None:
    """Four bytes of epoch are enough, fewer are none."""
    assert record_time(material.live_motion()[:8]) == (EPOCH, 0)
    assert record_time(material.live_motion()[:7]) is None


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (material.r24(), RecordKind.SUMMARY),
        (material.r24(12, 88), RecordKind.SUMMARY),
        (material.gated(31, 17), RecordKind.SUMMARY),
        (material.v18(), RecordKind.SUMMARY),
        (material.r10(), RecordKind.HIGH_RATE),
        (material.r10(live=True), RecordKind.LIVE_HIGH_RATE),
        (b"\x28\x02", RecordKind.LIVE),
        (material.r11(), None),
        (material.r11(kind=0x2B), None),
        (b"\x30\x18", None),
        (b"\x2f", None),
        (b"", None),
    ],
)
def test_stream(inner: bytes, expected: RecordKind | None) -> None:
    """The best source has the lowest number."""
    assert record_kind(inner) == expected


@given(st.binary(max_size=120), st.sampled_from(Generation))
def test_any_bytes(inner: bytes, generation: Generation) -> None:
    """Nothing is raised, and what decodes with beats has a stream."""
    record_time(inner)
    kind = record_kind(inner)
    try:
        packet = decode(inner, generation)
    except Undecodable:
        return
    if hasattr(packet, "usable_hr_bpm"):
        assert kind is not None
