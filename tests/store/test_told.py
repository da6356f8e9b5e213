"""What the wearer told, kept for ever and never half."""

from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
import json
from pathlib import Path
import sqlite3
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.told import NOTHING_TOLD, ToldWorkout
from custom_components.openstrap.engine.training.workout_rules import WorkoutError
from custom_components.openstrap.store import StoreError, WearerStore
from custom_components.openstrap.store.told_rows import CHANGED_CURSOR

from .material import DAY, EVE, NOW, START, TZ

AT: dict[str, Any] = {"now": NOW, "tz": TZ}
FROM, UNTIL = START - 86400.0, START + 86400.0
EARLIER = EVE - timedelta(days=2)
BEFORE, AFTER = EVE - timedelta(days=1), DAY + timedelta(days=1)


def changed(store: WearerStore) -> list[date]:
    """Days whose later days are due."""
    return [date.fromisoformat(day) for day in json.loads(store.cursor(CHANGED_CURSOR) or "[]")]


def code_of(error: pytest.ExceptionInfo[WorkoutError]) -> str:
    """Stable word of a refusal."""
    return error.value.code


def test_a_workout_is_started_and_ended(store: WearerStore) -> None:
    """Each of it twice is once."""
    begun = store.start_workout("a", START, "run", **AT)
    assert begun == ToldWorkout("a", START, None, "run")
    assert store.start_workout("a", START + 60.0, "walk", **AT) == begun
    assert store.told(FROM, UNTIL).workouts == (begun,)
    ended = store.end_workout("a", START + 1800.0, **AT)
    assert ended == ToldWorkout("a", START, START + 1800.0, "run")
    assert store.end_workout("a", START + 3600.0, **AT) == ended
    assert store.told_workout("a") == ended
    assert store.told_workout("b") is None


def test_refusals_change_nothing(store: WearerStore) -> None:
    """Each has its stable word."""
    store.save_workout("a", (START, START + 600.0), "run", **AT)
    store.start_workout("b", START + 700.0, None, **AT)
    before = store.dump()
    for refused, word in (
        (lambda: store.end_workout("x", START + 900.0, **AT), "unknown_workout"),
        (lambda: store.end_workout("b", START + 600.0, **AT), "end_before_start"),
        (lambda: store.end_workout("b", START + 710.0, **AT), "too_short"),
        (lambda: store.end_workout("b", NOW + 1.0, **AT), "in_future"),
        (lambda: store.start_workout("c", START + 800.0, None, **AT), "already_going"),
        (lambda: store.save_workout("c", (START + 500.0, START + 690.0), None, **AT), "overlap"),
        (lambda: store.save_workout("c", (START - 90000.0, START - 10.0), None, **AT), "too_long"),
        (lambda: store.save_workout("c", (float("nan"), START), None, **AT), "not_a_time"),
        (lambda: store.save_workout("c", (START - 900.0, START), "golf", **AT), "not_a_kind"),
        (
            lambda: store.save_workout(
                "c", (START - 900.0, START), None, replaces=(START - 99999.0, START - 98000.0), **AT
            ),
            "moved_too_far",
        ),
        (lambda: store.save_workout("c", (-1e18, 3600.0 - 1e18), None, **AT), "not_a_time"),
        (lambda: store.delete_detected((1e18, 1e18 + 3600.0), TZ), "not_a_time"),
        (lambda: store.delete_detected((-1e18, 3600.0 - 1e18), TZ), "not_a_time"),
        (lambda: store.delete_detected((5.0, 5.0), TZ), "end_before_start"),
        (lambda: store.delete_detected((5.0, float("inf")), TZ), "not_a_time"),
        (lambda: store.delete_detected((5.0, 90000.0), TZ), "too_long"),
    ):
        with pytest.raises(WorkoutError) as error:
            refused()
        assert code_of(error) == word
        assert store.dump() == before


