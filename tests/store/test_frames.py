"""Identity of frames, and what is known of their generation."""

from itertools import permutations

from hypothesis import given, strategies as st
import numpy as np

from custom_components.openstrap.engine.protocol import Generation, Inner, infer_generation
from custom_components.openstrap.store.frames import (
    Evidence,
    Kind,
    Rows,
    group_frames,
    identities,
    kind_of,
)

from .material import CATALOGUE, GEN4, GEN5, event, r24, v18


def test_padding_is_no_part_of_a_frame() -> None:
    """A frame is itself with its zeros, without them, and with more of them."""
    frame = r24(5)
    whole, padded, stripped = identities([frame, frame + bytes(4), frame.rstrip(b"\0")])
    assert whole == padded == stripped
    assert len(whole) == 16
    assert identities([r24(6)]) != [whole]


def test_evidence_does_not_depend_on_what_came_first() -> None:
    """Headers outweigh inference; contradicting headers are settled for gen5."""
    inferred = infer_generation(v18(1))
    assert inferred is GEN5

    def decided(claims: list[tuple[Generation, bool]]) -> Generation:
        rows = [
            group_frames([Inner(v18(1), generation, proven)])[0] for generation, proven in claims
        ]
        return max(row.kind.evidence for row in rows).generation

    for order in permutations([(GEN5, False), (GEN4, True)]):
        assert decided(list(order)) == GEN4
    for order in permutations([(GEN5, False), (GEN4, True), (GEN5, True)]):
        assert decided(list(order)) == GEN5
    assert decided([(GEN5, False)]) == GEN5


def test_like_frames_come_together() -> None:
    """By length, type, version and evidence; not by the sequence number of an event."""
    inners = [
        Inner(r24(1), GEN4, False), Inner(event(1, sequence=1), GEN4, False), Inner(b"", GEN4, False),
        Inner(r24(2), GEN4, True), Inner(event(2, sequence=9), GEN4, False), Inner(v18(1), GEN5, True),
    ]  # fmt: skip
    assert [(rows.kind, rows.frames) for rows in group_frames(inners)] == [
        (Kind(Evidence.GEN5_PROVEN, 0x2F, 18, 112), [v18(1)]),
        (Kind(Evidence.GEN4, 0x2F, 24, 96), [r24(1), r24(2)]),
        (Kind(Evidence.GEN4, 0x30, 0, 12), [event(1, sequence=1), event(2, sequence=9)]),
    ]


@given(st.lists(st.sampled_from([inner for forms in CATALOGUE for inner in forms]), max_size=40))
def test_grouping_loses_nothing(inners: list[Inner]) -> None:
    """Every frame is in one group, whose matrix says the same as its list."""
    groups = group_frames(inners)
    assert sorted(frame for rows in groups for frame in rows.frames) == sorted(
        inner.data for inner in inners
    )
    for rows in groups:
        assert rows.matrix.shape == (len(rows.frames), rows.kind.length)
        assert Rows.of_matrix(rows.kind, rows.matrix).frames == rows.frames
        assert all(kind_of(frame, rows.kind.evidence) == rows.kind for frame in rows.frames)
        assert rows.matrix.dtype == np.uint8
