"""Nights, naps and the journal by the wearer's own word, on disk."""

from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
import json
from pathlib import Path
import sqlite3
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.engine.told import NOTHING_TOLD, SleepEdit, Span
from custom_components.openstrap.engine.told_rules import ToldError
from custom_components.openstrap.store import DayRow, Retention, StoreError, WearerStore
from custom_components.openstrap.store.told_rows import CHANGED_CURSOR

from .material import DAY, EVE, NOW, START, TZ, night, put, r24

ONE = timedelta(days=1)
NEXT = DAY + ONE
HOUR = 3600.0
NIGHT = START, START + 7 * HOUR
"""From 23:00 to 06:00 of DAY."""
NAP = START + 15 * HOUR, START + 16 * HOUR
"""From 14:00 to 15:00 of DAY."""
ALWAYS = 0.0, 2.0**32


def changed(store: WearerStore) -> list[date]:
    """Days whose later days are due."""
    return [date.fromisoformat(day) for day in json.loads(store.cursor(CHANGED_CURSOR) or "[]")]


def dirty(store: WearerStore) -> list[date]:
    """Days that wait."""
    return [waiting.day for waiting in store.dirty_days()]


def settle(store: WearerStore) -> None:
    """Do what a sweep does with days that wait."""
    for waiting in store.dirty_days():
        store.clear_dirty(waiting.day, waiting.mark)
    store.set_cursor(CHANGED_CURSOR, "")


def row(day: date, *, zone: str = "Europe/Berlin", final: bool = True) -> DayRow:
    """Make a result."""
    return DayRow(day, zone, 1, final, 10, {"kept": True})


def pruned(store: WearerStore) -> None:
    """Let the frames of DAY go, long after."""
    put(store, night(3000))
    for waiting in store.dirty_days():
        store.save_day(row(waiting.day))
    settle(store)
    late = NOW + 30 * 86400.0
    put(store, [r24(int(late) - START - 3600)], now=late)
    for waiting in store.dirty_days():
        store.save_day(row(waiting.day))
    settle(store)
    keep = Retention(raw_days=3)
    while store.prune(keep, now=late, tz=TZ):
        pass


def refused(word: str, ask: Callable[[], object]) -> None:
    """Ask what is refused for a reason."""
    with pytest.raises(ToldError) as error:
        ask()
    assert error.value.code == word


def test_a_night_is_told_otherwise_and_taken_back(store: WearerStore) -> None:
    """One word a day, the last one; nothing is left of it in the end."""
    before = store.told(*ALWAYS)
    assert store.edit_sleep(DAY, NIGHT, tz=TZ) == SleepEdit(DAY, *NIGHT)
    later = NIGHT[0] + 600.0, NIGHT[1]
    assert store.edit_sleep(DAY, later, tz=TZ) == SleepEdit(DAY, *later)
    assert store.told(*ALWAYS).sleep_edits == (SleepEdit(DAY, *later),)
    assert store.edit_sleep(DAY, None, tz=TZ) is None
    assert store.told(*ALWAYS) == before == NOTHING_TOLD
    settle(store)
    assert store.edit_sleep(DAY, None, tz=TZ) is None
    assert dirty(store) == changed(store) == []


def test_nights_are_told_where_they_reach(store: WearerStore) -> None:
    """Whatever day they are of, in the order of time; end excluded."""
    tomorrow = NIGHT[0] + 86400.0, NIGHT[1] + 86400.0
    store.edit_sleep(NEXT, tomorrow, tz=TZ)
    store.edit_sleep(DAY, NIGHT, tz=TZ)
    edits = SleepEdit(DAY, *NIGHT), SleepEdit(NEXT, *tomorrow)
    assert store.told(*ALWAYS).sleep_edits == edits
    assert store.told(NIGHT[1] - 1.0, tomorrow[0] + 1.0).sleep_edits == edits
    assert store.told(NIGHT[1], tomorrow[0]).sleep_edits == ()
    assert store.told(NIGHT[1], tomorrow[0] + 1.0).sleep_edits == edits[1:]


def test_refusals_change_nothing(store: WearerStore) -> None:
    """Each has its stable word."""
    store.edit_sleep(NEXT, (NIGHT[1] + 10 * HOUR, NIGHT[1] + 20 * HOUR), tz=TZ)
    before = store.dump()
    for word, span in (
        ("not_a_time", (float("nan"), NIGHT[1])),
        ("not_a_time", (NIGHT[0], float("inf"))),
        ("end_before_start", (NIGHT[1], NIGHT[0])),
        ("too_short", (NIGHT[0], NIGHT[0] + 2 * HOUR - 6601.0)),
        ("too_long", (NIGHT[0] - 11 * HOUR, NIGHT[1] + HOUR)),
        ("outside_day", (NIGHT[0] - 86400.0, NIGHT[1] - 86400.0)),
        ("overlap", (NIGHT[1], NIGHT[1] + 11 * HOUR)),
    ):
        refused(word, lambda span=span: store.edit_sleep(DAY, span, tz=TZ))  # type: ignore[misc]  # the default hides the type
    refused("in_future", lambda: store.edit_sleep(DAY, NIGHT, tz=TZ, now=NIGHT[1] - 1.0))
    refused("too_short", lambda: store.reject_nap((NAP[0], NAP[0] + 60.0), TZ))
    refused("not_a_time", lambda: store.reject_nap((NAP[0], 1e18), TZ))
    assert store.dump() == before
    assert store.edit_sleep(DAY, NIGHT, tz=TZ, now=NIGHT[1]) is not None


