"""What is answered of workouts and of the journal: the wearer's own word."""

import asyncio
from datetime import timedelta
from typing import Any

from custom_components.openstrap import answers
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.store import WearerStore

from ..stored_days import BERLIN, local, made_day, store_days, workout
from .asked import NOW, RUN, TODAY, YESTERDAY, plain


def asked(store: WearerStore) -> dict[str, Any]:
    """Ask for the workouts of a week."""
    found: dict[str, Any] = plain(
        answers.workouts(store, TODAY - timedelta(days=6), TODAY, BERLIN, now_ts=NOW)
    )
    return found


def test_detected_workouts_are_named_by_their_span(store: WearerStore) -> None:
    """The name finds the span again; a told one's id is none."""
    store_days(store, [made_day(YESTERDAY, workouts=[workout(*RUN)])])
    answer = asked(store)
    [one] = answer["workouts"]
    assert answers.detected_span(one["workout_id"]) == RUN
    assert one["start"] == "2026-06-09T17:30:00+02:00"
    assert not one["pending"]
    assert answer["summary"] == {
        "count": 1,
        "duration_min": 30.0,
        "kcal": 300.0,
        "zone_s": [0, 0, 600, 1200, 0, 0],
        "by_kind": {"run": {"count": 1, "duration_min": 30.0}},
        "hardest": one["workout_id"],
    }
    for other in ("01K2", "detected/x/y", "detected/1", "detected/nan/inf"):
        assert answers.detected_span(other) is None


def test_what_was_told_since_shows_at_once(store: WearerStore) -> None:
    """A new one, a corrected one and a deleted one, before the day is derived again."""
    store_days(store, [made_day(YESTERDAY, workouts=[workout(*RUN)])])
    morning = (local(YESTERDAY, 8), local(YESTERDAY, 9))
    store.save_workout("mine", morning, "yoga", now=NOW, tz=BERLIN)
    first, second = asked(store)["workouts"]
    assert (first["workout_id"], first["pending"], first["source"]) == ("mine", True, "told")
    assert first["duration_min"] == 60.0
    longer = (RUN[0], RUN[1] + 600)
    store.save_workout("fixed", longer, None, replaces=RUN, now=NOW, tz=BERLIN)
    _, second = asked(store)["workouts"]
    assert (second["workout_id"], second["source"]) == ("fixed", "edited")
    assert asked(store)["summary"]["hardest"] is None
    assert store.delete_workout("fixed", BERLIN)
    assert [one["workout_id"] for one in asked(store)["workouts"]] == ["mine"]


def test_told_workouts_that_are_derived(store: WearerStore) -> None:
    """As derived while unchanged, then pending, then gone."""
    store.save_workout("mine", RUN, "run", now=NOW, tz=BERLIN)
    store_days(store, [made_day(YESTERDAY, workouts=[workout(*RUN, workout_id="mine")])])
    [one] = asked(store)["workouts"]
    assert not one["pending"] and one["strain"] == 9.5

    async def run(job: Any, *args: Any) -> Any:
        return job(store, *args)

    start, end = TODAY - timedelta(days=80), TODAY
    parts = asyncio.run(answers.async_workouts(run, start, end, BERLIN, now_ts=NOW))
    assert parts == answers.workouts(store, start, end, BERLIN, now_ts=NOW)
    store.save_workout("mine", RUN, "walk", now=NOW, tz=BERLIN)
    [one] = asked(store)["workouts"]
    assert one["pending"] and one["kind"] == "walk"
    store.delete_workout("mine", BERLIN)
    assert asked(store)["workouts"] == []


def test_the_workout_that_goes_on(store: WearerStore) -> None:
    """Stands apart, for it has not ended on any day; a forgotten one is none."""
    store.start_workout("now", NOW - 600, "run", now=NOW, tz=BERLIN)
    answer = asked(store)
    assert answer["workouts"] == []
    assert answer["going"]["workout_id"] == "now"
    assert answer["going"]["end"] is None
    later = answers.workouts(store, TODAY, TODAY, BERLIN, now_ts=NOW + 7 * 3600)
    assert later["going"] is None


def test_the_journal(store: WearerStore) -> None:
    """The range, newest first."""
    for back in range(3):
        day = TODAY - timedelta(days=back)
        store.write_journal(day, JournalDay(frozenset({f"tag {back}"})))
    answer = plain(answers.journal(store, YESTERDAY, TODAY))
    assert [entry["tags"] for entry in answer["entries"]] == [["tag 0"], ["tag 1"]]
    assert answer["entries"][0] == {
        "day": TODAY.isoformat(), "tags": ["tag 0"], "numbers": {}, "note": "",
    }  # fmt: skip
