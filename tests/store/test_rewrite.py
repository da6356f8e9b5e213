"""Hours written anew."""

from contextlib import closing
from pathlib import Path
import tempfile

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import Inner
from custom_components.openstrap.store import WearerStore, blocks
from custom_components.openstrap.store.errors import BlockUnreadable
from custom_components.openstrap.store.frames import Evidence, identities
from custom_components.openstrap.store.identities import claim_of
from custom_components.openstrap.store.rewrite import merge_hour, reread_hour

from .material import GEN4, GEN5, NOW, START, TZ, event, gen4, live, night, put, r24, v18

HOUR = START // 3600


def compact(store: WearerStore) -> None:
    """Merge all that waits."""
    while store.compact(now=NOW + 9000, tz=TZ, limit=3):
        pass


def test_merging_changes_nothing_but_the_blocks(store: WearerStore) -> None:
    """Many small ones become one for each hour and kind, sorted by time."""
    frames = night(3000)
    np.random.default_rng(1).shuffle(frames)
    for at in range(0, 3000, 50):
        put(store, frames[at : at + 50])
    put(store, [live(3), event(3), b"\xee"])
    before, many = store.dump(), store.stats()
    compact(store)
    after = store.stats()
    assert store.dump() == before
    assert many["blocks"] > 60
    assert after["blocks"] == 4
    assert (many["loose_hours"], after["loose_hours"]) == (2, 0)
    assert after["packed_bytes"] < many["packed_bytes"] / 1.3
    (first, *_) = [found for source, found in store.records(0, 2**32) if source == 0]
    assert (np.diff(first.ts) > 0).all()
    assert put(store, frames).duplicate == 3000


def test_merging_goes_by_slices(store: WearerStore) -> None:
    """And tells whether to come again."""
    put(store, [r24(at * 3600) for at in range(2)])
    assert store.compact(now=NOW, tz=TZ, limit=1)
    assert not store.compact(now=NOW, tz=TZ, limit=1)
    assert not store.compact(now=NOW, tz=TZ, limit=1)


def test_a_longer_form_and_better_evidence_read_the_hour_again(store: WearerStore) -> None:
    """The minutes, the events and the days follow."""
    cut = event(5, 3, b"\7\0\1\0\0\0\0\0")
    put(store, [Inner(v18(20, 63), GEN5, False), cut.rstrip(b"\0"), r24(21, 80)])
    assert store.minutes(0, 2**32).hr_max.tolist() == [80]
    assert store.minutes(0, 2**32).records.tolist() == [2]
    short = store.events(0, 2**32)
    for day in store.dirty_days():
        store.clear_dirty(day.day, day.mark)
    report = put(store, [Inner(v18(20, 63), GEN4, True), cut])
    assert (report.new, report.duplicate, report.minutes) == (0, 2, 1)
    assert store.minutes(0, 2**32).records.tolist() == [1]
    assert [day.day for day in store.dirty_days()] == sorted(report.days)
    assert len(report.days) == 2
    assert [found.body for found in store.events(0, 2**32)] == [b"\7\0\1\0\0\0\0\0"]
    assert len(short) <= 1
    assert store.latest_reading().hr_bpm == 80


def test_proof_of_what_was_inferred_moves_nothing(store: WearerStore) -> None:
    """The frames' evidence rises, the day stays as it was derived."""
    put(store, [Inner(v18(at), GEN5, False) for at in range(30)])
    before = store.dump()
    for day in store.dirty_days():
        store.clear_dirty(day.day, day.mark)
    report = put(store, [Inner(v18(at), GEN5, True) for at in range(20)])
    assert (report.duplicate, report.minutes, report.days) == (20, 0, frozenset())
    after = store.dump()
    assert after["minutes"] == before["minutes"]
    assert (
        sorted(row[2] for row in after["frames"]) == ["GEN5_INFERRED"] * 10 + ["GEN5_PROVEN"] * 20
    )
    assert put(store, [Inner(v18(at), GEN5, True) for at in range(20)]).duplicate == 20


def test_inferred_gen4_needs_no_proof(store: WearerStore) -> None:
    """A band's frames after a phone's are plain duplicates, which must stay cheap."""
    put(store, night(100))
    count = store._conn.total_changes
    put(store, gen4(night(100), proven=True))
    assert store._conn.total_changes == count


