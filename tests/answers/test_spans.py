"""What is answered of weeks and months: trends, histories, records, findings."""

import asyncio
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from custom_components.openstrap import answers
from custom_components.openstrap.answers import findings
from custom_components.openstrap.answers.values import CHUNK_DAYS
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.store import WearerStore

from ..stored_days import MISSING, made_day, made_days, row_of, store_days, values_of
from .asked import TODAY, YESTERDAY, plain


@pytest.mark.parametrize(("span", "buckets"), [("week", 7), ("month", 5), ("quarter", 3)])
def test_a_trend(store: WearerStore, span: Any, buckets: int) -> None:
    """Buckets of days, and whether they met what they should have."""
    store_days(store, made_days(TODAY, 10))
    answer = plain(answers.trend(store, "sleep_min", span, TODAY))
    assert len(answer["buckets"]) == buckets
    assert (answer["known"], answer["unit"]) == (True, "min")
    last = answer["buckets"][-1]
    assert last["met"] is False
    assert last["last"] == TODAY.isoformat()
    if span == "week":
        assert last["mean"] == values_of(TODAY)["sleep_min"]


def test_a_trend_of_steps_goes_by_the_goal(store: WearerStore) -> None:
    """Without a goal nothing is met or missed."""
    store_days(store, made_days(TODAY, 3))
    met = answers.trend(store, "steps", "week", TODAY, step_goal=5000)["buckets"][-1]["met"]
    assert met is True
    assert answers.trend(store, "steps", "week", TODAY)["buckets"][-1]["met"] is None


def test_a_trend_of_nothing_says_why(store: WearerStore) -> None:
    """In the words of the newest day, and without any day too."""
    answer = answers.trend(store, "skin_temp_c", "week", TODAY)
    assert (answer["known"], answer["reason"]) == (False, "no_values")
    store_days(store, made_days(TODAY, 2))
    assert answers.trend(store, "skin_temp_c", "week", TODAY)["reason"] == MISSING
    with pytest.raises(answers.AnswerError, match="metric_is_a_moment"):
        answers.trend(store, "rest_onset", "week", TODAY)
    with pytest.raises(answers.AnswerError, match="unknown_metric"):
        answers.trend(store, "mojo", "week", TODAY)


def test_a_history(store: WearerStore) -> None:
    """The days of the range, beside as many before; days of another way to estimate are left out."""
    store_days(store, made_days(TODAY, 14))
    store_days(store, [made_day(TODAY - timedelta(days=3), algorithm=2)])
    answer = plain(
        answers.history(store, ["rmssd_ms", "skin_temp_c"], TODAY - timedelta(days=6), TODAY)
    )
    rmssd = answer["metrics"]["rmssd_ms"]
    assert answer["days"] == 7
    assert len(rmssd["values"]) == rmssd["summary"]["days"] == 6
    assert rmssd["values"]["2026-06-10"] == values_of(TODAY)["rmssd_ms"]
    assert rmssd["summary"]["versus_previous"] is not None
    assert answer["metrics"]["skin_temp_c"]["known"] is False
    assert answer["metrics"]["skin_temp_c"]["reason"] == "no_values"


