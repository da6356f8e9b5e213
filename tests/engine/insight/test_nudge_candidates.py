"""What of a day might be told."""

from dataclasses import replace
from datetime import timedelta
import json

import pytest

from custom_components.openstrap.engine.insight.findings import Finding, Severity, findings
from custom_components.openstrap.engine.insight.nudge_candidates import (
    CODES,
    MEDICAL_CODES,
    day_candidates,
    exception_nudge,
    findings_of,
    goal_nudges,
    is_exception,
    week_nudge,
    workout_nudge,
)
from custom_components.openstrap.engine.insight.nudges import EXCEPTION, MEDICAL, due_nudges
from custom_components.openstrap.engine.insight.temperature_state import Warmth

from ..series import BERLIN, at
from ..sleep.days import DAY, told
from .told_metrics import metric, metrics

ILL = Finding("body_alert", Severity.ALERT, DAY, (("anomaly_d", 4.0),))
LOW = Finding("low_recovery", Severity.WARNING, DAY, (("recovery", 8.0),))
WARM = Finding("warm_skin", Severity.WARNING, DAY)
SURE = metrics(body_alert=2.0, recovery=8.0)


@pytest.mark.parametrize(
    ("today", "before", "told_low"),
    [
        (9.0, None, True),
        (10.0, None, False),
        (19.0, 19.0, True),
        (19.0, 20.0, False),
        (20.0, 5.0, False),
    ],
)
def test_low_recovery_only_when_very_low_or_twice(
    today: float, before: float | None, told_low: bool
) -> None:
    """A single red day is an ordinary part of life."""
    (found,) = findings(DAY, {"recovery": today})
    assert is_exception(found, before) is told_low
    assert not is_exception(Finding("low_recovery", Severity.WARNING, DAY), 5.0)


def test_which_findings_interrupt() -> None:
    """Signs of the body do; what a cycle explains as well is for whoever looks."""
    every = {"body_alert": 2.0, "irregular_rhythm": 1.0, "recovery": 60.0}
    warm = findings(DAY, every, warmth=Warmth.RAISED)
    assert {one.code for one in warm if is_exception(one)} == MEDICAL_CODES
    (cyclic,) = findings(DAY, {}, warmth=Warmth.RAISED_CYCLIC)
    assert not is_exception(cyclic)


def test_all_findings_of_a_day_are_one_nudge() -> None:
    """Medical if one of them is; with the numbers of the one that it is named by."""
    both = exception_nudge(DAY, [LOW, ILL], SURE, settled=True)
    assert both is not None
    assert (both.topic, both.severity, both.code) == (MEDICAL, Severity.ALERT, "body_alert")
    assert dict(both.values) == {"low_recovery": 2.0, "body_alert": 3.0, "anomaly_d": 4.0}
    plain = exception_nudge(DAY, [LOW], SURE, settled=True)
    assert plain is not None
    assert (plain.topic, plain.severity, plain.code) == (
        EXCEPTION,
        Severity.WARNING,
        "low_recovery",
    )
    assert plain.confidence == SURE["recovery"].confidence
    assert exception_nudge(DAY, [], SURE, settled=True) is None
    other_day = replace(ILL, day=DAY - timedelta(days=1))
    assert exception_nudge(DAY, [other_day], SURE, settled=True) is None


def test_what_is_unsure_interrupts_nobody() -> None:
    """As sure as its metric."""
    unsure = SURE | {"body_alert": metric(2.0, 0.39)}
    assert exception_nudge(DAY, [ILL], unsure, settled=True) is None
    assert exception_nudge(DAY, [ILL], {}, settled=True) is None
    beside = exception_nudge(DAY, [ILL, LOW], unsure, settled=True)
    assert beside is not None
    assert (beside.topic, dict(beside.values)) == (
        EXCEPTION,
        {"low_recovery": 2.0, "recovery": 8.0},
    )
    flagged = {"temperature_flag": metric(1.0, 0.5)}
    warm = exception_nudge(DAY, [WARM], flagged, settled=True)
    assert warm is not None
    assert (warm.topic, warm.confidence) == (MEDICAL, 0.5)
    for unsure in ({}, {"temperature_flag": metric(1.0, 0.39)}):
        assert exception_nudge(DAY, [WARM], unsure, settled=True) is None


def test_findings_come_back_from_what_is_kept() -> None:
    """Findings come back from what is kept."""
    kept = json.loads(json.dumps([one.to_dict() for one in (ILL, LOW, WARM)]))
    assert findings_of(kept) == (ILL, LOW, WARM)