def test_a_told_workout_is_changed_in_its_place(store: WearerStore) -> None:
    """It may overlap itself, and keeps what it replaces."""
    found = (START, START + 900.0)
    store.save_workout("a", (START, START + 1000.0), "run", replaces=found, **AT)
    later = store.save_workout("a", (START + 100.0, START + 1200.0), "walk", **AT)
    assert later == ToldWorkout("a", START + 100.0, START + 1200.0, "walk", found)
    assert store.told(FROM, UNTIL).workouts == (later,)


def test_what_was_replaced_does_not_come_back(store: WearerStore) -> None:
    """A deleted correction leaves a tombstone where the detected workout was."""
    found = (START + 50.0, START + 900.0)
    store.save_workout("a", (START, START + 1000.0), None, replaces=found, **AT)
    store.save_workout("b", (START + 2000.0, START + 3000.0), None, **AT)
    assert store.delete_workout("a", TZ)
    assert not store.delete_workout("a", TZ)
    assert store.delete_workout("b", TZ)
    told = store.told(FROM, UNTIL)
    assert told.workouts == ()
    assert told.tombstones == (found,)


def test_a_detected_workout_is_deleted_once(store: WearerStore) -> None:
    """Its tombstone stands in every stretch that it touches."""
    span = (START, START + 900.0)
    store.delete_detected(span, TZ)
    store.delete_detected(span, TZ)
    assert store.told(FROM, UNTIL).tombstones == (span,)
    assert store.told(START + 899.0, UNTIL).tombstones == (span,)
    assert store.told(START + 900.0, UNTIL).tombstones == ()
    assert store.told(FROM, START).tombstones == ()


def test_a_moved_workout_is_told_where_it_was(store: WearerStore) -> None:
    """What it replaces must not be found again, however far it was moved."""
    found = (START - 40000.0, START - 39000.0)
    moved = store.save_workout("a", (START, START + 600.0), None, replaces=found, **AT)
    assert store.told(START - 39500.0, START - 39400.0).workouts == (moved,)
    assert store.told(START - 30000.0, START - 20000.0).workouts == ()


def test_periods_and_their_tracking(store: WearerStore) -> None:
    """All starts are told, whatever the stretch."""
    first, second = date(2026, 4, 1), date(2026, 4, 29)
    for day in (second, first, second):
        store.set_period(day, began=True)
    store.set_cycle_tracking(DAY, on=True)
    told = store.told(FROM, UNTIL)
    assert told.period_starts == (first, second)
    assert told.cycle_tracking
    store.set_period(first, began=False)
    store.set_cycle_tracking(DAY, on=False)
    told = store.told(FROM, UNTIL)
    assert told.period_starts == (second,)
    assert not told.cycle_tracking


def test_touched_days_are_due(store: WearerStore) -> None:
    """With two days before each, for results after a changed day are looked at anew."""
    assert changed(store) == []
    morning = datetime.combine(EVE, time(11), TZ).timestamp()
    store.save_workout("a", (morning, morning + 3600.0 - 1.0), None, **AT)
    assert changed(store) == [EARLIER, BEFORE, EVE]
    store.set_cursor(CHANGED_CURSOR, "")
    store.save_workout("a", (morning, morning + 3600.0), None, **AT)  # the next day begins at noon
    assert changed(store) == [EARLIER, BEFORE, EVE, DAY]
    store.set_cursor(CHANGED_CURSOR, "")
    store.delete_workout("a", TZ)
    assert changed(store) == [EARLIER, BEFORE, EVE, DAY]
    store.set_cursor(CHANGED_CURSOR, '["2026-01-01"]')
    store.set_period(AFTER, began=True)
    assert changed(store) == [date(2026, 1, 1), DAY, AFTER]


