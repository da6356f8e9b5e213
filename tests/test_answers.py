"""What is answered of a wearer's stored days."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.openstrap import answers
from custom_components.openstrap.answers import findings
from custom_components.openstrap.answers.values import CHUNK_DAYS
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.trends import derive_trends
from custom_components.openstrap.store import WearerStore

from .engine.series import demo_samples
from .stored_days import (
    BERLIN,
    MISSING,
    local,
    made_day,
    made_days,
    row_of,
    store_days,
    values_of,
    workout,
)

TODAY = date(2026, 6, 10)
NOW = local(TODAY, 12)
YESTERDAY = TODAY - timedelta(days=1)
RUN = (local(YESTERDAY, 17, 30), local(YESTERDAY, 18, 0))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give an empty store."""
    store = WearerStore.open(tmp_path / "wearer.db")
    yield store
    store.close()


def plain(answer: Any) -> Any:
    """Bring an answer through JSON, as it goes to whoever asked; nothing may be lost."""
    found = json.loads(json.dumps(answer, allow_nan=False))
    assert found == answer
    return found


def test_a_night(store: WearerStore) -> None:
    """Every metric of it in its wrapping, moments in both ways, with the offset of its zone."""
    store_days(store, [made_day(TODAY)], final=False)
    answer = plain(answers.night(store, TODAY, TODAY))
    assert answer["known"] is True
    assert (answer["day"], answer["final"]) == ("2026-06-10", False)
    assert answer["in_bed"]["start"] == "2026-06-09T23:00:00+02:00"
    assert answer["in_bed"]["end_ts"] == local(TODAY, 7)
    metrics = answer["metrics"]
    assert set(metrics) == {k for k, s in CATALOG.items() if s.kind in {"night", "trend"}}
    assert metrics["recovery"]["value"] == values_of(TODAY)["recovery"]
    assert metrics["recovery"]["confidence"] == 0.8
    assert metrics["recovery"]["drivers"] == [["made_up", 1.0]]
    assert metrics["rest_onset"]["time"] == "2026-06-09T23:00:00+02:00"
    assert metrics["bedtime"]["time"] is None
    assert metrics["bedtime"]["note"] == MISSING


def test_the_newest_night_and_chosen_metrics(store: WearerStore) -> None:
    """Today without a night yet, so it is yesterday's; a day that was asked for is not replaced."""
    store_days(store, [made_day(YESTERDAY), made_day(TODAY, night=False)])
    answer = answers.night(store, None, TODAY, ["strain", "strain"])
    assert answer["day"] == YESTERDAY.isoformat()
    assert list(answer["metrics"]) == ["strain"]
    refused = plain(answers.night(store, TODAY, TODAY))
    assert refused == {"known": False, "reason": MISSING, "day": TODAY.isoformat()}
    assert answers.timeline(store, TODAY, TODAY) == refused
    with pytest.raises(answers.AnswerError, match="unknown_metric"):
        answers.night(store, None, TODAY, ["mojo"])


def test_what_is_not_known_is_said(store: WearerStore) -> None:
    """Nothing stored, nothing on that day, not yet, nothing readable."""
    for ask in (answers.night, answers.day, answers.timeline):
        assert ask(store, None, TODAY) == {"known": False, "reason": "not_derived"}
        assert ask(store, TODAY, TODAY)["reason"] == "not_derived"
        assert ask(store, TODAY + timedelta(days=1), TODAY)["reason"] == "in_future"
    row = row_of(made_day(TODAY))
    store.save_trends(type(row)(TODAY, row.timezone, row.algorithm, True, 1, {"metrics": 3}))
    assert answers.day(store, TODAY, TODAY)["reason"] == "not_derived"


def test_the_last_night_is_looked_for_two_months_back(store: WearerStore) -> None:
    """And no further."""
    store_days(store, [made_day(TODAY - timedelta(days=60))])
    assert answers.night(store, None, TODAY)["known"]
    assert not answers.night(store, None, TODAY + timedelta(days=1))["known"]


def test_a_day(store: WearerStore) -> None:
    """Its bounds, curve, naps, advice; 25 hours when clocks go back."""
    autumn = date(2026, 10, 25)
    store_days(store, [made_day(autumn)])
    answer = plain(answers.day(store, None, autumn))
    assert answer["start"] == "2026-10-25T00:00:00+02:00"
    assert answer["end"] == "2026-10-26T00:00:00+01:00"
    assert answer["end_ts"] - answer["start_ts"] == 25 * 3600
    assert set(answer["metrics"]) == {
        k for k, s in CATALOG.items() if s.kind in {"day", "day_trend"}
    }
    assert answer["strain_curve"]["points"][1] == [answer["start_ts"] + 43200, 4.0]
    [nap] = answer["naps"]
    assert (nap["start"], nap["asleep_min"]) == ("2026-10-25T14:00:00+01:00", 25.0)
    assert answer["coach"]["plan"] == []
    assert answer["findings"] == answer["records"] == answer["workouts"] == []


