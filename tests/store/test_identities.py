"""Claims on frames, and the memory of what is stored."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.store.errors import BlockUnreadable
from custom_components.openstrap.store.frames import Evidence, identities
from custom_components.openstrap.store.identities import Identities, claim_of, join, split

from .material import START, put, r24

claims = st.builds(claim_of, st.sampled_from(Evidence), st.integers(1, 5000))


@given(claims, claims, claims)
def test_claims_join_in_any_order(one: int, other: int, third: int) -> None:
    """The join is a lattice's: so repetition, order and grouping never matter."""
    assert join(one, one) == one
    assert join(one, other) == join(other, one)
    assert join(join(one, other), third) == join(one, join(other, third))
    evidence, length = split(join(one, other))
    assert evidence == max(split(one)[0], split(other)[0])
    assert length == max(split(one)[1], split(other)[1])


def test_an_hour_is_told_from_its_blocks(store: WearerStore) -> None:
    """And remembered."""
    frames = [r24(1), r24(2), r24(3601)]
    put(store, frames)
    known = Identities()
    hour = START // 3600
    claim = claim_of(Evidence.GEN4, 96)
    found = known.of_hour(store._conn, hour)
    assert found == dict.fromkeys(identities(frames[:2]), claim)
    assert known.of_hour(store._conn, hour) is found
    known.forget(hour)
    assert known.of_hour(store._conn, hour) is not found
    known.clear()
    assert known.of_hour(store._conn, hour + 1) == dict.fromkeys(identities(frames[2:]), claim)


def test_what_was_not_asked_for_long_is_forgotten(store: WearerStore) -> None:
    """So that memory stays bounded, whatever comes."""
    put(store, [r24(at * 3600 + second) for at in range(2) for second in range(10)])
    known = Identities(limit=15)
    first, second, empty = (START // 3600 + at for at in (0, 1, 2))
    kept = known.of_hour(store._conn, first)
    known.of_hour(store._conn, second)
    assert known.of_hour(store._conn, first) is kept
    known.of_hour(store._conn, empty)
    assert list(known._hours) == [first, empty]


def test_a_broken_block_is_told(store: WearerStore) -> None:
    """Its hour is not remembered as if it were whole."""
    put(store, [r24(1)])
    store._conn.execute("UPDATE blocks SET packed = x'00'")
    known = Identities()
    for _ in range(2):
        with pytest.raises(BlockUnreadable):
            known.of_hour(store._conn, START // 3600)