def test_touched_days_are_derived_anew(store: WearerStore) -> None:
    """Frames beside a workout say something else than without: no nap, no rest."""
    store.start_workout("a", START, "yoga", **AT)
    store.end_workout("a", START + 3600.0, **AT)
    assert DAY in {waiting.day for waiting in store.dirty_days()}
    for waiting in store.dirty_days():
        store.clear_dirty(waiting.day, waiting.mark)
    store.delete_workout("a", TZ)
    assert DAY in {waiting.day for waiting in store.dirty_days()}


def test_a_day_that_was_lived_elsewhere_is_due(store: WearerStore) -> None:
    """Told in Tokyo of an evening in New York: the result stands on the day of New York."""
    lived, here = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
    evening = datetime(2026, 5, 1, 20, tzinfo=lived).timestamp()
    store.delete_detected((evening, evening + 1800.0), here)
    # Results of the days after a changed one are looked at anew.
    assert min(changed(store)) < date(2026, 5, 1)


def test_a_failed_write_leaves_nothing(store: WearerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deletion that cannot be remembered has not happened."""
    found = (START + 50.0, START + 900.0)
    store.save_workout("a", (START, START + 1000.0), None, replaces=found, **AT)
    before = store.dump()

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("no")

    monkeypatch.setattr("custom_components.openstrap.store.told_rows.cursors.put", fail)
    with pytest.raises(StoreError):
        store.delete_workout("a", TZ)
    with pytest.raises(StoreError):
        store.save_workout("b", (START + 2000.0, START + 2500.0), None, **AT)
    assert store.dump() == before


def test_rows_of_a_later_version_stay(path: Path) -> None:
    """They are neither shown nor touched."""
    rows = [
        ("mood", "x", START, None, "?"),
        ("period", "first of may", None, None, "{}"),
        ("tombstone", "odd", START, None, "{}"),
        ("workout", "golf", START, START + 600.0, '{"kind":"golf","replaces":null}'),
        ("workout", "torn", START, START + 600.0, '{"kin'),
        ("workout", "turned", START, START - 600.0, '{"kind":null,"replaces":null}'),
    ]
    with closing(WearerStore.open(path)) as store:
        store._conn.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?)", rows)
        assert store.told(FROM, UNTIL) == NOTHING_TOLD
        store.save_workout("a", (START, START + 600.0), None, **AT)
        assert not store.delete_workout("golf", TZ)
        store.delete_workout("a", TZ)
        assert sorted(store.dump()["told"]) == sorted(rows)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 50), st.integers(1, 50), st.booleans()),
        max_size=12,
    )
)
def test_told_workouts_never_overlap(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, bool]]
) -> None:
    """Whatever is saved and deleted in whatever order."""
    with closing(WearerStore.open(tmp_path_factory.mktemp("told") / "wearer.db")) as store:
        for name, first, length, gone in steps:
            span = (START + 60.0 * first, START + 60.0 * (first + length))
            if gone:
                store.delete_workout(name, TZ)
            else:
                with suppress(WorkoutError):
                    store.save_workout(name, span, None, **AT)
        found = store.told(FROM, UNTIL).workouts
        ends = [ts for told in found for ts in (told.start_ts, told.end_ts or 0.0)]
        assert ends == sorted(ends)


def test_the_kind_alone(store: WearerStore) -> None:
    """Of one that goes on and of one that is over; its times stay, and its day is looked at anew."""
    begun = store.start_workout("w", START, None, now=START, tz=TZ)
    running = store.describe_workout("w", kind="run", now=START + 100, tz=TZ)
    assert (running.kind, running.start_ts, running.end_ts) == ("run", begun.start_ts, None)
    over = store.end_workout("w", START + 600, now=START + 600, tz=TZ)
    assert store.describe_workout("w", kind="walk", now=START + 700, tz=TZ) == replace(
        over, kind="walk"
    )
    for name, kind, code in (("x", "walk", "unknown_workout"), ("w", "chess", "not_a_kind")):
        with pytest.raises(WorkoutError) as error:
            store.describe_workout(name, kind=kind, now=START + 700, tz=TZ)
        assert code_of(error) == code