def test_goals_that_were_reached() -> None:
    """Steps at their goal, strain at the lower end of its target; nothing of what is absent."""
    known = {
        "steps": metric(8000.0),
        "strain": metric(9.0),
        "strain_target": metric(11.5, low=9.0, high=14.0),
    }
    found = goal_nudges(DAY, at(DAY, 23), known, step_goal=8000.0)
    assert [(one.topic, dict(one.values)) for one in found] == [
        ("goal:steps", {"steps": 8000.0, "goal": 8000.0}),
        ("goal:strain", {"strain": 9.0, "goal": 9.0}),
    ]
    below = known | {"strain": metric(8.9), "steps": metric(7999.0)}
    assert goal_nudges(DAY, at(DAY, 23), below, step_goal=8000.0) == ()
    absent = known | {"strain_target": metric(None), "steps": metric(None)}
    assert goal_nudges(DAY, at(DAY, 23), absent, step_goal=8000.0) == ()
    assert goal_nudges(DAY, at(DAY, 23), {"steps": metric(9e3)}, step_goal=None) == ()


def test_a_target_from_zero_is_no_goal() -> None:
    """Who should rest has reached nothing by waking up."""
    known = {"strain": metric(3.0), "strain_target": metric(2.5, low=0.0, high=5.0)}
    assert goal_nudges(DAY, at(DAY, 23), known, step_goal=None) == ()


def test_a_workout_is_news_for_two_hours() -> None:
    """A workout is news for two hours."""
    end = at(DAY, 18)
    one = workout_nudge(DAY, end, 0.6, (("strain", 11.0),))
    for after_s, is_news in ((-1.0, False), (0.0, True), (7199.0, True), (7200.0, False)):
        assert bool(due_nudges([one], (), end + after_s, BERLIN)) is is_news


def test_the_whole_day() -> None:
    """Morning, goals and evening of a day, each at its time."""
    bed = at(DAY, 23)
    known = metrics(
        recovery=8.0, steps=9000.0, bedtime=bed, sleep_need_min=500.0, sleep_debt_min=None
    )
    fact = told(DAY)
    found = day_candidates(fact, known, settled=True, step_goal=8000.0, findings=[LOW])
    assert [one.topic for one in found] == [EXCEPTION, "recovery", "goal:steps", "bedtime"]
    told_at = {
        hour: [one.topic for one in due_nudges(found, (), at(DAY, hour), BERLIN)]
        for hour in (6, 7, 23)
    }
    assert told_at[6] == ["goal:steps"]
    assert told_at[7] == [EXCEPTION, "recovery", "goal:steps"]
    assert told_at[23] == [EXCEPTION, "recovery", "goal:steps", "bedtime"]
    assert dict(found[-1].values) == {"bedtime": bed, "sleep_need_min": 500.0}
    assert found[-1].quiet_ok
    # The next day recovery is no news any more, what is out of the ordinary still is.
    late = due_nudges(found, (), at(DAY + timedelta(days=1), 1), BERLIN)
    assert [one.topic for one in late] == [EXCEPTION]


def test_what_may_still_change_is_not_told() -> None:
    """Before the night is settled its findings wait; goals that were reached do not."""
    known = metrics(recovery=8.0, steps=9000.0)
    found = day_candidates(told(DAY), known, settled=False, step_goal=8000.0, findings=[LOW])
    now_ts = at(DAY, 12)
    assert [one.topic for one in due_nudges(found, (), now_ts, BERLIN)] == ["goal:steps"]
    imported = day_candidates(
        told(DAY), known, settled=True, imported=True, step_goal=8000.0, findings=[LOW]
    )
    assert len(imported) == 3
    assert due_nudges(imported, (), now_ts, BERLIN) == ()


def test_nothing_known_nothing_told() -> None:
    """Without metrics, or with a day without sleep, there is nothing."""
    assert day_candidates(told(DAY), {}, settled=True) == ()
    none = {"onset_ts": None, "offset_ts": None, "tst_min": None, "asleep": ()}
    awake = told(DAY, **none)  # type: ignore[arg-type]  # None for each
    assert day_candidates(awake, metrics(recovery=None, bedtime=None), settled=True) == ()
    further = day_candidates(awake, SURE, settled=True, findings=[LOW])
    assert [one.topic for one in further] == [EXCEPTION]


def test_a_week_with_nothing_to_say() -> None:
    """A week is looked back on when there is something to say of it."""
    assert week_nudge(DAY, (), 0.9) is None
    one = week_nudge(DAY, (("records", 2.0),), 0.9)
    assert one is not None
    assert one.key == "2026-09-06:week"


def test_every_code_is_listed() -> None:
    """What a nudge may be called has a word in each language; each once."""
    known = metrics(recovery=8.0, steps=9000.0, bedtime=at(DAY, 23), strain=12.0) | {
        "strain_target": metric(11.5, low=9.0, high=14.0)
    }
    found = day_candidates(told(DAY), known, settled=True, step_goal=8000.0, findings=[LOW])
    week = week_nudge(DAY, (("records", 2.0),), 0.9)
    assert week is not None
    named = [one.code for one in (*found, workout_nudge(DAY, at(DAY, 18), 0.6, ()), week)]
    assert sorted([*named, *MEDICAL_CODES]) == sorted(CODES)
