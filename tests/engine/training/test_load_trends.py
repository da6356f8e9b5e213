"""Loads of weeks, wrapped: every row, what is missing, how sure."""

from datetime import date

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import Metric, Tier
from custom_components.openstrap.engine.training.load_trends import (
    ROWS,
    load_trends,
    observed_loads,
)
from custom_components.openstrap.engine.training.loads import DayLoad

from ..heart.made import day_at, facts_made

DAYS = 84
LAST = DAYS - 1


def load(net: float, wake_min: int = 900, *, personal: bool = True) -> DayLoad:
    """Make the load of a day."""
    return DayLoad(net + 150.0, net, wake_min, 0.16, 0.16, personal, 8.0)


def history(seed: int = 1) -> dict[date, DayFacts]:
    """Nights of a steady wearer."""
    dice = np.random.default_rng(seed)
    return {
        day_at(at): facts_made(day_at(at), {"resting_hr_bpm": 52.0 + float(dice.normal())})
        for at in range(DAYS)
    }


def trained(seed: int = 1) -> dict[date, DayLoad]:
    """Days that differ."""
    dice = np.random.default_rng(seed)
    return {day_at(at): load(float(np.exp(dice.normal(4.0, 0.6)))) for at in range(DAYS)}


def trends(loads: dict[date, DayLoad], at: int = LAST) -> dict[str, Metric]:
    """Trends with every row there."""
    found = load_trends(history(), day_at(at), loads)
    assert list(found) == [row.key for row in ROWS]
    return found


def test_a_long_history_answers_everything() -> None:
    """Every row has a value, and form is what it is the difference of."""
    found = trends(trained())
    assert {key: metric.note for key, metric in found.items() if metric.value is None} == {}
    value = {key: metric.value or 0.0 for key, metric in found.items()}
    assert value["tsb"] == pytest.approx(value["ctl"] - value["atl"], abs=1e-5)
    drivers = dict(found["acwr"].drivers)
    ratio = drivers["acute_trimp_d"] / drivers["chronic_trimp_d"]
    assert value["acwr"] == pytest.approx(ratio, abs=1e-5)
    assert (value["overreaching"], value["fitness_trend"]) == (0.0, 0.0)
    assert found["acwr"].confidence == pytest.approx(0.7)
    assert found["ctl"].confidence == pytest.approx(0.85)
    assert found["overreaching"].confidence == pytest.approx(0.4)
    assert all(metric.tier is Tier.ESTIMATE for metric in found.values())


def test_a_day_that_was_hardly_worn_is_missing() -> None:
    """Its load is not a small one."""
    loads = trained()
    without = {on: one for on, one in loads.items() if on != day_at(80)}
    assert trends(loads | {day_at(80): load(2.0, 599)}) == trends(without)
    assert trends(loads | {day_at(80): load(2.0, 600)}) != trends(without)
    assert observed_loads({day_at(0): load(2.0, 599), day_at(1): load(3.0)}) == {day_at(1): 3.0}


def test_later_days_do_not_matter() -> None:
    """A day says the same whenever it is asked."""
    loads = trained()
    until = {on: one for on, one in loads.items() if on <= day_at(70)}
    loads |= {on: load(900.0, personal=False) for on in loads if on > day_at(70)}
    assert trends(loads, 70) == trends(until, 70)


def test_form_is_of_the_morning() -> None:
    """What the day brings changes the week's ratio, not the form."""
    loads = trained()
    before, after = trends(loads), trends(loads | {day_at(LAST): load(900.0)})
    assert {key for key in before if before[key] != after[key]} == {
        "acwr",
        "training_monotony",
        "training_strain",
    }


def test_the_rate_of_a_reference_person_is_less_sure() -> None:
    """As sure as the strain that it is made of."""
    own = trends(trained())
    other = trends({on: load(one.net, personal=False) for on, one in trained().items()})
    for key in ("acwr", "ctl", "atl", "tsb", "training_monotony", "training_strain"):
        assert other[key].value == own[key].value
        assert other[key].confidence == pytest.approx(0.7 * own[key].confidence)


def test_hard_weeks_and_raised_nights_together() -> None:
    """The flag tells both facts."""
    loads = {day_at(at): load(200.0 if at >= LAST - 9 else 40.0) for at in range(DAYS)}
    facts = history()
    for at in range(LAST - 4, DAYS):
        facts[day_at(at)] = facts_made(day_at(at), {"resting_hr_bpm": 56.0})
    raised = load_trends(facts, day_at(LAST), loads)["overreaching"]
    assert raised.value == 1.0
    assert dict(raised.drivers)["raised_nights"] == 5.0
    assert dict(raised.drivers)["fatigue_over_fitness"] > 1.5
    assert trends(loads)["overreaching"].value == 0.0


def test_reasons() -> None:
    """The root of what is missing; the resting heart rate has its trend without any load."""
    found = trends({})
    assert found["acwr"].note == "need_input:name=daily_load,have=0,need=1"
    assert found["fitness_trend"].value is not None
    why = "need_input:name=hr_max,have=0,need=1"
    told = load_trends({}, day_at(LAST), {}, missing=why)
    assert {key for key, metric in told.items() if metric.note == why} == set(told) - {
        "fitness_trend"
    }
    assert told["fitness_trend"].note == "need_baseline:have=0,need=28"
    young = {on: one for on, one in trained().items() if on > day_at(LAST - 10)}
    assert trends(young)["tsb"].note == "need_baseline:have=9,need=14"
    assert trends(young)["training_monotony"].value is not None
    idle = trends({on: load(0.0) for on in trained()})
    assert idle["overreaching"].note == "need_input:name=usual_load,have=0,need=1"
    assert idle["acwr"].note == "need_input:name=usual_load,have=0,need=20"
    assert load_trends({}, day_at(LAST), trained())["overreaching"].value is None
