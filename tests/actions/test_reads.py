"""Actions that answer what is known."""

from datetime import date, timedelta
from typing import Any

import pytest

from custom_components.openstrap import answers
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.store import WearerStore

from ..stored_days import local, made_day, store_days, workout
from . import TODAY, Ask, Store

pytestmark = pytest.mark.full


async def test_a_night(ask: Ask, stored: Store) -> None:
    """What the read model says, and its timeline when it is asked for."""
    assert await ask("get_night") == await stored(answers.night, None, TODAY)
    answer = await ask("get_night", date="2026-06-09", metrics=["rem_min"], timeline=True)
    assert answer["day"] == "2026-06-09"
    assert list(answer["metrics"]) == ["rem_min"]
    assert answer["timeline"] == await stored(answers.timeline, date(2026, 6, 9), TODAY)
    unknown = await ask("get_night", date="2020-01-01", timeline=True)
    assert unknown == {"known": False, "reason": "not_derived", "day": "2020-01-01"}


async def test_a_day(ask: Ask, stored: Store) -> None:
    """By a date as YAML reads it."""
    answer = await ask("get_day", date=date(2026, 6, 8), metrics="strain")
    assert answer == await stored(answers.day, date(2026, 6, 8), TODAY, ["strain"])


async def test_a_trend(ask: Ask, stored: Store, wearer: Any) -> None:
    """Of steps against the wearer's goal."""
    answer = await ask("get_trend", metric="recovery", span="month")
    assert answer == await stored(answers.trend, "recovery", "month", TODAY)
    ask.hass.config_entries.async_update_entry(
        wearer, options={**wearer.options, "step_goal": 100000}
    )
    await ask.hass.async_block_till_done()
    steps = await ask("get_trend", metric="steps", date="2026-06-09")
    assert steps["buckets"][-1]["met"] is False


async def test_a_history(ask: Ask, stored: Store) -> None:
    """Thirty days of the headlines, unless told otherwise, beside the days before."""
    answer = await ask("get_history")
    assert (answer["start_date"], answer["end_date"]) == ("2026-05-12", "2026-06-10")
    assert set(answer["metrics"]) == set(answers.HEADLINES)
    some = await ask(
        "get_history", start_date="2026-06-06", end_date="2026-06-10", metrics=["rmssd_ms"]
    )
    assert some == await stored(answers.history, ["rmssd_ms"], date(2026, 6, 6), TODAY)
    assert some["metrics"]["rmssd_ms"]["summary"]["versus_previous"] is not None


async def test_records_workouts_and_journal(ask: Ask, stored: Store) -> None:
    """As the read model says."""
    run = (local(TODAY, 9), local(TODAY, 10))
    await stored(store_days, [made_day(TODAY, workouts=[workout(*run)])])
    await stored(WearerStore.write_journal, TODAY, JournalDay(frozenset({"sick"})))
    assert await ask("get_records") == await stored(answers.records, TODAY)
    found = await ask("get_workouts", start_date="2026-06-10")
    assert [one["start_ts"] for one in found["workouts"]] == [run[0]]
    written = await ask("get_journal")
    assert [entry["tags"] for entry in written["entries"]] == [["sick"]]


async def test_insights(ask: Ask, stored: Store) -> None:
    """The same from the two halves as from the whole."""
    answer = await ask("get_insights")
    assert answer == await stored(answers.insights, TODAY)
    assert answer["nothing_found"] is True


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("get_night", {"date": "yesterday"}, "not_a_date"),
    ("get_night", {"date": "2026-13-45"}, "not_a_date"),
    ("get_night", {"metrics": ["mojo"]}, "unknown_metric"),
    ("get_trend", {"metric": "rest_onset"}, "metric_is_a_moment"),
    ("get_trend", {"metric": "mojo"}, "unknown_metric"),
    ("get_history", {"metrics": ["bedtime"]}, "metric_is_a_moment"),
    (
        "get_history",
        {"start_date": "2026-06-10", "end_date": "2026-06-09"},
        "range_backwards",
    ),
    ("get_workouts", {"start_date": "2020-01-01"}, "range_too_long"),
    ("get_journal", {"end_date": "x"}, "not_a_date"),
    # Where the calendar ends there is no day before, or after, to look at.
    ("get_trend", {"metric": "steps", "date": "0001-01-01"}, "not_a_date"),
    ("get_history", {"end_date": "0001-01-15"}, "not_a_date"),
    ("get_workouts", {"end_date": "9999-12-31"}, "not_a_date"),
]  # fmt: skip


async def test_mistakes(ask: Ask) -> None:
    """Each told by its name."""
    for action, data, key in MISTAKES:
        found, placeholders = await ask.refused(action, **data)
        assert found == key, data
        if key == "unknown_metric":
            assert placeholders["metric"] == "mojo"
            assert placeholders["known"].split(", ") == list(CATALOG)


async def test_the_longest_range(ask: Ask, stored: Store) -> None:
    """366 days are answered, leap years and all."""
    first = TODAY - timedelta(days=365)
    assert (await ask("get_workouts", start_date=first.isoformat()))["workouts"] == []
    key, placeholders = await ask.refused(
        "get_workouts", start_date=(first - timedelta(days=1)).isoformat()
    )
    assert (key, placeholders) == ("range_too_long", {"days": "367", "most": "366"})
