"""What a wearer calls a workout, kept with it."""

from contextlib import closing
from datetime import date
import json
from pathlib import Path
from typing import Any

import pytest

from custom_components.openstrap.engine.training.workout_rules import WorkoutError
from custom_components.openstrap.store import WearerStore
from custom_components.openstrap.store.schema import STEPS
from custom_components.openstrap.store.told_rows import CHANGED_CURSOR

from .material import NOW, START, TZ

AT: dict[str, Any] = {"now": NOW, "tz": TZ}
SPAN = START, START + 1800.0


def due(store: WearerStore) -> tuple[object, list[date]]:
    """Give what is looked at anew."""
    dirty = [one.day for one in store.dirty_days()]
    return json.loads(store.cursor(CHANGED_CURSOR) or "[]"), dirty


def test_it_survives_all_that_is_told_later(path: Path) -> None:
    """From its beginning to a correction, and in the file."""
    with closing(WearerStore.open(path)) as store:
        assert store.start_workout("a", START, None, title=" Loop ", **AT).title == "Loop"
        store.describe_workout("a", kind="run", **AT)
        assert store.end_workout("a", SPAN[1], **AT).title == "Loop"
        store.save_workout("a", (START, SPAN[1] + 60.0), "walk", **AT)
    with closing(WearerStore.open(path)) as store:
        [one] = store.told(*SPAN).workouts
        assert (one.title, one.kind, one.end_ts) == ("Loop", "walk", SPAN[1] + 60.0)
        assert store.describe_workout("a", title="  ", **AT).title is None
        assert store.told(*SPAN).workouts[0].title is None


def test_it_alone_changes_no_day(store: WearerStore) -> None:
    """Nothing is worked out from it."""
    store.save_workout("a", SPAN, "run", **AT)
    store.set_cursor(CHANGED_CURSOR, "[]")
    for one in store.dirty_days():
        store.clear_dirty(one.day, one.mark)
    assert due(store) == ([], [])
    store.describe_workout("a", title="Loop", **AT)
    store.save_workout("a", SPAN, "run", title="Other", **AT)
    assert store.told(*SPAN).workouts[0].title == "Other"
    assert due(store) == ([], [])
    store.describe_workout("a", kind="walk", title="Loop", **AT)
    assert due(store) != ([], [])


def test_a_refused_one_changes_nothing(store: WearerStore) -> None:
    """Neither the title nor what was told with it."""
    store.save_workout("a", SPAN, "run", title="Loop", **AT)
    before = store.dump()
    for title in ("x" * 81, "a\x00b", "\u2028".join("ab")):
        with pytest.raises(WorkoutError):
            store.save_workout("a", SPAN, "walk", title=title, **AT)
    with pytest.raises(WorkoutError):
        store.describe_workout("nobody", title="Loop", **AT)
    assert store.dump() == before


def test_a_workout_of_an_older_version(path: Path) -> None:
    """Has no title, and takes one; the file needs no step for it."""
    row = ("workout", "old", *SPAN, '{"kind": "run", "replaces": null}')
    with closing(WearerStore.open(path)) as store:
        store._conn.execute("INSERT INTO told VALUES (?, ?, ?, ?, ?)", row)
        version = store._conn.execute("PRAGMA user_version").fetchone()[0]
    assert version == len(STEPS) == 4
    with closing(WearerStore.open(path)) as store:
        [one] = store.told(*SPAN).workouts
        assert (one.kind, one.title) == ("run", None)
        assert store.describe_workout("old", title="Loop", **AT).kind == "run"
        assert [one.title for one in store.told(*SPAN).workouts] == ["Loop"]


def test_a_title_that_is_no_text(store: WearerStore) -> None:
    """Costs the workout nothing but its title."""
    row = ("workout", "odd", *SPAN, '{"kind": "run", "replaces": null, "title": ["x"]}')
    store._conn.execute("INSERT INTO told VALUES (?, ?, ?, ?, ?)", row)
    assert [(one.id, one.title) for one in store.told(*SPAN).workouts] == [("odd", None)]
