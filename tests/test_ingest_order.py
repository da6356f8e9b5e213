"""A frame counts once: any multiset, in any order, cut anyhow, from both doors, leaves the same."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
import random
import tempfile
from typing import Any

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import Inner
from custom_components.openstrap.engine.rollup import merge_minutes, sum_minutes
from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.store.identities import Identities
from custom_components.openstrap.store.rewrite import reread_hour

from .store.material import CATALOGUE, GEN4, GEN5, NOW, TZ, cut, gen4, multisets, night, put, v18

LATER = NOW + 7200
"""By then every frame of these tests that came before its time counts."""

type Content = dict[str, list[Any]]


def settled(store: WearerStore) -> Content:
    """Give what a store holds once the time of all its frames has come."""
    with store.intake(LATER, TZ):
        pass
    return store.dump()


def at_once(frames: Sequence[Inner]) -> Content:
    """Give what a store holds that got every frame in one call, each form once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(WearerStore.open(Path(folder) / "once.db")) as store,
    ):
        put(store, list(dict.fromkeys(frames)), LATER)
        return store.dump()


def unkindly(frames: Sequence[Inner], dice: random.Random) -> Content:
    """Give what a store holds that got frames repeated, shuffled, cut, with all else in between."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pushed.db"
        store = WearerStore.open(path)
        try:
            now, new = NOW, 0
            for batch in cut(frames, dice):
                new += put(store, batch, now).new
                match dice.randrange(9):
                    case 0:
                        store.compact(now=now, tz=TZ, limit=dice.randint(1, 5))
                    case 1:
                        store.close()
                        store = WearerStore.open(path)
                    case 2:
                        store._known.clear()
                    case 3:
                        store._known = Identities(limit=dice.randrange(20))
                    case 4 | 5:
                        store.latest_reading()
                    case 6:
                        now = min(now + dice.randrange(2000), LATER)
            found = settled(store)
            assert new == len(found["frames"])
            remembered = store.latest_reading()
            store._forget()
            assert remembered == store.latest_reading()
            assert made_anew(store) == found
        finally:
            store.close()
    return found


def made_anew(store: WearerStore) -> Content:
    """Read every hour again: minutes and events are a function of the frames."""
    with store._writing() as conn:
        for (hour,) in conn.execute("SELECT DISTINCT hour FROM blocks").fetchall():
            reread_hour(conn, hour, LATER)
    return store.dump()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Open an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


@pytest.mark.full
@given(multisets(), st.randoms(use_true_random=False))
def test_any_way_of_pushing_leaves_the_same_tables(
    frames: list[Inner], dice: random.Random
) -> None:
    """Order, cutting, repetition, merging, restarts and lost caches never show."""
    assert unkindly(frames, dice) == at_once(frames)


@pytest.mark.full
@settings(max_examples=1000)
@given(multisets(kinds=40), st.randoms(use_true_random=False))
def test_any_way_of_pushing_much_leaves_the_same_tables(
    frames: list[Inner], dice: random.Random
) -> None:
    """The same with more frames and many more tries."""
    assert unkindly(frames, dice) == at_once(frames)


def test_the_catalogue_reaches_every_table() -> None:
    """The property would prove little if its frames did not meet everything there is."""
    every = [inner for forms in CATALOGUE for inner in forms]
    inferred = at_once([inner for inner in every if inner.generation is GEN4])
    proven = at_once(every)
    reasons = {row[3] for found in (inferred, proven) for row in found["frames"]}
    assert reasons == {
        "ok", "unknown_type", "too_short", "non_finite", "unknown_version", "time_past",
        "implausible",
    }  # fmt: skip
    assert {row[2] for row in proven["frames"]} == {"GEN5_PROVEN"}
    assert {row[1] for row in inferred["minutes"]} == {0, 1, 2, 3}
    assert {row[2] for row in inferred["events"]} == {3, 9, 10, 14}
    assert inferred["dirty"] == proven["dirty"] == [("2026-05-31",), ("2026-06-01",)]
    assert inferred["minutes"] != proven["minutes"]


def test_two_doors_count_a_night_once(store: WearerStore) -> None:
    """The phone sends inner payloads, the band whole frames, overlapping and out of order."""
    frames = night(4000)
    dice = random.Random(3)
    new = 0
    for _ in range(3):
        first = dice.randrange(3000)
        phone = frames[first : first + 1000]
        dice.shuffle(phone)
        new += put(store, gen4(phone), LATER + 9000).new
        new += put(store, gen4(frames[first : first + 1200], proven=True), LATER + 9000).new
    new += put(store, gen4(frames[::-1]), LATER + 9000).new
    assert new == len(frames)
    sums = store.minutes(0, 2**32)
    assert int(sums.records.sum()) == len(frames)
    assert put(store, gen4(frames), LATER + 9000).duplicate == len(frames)


@pytest.mark.parametrize("phone_first", [True, False])
def test_the_doors_may_disagree_about_the_generation(store: WearerStore, phone_first: bool) -> None:
    """What a phone's record is inferred to be yields to the header that the band's frame has."""
    frames = [forms[2].data for forms in CATALOGUE if forms[0].data[:2] == b"\x2f\x12"]
    pushes = [
        [Inner(frame, GEN5, False) for frame in frames],
        [Inner(frame, GEN4, True) for frame in frames],
    ]
    for push in pushes if phone_first else pushes[::-1]:
        put(store, push)
    found = settled(store)
    assert {row[2] for row in found["frames"]} == {"GEN4"}
    assert {row[3] for row in found["frames"]} == {"implausible"}
    assert found["minutes"] == []
    assert found["dirty"] == [("2026-05-31",), ("2026-06-01",)]


def test_a_better_claim_outlives_a_forgotten_hour(store: WearerStore) -> None:
    """One call touches more hours than are remembered, and frames of an hour come apart in it."""
    store._known = Identities(limit=1)
    short = [v18(at * 3600) for at in range(3)]
    put(store, [Inner(frame, GEN5, False) for frame in short], LATER)
    longest = [Inner(frame + bytes(8), GEN4, False) for frame in short]
    proven = [Inner(frame, GEN5, True) for frame in short]
    middling = [Inner(frame + bytes(4), GEN4, True) for frame in short]
    put(store, [*longest, *proven, *middling], LATER)
    assert [row[1:3] for row in store.dump()["frames"]] == [(120, "GEN5_PROVEN")] * 3


def test_minutes_are_those_of_all_frames_at_once(store: WearerStore) -> None:
    """Sums that came in pieces are the sums of the stored records."""
    frames = night(3000)
    for batch in cut(gen4(frames), random.Random(5)):
        put(store, batch)
    parts = [sum_minutes(records, source) for source, records in store.records(0, 2**32)]
    whole, stored = merge_minutes(parts), store.minutes(0, 2**32)
    for name in ("minute", "source", "records", "hr_n", "hr_sum", "hr_min", "hr_max", "rr_sum_ms"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(stored, name))
