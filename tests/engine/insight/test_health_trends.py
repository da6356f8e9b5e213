"""Health beside earlier days, wrapped."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
import time

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.insight.health_trends import (
    NO_CHANGE,
    NOT_ASKED,
    ROWS,
    health_trends,
)
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.metric_spec import TRENDS
from custom_components.openstrap.engine.told import NOTHING_TOLD, Told
from tests.engine.series import BERLIN

from .health_history import ASKED, DAYS, LAST, STARTS, history
from .nights import day_at, facts_of, nights

CYCLE = ("cycle_day", "cycle_phase", "cycle_luteal", "next_period", "next_period_spread_d")


def value(found: dict[str, Metric], key: str) -> float:
    """Return the value of a metric that has one."""
    value = found[key].value
    assert value is not None, found[key].note
    return value


def test_a_steady_wearer() -> None:
    """Every key; no alert, a usual night, no change, a stable rhythm."""
    found = health_trends(history(), day_at(LAST), ASKED)
    assert set(found) == {row.key for row in ROWS}
    assert all(row.kind in TRENDS for row in ROWS)
    assert len({row.label for row in ROWS}) == len(ROWS) and max(len(r.label) for r in ROWS) <= 30
    absent = {key: metric.note for key, metric in found.items() if metric.value is None}
    assert absent == dict.fromkeys(
        ("resting_hr_change_bpm", "resting_hr_change_days", "hrv_change_pct", "hrv_change_days"),
        NO_CHANGE,
    )
    assert value(found, "body_alert") == value(found, "night_state") == 0.0
    assert 0.5 < value(found, "anomaly_d") < 4.0
    assert 0.0 < value(found, "anomaly_p") <= 1.0
    assert found["body_alert"].confidence == pytest.approx(0.7)
    assert value(found, "skin_temp_stability") > 0.5
    assert value(found, "skin_temp_variability") < 0.8


def test_an_illness_says_which_signs() -> None:
    """Red, with the signs and the numbers behind them."""
    found = health_trends(history(ill=True), day_at(LAST - 1), NOTHING_TOLD)
    alert = found["body_alert"]
    assert alert.value == 2.0
    assert alert.note is not None and alert.note.startswith("signs=heart_rate+hrv+breathing")
    drivers = dict(alert.drivers)
    assert drivers["above_bpm"] > 4.0
    assert drivers["p"] == value(found, "anomaly_p") < 0.005
    assert drivers["hrv_z"] > 1.0
    assert value(found, "night_state") >= 1.0
    assert "signs=" in (found["night_state"].note or "")


def test_a_change_has_a_step_and_an_age() -> None:
    """Seen afterwards, in bpm and days."""
    found = health_trends(history(step_bpm=-4.0), day_at(LAST), NOTHING_TOLD)
    assert value(found, "resting_hr_change_bpm") == pytest.approx(-4.0, abs=0.8)
    assert value(found, "resting_hr_change_days") == pytest.approx(LAST - 60, abs=3)
    facts = history()
    for at in range(60, DAYS):
        values = dict(facts[day_at(at)].values)
        values["rmssd_ms"] *= 1.5
        facts[day_at(at)] = replace(facts[day_at(at)], values=values)
    found = health_trends(facts, day_at(LAST), NOTHING_TOLD)
    assert value(found, "hrv_change_pct") == pytest.approx(50.0, abs=12.0)
    assert value(found, "hrv_change_days") == pytest.approx(LAST - 60, abs=3)


def test_a_cycle_is_told_where_it_was_asked_for() -> None:
    """Counted from the last start; the next one is a moment of the wearer's clock."""
    found = health_trends(history(), day_at(115), ASKED)
    assert value(found, "cycle_day") == 11.0
    assert value(found, "cycle_phase") == 2.0
    assert value(found, "cycle_luteal") == 0.0
    assert dict(found["cycle_phase"].drivers)["ovulation"] > 0.3
    expected = day_at(105) + timedelta(days=28)
    at = datetime(expected.year, expected.month, expected.day, tzinfo=BERLIN)
    assert value(found, "next_period") == at.timestamp()
    assert value(found, "next_period_spread_d") == pytest.approx(1.13, abs=0.01)
    late = health_trends(history(), day_at(77) + timedelta(days=27), Told((), (), STARTS[:3], True))
    assert value(late, "cycle_luteal") == 1.0


