"""Envelopes and reassembly."""

from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import (
    Generation,
    Reassembler,
    build_frame,
    check_frame,
)
from custom_components.openstrap.engine.protocol.checksum import crc8, crc16, crc32
from custom_components.openstrap.engine.protocol.frame import MAX_FRAME

from .material import GEN4, GEN5, WORKED_FRAMES

generations = st.sampled_from(Generation)
inners = st.binary(min_size=1, max_size=300)
OVERHEAD = {GEN4: 8, GEN5: 12}


@pytest.mark.parametrize(("generation", "frame", "inner"), WORKED_FRAMES)
def test_worked_examples(generation: Generation, frame: str, inner: str) -> None:
    """The examples of the specification, read and (where the host sends them) built."""
    data = bytes.fromhex(frame)
    found = check_frame(generation, data)
    assert found.valid
    assert found.inner == bytes.fromhex(inner)
    assert found.size == len(data)
    if found.inner[0] == 0x23:
        assert build_frame(generation, found.inner) == data


@given(generations, st.binary(max_size=300))
def test_frame_round_trip_pads_to_four(generation: Generation, inner: bytes) -> None:
    """What goes in comes out, with at most three zero bytes behind it."""
    frame = build_frame(generation, inner)
    found = check_frame(generation, frame + b"behind")
    assert found.valid
    assert found.inner is not None
    assert len(found.inner) % 4 == 0
    assert found.inner[: len(inner)] == inner
    assert found.inner[len(inner) :] == bytes(len(found.inner) - len(inner))
    assert len(frame) == len(found.inner) + OVERHEAD[generation]


