"""Results of days, and the days that wait."""

from dataclasses import replace
from datetime import date, datetime, timedelta
import zlib

import pytest

from custom_components.openstrap.store import DayRow, DirtyDay, WearerStore

from .material import DAY, EVE, START, TZ, event, live, put, r24

ROW = DayRow(
    day=DAY, timezone="Europe/Berlin", algorithm=1, final=False, records=100,
    result={"metrics": {"rmssd_ms": {"value": 41.123456, "note": "é"}, "worn_min": None}},
)  # fmt: skip


def test_a_day_comes_back_as_it_was(store: WearerStore) -> None:
    """Its JSON too."""
    assert store.save_day(ROW)
    assert store.days(DAY, DAY) == [ROW]
    assert store.latest_days(3) == [ROW]
    with pytest.raises(ValueError, match="JSON"):
        store.save_day(replace(ROW, records=101, result={"value": float("nan")}))
    assert store.days(DAY, DAY) == [ROW]


def test_days_by_span_and_from_the_newest(store: WearerStore) -> None:
    """Both ends belong to a span."""
    rows = [replace(ROW, day=DAY + timedelta(days=at), final=at < 3) for at in range(5)]
    for row in rows[::-1]:
        store.save_day(row)
    assert store.days(DAY + timedelta(days=1), DAY + timedelta(days=3)) == rows[1:4]
    assert store.latest_days(2) == rows[:2:-1]
    assert store.provisional_days(DAY + timedelta(days=4)) == [DAY + timedelta(days=3)]


def test_a_row_that_was_changed_on_the_disk_is_as_good_as_none(store: WearerStore) -> None:
    """It keeps no other day from being read, and is replaced."""
    other = replace(ROW, day=EVE)
    store.save_day(ROW)
    store.save_day(other)
    for harm in (b"{", b"", zlib.compress(b"{"), zlib.compress(b"{\x9e")):
        store._conn.execute("UPDATE days SET result = ? WHERE day = ?", (harm, DAY.isoformat()))
        assert store.latest_days(5) == [other]
    assert store.save_day(replace(ROW, records=1))
    assert store.days(DAY, DAY) == [replace(ROW, records=1)]


def test_the_newest_result_replaces_while_all_frames_are_there(store: WearerStore) -> None:
    """Also one of fewer records: better evidence can make less of them."""
    store.save_day(ROW)
    newer = replace(ROW, records=99, result={})
    assert store.save_day(newer)
    assert store.days(DAY, DAY) == [newer]
    assert store.drop_day(newer)
    assert store.days(DAY, DAY) == []


def test_a_day_whose_frames_were_let_go_stays(store: WearerStore) -> None:
    """Whatever a newcomer was computed from; but it can still be closed."""
    store.save_day(ROW)
    with store._writing() as conn:
        store._sealed.add(conn, START // 3600)
    assert store.is_sealed(START - 3600, START + 1)
    assert not store.is_sealed(START + 3600, START + 7200)
    assert not store.save_day(replace(ROW, records=500, result={}, algorithm=2))
    assert not store.drop_day(ROW)
    assert store.save_day(replace(ROW, final=True))
    assert store.days(DAY, DAY) == [replace(ROW, final=True)]
    # The next evening is not sealed, and a day without a row has nothing to lose.
    assert store.save_day(replace(ROW, day=EVE))


def test_new_frames_make_their_days_dirty(store: WearerStore) -> None:
    """An evening's record that day and the next, whose night it belongs to; each once."""
    report = put(store, [r24(5), live(6)])
    assert report.days == {EVE, DAY}
    assert [day.day for day in store.dirty_days()] == [EVE, DAY]
    assert put(store, [r24(5)]).days == frozenset()
    assert put(store, [r24(7200)]).days == {DAY}


def test_a_change_during_a_derivation_is_not_lost(store: WearerStore) -> None:
    """The day stays dirty when its mark moved since it was read."""
    put(store, [r24(7200)])
    (dirty,) = store.dirty_days()
    assert dirty == DirtyDay(DAY, 1)
    put(store, [r24(7201)])
    assert not store.clear_dirty(DAY, dirty.mark)
    (dirty,) = store.dirty_days()
    assert store.clear_dirty(DAY, dirty.mark)
    assert store.dirty_days() == []
    put(store, [r24(7202)])
    assert not store.clear_dirty(DAY, dirty.mark), "a mark is never used twice"
    assert len(store.dirty_days()) == 1


def test_repeated_frames_disturb_no_day(store: WearerStore) -> None:
    """Nor do live packets, which no day is derived from."""
    put(store, [r24(7200)])
    (dirty,) = store.dirty_days()
    put(store, [r24(7200), live(7200)])
    assert store.dirty_days() == [dirty]


def test_days_are_those_of_the_wearers_zone(store: WearerStore) -> None:
    """Also on the day of 25 hours, whose last hour is no part of the next day."""
    late = int(datetime(2026, 10, 25, 23, 30, tzinfo=TZ).timestamp())
    put(store, [r24(late - START)], now=late + 60.0)
    put(store, [r24(late - START - 12 * 3600)], now=late + 60.0)  # half past eleven: no evening
    assert [day.day for day in store.dirty_days()] == [date(2026, 10, 25), date(2026, 10, 26)]
    (first, second) = store.dirty_days()
    assert first.mark > second.mark


def test_a_wrist_event_makes_its_days_dirty(store: WearerStore) -> None:
    """Others do not, and it does so once however often it is replayed."""
    assert put(store, [event(5, 3), event(6, 14)]).days == frozenset()
    assert put(store, [event(7, 10)]).days == {EVE, DAY}
    assert put(store, [event(7, 10)]).days == frozenset()
    assert put(store, [event(7200, 9)]).days == {DAY}


def test_a_doubted_day_is_computed_again_once(store: WearerStore) -> None:
    """If its frames are all there."""
    store.save_day(ROW)
    assert store.doubt_day(ROW)
    assert [dirty.day for dirty in store.dirty_days()] == [DAY]
    (dirty,) = store.dirty_days()
    store.clear_dirty(DAY, dirty.mark)
    assert not store.doubt_day(ROW)
    assert store.dirty_days() == []
    with store._writing() as conn:
        store._sealed.add(conn, START // 3600 - 24)
    assert store.doubt_day(replace(ROW, day=EVE))
    assert store.dirty_days() == []
