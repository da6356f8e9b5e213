"""Steps from an older version of the file to the newest."""

from contextlib import closing
from datetime import date
import json
from pathlib import Path
import sqlite3

import pytest

from custom_components.openstrap.engine.told import NOTHING_TOLD
from custom_components.openstrap.store import StoreError, StoreTooNew, WearerStore
from custom_components.openstrap.store.days import pack
from custom_components.openstrap.store.examine import Kept
from custom_components.openstrap.store.schema import STEPS, get_meta, is_whole, set_meta, version_of

from .material import TZ, put, r24


def add_column(conn: sqlite3.Connection) -> None:
    """Be a step of a version to come."""
    conn.execute("ALTER TABLE cursors ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    conn.execute("UPDATE cursors SET note = name")


def fail_late(conn: sqlite3.Connection) -> None:
    """Change much, then fail."""
    conn.execute("DROP TABLE minutes")
    conn.execute("DELETE FROM blocks")
    conn.execute("INSERT INTO nowhere VALUES (1)")


def raise_late(conn: sqlite3.Connection) -> None:
    """Change much, then fail for a reason of its own."""
    conn.execute("DROP TABLE minutes")
    raise ValueError("a fault in the step")


def older(path: Path) -> dict[str, list[object]]:
    """Make a file of the newest version with something in it."""
    with closing(WearerStore.open(path)) as store:
        put(store, [r24(1), r24(2)])
        store.set_cursor("where", "here")
        return store.dump()


def test_a_new_file_has_every_table(store: WearerStore) -> None:
    """And the version of the last step."""
    assert version_of(store._conn) == len(STEPS)
    assert is_whole(store._conn)
    store._conn.execute("ALTER TABLE days RENAME COLUMN result TO rezult")
    assert not is_whole(store._conn)


def test_an_older_file_is_brought_up_to_date(path: Path) -> None:
    """Once, and told."""
    before = older(path)
    with closing(WearerStore.open(path, steps=[*STEPS, add_column])) as store:
        assert store.opened.stepped_from == len(STEPS)
        assert version_of(store._conn) == len(STEPS) + 1
        assert store._conn.execute("SELECT * FROM cursors").fetchall() == [
            ("where", "here", "where")
        ]
        assert store.dump()["minutes"] == before["minutes"]
    with closing(WearerStore.open(path, steps=[*STEPS, add_column])) as store:
        assert store.opened.stepped_from is None


def test_a_file_of_version_1_gets_a_place_for_what_is_told(path: Path) -> None:
    """Everything in it stays, and what is told is kept from then on."""
    with closing(WearerStore.open(path, steps=STEPS[:1])) as store:
        # Frames are written by the code of today, which notes days where no version 1 did.
        STEPS[2](store._conn)
        put(store, [r24(1), r24(2)])
        store._conn.execute("DROP TABLE unpublished")
        store._conn.execute("DELETE FROM meta WHERE name = 'unpublished_mark'")
        store.set_cursor("where", "here")
        assert not is_whole(store._conn)
    with closing(WearerStore.open(path)) as store:
        assert store.opened.stepped_from == 1
        assert store.opened.set_aside is None
        assert is_whole(store._conn)
        assert store.cursor("where") == "here"
        assert sum(len(found.reason) for _, found in store.records(0, 2**32)) == 2
        assert store.told(0.0, 2.0**32) == NOTHING_TOLD
        store.delete_detected((1000.0, 2000.0), TZ)
    with closing(WearerStore.open(path)) as store:
        assert store.opened.stepped_from is None
        assert store.told(0.0, 2.0**32).tombstones == ((1000.0, 2000.0),)


def test_days_of_version_1_are_packed(path: Path) -> None:
    """What they gave is the same, their facts stand apart, and what was no result stays none."""
    told = {"metrics": {"rmssd_ms": [41.5]}, "facts": {"day": "2026-01-15", "é": None}}
    texts = [json.dumps(told), json.dumps({"metrics": {}, "facts": None}), "{", b"{\x9e", "[]"]
    with closing(WearerStore.open(path, steps=STEPS[:1])) as store:
        store._conn.executemany(
            "INSERT INTO days VALUES (?, 'UTC', 3, 1, 9, CAST(? AS TEXT))",
            [(f"2026-01-{15 + at}", text) for at, text in enumerate(texts)],
        )
    with closing(WearerStore.open(path)) as store:
        rows = store.days(date.min, date.max)
        assert [row.result for row in rows] == [told, {"metrics": {}, "facts": None}, []]
        assert {(row.timezone, row.algorithm, row.final, row.records) for row in rows} == {
            ("UTC", 3, True, 9)
        }
        assert [json.loads(text) for text in store.day_facts(date.min, date.max, algorithm=3)] == [
            told["facts"]
        ]
        assert store.day_facts(date.min, date.max, algorithm=4) == []
        assert store.stats()["days"] == len(texts)


def test_days_of_version_2_were_never_published(path: Path) -> None:
    """All of them wait once; what is no day on the disk waits for nobody."""
    stored = ["2026-01-15", "2026-01-16", "2026-13-45"]
    with closing(WearerStore.open(path, steps=STEPS[:2])) as store:
        store._conn.executemany(
            "INSERT INTO days VALUES (?, 'UTC', 3, 1, 9, NULL, ?)",
            [(day, pack("{}")) for day in stored],
        )
        before = store._conn.execute("SELECT * FROM days").fetchall()
    with closing(WearerStore.open(path)) as store:
        assert store.opened.stepped_from == 2
        assert is_whole(store._conn)
        assert store._conn.execute("SELECT * FROM days").fetchall() == before
        waiting = store.unpublished(10)
        assert [day.isoformat() for day, _ in waiting] == stored[1::-1]
        store.published_all(waiting)
    with closing(WearerStore.open(path)) as store:
        assert store.opened.stepped_from is None
        assert store.unpublished(10) == []


@pytest.mark.parametrize(
    ("step", "error"), [(fail_late, StoreError), (raise_late, ValueError)], ids=["sql", "python"]
)
def test_a_failed_step_leaves_the_file_as_it_was(
    path: Path, step: object, error: type[Exception]
) -> None:
    """All steps are one transaction, and a sound file is never set aside."""
    before = older(path)
    with pytest.raises(error) as caught:
        WearerStore.open(path, steps=[*STEPS, add_column, step])  # type: ignore[list-item]
    if error is StoreError:
        assert caught.value.reason == "step_failed"  # type: ignore[attr-defined]
    assert [file.name for file in path.parent.iterdir()] == ["wearer.db"]
    with closing(WearerStore.open(path)) as store:
        assert store.opened.set_aside is None
        assert version_of(store._conn) == len(STEPS)
        assert store.dump() == before


def test_a_newer_file_is_refused_and_can_be_read(path: Path) -> None:
    """It is not changed, whatever is asked."""
    before = older(path)
    with closing(WearerStore.open(path, steps=[*STEPS, add_column])):
        pass
    content = path.read_bytes()
    with pytest.raises(StoreTooNew) as caught:
        WearerStore.open(path)
    assert (caught.value.found, caught.value.known, caught.value.reason) == (
        len(STEPS) + 1,
        len(STEPS),
        "too_new",
    )
    with closing(WearerStore.open(path, read_only=True)) as store:
        assert store.opened.read_only
        assert len(store.minutes(0, 2**32)) == 1
        assert sum(len(found.reason) for _, found in store.records(0, 2**32)) == 2
        assert store.latest_reading().hr_bpm == 60
        assert store.latest_days(5) == []
        assert store.cursor("where") == "here"
        assert store.stats()["frames"] == 2
        for change in (
            lambda: put(store, [r24(3)]),
            lambda: store.set_cursor("a", "b"),
            lambda: store.compact(now=0, tz=None),  # type: ignore[arg-type]
        ):
            with pytest.raises(StoreError) as caught_change:
                change()
            assert caught_change.value.reason == "read_only"
        assert store.dump()["minutes"] == before["minutes"]
    assert path.read_bytes() == content


def test_numbers_beside_the_tables(store: WearerStore) -> None:
    """Have a default and are replaced."""
    assert get_meta(store._conn, "anything", 5) == 5
    set_meta(store._conn, "anything", 6)
    set_meta(store._conn, "anything", 7)
    assert get_meta(store._conn, "anything") == 7


def test_the_queries_that_run_all_the_time_use_an_index(store: WearerStore) -> None:
    """Years of frames must cost them nothing."""
    assert int(Kept.TIME_FUTURE) == 102
    for query, index in (
        (
            "SELECT * FROM blocks WHERE reason = 102 AND hour <= 5 ORDER BY hour, id",
            "blocks_future",
        ),
        ("SELECT id, hour FROM blocks WHERE reason = 102 AND arrived < 5", "blocks_future"),
        ("SELECT id, hour FROM blocks WHERE hour < 5 AND arrived < 5", "blocks_hour"),
        ("SELECT * FROM blocks WHERE hour = 5", "blocks_hour"),
        ("SELECT DISTINCT hour FROM blocks WHERE hour BETWEEN 1 AND 2", "blocks_hour"),
        (
            "SELECT hour, max(arrived) FROM blocks WHERE hour BETWEEN 1 AND 2 GROUP BY hour",
            "blocks_hour",
        ),
        (
            "SELECT * FROM told WHERE what = 'x' AND start >= 1 AND start < 2 ORDER BY start, id",
            "told_start",
        ),
        ("SELECT day FROM days WHERE final = 0 AND day < 'x' ORDER BY day", "days_open"),
    ):
        plan = store._conn.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
        assert any(f"INDEX {index}" in row[3] for row in plan), plan
