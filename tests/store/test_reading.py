"""Reading back what is stored."""

from contextlib import closing
from dataclasses import replace
from functools import reduce

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import Inner, decode_records
from custom_components.openstrap.engine.rollup import Source
from custom_components.openstrap.engine.samples import build_samples
from custom_components.openstrap.store import LatestReading, WearerStore
from custom_components.openstrap.store.latest import latest_of
from tests.engine.protocol.material import v21

from .material import CATALOGUE, GEN4, GEN5, NOW, START, TZ, event, live, night, put, r10, r24, v18


def test_records_come_back_decoded_and_nothing_else_does(store: WearerStore) -> None:
    """Of every source and layout, all of an hour together."""
    frames = [*night(300), *(r10(at) for at in range(3)), live(5), event(6), b"\xee"]
    put(store, frames)
    put(store, [Inner(v18(at), GEN5, True) for at in range(4)])
    broken = bytearray(r24(1000))
    broken[36:40] = b"\xff\xff\xff\xff"
    put(store, [bytes(broken)])
    found = [(source, len(records.reason)) for source, records in store.records(0, 2**32)]
    assert sorted(found) == [
        (Source.SUMMARY, 4), (Source.SUMMARY, 300), (Source.HIGH_RATE, 3), (Source.LIVE, 1),
    ]  # fmt: skip
    rows = np.frombuffer(b"".join(frames[:300]), np.uint8).reshape(-1, 96)
    (records,) = [one for _, one in store.records(0, 2**32) if len(one.reason) == 300]
    np.testing.assert_array_equal(records.ts, decode_records(rows, GEN4).ts)


