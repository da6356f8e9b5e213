"""The wearer beside themselves, wrapped."""

from datetime import date, timedelta
import json
from typing import Any

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.insight.personal_metrics import (
    ROWS,
    _coverage,
    personal_trends,
    records_of,
)
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.metric_spec import TRENDS
from custom_components.openstrap.engine.profile import Profile

from ..sleep.days import DAY, many, told

GROWN = Profile(birth_year=1990)


def usual(on: date) -> DayFacts:
    """Make a day like any other."""
    dice = np.random.default_rng(on.toordinal())
    values = {
        "rmssd_ms": float(np.exp(dice.normal(4.0, 0.1))),
        "resting_hr_bpm": 52.0 + float(dice.normal()),
        "sleeping_hr_bpm": 56.0 + float(dice.normal()),
        "breathing_rate_brpm": 14.0 + float(dice.normal(0.0, 0.3)),
        "skin_temp_c": 33.0 + float(dice.normal(0.0, 0.2)),
        "sleep_min": 470.0 + float(dice.normal(0.0, 20.0)),
        "worn_min": 1400.0,
        "steps": 8000.0 + float(dice.normal(0.0, 500.0)),
    }
    return told(on, 23.0, 7.0, values=values)


FACTS = many(121, usual)
EXTRA = {
    "strain": {on: 8.0 + on.day % 5 for on in FACTS},
    "quiet_cost": dict.fromkeys(FACTS, 0.16),
}


def trends(
    facts: dict[date, DayFacts], extra: dict[str, dict[date, float]] | None = None
) -> dict[str, Metric]:
    """Trends with every row there."""
    found = personal_trends(facts, DAY, extra, profile=GROWN)
    assert list(found) == [row.key for row in ROWS]
    return found


def changed(on: date = DAY, **values: float) -> dict[date, DayFacts]:
    """Change values of a day."""
    other: dict[str, Any] = {"values": {**FACTS[on].values, **values}}
    return FACTS | {on: told(on, 23.0, 7.0, **other)}


def test_a_long_history_answers_everything() -> None:
    """Every row has a value and says how sure."""
    found = trends(FACTS, EXTRA)
    assert {key: metric.note for key, metric in found.items() if metric.value is None} == {}
    assert all(row.kind in TRENDS and not row.headline for row in ROWS)
    assert found["wear_streak_days"].value == 121.0
    assert found["wear_streak_days"].note == "streak=at_least"
    assert found["sleep_streak_days"].value == 31.0
    for key in ("hrv", "resting_hr", "breathing", "skin_temp", "strain"):
        assert found[f"{key}_baseline"].value == 2.0
        assert found[f"{key}_baseline"].note == "baseline=trusted"
    assert found["resting_hr_drift_bpm"].note == "direction=steady"
    assert dict(found["sleep_percentile"].drivers) == {"days": 120.0}
    assert found["sleep_percentile"].note is None


def test_percentiles_have_a_better_end() -> None:
    """A high HRV is good, a high resting heart rate is not."""
    found = trends(changed(rmssd_ms=200.0, resting_hr_bpm=70.0))
    assert (found["hrv_percentile"].value, found["hrv_percentile"].note) == (100.0, "standing=best")
    resting = found["resting_hr_percentile"]
    assert (resting.value, resting.note) == (100.0, "standing=worst")
    assert dict(resting.drivers) == {"days": 120.0, "goodness": 0.0}
    assert resting.confidence == pytest.approx(0.95)


def test_later_days_do_not_matter() -> None:
    """A day says the same whenever it is asked."""
    earlier = DAY - timedelta(days=20)
    until = {on: fact for on, fact in FACTS.items() if on <= earlier}
    assert personal_trends(FACTS, earlier, EXTRA) == personal_trends(until, earlier, EXTRA)
    assert records_of(FACTS, earlier) == records_of(until, earlier)


def test_a_first_day_invents_nothing() -> None:
    """Each row says what it lacks; a streak of one is one."""
    found = trends({DAY: FACTS[DAY]})
    wear = found.pop("wear_streak_days")
    assert wear.value == 1.0
    assert {metric.value for metric in found.values()} == {None}
    assert found["hrv_percentile"].note == "need_baseline:have=0,need=14"
    assert found["hrv_baseline"].note == "need_baseline:have=0,need=4"
    assert found["strain_percentile"].note == "need_input:name=strain,have=0,need=1"
    assert found["sleep_streak_days"].note == "need_input:name=free_nights,have=0,need=1"
    nameless = personal_trends(FACTS, DAY)
    assert nameless["sleep_streak_days"].note == "need_input:name=birth_year,have=0,need=1"
    assert {metric.value for metric in personal_trends({}, DAY).values()} == {None}


def test_a_day_without_a_night() -> None:
    """Nothing stands in for it; the baselines are none the worse."""
    facts = FACTS | {DAY: told(DAY, values={"worn_min": 500.0})}
    found = trends(facts)
    assert found["hrv_percentile"].note == "need_input:name=rmssd_ms,have=0,need=1"
    assert found["hrv_baseline"].value == 2.0


def test_records_of_the_day() -> None:
    """Named with the first day that was looked at, and only when the day was seen."""
    assert records_of(FACTS, DAY) == []
    facts = changed(sleep_min=700.0, steps=20000.0)
    records = {one["metric"]: one for one in records_of(facts, DAY)}
    assert set(records) == {"sleep_min", "steps"}
    assert json.loads(json.dumps(records, allow_nan=False)) == records
    assert records["steps"]["since"] == min(FACTS).isoformat()
    assert records["steps"]["values"] == 120
    fact = facts[DAY]
    morning = told(DAY, values=fact.values, seen=((fact.start_ts, fact.end_ts - 12 * 3600.0),))
    dark = records_of(facts | {DAY: morning}, DAY)
    assert [one["metric"] for one in dark] == ["sleep_min"]


def test_coverage_is_of_the_day() -> None:
    """The evening before is not in it, and a day may have 23 hours."""
    fact = FACTS[DAY]
    assert _coverage(fact) == 1.0
    evening = told(DAY, seen=((fact.start_ts, fact.start_ts + 12 * 3600.0),))
    assert _coverage(evening) == 0.0
    spring = told(date(2026, 3, 29))
    assert _coverage(spring) == 1.0
    half = told(DAY, seen=((fact.start_ts, fact.start_ts + 24 * 3600.0),))
    assert _coverage(half) == pytest.approx(0.5)
