"""Uploaded strings."""

from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import (
    Generation,
    HexRejected,
    build_frame,
    infer_generation,
    parse_hex,
)
from custom_components.openstrap.engine.protocol.base import KNOWN_TYPES
from custom_components.openstrap.engine.protocol.checksum import crc8, crc16
from custom_components.openstrap.engine.protocol.hexline import MAX_INNER

from . import material
from .material import ALL, GEN4, GEN5, Sample

FRAME4 = build_frame(GEN4, material.r24()).hex()
FRAME5 = build_frame(GEN5, material.v18()).hex()


def header(length: int) -> str:
    """Make a sound gen4 header."""
    size = length.to_bytes(2, "little")
    return bytes((0xAA, *size, crc8(size))).hex()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("2f1", "odd_length"),
        ("zzz", "odd_length"),
        ("2fzz", "not_hex"),
        ("２f18", "not_hex"),
        ("00112233", "unknown_type"),
        ("39aabbcc", "unknown_type"),
        ("aa", "header_crc"),
        ("aa0800a9" + "00" * 8, "header_crc"),
        ("aa0108000001e67223019101363e5c8d", "header_crc"),
        (FRAME4[:-2], "truncated"),
        (FRAME5[:40], "truncated"),
        (FRAME4[:-1] + ("0" if FRAME4[-1] != "0" else "1"), "payload_crc"),
        ("2f18" * 20_000, "too_long"),
        ("2f18" + "00" * (MAX_INNER - 1), "too_long"),
        (header(5000) + "00" * 6000, "too_long"),
        (header(4) + "00000000", "empty"),
    ],
)
def test_rejections(text: str, reason: str) -> None:
    """Every reason of the table, in the order of its steps."""
    with pytest.raises(HexRejected) as rejected:
        parse_hex(text)
    assert rejected.value.reason == reason
    assert rejected.value.inners == ()


def test_other_revision_of_the_gen5_envelope_is_rejected() -> None:
    """Only revision 1 is ours to read."""
    frame = bytearray.fromhex(FRAME5)
    frame[1] = 2
    frame[6:8] = crc16(bytes(frame[:6])).to_bytes(2, "little")
    with pytest.raises(HexRejected, match="header_crc"):
        parse_hex(frame.hex())


@given(st.sampled_from(ALL), st.booleans())
def test_a_payload_and_its_frame_give_the_same_bytes(sample: Sample, upper: bool) -> None:
    """Wrapped or not, only the padding differs, and only the frame proves the generation."""
    plain = sample.inner.hex()
    wrapped = build_frame(sample.generation, sample.inner).hex()
    if upper:
        plain, wrapped = plain.upper(), wrapped.upper()
    (bare,) = parse_hex(f" {plain}\n")
    (framed,) = parse_hex(wrapped)
    assert framed.data.rstrip(b"\0") == bare.data.rstrip(b"\0") == sample.inner.rstrip(b"\0")
    assert framed.generation is sample.generation
    assert (framed.proven, bare.proven) == (True, False)
    (told,) = parse_hex(plain, GEN5)
    assert (told.generation, told.proven) == (GEN5, True)


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=4), st.integers(0, 9))
def test_several_frames_in_one_string(samples: list[Sample], zeros: int) -> None:
    """Also of both generations, with filling between."""
    text = "".join(build_frame(one.generation, one.inner).hex() + "00" * zeros for one in samples)
    found = parse_hex(text)
    assert [one.generation for one in found] == [one.generation for one in samples]
    assert [one.data.rstrip(b"\0") for one in found] == [one.inner.rstrip(b"\0") for one in samples]


def test_good_frames_before_a_bad_one_are_not_lost() -> None:
    """The rejection carries them."""
    with pytest.raises(HexRejected) as rejected:
        parse_hex(FRAME4 + FRAME5 + FRAME4[:-10])
    assert rejected.value.reason == "truncated"
    assert [one.generation for one in rejected.value.inners] == [GEN4, GEN5]


@given(st.text(max_size=200) | st.binary(max_size=200).map(bytes.hex))
def test_any_text_is_accepted_or_rejected(text: str) -> None:
    """No other outcome than a list of payloads or a reason."""
    with suppress(HexRejected):
        assert all(one.data for one in parse_hex(text))


@pytest.mark.parametrize("kind", sorted(KNOWN_TYPES))
def test_every_packet_type_is_taken(kind: int) -> None:
    """Also those without a layout: they are kept raw."""
    assert parse_hex(f"{kind:02x}00")[0].data == bytes((kind, 0))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (material.r24(), GEN4),
        (material.gated(18, 14), GEN4),
        (material.v18(), GEN5),
        (material.v18()[:108], GEN4),
        (material.v20(), GEN5),
        (material.v21(), GEN5),
        (material.v21(kind=0x2B), GEN5),
        (material.v21(version=24), GEN5),
        (material.v22(3), GEN5),
        (material.pulse(26, 0x80), GEN5),
        (material.pulse(25, 0), GEN4),
        (material.r10(live=True), GEN4),
        (b"\x28\x02", GEN4),
        (b"\x2f", GEN4),
        (b"", GEN4),
    ],
)
def test_inferred_generation(inner: bytes, expected: Generation) -> None:
    """Records that only one generation sends decide; everything else is gen4."""
    assert infer_generation(inner) is expected