def test_samples_do_not_depend_on_merging(store: WearerStore) -> None:
    """Records come in no set order, and become the same arrays."""
    frames = night(3000)
    np.random.default_rng(1).shuffle(frames)
    for at in range(0, 3000, 100):
        put(store, frames[at : at + 100])
    before = build_samples(store.records(0, 2**32))
    while store.compact(now=NOW, tz=TZ):
        pass
    after = build_samples(store.records(0, 2**32))
    for name in ("ts", "hr_bpm", "accel_g", "rr_ms", "rr_index"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    assert len(after) == 3000


@pytest.mark.parametrize(("start", "end"), [(0, 10), (0.5, 10.5), (3599.9, 3600), (5, 5), (9, 3)])
def test_a_span_excludes_its_end(store: WearerStore, start: float, end: float) -> None:
    """To the fraction of a second."""
    seconds = [0, 0.25, 0.5, 9.75, 10, 10.5, 3599.875, 3600, 3600.5]
    put(store, [r24(at) for at in seconds])
    found = [
        ts - START
        for _, records in store.records(START + start, START + end)
        for ts in records.ts.tolist()
    ]
    assert sorted(found) == [at for at in seconds if start <= at < end]


def test_a_broken_block_is_read_around_when_the_file_is_read_only(store: WearerStore) -> None:
    """What can be read is read."""
    put(store, night(50))
    put(store, [r24(2000)])
    store._conn.execute("UPDATE blocks SET packed = x'00' WHERE id = 1")
    with closing(WearerStore.open(store._path, read_only=True)) as reader:
        assert sum(len(records.reason) for _, records in reader.records(0, 2**32)) == 1
        assert reader.latest_reading().hr_ts == START + 2000
        assert not reader.is_sealed(START, START + 1)


def test_the_latest_reading_of_nothing(store: WearerStore) -> None:
    """Is nothing."""
    assert store.latest_reading() == LatestReading()
    put(store, [event(3), b"\xee"])
    assert store.latest_reading() == LatestReading()
    put(store, [r24(3, 0, rr_ms=())])
    assert store.latest_reading() == LatestReading(record_ts=START + 3)


def test_undecoded_records_have_no_reading() -> None:
    """Nor do no records at all."""
    rows = np.frombuffer(r24(1), np.uint8).reshape(1, 96)
    records = decode_records(rows, GEN4)
    assert latest_of(records, Source.LIVE).hr_bpm == 60
    assert latest_of(replace(records, reason=records.reason + 1), Source.LIVE) == LatestReading()


def test_the_latest_reading_is_the_newest_not_the_last(store: WearerStore) -> None:
    """A backlog that comes later changes nothing; an off-wrist strap shows its last reading."""
    put(store, [live(90, 71), r24(3700, 0, rr_ms=())])
    put(store, [r24(5, 44)])
    expected = LatestReading(START + 90, 71, START + 3700, -Source.LIVE)
    assert store.latest_reading() == expected
    store._forget()
    assert store.latest_reading() == expected
    put(store, [r24(90, 70)])
    assert store.latest_reading().hr_bpm == 70, "of one moment the history is the better source"
    put(store, [r24(15_000, 99)])
    assert store.latest_reading().hr_bpm == 70, "what lies in the future is not the latest"
    with store.intake(NOW + 9000, TZ):
        pass
    assert store.latest_reading().hr_bpm == 99


readings = st.builds(
    LatestReading,
    st.floats(0, 9) | st.none(), st.integers(25, 230), st.floats(0, 9) | st.none(), st.integers(-3, 0),
)  # fmt: skip


@given(st.lists(readings, max_size=6), st.randoms())
def test_readings_join_in_any_order(found: list[LatestReading], dice) -> None:  # type: ignore[no-untyped-def]
    """So nothing depends on how frames were cut."""
    found = [one for one in found if one.hr_ts is not None]
    joined = reduce(LatestReading.join, found, LatestReading())
    dice.shuffle(found)
    assert reduce(LatestReading.join, found, LatestReading()) == joined
    assert reduce(LatestReading.join, [*found, *found], LatestReading()) == joined


def test_another_connection_is_noticed(store: WearerStore) -> None:
    """What it stored is known here too."""
    put(store, [r24(1)])
    with closing(WearerStore.open(store._path)) as other:
        put(other, [r24(2)])
        assert put(store, [r24(1), r24(2)]).duplicate == 2
        put(store, [r24(3)])
        assert put(other, [r24(3), r24(2)]).duplicate == 2
    assert int(store.minutes(0, 2**32).records.sum()) == 3


def test_cursors(store: WearerStore) -> None:
    """Are remembered and replaced."""
    assert store.cursor("history") is None
    store.set_cursor("history", "1")
    store.set_cursor("history", "2")
    assert store.cursor("history") == "2"


def test_stats_count_and_tell_nothing_of_the_wearer(store: WearerStore) -> None:
    """Numbers and reasons only."""
    put(store, [inner for forms in CATALOGUE for inner in forms[:1]])
    found = store.stats()
    assert found["frames"] == sum(found["frames_by_reason"].values())
    assert found["frames_by_reason"]["ok"] > 20
    assert found["frames_by_reason"]["time_future"] == 4
    assert found["events"] == 4
    assert found["dirty_days"] == 2
    assert all(isinstance(value, int | dict) for value in found.values())
    assert all(value < 10_000_000 for value in found.values() if isinstance(value, int))


def test_wrist_events_are_read_from_their_frames(store: WearerStore) -> None:
    """In order, each once, without others, and also when the table of events was pruned."""
    frames = [event(40, 10), event(3700, 9), event(40, 10, sequence=4), event(41, 14), event(39, 9)]
    put(store, frames)
    with store._writing() as conn:
        conn.execute("DELETE FROM events")
    told = ((START + 39.0, True), (START + 40.0, False), (START + 3700.0, True))
    assert store.wrist_events(START, START + 7200) == told
    assert store.wrist_events(START + 40, START + 3700) == told[1:2]


def test_raw_motion_comes_back_and_nothing_else_does(store: WearerStore) -> None:
    """Records, live ones, buffers and the live stream, of the hours that are asked for."""
    stream = bytes([0x33]) + bytes(3) + (START + 5).to_bytes(4, "little") + bytes(76)
    buffer = bytearray(v21())
    buffer[7:11] = (START + 6).to_bytes(4, "little")
    put(
        store,
        [*night(100), r10(1), r10(2), r10(3, live=True), r10(3700), live(4), stream, event(7)],
    )
    put(store, [Inner(bytes(buffer), GEN5, True), Inner(v18(8), GEN5, True)])
    hour = START // 3600 * 3600
    found = [
        (generation, matrix.shape[1], len(matrix))
        for generation, matrix in store.imu_frames(hour, hour + 3599)
    ]
    assert sorted(found, key=str) == sorted(
        [(GEN4, 1920, 2), (GEN4, 1920, 1), (GEN4, 84, 1), (GEN5, 1232, 1)], key=str
    )
    assert sum(len(matrix) for _, matrix in store.imu_frames(0, 2**32)) == 6