@given(generations, inners, st.data())
def test_one_flipped_bit_is_noticed(
    generation: Generation, inner: bytes, data: st.DataObject
) -> None:
    """No single bit error passes, wherever it strikes."""
    frame = bytearray(build_frame(generation, inner))
    bit = data.draw(st.integers(0, 8 * len(frame) - 1))
    frame[bit // 8] ^= 1 << bit % 8
    assert not check_frame(generation, bytes(frame)).valid


@given(generations, inners, st.data())
def test_cut_off_frame_has_no_payload(
    generation: Generation, inner: bytes, data: st.DataObject
) -> None:
    """Nothing is made of half a frame."""
    frame = build_frame(generation, inner)
    found = check_frame(generation, frame[: data.draw(st.integers(0, len(frame) - 1))])
    assert not found.valid
    assert found.inner is None


@given(generations, st.binary(max_size=300))
def test_unpadded_frame(generation: Generation, inner: bytes) -> None:
    """For straps that take their clock in no other form: exactly the bytes given."""
    frame = build_frame(generation, inner, pad=False)
    assert check_frame(generation, frame).inner == inner
    assert len(frame) == len(inner) + OVERHEAD[generation]


def test_too_large_a_frame_is_not_built() -> None:
    """A strap would not take it."""
    with pytest.raises(ValueError, match="do not fit"):
        build_frame(GEN4, bytes(MAX_FRAME))


def chunked(data: st.DataObject, stream: bytes) -> list[bytes]:
    """Cut a stream into notifications of random sizes, empty ones too."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    edges = [0, *cuts, len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


@given(generations, st.lists(st.tuples(st.binary(max_size=40), inners), max_size=6), st.data())
def test_reassembly_under_any_chunking_with_noise_between(
    generation: Generation, parts: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    """Every frame is found, in order, once, and nothing else."""
    stream = b"".join(noise + build_frame(generation, inner) for noise, inner in parts)
    # Noise may look like a header that announces a long frame: more bytes decide it.
    stream += bytes(MAX_FRAME + 8)
    reassembler = Reassembler(generation)
    found = [inner for chunk in chunked(data, stream) for inner in reassembler.feed(chunk)]
    assert found == [inner + bytes(-len(inner) % 4) for _, inner in parts]


@given(generations, st.lists(inners, min_size=1, max_size=5), st.data())
def test_clean_stream_counts_no_faults(
    generation: Generation, payloads: list[bytes], data: st.DataObject
) -> None:
    """Zero bytes behind a frame are filling, not a fault, wherever the chunks are cut."""
    filling = st.integers(0, 5).map(bytes)
    stream = b"".join(build_frame(generation, inner) + data.draw(filling) for inner in payloads)
    reassembler = Reassembler(generation)
    found = [inner for chunk in chunked(data, stream) for inner in reassembler.feed(chunk)]
    assert len(found) == len(payloads)
    assert (reassembler.resyncs, reassembler.corrupt) == (0, 0)


@given(generations, st.lists(st.binary(max_size=600), max_size=20))
def test_any_bytes_are_taken(generation: Generation, chunks: list[bytes]) -> None:
    """Noise raises nothing and does not pile up."""
    reassembler = Reassembler(generation)
    for chunk in chunks:
        reassembler.feed(chunk)
    assert len(reassembler._buffer) < MAX_FRAME + 12


@pytest.mark.parametrize("generation", Generation)
def test_damaged_length_loses_only_its_own_frame(generation: Generation) -> None:
    """A length whose check passes by chance must not swallow what follows."""
    victim = bytearray(build_frame(generation, b"\x2f" * 40))
    at = 1 if generation is GEN4 else 2
    victim[at : at + 2] = (2000).to_bytes(2, "little")
    if generation is GEN4:
        victim[3] = crc8(bytes(victim[1:3]))
    else:
        victim[6:8] = crc16(bytes(victim[:6])).to_bytes(2, "little")
    good = [bytes((0x30, place)) * 200 for place in range(6)]
    reassembler = Reassembler(generation)
    stream = bytes(victim) + b"".join(build_frame(generation, inner) for inner in good)
    assert reassembler.feed(stream) == good
    assert reassembler.corrupt == 1


@pytest.mark.parametrize("generation", Generation)
def test_damaged_payload_is_counted(generation: Generation) -> None:
    """One corrupt frame among good ones."""
    frames = [bytearray(build_frame(generation, bytes((0x30, place, 0, 0)))) for place in range(3)]
    frames[1][-6] ^= 0x10
    reassembler = Reassembler(generation)
    found = reassembler.feed(b"".join(frames))
    assert [inner[1] for inner in found] == [0, 2]
    assert reassembler.corrupt == 1


@pytest.mark.parametrize("generation", Generation)
def test_reset_forgets_half_a_frame(generation: Generation) -> None:
    """After a disconnect the first frame of the new link must not be lost."""
    frame = build_frame(generation, b"\x2f\x18" * 20)
    reassembler = Reassembler(generation)
    assert reassembler.feed(frame[:-3]) == []
    reassembler.reset()
    assert reassembler.feed(frame) == [b"\x2f\x18" * 20]
    assert reassembler.resyncs == 0


def test_other_revision_of_the_gen5_envelope_is_kept_whole() -> None:
    """A sound frame that we cannot read is handed over once, and what follows it is read."""
    other = bytearray(build_frame(GEN5, b"\x2f\x63ab"))
    other[1] = 2
    other[6:8] = crc16(bytes(other[:6])).to_bytes(2, "little")
    assert other[-4:] == crc32(b"\x2f\x63ab").to_bytes(4, "little")
    reassembler = Reassembler(GEN5)
    assert reassembler.feed(bytes(other) + build_frame(GEN5, b"\x30\x00\x00\x00")) == [
        b"\x30\0\0\0"
    ]
    assert reassembler.take_undecodable() == [bytes(other)]
    assert reassembler.take_undecodable() == []


def test_frame_beyond_the_limit_is_not_waited_for() -> None:
    """A sound header that announces more than a strap sends is noise."""
    length = (8000).to_bytes(2, "little")
    header = bytes((0xAA, *length, crc8(length)))
    reassembler = Reassembler(GEN4)
    assert reassembler.feed(header + build_frame(GEN4, b"\x30\x00\x00\x00")) == [b"\x30\0\0\0"]
    assert reassembler.resyncs == 1
