"""Readings decoded elsewhere: a function of their set, and never beside a record of the band."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
import random
import sqlite3
import tempfile
from typing import Any

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.protocol import BeatRecords
from custom_components.openstrap.engine.rollup import Source, best_minutes
from custom_components.openstrap.engine.samples import build_samples
from custom_components.openstrap.store import Retention, StoreError, WearerStore

from .material import DAY, EVE, NOW, START, TZ, Broken, put, r24

type Reading = tuple[int, int, tuple[int, ...], float, float, int]
"""Second after START, heart rate, intervals, z axis (g), skin (degrees C), steps."""


def records(readings: Sequence[Reading]) -> BeatRecords:
    """Make records of readings."""
    count = len(readings)
    rr_ms = np.zeros((count, 8), np.int16)
    for row, (_, _, intervals, *_) in enumerate(readings):
        rr_ms[row, : len(intervals)] = intervals
    z = np.array([one[3] for one in readings], np.float32)
    accel = np.column_stack((np.where(np.isnan(z), np.nan, 0.0),) * 2 + (z,)).astype(np.float32)
    return BeatRecords(
        reason=np.zeros(count, np.uint8),
        epoch=np.array([START + one[0] for one in readings], np.int64),
        subsec=np.zeros(count, np.int32),
        counter=np.full(count, -1, np.int64),
        hr_bpm=np.array([one[1] for one in readings], np.int16),
        rr_count=np.array([len(one[2]) for one in readings], np.uint8),
        rr_ms=rr_ms,
        accel_g=accel.reshape(count, 3),
        dyn_accel_g=np.full(count, np.nan, np.float32),
        skin_temp_c=np.array([one[4] for one in readings], np.float32),
        step_counter=np.array([one[5] for one in readings], np.int32),
    )


def one(second: int, hr_bpm: int = 60, *rr_ms: int, z: float = 1.0) -> Reading:
    """Make a reading."""
    return second, hr_bpm, rr_ms, z, float("nan"), -1


READINGS: st.SearchStrategy[Reading] = st.tuples(
    st.integers(0, 40).map(lambda at: at * 97),
    st.sampled_from((0, 55, 61, 255)),
    st.lists(st.sampled_from((100, 900, 1000)), max_size=3).map(tuple),
    st.sampled_from((0.0, -0.0, 0.9, 1.0, float("nan"), 99.0)),
    st.sampled_from((float("nan"), 31.5, 33.25, 500.0)),
    st.sampled_from((-1, 0, 7, 70_000)),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Open an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


def take(store: WearerStore, *readings: Reading, now: float = NOW) -> Any:
    """Take readings in."""
    return store.take_outside(records(readings), now=now, tz=TZ)


def read(store: WearerStore) -> dict[int, int]:
    """Give the heart rates that count, by the second after START."""
    samples = build_samples(store.records(START - 7200, START + 7200))
    return {int(ts) - START: int(hr) for ts, hr in zip(samples.ts, samples.hr_bpm, strict=True)}


def test_readings_are_kept_and_their_days_wait(store: WearerStore) -> None:
    """In the minutes, in the samples, as the newest reading; again changes nothing."""
    taken = take(store, one(0, 60, 1000), one(1, 62, 980), one(61, 64))
    assert (taken.new, taken.known, taken.better) == (3, 0, 0)
    assert taken.days == {EVE, DAY}
    assert [waiting.day for waiting in store.dirty_days()] == [EVE, DAY]
    assert read(store) == {0: 60, 1: 62, 61: 64}
    minutes = store.minutes(START, START + 120)
    assert minutes.source.tolist() == [Source.IMPORTED] * 2
    assert minutes.hr_sum.tolist() == [122, 64]
    assert minutes.rr_sum_ms.tolist() == [1980, 0]
    assert store.latest_reading().hr_bpm == 64
    held = store.dump()
    for waiting in store.dirty_days():
        store.clear_dirty(waiting.day, waiting.mark)
    taken = take(store, one(61, 64), one(1, 62, 980))
    assert (taken.new, taken.known, taken.better) == (0, 2, 0)
    assert store.dirty_days() == []
    assert store.dump() == held | {"dirty": []}
    # What says more than before is told apart.
    taken = take(store, one(61, 64, 930))
    assert (taken.new, taken.known, taken.better) == (0, 0, 1)
    assert store.minutes(START, START + 120).rr_n.tolist() == [2, 1]
    assert store.dirty_days()


def test_a_minute_of_the_band_leaves_no_room(store: WearerStore) -> None:
    """Whichever came first, and whatever the record of the band says; live ones do not count."""
    take(store, *(one(at, 70) for at in range(120)))
    before = store.dump()
    put(store, [r24(5, 50)])
    assert read(store) == {5: 50} | dict.fromkeys(range(60, 120), 70)
    samples = build_samples(store.records(START, START + 120))
    assert samples.outside == 60
    best = best_minutes(store.minutes(START, START + 120))
    assert best.hr_bpm.tolist() == [50.0, 70.0]
    put(store, [r24(65, 0, ())])
    assert read(store) == {5: 50, 65: 0}
    assert build_samples(store.records(START, START + 120)).outside == 0
    assert np.isnan(best_minutes(store.minutes(START, START + 120)).hr_bpm[1])
    with closing(WearerStore.open(store._path.with_name("other.db"))) as other:
        put(other, [r24(5, 50), r24(65, 0, ())])
        take(other, *(one(at, 70) for at in range(120)))
        assert other.dump() == store.dump()
        assert read(other) == read(store)
    assert before["outside"] == store.dump()["outside"]


def test_what_cannot_be_is_left_out(store: WearerStore) -> None:
    """Times before bands and after now, readings of nothing; and impossible values of the rest."""
    taken = take(
        store,
        one(-START + 5),
        one(int(NOW) - START + 400),
        one(0, 0, z=float("nan")),
        one(1, 240, 100, 3000, 900),
    )
    assert taken.refused == {"time_past": 1, "time_future": 1, "no_reading": 1}
    assert taken.new == 1
    ((_, found),) = store.records(START, START + 60)
    assert (found.hr_bpm[0], found.rr_count[0], found.rr_ms[0, 0]) == (0, 1, 900)


def test_sealed_hours_refuse(store: WearerStore) -> None:
    """Pruned with the frames of their hour, or without any; then nothing comes again."""
    take(store, one(0), one(3600))
    day = Retention(raw_days=3, minute_days=None)
    for waiting in store.dirty_days():
        store.clear_dirty(waiting.day, waiting.mark)
    # An hour that holds the newest reading stays, and so does what came a moment ago.
    assert not store.prune(day, now=NOW + 86400, tz=TZ)
    assert len(store.dump()["outside"]) == 2
    assert not store.prune(day, now=NOW + 10 * 86400, tz=TZ)
    assert [hour for hour, *_ in store.dump()["outside"]] == [(START + 3600) // 3600]
    taken = take(store, one(0), one(3601))
    assert (taken.refused, taken.new) == ({"sealed": 1}, 1)
    assert store.minutes(START, START + 60).hr_n.tolist() == [1]


def test_a_purge_takes_them(store: WearerStore) -> None:
    """The readings alone, or the minutes too."""
    take(store, *(one(at * 3600) for at in range(-30, 0)))
    while store.purge(DAY, TZ, everything=False, limit=5):
        pass
    assert [hour * 3600 - START >= -35 * 3600 for hour, *_ in store.dump()["outside"]]
    assert take(store, one(-30 * 3600)).refused == {"sealed": 1}


def test_a_broken_hour_is_closed(store: WearerStore) -> None:
    """What it held is gone, what comes for it is refused, the rest stays."""
    take(store, one(0), one(3600))
    hour = START // 3600
    store._conn.execute("UPDATE outside SET packed = x'00' WHERE hour = ?", (hour,))
    assert list(read(store)) == [3600]
    assert store.is_sealed(START, START + 1)
    assert take(store, one(5)).refused == {"sealed": 1}
    second = hour + 1
    store._conn.execute("UPDATE outside SET seconds = 2 WHERE hour = ?", (second,))
    assert take(store, one(3605)).refused == {"sealed": 1}


def test_reading_frames_again_leaves_them(store: WearerStore) -> None:
    """An update of the decoder makes minutes of frames anew, not those."""
    put(store, [r24(0, 50)])
    take(store, one(70, 66))
    store._conn.execute("UPDATE loose SET reread = 1")
    before = store.dump()
    while store.compact(now=NOW, tz=TZ):
        pass
    assert store.dump()["minutes"] == before["minutes"]


Way = tuple[str, list[Any]]


@pytest.mark.full
@settings(max_examples=150, deadline=None)
@given(
    st.lists(READINGS, min_size=1, max_size=60),
    st.lists(st.integers(0, 40).map(lambda at: at * 97 + 1), max_size=8),
    st.randoms(use_true_random=False),
)
def test_any_way_of_importing_leaves_the_same(
    readings: list[Reading], seconds: list[int], dice: random.Random
) -> None:
    """Order, cutting, repetition, restarts, and frames in between never show."""
    frames = [r24(at, 50 + at % 9) for at in seconds]

    def filled(ways: Sequence[Way], *, unkind: bool) -> dict[str, list[Any]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "wearer.db"
            store = WearerStore.open(path)
            # The dice may end a test in its middle.
            try:
                for kind, things in ways:
                    if kind == "frames":
                        put(store, things)
                    else:
                        take(store, *things)
                    if unkind and not dice.randrange(4):
                        store.close()
                        store = WearerStore.open(path)
                    if unkind and not dice.randrange(4):
                        store.compact(now=NOW, tz=TZ, limit=2)
                return store.dump() | {"samples": [read(store)]}
            finally:
                store.close()

    ways: list[Way] = []
    for _ in range(dice.randint(1, 3)):
        ways += [("outside", dice.sample(readings, dice.randint(1, len(readings))))]
        if frames:
            ways += [("frames", dice.sample(frames, dice.randint(1, len(frames))))]
    ways += [("outside", [reading]) for reading in readings]
    ways += [("frames", frames)] if frames else []
    dice.shuffle(ways)
    plain: list[Way] = [("outside", readings), *([("frames", frames)] if frames else [])]
    assert filled(ways, unkind=True) == filled(plain, unkind=False)


@pytest.mark.full
def test_a_crash_at_every_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or nothing, and the same again makes it whole."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Broken))
    Broken.arm(None)
    readings = [one(at * 1800, 60 + at) for at in range(4)]
    with closing(WearerStore.open(tmp_path / "whole.db")) as store:
        take(store, readings[0])
        before = store.dump()
        Broken.arm(None)
        take(store, *readings)
        last = Broken.count
        whole = store.dump()
    for point in range(last):
        path = tmp_path / f"{point}.db"
        store = WearerStore.open(path)
        take(store, readings[0])
        Broken.arm(point, error=sqlite3.OperationalError("injected"))
        with pytest.raises(StoreError):
            take(store, *readings)
        Broken.arm(None)
        assert store.dump() == before, point
        take(store, *readings)
        assert store.dump() == whole, point
        store.close()


def test_the_days_of_an_import_are_those_of_the_zone(store: WearerStore) -> None:
    """An evening touches its day and the next."""
    assert take(store, one(0)).days == {EVE, DAY}
    assert take(store, one(-6 * 86400)).days == {date(2026, 5, 25), date(2026, 5, 26)}
