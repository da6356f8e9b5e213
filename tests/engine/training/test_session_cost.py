"""Mornings after workouts beside other mornings."""

from datetime import date, timedelta
import json

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts, clock_of
from custom_components.openstrap.engine.training.session_cost import session_costs

from ..series import BERLIN

FIRST = date(2026, 3, 1)


def facts_of(values: dict[date, float], seen: float = 1.0) -> dict[date, DayFacts]:
    """Give days with a resting heart rate and a night of which a share was recorded."""
    found = {}
    for day, value in values.items():
        clock, end = clock_of(day, BERLIN)
        onset = clock[0][0] + 36000.0
        found[day] = DayFacts(
            day=day,
            tz="Europe/Berlin",
            clock=clock,
            end_ts=end,
            onset_ts=onset,
            offset_ts=onset + 28800.0,
            tst_min=470.0,
            seen=((onset, onset + seen * 28800.0),),
            values={"resting_hr_bpm": value},
        )
    return found


def series(
    lift: float, every: int = 4, days: int = 100
) -> tuple[dict[date, float], dict[date, list[str]]]:
    """Give mornings that are higher after every fourth day, on which there was a run."""
    dice = np.random.Generator(np.random.PCG64(3))
    values, sessions = {}, {}
    for n in range(days):
        day = FIRST + timedelta(days=n)
        values[day] = 52.0 + float(dice.normal(0.0, 0.7)) + (lift if n % every == 1 else 0.0)
        sessions[day] = ["run"] if n % every == 0 else []
    return values, sessions


def test_a_cost_is_found() -> None:
    """The median difference, of as many mornings as had four weeks before them."""
    values, sessions = series(6.0)
    day = max(values)
    resting, hrv = session_costs(facts_of(values), sessions, day)
    assert (resting.kind, resting.key, hrv.key) == ("run", "resting_hr_bpm", "rmssd_ms")
    assert resting.mornings == 21
    assert resting.delta == pytest.approx(6.0, abs=0.8)
    assert resting.exceeds is not None and resting.confidence == 0.4
    assert hrv.note == "need_sessions:have=0,need=10"
    assert (hrv.delta, hrv.exceeds, hrv.confidence) == (None, None, 0.0)
    assert json.loads(json.dumps(resting.to_dict())) == resting.to_dict()


def test_no_cost_is_none() -> None:
    """A difference within the scatter does not exceed it."""
    values, sessions = series(0.0)
    resting = session_costs(facts_of(values), sessions, max(values))[0]
    assert resting.delta == pytest.approx(0.0, abs=0.6)
    assert resting.exceeds is False


def test_which_days_count() -> None:
    """One workout alone, a night that was seen, and no day after the one asked for."""
    values, sessions = series(6.0)
    day = max(values)
    double = {on: kinds * 2 for on, kinds in sessions.items()}
    assert session_costs(facts_of(values), double, day) == ()
    assert session_costs(facts_of(values, seen=0.4), sessions, day) == ()
    early = session_costs(facts_of(values), sessions, FIRST + timedelta(days=40))
    assert (
        early[0].mornings
        == session_costs(
            {on: one for on, one in facts_of(values).items() if on <= FIRST + timedelta(days=40)},
            sessions,
            FIRST + timedelta(days=40),
        )[0].mornings
    )
    assert early[0].note == f"need_sessions:have={early[0].mornings},need=10"
    assert session_costs(facts_of(values), {FIRST: ["golf"]}, day) == ()
