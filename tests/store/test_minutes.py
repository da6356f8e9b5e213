"""Minute sums on disk."""

from dataclasses import fields, replace

import numpy as np

from custom_components.openstrap.engine.rollup import MinuteSums, Source, empty_sums, sum_minutes
from custom_components.openstrap.store import WearerStore, minutes

from .material import NOW, START, live, put, r24


def test_columns_of_the_table_are_those_of_the_sums(store: WearerStore) -> None:
    """Rows are read and written by position."""
    table = [row[1] for row in store._conn.execute("PRAGMA table_info(minutes)")]
    assert table == [field.name for field in fields(MinuteSums)]


def test_sums_add_up_and_bounds_widen(store: WearerStore) -> None:
    """Minute by minute and source by source."""
    put(store, [r24(1, 60), r24(2, 70), live(3, 90)])
    put(store, [r24(4, 50, rr_ms=(900, 800)), r24(70, 0, rr_ms=())])
    found = store.minutes(START, START + 120)
    assert found.minute.tolist() == [START, START, START + 60]
    assert found.source.tolist() == [Source.SUMMARY, Source.LIVE, Source.SUMMARY]
    assert found.source.dtype == np.uint8
    assert found.records.tolist() == [3, 1, 1]
    assert found.hr_n.tolist() == [3, 1, 0]
    assert found.hr_sum.tolist() == [180, 90, 0]
    assert found.hr_min.tolist() == [50, 90, 255]
    assert found.hr_max.tolist() == [70, 90, 0]
    assert found.rr_n.tolist() == [4, 1, 0]
    assert found.rr_sum_ms.tolist() == [3700, 900, 0]
    assert found.acc_sum_mg.tolist() == [3000, 0, 1000]


def test_a_span_ends_before_its_end(store: WearerStore) -> None:
    """And begins at its start."""
    put(store, [r24(at) for at in (1, 61, 121)])
    assert store.minutes(START + 60, START + 120).minute.tolist() == [START + 60]
    assert len(store.minutes(START + 1, START + 59)) == 0
    assert store.minutes(0, 1).source.dtype == np.uint8


def test_what_was_let_go_is_not_begun_again(store: WearerStore) -> None:
    """A part of a minute would look like the whole of it."""
    put(store, [r24(1), r24(61)])
    sums = store.minutes(0, 2**32)
    assert minutes.since(sums, START + 60).minute.tolist() == [START + 60]
    assert minutes.since(sums, START) is sums
    assert len(minutes.since(empty_sums(), START)) == 0


def test_the_newest_minute(store: WearerStore) -> None:
    """With and without a heart rate."""
    assert minutes.newest(store._conn, with_hr=False) is None
    put(store, [r24(1), r24(61), r24(200, 0)], NOW)
    assert minutes.newest(store._conn, with_hr=True) == START + 60
    assert minutes.newest(store._conn, with_hr=False) == START + 180


def test_deleting_goes_by_slices(store: WearerStore) -> None:
    """And tells whether there is more."""
    put(store, [r24(at * 60) for at in range(10)])
    assert minutes.delete_before(store._conn, START + 300, 3)
    assert not minutes.delete_before(store._conn, START + 300, 3)
    assert store.minutes(0, 2**32).minute[0] == START + 300


def test_sums_of_no_records_change_nothing(store: WearerStore) -> None:
    """Not even a row."""
    put(store, [r24(1)])
    before = store.dump()
    with store._writing() as conn:
        minutes.add(conn, empty_sums())
    assert store.dump() == before
    records = next(iter(store.records(0, 2**32)))[1]
    assert len(sum_minutes(replace(records, reason=records.reason + 1), Source.SUMMARY)) == 0
