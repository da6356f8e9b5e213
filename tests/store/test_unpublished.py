"""Days of which somebody has not been told the newest yet."""

from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
import sqlite3

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.day_window import days_touched
from custom_components.openstrap.store import DayRow, StoreError, WearerStore, days as table
from custom_components.openstrap.store.intake import _days_of

from .material import DAY, EVE, START, TZ, live, put, r24

ROW = DayRow(DAY, "Europe/Berlin", 1, False, 100, {"metrics": {}, "facts": {"a": 1}})


def days(store: WearerStore) -> list[date]:
    """Tell which days wait."""
    return [day for day, _ in store.unpublished(100)]


def publish(store: WearerStore) -> None:
    """Tell somebody everything."""
    store.published_all(store.unpublished(100))
    assert days(store) == []


def test_every_change_of_a_day_waits_and_nothing_else(store: WearerStore) -> None:
    """Saved, renewed, closed, dropped; the same again is no change."""
    store.save_day(ROW)
    assert days(store) == [DAY]
    publish(store)
    store.save_day(ROW)
    store.save_trends(ROW)
    assert days(store) == []
    for change in (
        {"result": {"metrics": {"a": [1]}, "facts": {"a": 1}}},
        {"result": {"metrics": {"a": [1]}, "facts": {"a": 2}}},
        {"result": {"metrics": {"a": [1]}}},
        {"records": 101},
        {"algorithm": 2},
        {"timezone": "UTC"},
        {"final": True},
    ):
        row = replace(store.days(DAY, DAY)[0], **change)
        store.save_trends(row)
        assert days(store) == [DAY], change
        publish(store)
        store.save_day(row)
        assert days(store) == [], change
    assert store.drop_day(ROW)
    assert days(store) == [DAY]
    publish(store)
    assert store.drop_day(ROW)
    assert days(store) == []


def test_a_refused_result_is_no_change(store: WearerStore) -> None:
    """What stays has been told."""
    store.save_day(ROW)
    with store._writing() as conn:
        store._sealed.add(conn, START // 3600)
    publish(store)
    assert not store.save_day(replace(ROW, records=500))
    assert not store.drop_day(ROW)
    assert days(store) == []


def test_a_change_while_it_is_told_is_not_lost(store: WearerStore) -> None:
    """The mark has moved, also where the day was cleared in between."""
    store.save_day(ROW)
    ((day, mark),) = store.unpublished(5)
    store.save_day(replace(ROW, records=101))
    assert not store.published(day, mark)
    store.published_all([(day, mark)])
    ((day, newer),) = store.unpublished(5)
    assert newer != mark
    assert store.published(day, newer)
    assert not store.published(day, newer)
    store.save_day(ROW)
    assert not store.published(day, mark), "a mark is never used twice"
    assert not store.published(day, newer)
    assert days(store) == [DAY]


def test_newest_first_and_no_more_than_asked_for(store: WearerStore) -> None:
    """From a day on, which is among them."""
    every = [DAY + timedelta(days=at) for at in range(5)]
    for day in every:
        store.save_day(replace(ROW, day=day))
    assert days(store) == every[::-1]
    assert [day for day, _ in store.unpublished(2)] == every[:2:-1]
    assert [day for day, _ in store.unpublished(2, every[2])] == every[2:0:-1]
    assert store.newest_names(2, every[2]) == every[2:0:-1]
    publish(store)
    store.unpublish_all()
    assert days(store) == every[::-1]


def test_minutes_that_move_wait_by_their_day(store: WearerStore) -> None:
    """Those of live packets too, which no day is derived from; known ones move none."""
    put(store, [r24(5)])  # half an hour or so before midnight
    assert days(store) == [EVE]
    publish(store)
    put(store, [r24(5)])
    assert days(store) == []
    put(store, [live(7200)])
    assert store.dirty_days()[-1].day == DAY
    assert days(store) == [DAY]


def test_frames_that_are_read_anew_wait(store: WearerStore) -> None:
    """With the minutes that they are summed to."""
    put(store, [r24(5)])
    publish(store)
    with store._writing() as conn:
        conn.execute("INSERT OR REPLACE INTO loose SELECT hour, 1 FROM blocks")
    while store.compact(now=START + 86400.0, tz=TZ):
        pass
    assert EVE in days(store)


def save_then_fail(conn: sqlite3.Connection) -> None:
    """Go down in the midst of it."""
    table.save(conn, ROW)
    conn.execute("INSERT INTO nowhere VALUES (1)")


def test_a_crash_undoes_change_and_mark_together(path: Path) -> None:
    """Neither is ever there without the other."""
    with closing(WearerStore.open(path)) as store:
        with pytest.raises(StoreError), store._writing() as conn:
            save_then_fail(conn)
        assert days(store) == []
        assert store.days(DAY, DAY) == []
        store.save_day(ROW)
    with closing(WearerStore.open(path)) as store:
        assert days(store) == [DAY]
        assert store.stats()["unpublished_days"] == 1
    with closing(WearerStore.open(path, read_only=True)) as store:
        assert days(store) == [DAY]
        with pytest.raises(StoreError, match="read"):
            store.published_all(store.unpublished(5))


@given(st.integers(1_700_000_000, 1_900_000_000))
def test_the_day_of_a_minute(stamp: int) -> None:
    """Is the local date of its time."""
    minute = stamp // 60 * 60
    assert _days_of(np.array([minute]), TZ) == {datetime.fromtimestamp(minute, TZ).date()}
    assert _days_of(np.array([minute]), TZ) <= days_touched(np.array([float(minute)]), TZ)