def test_values_are_read_in_parts(store: WearerStore) -> None:
    """As one reading would give, also of rows by name, which older versions wrote."""
    store_days(store, made_days(TODAY, 5))
    row = row_of(made_day(TODAY - timedelta(days=200)))
    by_name = {"rmssd_ms": {"value": 41.0}, "strain": {"value": None}, "steps": 4}
    store.save_trends(
        type(row)(row.day, row.timezone, 3, True, 1, {**row.result, "metrics": by_name})
    )
    calls = []

    async def run(job: Any, *args: Any, **beside: Any) -> Any:
        calls.append(args[-2:])
        return job(store, *args, **beside)

    start = TODAY - timedelta(days=300)
    keys = ("rmssd_ms", "strain", "steps")
    found = asyncio.run(answers.async_values(run, keys, start, TODAY))
    assert found == answers.daily_values(store, keys, start, TODAY)
    assert found["rmssd_ms"][row.day] == 41.0
    assert row.day not in found["strain"] and row.day not in found["steps"]
    assert len(calls) == -(-301 // CHUNK_DAYS)
    assert calls[-1][1] == TODAY


def test_records(store: WearerStore) -> None:
    """The best day of each, with its confidence; a mean of days has no metric of its own."""
    new = {"metric": "steps", "day": YESTERDAY.isoformat(), "value": 1.0}
    store_days(store, made_days(TODAY, 20))
    store_days(
        store, [made_day(YESTERDAY, values_of(YESTERDAY) | {"steps": 20000.0}, records=[new])]
    )
    answer = plain(answers.records(store, TODAY))
    assert (answer["days"], answer["nights"]) == (20, 20)
    assert answer["first_day"] == (TODAY - timedelta(days=19)).isoformat()
    steps = answer["best"]["steps"]
    assert (steps["day"], steps["value"]) == (YESTERDAY.isoformat(), 20000.0)
    assert steps["metric"]["confidence"] == 0.8
    assert answer["best"]["resting_hr_bpm"]["mean_days"] == 7
    assert answer["best"]["resting_hr_bpm"]["metric"] is None
    assert answer["streaks"]["wear_streak_days"]["value"] == 3.0
    assert answer["streaks"]["sleep_streak_days"]["note"] == MISSING
    assert answer["new"] == [new]


@pytest.mark.parametrize(("ago", "streak"), [(0, 3.0), (1, 3.0), (2, 0.0), (40, 0.0)])
def test_a_streak_ends_with_a_day_that_is_missed(
    store: WearerStore, ago: int, streak: float
) -> None:
    """Today may still come; a streak that is not known stays so."""
    store_days(store, made_days(TODAY - timedelta(days=ago), 5))
    streaks = plain(answers.records(store, TODAY))["streaks"]
    assert streaks["wear_streak_days"]["value"] == streak
    assert streaks["sleep_streak_days"]["note"] == MISSING


def test_records_of_nothing(store: WearerStore) -> None:
    """Said of each."""
    answer = plain(answers.records(store, TODAY))
    assert answer["first_day"] is None
    assert {one["reason"] for one in answer["best"].values()} == {"no_values"}
    assert not answer["streaks"]["wear_streak_days"]["known"]


def test_insights_of_little_say_so(store: WearerStore) -> None:
    """With the counts that are missing."""
    store_days(store, made_days(TODAY, 10))
    answer = plain(answers.insights(store, TODAY))
    assert answer["nothing_found"] is True
    assert answer["journal"]["note"] == "need_input:name=journal_days,have=0,need=42"
    assert answer["start_date"] == "2025-06-11"
    refused = {one["outcome"]: one["note"] for one in answer["weekdays"]["refused"]}
    assert refused["sleep_min"] == "need_input:name=days,have=10,need=56"
    assert answer["associations"]["refused"]


@pytest.mark.full
def test_insights_find_what_is_there(store: WearerStore) -> None:
    """A tag that costs 15 points of recovery the next day, and a weekday that sleeps long."""
    rng = np.random.default_rng(3)
    noise = rng.normal(0.0, 4.0, 400).tolist()
    nights_out = (rng.random(200) < 0.3).tolist()
    values: dict[str, dict[date, float]] = {key: {} for key in findings.KEYS}
    journal = {}
    for back in range(200):
        day = TODAY - timedelta(days=back)
        tagged = nights_out[back]
        journal[day] = JournalDay(frozenset({"alcohol"} if tagged else {"calm"}))
        after = day + timedelta(days=1)
        values["recovery"][after] = 60.0 - 15.0 * tagged + noise[back]
        values["sleep_min"][day] = 420.0 + noise[back + 50] + 60.0 * (day.weekday() == 6)
    answer = plain(answers.insights_of(journal, values, TODAY))
    assert answer["nothing_found"] is False
    best = answer["journal"]["findings"][0]
    assert (best["name"], best["outcome"], best["lag_days"]) == ("alcohol", "recovery", 1)
    assert best["shift"] < -10
    [week] = [one for one in answer["weekdays"]["findings"] if one["outcome"] == "sleep_min"]
    assert week["most"] == 6
