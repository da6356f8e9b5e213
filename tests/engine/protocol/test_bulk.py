"""Two paths, one truth: many at once against one by one."""

from collections.abc import Callable

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import Generation, Reason, decode_records

from . import material
from .material import ALL, GEN4, GEN5, RECORDS, Sample
from .two_paths import RECORD_TYPES, attempt, rows, single


def matrix(inners: list[bytes]) -> np.ndarray:
    """Stack payloads of one length."""
    return np.frombuffer(b"".join(inners), np.uint8).reshape(len(inners), -1)


def assert_equal(inners: list[bytes], generation: Generation) -> None:
    """Hold both paths against each other."""
    records = decode_records(matrix(inners), generation)
    for inner, said in zip(inners, rows(records), strict=True):
        assert said == single(inner, attempt(inner, generation)), inner.hex()


@pytest.mark.full
@pytest.mark.parametrize("sample", ALL, ids=[one.name for one in ALL])
@pytest.mark.parametrize("generation", Generation)
def test_every_kind_and_every_length(sample: Sample, generation: Generation) -> None:
    """Cut off at any place, and longer than it should be."""
    data = sample.inner + bytes(3)
    sizes = (
        range(len(data) + 1) if len(data) < 200 else [*range(130), *range(130, len(data) + 1, 7)]
    )
    for size in sizes:
        assert_equal([data[:size]] * 2 if size else [b""], generation)


FLOATS = st.sampled_from(
    [0.0, -0.0, 1.0, 0.5, 1.8, 1.80001, 16.0, 16.001, -16.0, 1e-40, 3e38, float("nan"), float("inf"), float("-inf")]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[list[bytes], Generation]:
    """Rows of one length: real-looking records with some bytes, floats and counts changed."""
    generation = draw(st.sampled_from(Generation))
    samples = draw(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=6))
    size = draw(st.sampled_from([len(one.inner) for one in samples]) | st.integers(0, 130))
    payloads = []
    for sample in samples:
        data = bytearray(sample.inner[:size].ljust(size, b"\0"))
        edits = draw(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), max_size=6))
        for at, value in edits:
            if at < size:
                data[at] = value
        for at in draw(
            st.lists(st.sampled_from([32, 33, 36, 37, 40, 41, 42, 44, 45, 46, 50, 54]), max_size=2)
        ):
            if at + 4 <= size:
                data[at : at + 4] = np.float32(draw(FLOATS)).tobytes()
        payloads.append(bytes(data))
    return payloads, generation


@given(mutated())
def test_bulk_equals_single(case: tuple[list[bytes], Generation]) -> None:
    """Mixed versions, broken fields, any length."""
    assert_equal(*case)


@given(
    st.lists(st.binary(min_size=96, max_size=96), min_size=1, max_size=4),
    st.sampled_from(Generation),
)
def test_random_bytes(rows: list[bytes], generation: Generation) -> None:
    """Noise behind each record type."""
    assert_equal([bytes((kind,)) + one[1:] for one in rows for kind in RECORD_TYPES], generation)


def test_gaps_between_accepted_intervals_are_closed() -> None:
    """Accepted intervals move left, in order."""
    data = bytearray(material.r24())
    data[18] = 8
    data[19:35] = np.array([100, 800, 3000, 900, 199, 2500, -1, 200], "<i2").tobytes()
    records = decode_records(matrix([bytes(data)]), GEN4)
    assert records.rr_ms.tolist() == [[800, 900, 2500, 200, 0, 0, 0, 0]]
    assert records.rr_count.tolist() == [4]


@pytest.mark.parametrize("raw", [-5000, -4999, 0, 3359, 32767, -32768])
def test_skin_temperature(raw: int) -> None:
    """Every value but the one that says there is none."""
    data = bytearray(material.v18())
    data[65:67] = np.array(raw, "<i2").tobytes()
    assert_equal([bytes(data)] * 2, GEN5)
    found = decode_records(matrix([bytes(data)]), GEN5).skin_temp_c
    assert np.isnan(found[0]) if raw == -5000 else found[0] == np.float32(raw / 100)


@pytest.mark.parametrize("raw", [0, 645, 32768, 65535])
def test_step_counter(raw: int) -> None:
    """Every value counts, and no other kind has one."""
    data = bytearray(material.v18())
    data[49:51] = np.array(raw, "<u2").tobytes()
    assert_equal([bytes(data)] * 2, GEN5)
    assert decode_records(matrix([bytes(data)]), GEN5).step_counter.tolist() == [raw]
    assert decode_records(matrix([material.r24()]), GEN4).step_counter.tolist() == [-1]


def test_undecodable_rows_keep_their_time() -> None:
    """So that they can be archived where they belong."""
    bad = bytearray(material.gated(31, 17))
    bad[17] = 1
    records = decode_records(matrix([bytes(bad)]), GEN4)
    assert records.reason.tolist() == [Reason.IMPLAUSIBLE]
    assert (records.epoch[0], records.counter[0]) == (material.EPOCH, material.COUNTER)
    assert records.ts[0] == pytest.approx(material.EPOCH + material.SUBSEC / 32768)
    assert decode_records(matrix([bytes(bad[:12])]), GEN4).epoch.tolist() == [-1]


@pytest.mark.parametrize(
    "arrange",
    [
        np.asfortranarray,
        lambda rows: rows[::2],
        lambda rows: np.pad(rows, ((0, 0), (3, 3)))[:, 3:-3],
    ],
)
def test_any_memory_layout(arrange: Callable[[np.ndarray], np.ndarray]) -> None:
    """Columns stored apart, every second row, a window of a wider matrix."""
    rows = matrix([material.r24(), material.gated(9, 17)] * 4)
    arranged = arrange(rows)
    found = decode_records(arranged, GEN4)
    assert found.hr_bpm.tolist() == [109 if one[1] == 24 else 63 for one in arranged]


@pytest.mark.parametrize("shape", [(0, 96), (0, 0)])
def test_no_rows(shape: tuple[int, int]) -> None:
    """Empty in, empty out."""
    found = decode_records(np.zeros(shape, np.uint8), GEN5)
    assert found.ts.shape == (0,)
    assert found.rr_ms.shape == (0, 8)
    assert found.accel_g.shape == (0, 3)