@pytest.mark.parametrize(
    ("span", "days"),
    [
        (NIGHT, {EVE - ONE, EVE, DAY}),
        # After noon it reaches into what the next day is derived from.
        ((NIGHT[0] + 8 * HOUR, NIGHT[1] + 8 * HOUR), {EVE, DAY, NEXT}),
    ],
)
def test_days_of_an_edited_night_are_due(store: WearerStore, span: Span, days: set[date]) -> None:
    """When it is told, when it is told otherwise (the old ones too), and when it is taken back."""
    store.edit_sleep(DAY, span, tz=TZ)
    assert set(dirty(store)) == days
    assert set(changed(store)) >= days
    settle(store)
    store.edit_sleep(DAY, span, tz=TZ)
    assert dirty(store) == [], "the same word again"
    store.edit_sleep(DAY, (span[0] + HOUR, span[1]), tz=TZ)
    assert set(dirty(store)) >= days - {EVE - ONE}
    settle(store)
    store.edit_sleep(DAY, None, tz=TZ)
    assert set(dirty(store)) >= {DAY}
    assert DAY in changed(store)


def test_a_day_that_cannot_be_derived_is_not_corrected(store: WearerStore) -> None:
    """Its result would stay as it is, and say something else than what was told."""
    pruned(store)
    before = store.dump()
    for ask in (
        lambda: store.edit_sleep(DAY, NIGHT, tz=TZ),
        lambda: store.edit_sleep(DAY, None, tz=TZ),
        lambda: store.reject_nap(NAP, TZ),
        lambda: store.restore_naps(DAY, TZ),
    ):
        refused("frames_gone", ask)
    assert store.dump() == before
    later = DAY + 9 * ONE
    shift = 9 * 86400.0
    assert store.edit_sleep(later, (NIGHT[0] + shift, NIGHT[1] + shift), tz=TZ) is not None


def test_a_final_day_keeps_its_clock(store: WearerStore) -> None:
    """Lived in New York, corrected in Tokyo: the night is one of New York."""
    there, here = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
    evening = datetime(2026, 5, 31, 23, tzinfo=there).timestamp()
    span = evening, evening + 8 * HOUR
    store.save_day(row(DAY, zone="America/New_York", final=False))
    assert store.edit_sleep(DAY, span, tz=there) == SleepEdit(DAY, *span)
    morning = datetime(2026, 6, 1, 13, tzinfo=there).timestamp()
    late = morning, morning + 9 * HOUR
    refused("outside_day", lambda: store.edit_sleep(DAY, late, tz=here))
    store.save_day(row(DAY, zone="America/New_York"))
    assert store.edit_sleep(DAY, late, tz=here) == SleepEdit(DAY, *late)


def test_a_nap_is_rejected_and_restored(store: WearerStore) -> None:
    """Twice is once; restored are those of the day, also what reaches into it."""
    other = NAP[0] + 86400.0, NAP[1] + 86400.0
    over_midnight = NIGHT[0] + 30 * 60.0, NIGHT[0] + 90 * 60.0
    for span in (NAP, NAP, other, over_midnight):
        store.reject_nap(span, TZ)
    assert store.told(*ALWAYS).rejected_naps == (over_midnight, NAP, other)
    assert store.told(NAP[1], other[0] + 1.0).rejected_naps == (other,)
    settle(store)
    assert store.restore_naps(DAY, TZ) == 2
    assert store.told(*ALWAYS).rejected_naps == (other,)
    assert set(dirty(store)) >= {EVE, DAY}
    settle(store)
    assert store.restore_naps(DAY, TZ) == 0
    assert dirty(store) == changed(store) == []


def test_days_of_a_rejected_nap_are_due(store: WearerStore) -> None:
    """A late one is over for good only on the next day."""
    store.reject_nap(NAP, TZ)
    assert set(dirty(store)) == {EVE, DAY}
    assert set(changed(store)) >= {EVE, DAY}
    settle(store)
    store.reject_nap(NAP, TZ)
    assert dirty(store) == [], "the same word again"
    late = NAP[0] + 8 * HOUR, NAP[1] + 8 * HOUR  # until 23:00
    store.reject_nap(late, TZ)
    assert set(dirty(store)) == {EVE, DAY, NEXT}


