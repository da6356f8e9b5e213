"""What the coach says of a day, wrapped."""

from datetime import date, timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.insight.coach_metrics import (
    ROWS,
    alertness_of,
    coach_details,
    coach_trends,
)
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.sleep.sleep_trends import sleep_trends

from ..series import at
from ..sleep.days import DAY, many, told
from .told_metrics import metric, metrics

GROWN = Profile(birth_year=1986)


def slept(day: date) -> DayFacts:
    """Tell of eight hours in bed."""
    return told(day, values={"sleep_efficiency": 90.0})


def known(facts: dict[date, DayFacts], recovery: float | None = 72.0) -> dict[str, Metric]:
    """Metrics of the day that the coach goes by."""
    return sleep_trends(facts, DAY, GROWN, strain={DAY: 10.5}) | metrics(recovery=recovery)


def of(facts: dict[date, DayFacts], by: dict[str, Metric], **more: object) -> dict[str, Metric]:
    """Trends, with every row there."""
    found = coach_trends(facts, DAY, metrics=by, **more)  # type: ignore[arg-type]  # passed on
    assert set(found) == {row.key for row in ROWS}
    for row in ROWS:
        one = found[row.key]
        assert (one.unit, one.tier, one.label) == (row.unit, row.tier, row.label)
        assert row.kind == "trend"
        assert len(row.label) <= 30
    return found


def test_an_ordinary_day() -> None:
    """An ordinary day."""
    facts = many(40, slept)
    by = known(facts)
    by |= metrics(ctl=50.0, atl=60.0)
    found = of(facts, by)
    target = found["strain_target"]
    assert (target.value, target.confidence, target.note) == (10.0, 0.6, None)
    assert dict(target.drivers) == {"low": 8.0, "high": 12.0, "own_days": 0.0}
    # Up at the usual seven o'clock.
    assert found["wake_target"].value == pytest.approx(at(DAY + timedelta(days=1), 7), abs=1e-3)
    assert found["wake_target"].confidence == min(0.55, by["bedtime"].confidence)
    low, high = found["alertness_low"], found["alertness_high"]
    assert low.value == at(DAY, 21, 15)
    assert dict(low.drivers) == {"until_ts": at(DAY, 23, 15)}
    assert at(DAY, 13) < (high.value or 0.0) < at(DAY, 17)
    assert low.confidence == high.confidence == 0.35


def test_the_target_is_by_the_recovery_of_the_day_alone() -> None:
    """Without it there is none, whatever is known of other days; and it claims no more than it."""
    facts = many(40, slept)
    days = [DAY - timedelta(days=back) for back in range(1, 31)]
    borne = {day: 8.0 if day.toordinal() % 2 else 14.0 for day in days}
    history = {"strain": borne, "recovery": dict.fromkeys(days, 72.0)}
    for by in (known(facts, None), {}):
        gone = of(facts, by, **history)["strain_target"]
        assert (gone.value, gone.confidence) == (None, 0.0)
    assert gone.note == "need_input:name=recovery,have=0,need=1"
    assert (
        of(facts, known(facts, None))["strain_target"].note == known(facts, None)["recovery"].note
    )
    own = of(facts, known(facts), **history)["strain_target"]
    assert dict(own.drivers) == {"low": 8.0, "high": 14.0, "own_days": 30.0}
    assert own.note == "without:load"
    fresh = of(facts, known(facts) | metrics(ctl=50.0, atl=40.0), **history)["strain_target"]
    assert dict(fresh.drivers)["high"] == 15.0
    assert of(facts, known(facts) | metrics(ctl=0.0, atl=0.0))["strain_target"].note == own.note
    unsure = of(facts, {"recovery": metric(72.0, 0.3)})["strain_target"]
    assert unsure.confidence == 0.3


def test_nothing_known() -> None:
    """Nothing known."""
    for one in of({}, {}).values():
        assert (one.value, one.confidence) == (None, 0.0)
    assert of({}, {})["alertness_low"].note == "no_sleep"
    assert coach_details({}, DAY, metrics={}) == {
        "plan": [],
        "summary": {"recovery": None, "slept_min": None, "load": None},
        "strain_target": None,
        "sleep": None,
        "alertness": None,
    }


def test_details_are_plain_and_agree_with_the_metrics() -> None:
    """Details are plain JSON and agree with the metrics."""
    facts = many(40, slept)
    by = known(facts, 20.0)
    found = of(facts, by)
    details = json.loads(json.dumps(coach_details(facts, DAY, metrics=by)))
    assert [item["code"] for item in details["plan"]] == ["low_recovery"]
    assert details["strain_target"]["low"] == dict(found["strain_target"].drivers)["low"]
    assert details["sleep"]["need"]["need_min"] == pytest.approx(by["sleep_need_min"].value)
    assert details["sleep"]["need"]["strain_min"] == 22.5
    windows = details["sleep"]["windows"]
    assert windows[0]["bed_ts"] == pytest.approx(by["bedtime"].value)
    assert windows[0]["wake_ts"] == pytest.approx(found["wake_target"].value)
    assert details["alertness"]["low"][0] == found["alertness_low"].value


def test_a_need_without_a_bedtime_has_no_windows() -> None:
    """A need without a bedtime has its parts, and no windows."""
    facts = many(40, told)
    details = coach_details(facts, DAY, metrics=known(facts))
    assert details["sleep"]["windows"] == []
    assert details["sleep"]["need"]["base_min"] > 0.0
    assert of(facts, known(facts))["wake_target"].note == "need_input:name=nights,have=0,need=3"


def test_alertness_knows_the_nights_before_and_later_days_do_not_matter() -> None:
    """Short nights before move the shape, a missing one ends what is looked at, later ones none."""
    facts = many(10, slept)
    base = alertness_of(facts, DAY)
    assert (
        alertness_of(facts | {DAY + timedelta(days=1): slept(DAY + timedelta(days=1))}, DAY) == base
    )
    older = DAY - timedelta(days=3)
    assert alertness_of({on: fact for on, fact in facts.items() if on > older}, DAY) == base
    short = {on: told(on, 3.0, 7.0) if on < DAY else fact for on, fact in facts.items()}
    assert alertness_of(short, DAY) != base
    before = DAY - timedelta(days=1)
    alone = {on: fact for on, fact in facts.items() if on != before}
    assert alertness_of(alone, DAY) == alertness_of({DAY: facts[DAY]}, DAY)


def test_no_alertness_without_a_night_or_after_a_journey() -> None:
    """No main sleep, no shape; and the body's clock travels slower than the one on the wall."""
    facts = many(10, slept)
    none = {"onset_ts": None, "offset_ts": None, "tst_min": None, "asleep": ()}
    facts[DAY] = told(DAY, **none)  # type: ignore[arg-type]  # None for each
    assert alertness_of(facts, DAY) == "no_sleep"
    facts[DAY] = told(DAY, tz=ZoneInfo("Asia/Tokyo"))
    assert alertness_of(facts, DAY) == "zone_jump"