def test_half_a_cycle_late_is_in_no_half() -> None:
    """Long after a start was expected it is not known which half it is: that is no "not the second"."""
    for number, expected in ((43, 1.0), (44, None)):
        day = day_at(48) + timedelta(days=number - 1)
        found = health_trends(history(), day, Told((), (), STARTS[:2], True))
        assert value(found, "cycle_phase") == 3.0
        assert found["cycle_luteal"].value == expected
    assert found["cycle_luteal"].note == "cycle_lost:day=44,length=28"


@pytest.mark.parametrize(
    ("told", "note"),
    [
        (Told(period_starts=STARTS), NOT_ASKED),
        (NOTHING_TOLD, NOT_ASKED),
        (Told(cycle_tracking=True), "need_input:name=period_start,have=0,need=1"),
    ],
)
def test_no_cycle_without_asking_or_telling(told: Told, note: str) -> None:
    """Even where starts are known."""
    found = health_trends(history(), day_at(115), told)
    assert {found[key].note for key in CYCLE} == {note}


def test_a_cycle_halves_the_confidence_of_what_it_explains() -> None:
    """Heart rate and temperature up in the second half; without asking it has no say."""
    made = nights(2, DAYS, spread_bpm=1.5)
    made[0][-2:] += 6.0
    made[1][-2:] = made[1][:-2].mean(axis=0)
    made[1][-2:, (0, 3)] += (6.0, 1.4)
    facts = facts_of(made)
    asked = health_trends(facts, day_at(LAST), Told((), (), (*STARTS[:3], day_at(103)), True))
    silent = health_trends(facts, day_at(LAST), Told((), (), (*STARTS[:3], day_at(103)), False))
    assert asked["cycle_luteal"].value == 1.0
    assert asked["body_alert"].value == silent["body_alert"].value
    assert value(asked, "body_alert") >= 1.0
    assert asked["body_alert"].note == "signs=heart_rate+temperature,cycle=luteal"
    assert silent["body_alert"].note == "signs=heart_rate+temperature"
    assert asked["body_alert"].confidence == pytest.approx(0.5 * silent["body_alert"].confidence)


def test_a_heart_alone_is_judged_and_no_whole_night() -> None:
    """The verdict stands on one watch; of the other it is said what is missing."""
    found = health_trends(facts_of(nights(3, DAYS, signs=1)), day_at(LAST), NOTHING_TOLD)
    assert value(found, "body_alert") == 0.0
    assert [name for name, _ in found["body_alert"].drivers] == ["above_bpm", "usual_bpm"]
    assert found["anomaly_d"].note == "need_input:name=night_signs,have=1,need=2"
    assert found["anomaly_p"].value is None


def test_whole_nights_are_judged_without_a_heart_rate_at_night() -> None:
    """And the other way round."""
    made = nights(3, DAYS)
    made[0][:] = np.nan
    found = health_trends(facts_of(made), day_at(LAST), NOTHING_TOLD)
    assert value(found, "body_alert") == 0.0
    assert "above_bpm" not in dict(found["body_alert"].drivers)
    assert value(found, "anomaly_d") > 0.0


def test_nothing_known_says_what_is_missing() -> None:
    """No value, no confidence, a reason each; a wearer's first day too."""
    for facts in ({}, facts_of(nights(1, 1))):
        found = health_trends(facts, day_at(0), ASKED)
        assert set(found) == {row.key for row in ROWS}
        assert all(metric.value is None and metric.note for metric in found.values())
    assert found["body_alert"].note == "need_baseline:have=0,need=14"
    assert found["night_state"].note == "need_baseline:have=0,need=7"


def test_a_start_on_the_day_is_the_first_day() -> None:
    """Also where nothing was recorded: only the moment needs the day's clock."""
    found = health_trends({}, STARTS[-1], ASKED)
    assert value(found, "cycle_day") == 1.0
    assert found["next_period"].note == "need_input:name=day,have=0,need=1"


@pytest.mark.full
@given(st.integers(15, LAST), st.randoms(use_true_random=False))
def test_later_days_and_order_have_no_say(at: int, dice: Random) -> None:
    """A day says the same whenever it is asked, from facts in any order."""
    facts = history(3)
    days = list(facts)
    dice.shuffle(days)
    shuffled = {day: facts[day] for day in days}
    until = {day: fact for day, fact in facts.items() if day <= day_at(at)}
    assert health_trends(shuffled, day_at(at), ASKED) == health_trends(until, day_at(at), ASKED)


def test_a_day_takes_little_time() -> None:
    """A sweep asks every renewed day."""
    facts = history()
    health_trends(facts, day_at(LAST), ASKED)
    began = time.process_time()
    for _ in range(5):
        health_trends(facts, day_at(LAST), ASKED)
    assert (time.process_time() - began) / 5 < 0.03