def test_the_journal(store: WearerStore) -> None:
    """An entry a day, the last one; an empty one is none. No day is looked at anew for it."""
    first = JournalDay(frozenset({"sauna"}), {"alcohol": 2.0, "kaffee ☕": 3.0}, "späte Feier")
    second = JournalDay(note="ruhig")
    store.write_journal(DAY, second)
    store.write_journal(EVE, second)
    store.write_journal(EVE, first)
    assert store.journal(EVE, DAY) == {EVE: first, DAY: second}
    assert list(store.journal(EVE, DAY)) == [EVE, DAY]
    assert store.journal(DAY, NEXT) == {DAY: second}
    assert store.journal(NEXT, NEXT) == {}
    assert dirty(store) == changed(store) == []
    store.write_journal(DAY, JournalDay())
    store.write_journal(EVE, None)
    store.write_journal(EVE, None)
    assert store.journal(date.min, date.max) == {}
    assert store.dump()["told"] == []


def test_the_journal_of_a_day_whose_frames_are_gone(store: WearerStore) -> None:
    """It needs none."""
    pruned(store)
    store.write_journal(DAY, JournalDay(note="x"))
    assert store.journal(DAY, DAY) == {DAY: JournalDay(note="x")}


def test_what_was_told_outlives_everything(path: Path) -> None:
    """Closed and opened again, and the frames pruned."""
    with closing(WearerStore.open(path)) as store:
        store.edit_sleep(DAY, NIGHT, tz=TZ)
        store.reject_nap(NAP, TZ)
        store.write_journal(DAY, JournalDay(note="x"))
        told = store.told(*ALWAYS)
        settle(store)
        pruned(store)
    with closing(WearerStore.open(path)) as store:
        assert store.told(*ALWAYS) == told
        assert store.journal(DAY, DAY) == {DAY: JournalDay(note="x")}


def test_rows_of_a_later_version_stay(path: Path) -> None:
    """They are neither shown nor touched."""
    rows = [
        ("sleep", "2026-06-01", START, None, "{}"),
        ("sleep", "2026-06-02", START, START - 5.0, "{}"),
        ("sleep", "some day", START, START + 5.0, "{}"),
        ("no_nap", "odd", START, None, "{}"),
        ("journal", "one day", None, None, "{}"),
        ("journal", "2026-06-01", None, None, '{"tags'),
        ("journal", "2026-06-02", None, None, '{"tags":[1],"numbers":{},"note":""}'),
        ("journal", "2026-06-03", None, None, '{"tags":[],"numbers":{"mood":9},"note":""}'),
        ("journal", "2026-06-04", None, None, "[]"),
    ]
    with closing(WearerStore.open(path)) as store:
        store._conn.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?)", rows)
        assert store.told(*ALWAYS) == NOTHING_TOLD
        assert store.journal(date.min, date.max) == {}
        store.restore_naps(DAY, TZ)
        store.edit_sleep(DAY, None, tz=TZ)
        assert sorted(store.dump()["told"], key=str) == sorted(rows, key=str)


def test_a_failed_write_leaves_nothing(store: WearerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that cannot be remembered as a whole was not told."""
    store.edit_sleep(DAY, NIGHT, tz=TZ)
    store.reject_nap(NAP, TZ)
    before = store.dump()

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("no")

    monkeypatch.setattr("custom_components.openstrap.store.told_rows.cursors.put", fail)
    for ask in (
        lambda: store.edit_sleep(DAY, None, tz=TZ),
        lambda: store.edit_sleep(DAY, (NIGHT[0] + 60.0, NIGHT[1]), tz=TZ),
        lambda: store.reject_nap((NAP[0] - 9000.0, NAP[0] - 8000.0), TZ),
        lambda: store.restore_naps(DAY, TZ),
        lambda: store.review(DAY),
    ):
        with pytest.raises(StoreError):
            ask()
    assert store.dump() == before


def test_days_are_computed_again_that_can_be(store: WearerStore) -> None:
    """All, or those that are asked for; newest first. What is gone or unknown stays."""
    pruned(store)
    fresh = [DAY + days * ONE for days in (9, 10, 11)]
    for day in fresh:
        store.save_day(row(day, final=False))
    settle(store)
    again = store.recompute()
    assert again[-3:] == fresh[::-1]
    assert again == sorted(again, reverse=True)
    assert dirty(store) == again[::-1]
    assert DAY not in again
    settle(store)
    assert store.recompute([DAY, fresh[0], fresh[2], DAY + 50 * ONE]) == [fresh[2], fresh[0]]
    assert dirty(store) == [fresh[0], fresh[2]]
    settle(store)
    assert store.recompute([]) == []
    assert dirty(store) == changed(store) == []


def test_results_of_a_day_and_later_are_looked_at_anew(store: WearerStore) -> None:
    """Those after the day before it: the day is among them. No frames are needed."""
    store.review(DAY)
    assert changed(store) == [EVE, DAY]
    assert dirty(store) == []