@given(st.lists(st.integers(0, 7300), min_size=1, max_size=40, unique=True))
def test_reading_again_gives_the_same(seconds: list[int]) -> None:
    """Minutes and events are a function of the frames."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(WearerStore.open(Path(folder) / "wearer.db")) as store,
    ):
        put(store, [make(at) for at in seconds for make in (r24, live, event)])
        before = store.dump()
        # What a decoder of an earlier version may have made of the frames.
        store._conn.execute("INSERT INTO events VALUES (?, 1, 1, x'01')", (START + seconds[0],))
        store._conn.execute("UPDATE minutes SET hr_sum = hr_sum + 1")
        stamps = [
            stamp
            for hour in (HOUR, HOUR + 1, HOUR + 2)
            for stamp in reread_hour(store._conn, hour, NOW).tolist()
        ]
        assert store.dump() == before
        counted = [at for at in seconds if START + at <= NOW + 300]
        assert stamps == sorted({(START + at) // 60 * 60 for at in counted})


def break_block(store: WearerStore, hour: int) -> None:
    """Damage one block of an hour, as a disk may."""
    store._conn.execute(
        "UPDATE blocks SET packed = substr(packed, 1, 9) WHERE id ="
        " (SELECT min(id) FROM blocks WHERE hour = ?)",
        (hour,),
    )
    store._forget()


def test_a_broken_block_changes_nothing(store: WearerStore) -> None:
    """It is told before anything is written."""
    put(store, night(100))
    put(store, [live(5)])
    break_block(store, HOUR)
    for rewrite in (
        lambda: merge_hour(store._conn, HOUR),
        lambda: reread_hour(store._conn, HOUR, NOW),
    ):
        with pytest.raises(BlockUnreadable):
            rewrite()
    assert len(blocks.in_hour(store._conn, HOUR)) == 2


@pytest.mark.parametrize("door", ["ingest", "compact", "records", "claims"])
def test_an_hour_with_a_broken_block_is_sealed(store: WearerStore, door: str) -> None:
    """Nobody can tell what of it was counted, so it takes nothing more, and keeps its minutes."""
    frames = night(300)
    put(store, frames)
    put(store, [live(5), v18(7), r24(3700)])
    minutes = store.minutes(0, 2**32)
    break_block(store, HOUR)
    match door:
        case "ingest":
            report = put(store, [*frames, r24(3700)])
            assert report.rejected == {"sealed": 300}
            assert report.duplicate == 1
        case "compact":
            compact(store)
        case "records":
            assert sum(len(found.reason) for _, found in store.records(0, 2**32)) == 2
        case "claims":
            # The hour was read before it broke.
            claim = claim_of(Evidence.GEN4, len(v18(7)))
            store._known._hours[HOUR] = dict.fromkeys(identities([v18(7)]), claim)
            put(store, [Inner(v18(7), GEN5, True)])
    assert store.is_sealed(START, START + 1)
    assert not store.is_sealed(START + 3600, START + 3601)
    assert store.minutes(0, 2**32).records.tolist() == minutes.records.tolist()
    assert put(store, frames).rejected == {"sealed": 300}
    assert put(store, [r24(3701)]).new == 1
    compact(store)
    assert store.stats()["loose_hours"] == 0


def test_a_broken_block_of_what_never_counted_is_dropped(store: WearerStore) -> None:
    """The hour of undated frames, or one to come, must stay open."""
    put(store, [b"\xee\x01", b"\xee\x02"])
    put(store, [b"\xee\x03"])
    put(store, [r24(12_000)])
    break_block(store, -1)
    break_block(store, HOUR + 3)
    report = put(store, [b"\xee\x01", b"\xee\x03", r24(12_000)])
    assert (report.new, report.duplicate) == (2, 1)
    assert store.dump()["sealed"] == []
    break_block(store, HOUR + 3)
    assert put(store, [r24(12_001)], NOW + 9000).rejected == {"sealed": 1}


def test_gen5_frames_are_not_gen4(store: WearerStore) -> None:
    """A claim against the inference is remembered with the frame."""
    put(store, [Inner(v18(20), GEN4, True)])
    put(store, [Inner(v18(20), GEN5, False)])
    assert [row[2] for row in store.dump()["frames"]] == ["GEN4"]
    assert GEN4 is not GEN5
