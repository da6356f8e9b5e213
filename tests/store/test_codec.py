"""Packing of frames: exact, tight, and never trusting what comes back from the disk."""

from pathlib import Path
import zlib

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.store import codec
from custom_components.openstrap.store.errors import BlockUnreadable

from .material import real_r24


@given(st.integers(1, 2500), st.integers(1, 40), st.integers(0, 2**32 - 1), st.sampled_from([1, 9]))
def test_what_is_packed_comes_back(rows: int, length: int, seed: int, level: int) -> None:
    """Bit for bit, across chunks."""
    matrix = np.random.default_rng(seed).integers(0, 256, (rows, length), dtype=np.uint8)
    packed = codec.pack(matrix, level)
    np.testing.assert_array_equal(codec.unpack(packed, rows, length), matrix)


def test_records_of_a_real_strap_take_less_than_25_bytes(shared_data: Path) -> None:
    """90 000 a day within 2.5 MB leaves 27.7 for each, all overheads included."""
    frames = real_r24(shared_data)
    matrix = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, 96)
    assert len(codec.pack(matrix, codec.TIGHT)) / len(frames) < 23.5
    assert len(codec.pack(matrix, codec.FAST)) / len(frames) < 25


def test_copies_within_a_record_cost_nothing_in_a_long_block() -> None:
    """A record repeats its gravity 16 bytes further on; an hour of it must still find the copy."""
    rng = np.random.default_rng(4)
    matrix = np.zeros((3744, 96), np.uint8)
    matrix[:, 36:48] = rng.integers(0, 256, (3744, 12))
    alone = len(codec.pack(matrix, codec.TIGHT))
    matrix[:, 52:64] = matrix[:, 36:48]
    assert len(codec.pack(matrix, codec.TIGHT)) < alone * 1.05


@pytest.mark.parametrize(
    "harm",
    [
        lambda packed: packed[:-3],
        lambda packed: packed[:20] + bytes(8) + packed[28:],
        lambda _: b"",
        lambda _: zlib.compress(bytes(95)),
    ],
    ids=["cut", "overwritten", "gone", "other"],
)
def test_harmed_blocks_are_told(harm) -> None:  # type: ignore[no-untyped-def]
    """They raise, whatever happened to them."""
    matrix = np.random.default_rng(1).integers(0, 256, (50, 96), dtype=np.uint8)
    with pytest.raises(BlockUnreadable):
        codec.unpack(harm(codec.pack(matrix, 9)), 50, 96)
