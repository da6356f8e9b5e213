"""What is answered of a night, and of a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap import answers
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.trends import derive_trends
from custom_components.openstrap.store import WearerStore

from ..engine.series import demo_samples
from ..stored_days import BERLIN, MISSING, local, made_day, row_of, store_days, values_of, workout
from .asked import NOW, RUN, TODAY, YESTERDAY, plain


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
