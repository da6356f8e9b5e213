"""Letting go of what is old."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from custom_components.openstrap.engine.protocol.encode import encode_r24
from custom_components.openstrap.store import DayRow, Retention, WearerStore

from .material import NOW, START, TZ, event, gen4, live, night, put, r24

DAYS = 24 * 3600
KEEP = Retention(raw_days=14, minute_days=10, event_days=10)
LONG_AFTER = NOW + 30 * DAYS
RECENT = int(LONG_AFTER) - START - 3600
"""Seconds after START of a record that is an hour old then."""


def derive(store: WearerStore, *, final: bool = True) -> None:
    """Do what a sweep does: a row for each dirty day, then it is clean."""
    for dirty in store.dirty_days():
        store.save_day(DayRow(dirty.day, "Europe/Berlin", 1, final, 10, {"kept": True}))
        store.clear_dirty(dirty.day, dirty.mark)


def prune(
    store: WearerStore, keep: Retention = KEEP, now: float = LONG_AFTER, limit: int = 5
) -> int:
    """Prune until nothing is left to do; returns how often."""
    for times in range(1, 100):
        if not store.prune(keep, now=now, tz=TZ, limit=limit):
            return times
    pytest.fail("pruning does not come to an end")


def frames_left(store: WearerStore) -> int:
    """Count the stored frames."""
    return int(store.stats()["frames"])


def test_old_and_final_days_go_and_stay_gone(store: WearerStore) -> None:
    """Their rows remain, their hours are sealed, and frames that come again are refused."""
    old = [*night(3000), live(50), event(60)]
    put(store, old)
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    prune(store)
    assert frames_left(store) == 1
    assert len(store.minutes(0, START + 40_000)) == 0
    assert store.events(0, 2**32) == []
    assert store.is_sealed(START, START + 3000)
    assert len(store.latest_days(10)) == 3
    before = store.dump()
    report = put(store, [*old, r24(77), r24(RECENT)], LONG_AFTER)
    assert (report.new, report.duplicate, report.rejected) == (0, 1, {"sealed": 3003})
    assert report.days == frozenset()
    assert store.dump() == before
    assert not store.prune(KEEP, now=LONG_AFTER, tz=TZ)


@pytest.mark.parametrize("state", ["dirty", "provisional"])
def test_nothing_goes_before_its_days_are_done(store: WearerStore, state: str) -> None:
    """An evening belongs to two days, and either may still need it."""
    put(store, night(3000))
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    day = date(2026, 6, 1)
    if state == "provisional":
        (row,) = store.days(day, day)
        store.save_day(replace(row, final=False))
    else:
        store._conn.execute("INSERT INTO dirty VALUES (?, 5)", (day.isoformat(),))
    before = store.dump()
    prune(store)
    assert store.dump() == before
    store.clear_dirty(day, 5)
    store.save_day(DayRow(day, "Europe/Berlin", 1, True, 10, {"kept": True}))
    prune(store)
    assert frames_left(store) == 1


def test_a_day_that_gave_nothing_holds_nothing_back(store: WearerStore) -> None:
    """It has no row, and is clean because it was derived."""
    put(store, [r24(50)])
    put(store, [r24(RECENT)], LONG_AFTER)
    for dirty in store.dirty_days():
        store.clear_dirty(dirty.day, dirty.mark)
    prune(store)
    assert frames_left(store) == 1


def test_what_came_late_is_kept_as_long(store: WearerStore) -> None:
    """A phone that was away for a month brings frames that nobody has seen yet."""
    put(store, night(100), LONG_AFTER)
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    prune(store, now=LONG_AFTER + 13 * DAYS)
    assert frames_left(store) == 101
    put(store, [r24(RECENT + 16 * DAYS)], LONG_AFTER + 16 * DAYS)
    derive(store)
    prune(store, now=LONG_AFTER + 16 * DAYS)
    assert frames_left(store) == 1


def test_minutes_that_were_let_go_are_not_begun_again(store: WearerStore) -> None:
    """Frames are kept longer than minutes: a late one must not look like a minute of its own."""
    put(store, night(500))
    put(store, [r24(12 * DAYS)], NOW + 12 * DAYS)
    derive(store)
    keep = Retention(raw_days=14, minute_days=10, event_days=None)
    prune(store, keep, NOW + 12 * DAYS)
    assert len(store.minutes(0, START + DAYS)) == 0
    report = put(store, [r24(900, 44), event(901)], NOW + 12 * DAYS)
    assert report.new == 2
    assert len(store.minutes(0, START + DAYS)) == 0
    assert len(store.events(0, START + DAYS)) == 1
    assert {day.day for day in store.dirty_days()} == {date(2026, 5, 31), date(2026, 6, 1)}
    prune(store, Retention(None, 100, 100), NOW + 12 * DAYS)
    put(store, [r24(901, 44)], NOW + 12 * DAYS)
    assert len(store.minutes(0, START + DAYS)) == 0, "a floor never moves back"


def test_the_newest_reading_is_kept_for_ever(store: WearerStore) -> None:
    """A band that lies in a drawer still says when it was last worn."""
    put(store, [*night(4000), r24(8000, 0, rr_ms=())], NOW + 9000)
    derive(store)
    latest = store.latest_reading()
    prune(store, now=NOW + 400 * DAYS)
    store._forget()
    assert store.latest_reading() == latest
    assert latest.record_ts == START + 8000
    assert store.is_sealed(START, START + 3600)
    assert 0 < frames_left(store) < 400


def test_frames_without_a_time_go_by_the_day_they_came(store: WearerStore) -> None:
    """Also those from before there were straps, and from a future that never comes."""
    odd = [b"\xee\x01", encode_r24(1, 1000, 0, 60), encode_r24(1, 2**32 - 5, 0, 60)]
    put(store, odd)
    put(store, [b"\xee\x02"], NOW + 10 * DAYS)
    while store.compact(now=NOW, tz=TZ):
        pass
    prune(store, now=NOW + 13 * DAYS)
    assert frames_left(store) == 4
    prune(store, now=NOW + 15 * DAYS, limit=1)
    assert frames_left(store) == 1
    assert put(store, [*odd, b"\xee\x02"], NOW + 15 * DAYS).new == 3
    assert store.dump()["sealed"] == []


def test_for_ever_is_for_ever(store: WearerStore) -> None:
    """Unless one is told otherwise."""
    put(store, [*night(100), event(3)])
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    before = store.dump()
    prune(store, Retention(None, None, None))
    assert store.dump() == before


def test_slices_are_bounded(store: WearerStore) -> None:
    """Each call does a little and tells whether to come again."""
    put(store, [r24(hour * 3600) for hour in range(10)], NOW + DAYS)
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    left = []
    while store.prune(KEEP, now=LONG_AFTER, tz=TZ, limit=3):
        left.append(frames_left(store))
    assert left == [8, 5, 2]
    assert frames_left(store) == 1
    assert store.stats()["sealed_hours"] == 10
    assert store.dump()["sealed"] == [(START // 3600, START // 3600 + 10)]


def test_the_file_becomes_smaller(store: WearerStore) -> None:
    """Once a large part of it is free."""
    put(store, night(40_000), NOW + 2 * DAYS)
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    store.checkpoint()
    size = store.stats()["file_bytes"]
    prune(store, limit=50)
    for _ in range(3):
        store.prune(KEEP, now=LONG_AFTER, tz=TZ, limit=50)
    store.checkpoint()
    assert store.stats()["file_bytes"] < size / 3


def test_order_does_not_show_after_pruning(store: WearerStore) -> None:
    """What is not sealed counts as ever."""
    put(store, night(8000), NOW + 9000)
    put(store, [r24(RECENT)], LONG_AFTER)
    derive(store)
    assert store.prune(KEEP, now=LONG_AFTER, tz=TZ, limit=1)
    report = put(store, gen4(night(8000)[::-1]), LONG_AFTER)
    assert report.new == 0
    assert report.duplicate + report.rejected["sealed"] == 8000
    assert timedelta(seconds=report.duplicate) > timedelta(hours=1)
