"""What is answered of workouts and of the journal: the wearer's own word."""

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

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


def test_naming_a_found_workout_keeps_its_numbers(store: WearerStore) -> None:
    """At once, as one row, and the same once the day is derived anew; another kind waits for it."""
    store_days(store, [made_day(YESTERDAY, workouts=[workout(*RUN)])])
    name = asked(store)["workouts"][0]["workout_id"]
    store.save_workout("mine", RUN, None, replaces=RUN, title="Loop", now=NOW, tz=BERLIN)
    [named] = asked(store)["workouts"]
    assert (named["workout_id"], named["title"], named["source"]) == ("mine", "Loop", "edited")
    assert (named["strain"], named["kind_confidence"], named["pending"]) == (9.5, 0.7, False)
    assert answers.find_workout(store, name, BERLIN) == named
    again = workout(*RUN, workout_id="mine", source="edited", confidence=1.0)
    store_days(store, [made_day(YESTERDAY, workouts=[again])])
    assert asked(store)["workouts"] == [named]
    store.describe_workout("mine", title="", now=NOW, tz=BERLIN)
    assert asked(store)["workouts"] == [named | {"title": None}]


def test_a_named_workout_that_two_days_have(store: WearerStore) -> None:
    """A day that moved to another zone may list it too: it is one workout all the same."""
    days = [made_day(day, workouts=[workout(*RUN)]) for day in (YESTERDAY, TODAY)]
    store_days(store, days)
    store.save_workout("mine", RUN, None, replaces=RUN, title="Loop", now=NOW, tz=BERLIN)
    assert [one["workout_id"] for one in asked(store)["workouts"]] == ["mine"]


def test_a_found_workout_that_two_days_have(store: WearerStore) -> None:
    """It is listed with the earlier, whatever is asked for, and the later keeps its others."""
    east, late = ZoneInfo("Asia/Tokyo"), (local(TODAY, 8), local(TODAY, 9))
    # Half past five in Berlin is after midnight in Tokyo, where another minute was its first.
    again = workout(RUN[0] + 60, RUN[1])
    days = [
        made_day(YESTERDAY, workouts=[workout(*RUN)]),
        made_day(TODAY, zone=east, workouts=[again, workout(*late)]),
    ]
    store_days(store, days)
    starts = [one["start_ts"] for one in asked(store)["workouts"]]
    assert starts == [RUN[0], late[0]]
    [one] = answers.workouts(store, TODAY, TODAY, BERLIN, now_ts=NOW)["workouts"]
    assert one["start_ts"] == late[0]


def test_the_kind_of_a_found_workout(store: WearerStore) -> None:
    """Told as it was found it is sure; told otherwise it is measured anew."""
    store_days(store, [made_day(YESTERDAY, workouts=[workout(*RUN)])])
    store.save_workout("mine", RUN, "run", replaces=RUN, now=NOW, tz=BERLIN)
    [one] = asked(store)["workouts"]
    assert (one["kind_confidence"], one["pending"]) == (1.0, False)
    store.describe_workout("mine", kind="walk", now=NOW, tz=BERLIN)
    [one] = asked(store)["workouts"]
    assert (one["workout_id"], one["kind"], one["pending"]) == ("mine", "walk", True)


def test_an_imported_workout_is_named(store: WearerStore) -> None:
    """Nobody will measure it again, so its numbers stay, and so does where they are from."""
    one = workout(*RUN, source="imported", imported_from="noop", title="Theirs")
    store_days(store, [made_day(YESTERDAY, workouts=[one])])
    [found] = asked(store)["workouts"]
    assert found["title"] == "Theirs"
    store.save_workout("mine", RUN, "walk", replaces=RUN, title="Mine", now=NOW, tz=BERLIN)
    [named] = asked(store)["workouts"]
    assert named == found | {
        "workout_id": "mine", "kind": "walk", "kind_confidence": 1.0, "title": "Mine",
    }  # fmt: skip
    assert store.delete_workout("mine", BERLIN)
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