def test_a_day_of_an_old_algorithm_has_no_lists(store: WearerStore) -> None:
    """They are said to be unknown, and a zone that is no more does no harm."""
    row = row_of(made_day(TODAY, algorithm=3))
    result = {**row.result, "details": {}}
    store.save_trends(type(row)(TODAY, row.timezone, 3, True, 1, result))
    answer = answers.day(store, TODAY, TODAY)
    assert answer["strain_curve"] == answer["coach"] == {"known": False, "reason": "not_derived"}
    line = answers.timeline(store, TODAY, TODAY)
    assert line["hr"] == {"known": False, "reason": "not_computed:algorithm=3"}
    assert not line["stages"]["known"] and not line["hrv"]["known"]
    store.save_trends(type(row)(TODAY, "Mars/Olympus", 3, True, 1, result))
    assert answers.day(store, TODAY, TODAY)["start"].endswith("+00:00")


def test_the_timeline_of_a_night(store: WearerStore) -> None:
    """Stages lie end to end; series are cut to what a screen shows and keep their ends."""
    store_days(store, [made_day(TODAY)])
    line = plain(answers.timeline(store, None, TODAY))
    runs = line["stages"]["runs"]
    assert [run["stage"] for run in runs] == ["wake", "light", "deep", "rem", "wake"]
    assert runs[0]["start_ts"] == local(YESTERDAY, 23) and runs[-1]["end_ts"] == local(TODAY, 7)
    assert all(a["end"] == b["start"] for a, b in pairwise(runs))
    assert sum(run["minutes"] for run in runs) == 480
    for name in ("hr", "hrv", "breathing"):
        points = line[name]["points"]
        assert 0 < len(points) <= 500
        assert points == sorted(points)
        assert local(YESTERDAY, 23) <= points[0][0] and points[-1][0] <= local(TODAY, 7) + 300
    assert {value for _, value in line["hr"]["points"]} >= {55.0, 84.0}
    assert line["breathing"]["points"] == [
        [local(YESTERDAY, 23), 14.0],
        [local(YESTERDAY, 23) + 360, 15.0],
    ]


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

    async def run(job: Any, *args: Any) -> Any:
        calls.append(args[-2:])
        return job(store, *args)

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


def test_records_of_nothing(store: WearerStore) -> None:
    """Said of each."""
    answer = plain(answers.records(store, TODAY))
    assert answer["first_day"] is None
    assert {one["reason"] for one in answer["best"].values()} == {"no_values"}
    assert not answer["streaks"]["wear_streak_days"]["known"]


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


def test_days_for_a_file(store: WearerStore) -> None:
    """Every day that has a result, an entry, or both."""
    store_days(store, [made_day(YESTERDAY, workouts=[workout(*RUN)])])
    store.write_journal(TODAY, JournalDay(note="tired"))
    first, second = plain(answers.exported(store, YESTERDAY, TODAY))
    assert set(first["metrics"]) == set(CATALOG)
    assert len(first["workouts"]) == 1 and first["journal"] is None
    assert "track" not in first
    assert second == {
        "known": False,
        "day": TODAY.isoformat(),
        "journal": {"tags": [], "numbers": {}, "note": "tired"},
    }


@pytest.mark.full
def test_a_derived_day(store: WearerStore) -> None:
    """What the engine really gives is answered as well."""
    profile = Profile(birth_year=1990, sex="f", height_cm=170.0, weight_kg=65.0)
    day = date(2026, 6, 3)
    result = derive_trends(
        derive_day(DayInputs(day, BERLIN, demo_samples(5, day), profile)), [], profile
    )
    store_days(store, [result])
    night = plain(answers.night(store, None, TODAY))
    assert night["metrics"]["sleep_min"]["value"] > 300
    line = plain(answers.timeline(store, None, TODAY))
    assert all(line[name]["known"] for name in ("stages", "hr", "hrv", "breathing"))
    whole = plain(answers.day(store, None, TODAY))
    assert whole["strain_curve"]["points"][-1][1] == pytest.approx(
        whole["metrics"]["strain"]["value"], abs=1e-6
    )
    assert [one["workout_id"] for one in whole["workouts"]] == [
        one["workout_id"] for one in answers.listed_workouts(store, day, day, BERLIN)
    ]
    assert len(whole["workouts"]) == whole["metrics"]["workouts"]["value"]


def test_days_keep_their_own_zone(store: WearerStore) -> None:
    """A day in Tokyo is told in Tokyo's time, wherever Home Assistant is now."""
    tokyo = ZoneInfo("Asia/Tokyo")
    start, end = local(TODAY, 8, zone=tokyo), local(TODAY, 9, zone=tokyo)
    store_days(store, [made_day(TODAY, zone=tokyo, workouts=[workout(start, end)])])
    assert answers.night(store, TODAY, TODAY)["in_bed"]["end"] == "2026-06-10T07:00:00+09:00"
    [one] = answers.workouts(store, TODAY, TODAY, UTC, now_ts=NOW)["workouts"]
    assert datetime.fromisoformat(one["start"]).timestamp() == start
    assert one["start"].endswith("+09:00")
