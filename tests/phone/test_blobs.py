"""The cards of the phone, read off stored days."""

from dataclasses import replace
from datetime import date
from inspect import getsource
from typing import Any

import pytest

from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.insight import plan
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.phone.blobs import BLOBS
from custom_components.openstrap.phone.coach_words import WORDS, hours, valued

from ..stored_days import made_day

DAY = date(2026, 1, 14)


def day_of(values: dict[str, float], **changes: dict[str, Any]) -> DayResult:
    """Make a day with some metrics, of which some have drivers or notes of their own."""
    made = made_day(DAY, values)
    metrics: dict[str, Metric] = dict(made.metrics)
    for key, change in changes.items():
        metrics[key] = replace(metrics[key], **change)
    return replace(made, metrics=metrics)


def coached(**told: Any) -> DayResult:
    """Make a day of which the coach says something."""
    made = day_of({"strain_target": 10.04, "recovery": 61.4})
    details = dict(made.details) | {"trends": {"coach": told}}
    return replace(made, details=details)


@pytest.mark.parametrize("name", BLOBS)
def test_of_what_is_absent_there_is_no_card(name: str) -> None:
    """Neither where the metric is absent nor where the day's algorithm did not know it."""
    bare = day_of({})
    assert BLOBS[name](replace(bare, details={})) is None
    assert BLOBS[name](replace(bare, details={}, metrics={})) is None


@pytest.mark.parametrize(
    ("score", "level"),
    [(0.0, "low"), (33.0, "low"), (34.0, "moderate"), (66.0, "moderate"), (67.0, "elevated")],
)
def test_stress(score: float, level: str) -> None:
    """The score of the waking hours, with what the night's beats say."""
    card = BLOBS["stress"](day_of({"arousal_score": score, "stress_index": 120.0, "lf_hf": 0.6}))
    assert card == {
        "score": score,
        "si": 120.0,
        "lf_hf": 0.6,
        "rmssd": None,
        "level": level,
        "confidence": 0.8,
        "tier": "ESTIMATE",
        "inputs_used": ["made up"],
        "drivers": [{"label": "made_up", "contribution": 1.0}],
    }


def test_stress_of_a_night_alone_has_no_score() -> None:
    """No score stands in for another: it is null and not sure at all."""
    card = BLOBS["stress"](day_of({"stress_index": 120.0}))
    assert card is not None
    assert (card["score"], card["level"], card["confidence"], card["si"]) == (None, None, 0, 120.0)


@pytest.mark.parametrize(("alert", "signal"), [(0.0, False), (1.0, False), (2.0, True)])
def test_illness(alert: float, signal: bool) -> None:
    """Only a red alert is a signal; signs go by the phone's names."""
    note = "signs=heart_rate+hrv+temperature,cycle=luteal"
    day = day_of({"body_alert": alert, "anomaly_d": 3.1}, body_alert={"note": note})
    card = BLOBS["illness"](day)
    assert card is not None
    assert (card["signal"], card["level"]) == (signal, alert)
    assert card["triggers"] == ["rhr", "rmssd", "temp"]
    assert card["distance"] == 3.1
    assert "usual nights" in card["note"]


def test_illness_without_signs() -> None:
    """A calm night names none."""
    card = BLOBS["illness"](day_of({"body_alert": 0.0}))
    assert card is not None
    assert card["triggers"] == []


def test_sleep_stress_gives_the_counts_back() -> None:
    """Seven events and twenty-two restless minutes of a night of 437 observed minutes."""
    drivers = (("events_per_h", 0.961098), ("mobile_pct", 5.034325))
    values = {"sleep_stress": 14.0, "rest_duration_min": 447.0, "unobserved_min": 10.0}
    card = BLOBS["sleep_stress"](day_of(values, sleep_stress={"drivers": drivers}))
    assert card is not None
    assert (card["arousal_events"], card["restless_min"], card["events"]) == (7, 22, [])
    blind = BLOBS["sleep_stress"](day_of({"sleep_stress": 14.0}))
    assert blind is not None
    assert (blind["arousal_events"], blind["restless_min"]) == (None, None)


def test_the_heart_of_a_night() -> None:
    """The dip as a share; whether it is raised only where that is known."""
    values = {
        "sleeping_hr_bpm": 52.5,
        "hr_nadir_bpm": 48.0,
        "hr_nadir_ts": 1768350000.0,
        "nocturnal_dip_percent": 17.09,
        "night_signal": 0.0,
        "resting_hr_deviation": 0.1,
    }
    told = {
        "nocturnal_dip_percent": {"drivers": (("day_bpm", 64.0),)},
        "night_signal": {"drivers": (("above_bpm", 1.5),)},
        "resting_hr_deviation": {"drivers": (("sleeping_hr_elevated", 1.0),)},
    }
    card = BLOBS["nocturnal"](day_of(values, **told))
    assert card is not None
    assert (card["dip_pct"], card["day_hr_avg"], card["vs_baseline_bpm"]) == (0.1709, 64.0, 1.5)
    assert card["elevated"] is True
    alone = BLOBS["nocturnal"](day_of({"sleeping_hr_bpm": 52.5}))
    assert alone is not None
    assert (alone["elevated"], alone["dip_pct"], alone["vs_baseline_bpm"]) == (None, None, None)


def test_an_irregular_rhythm_is_no_diagnosis() -> None:
    """The words say so, whatever the flag."""
    for flag in (0.0, 1.0):
        card = BLOBS["irregular"](
            day_of({"irregular_rhythm": flag, "sd1_ms": 20.0, "sd2_ms": 80.0})
        )
        assert card is not None
        assert card["flag"] is bool(flag)
        assert card["ratio"] == 0.25
        assert "no diagnosis" in card["note"]


def test_the_coach() -> None:
    """Codes become the phone's ids and plain words; what is unknown is not said."""
    item = {
        "code": "sleep_debt",
        "category": "sleep",
        "severity": 2,
        "values": {"sleep_debt_min": 261.9, "earlier_min": 85.0},
    }
    target = {"low": 8.0, "high": 12.0, "own_days": 35, "load_known": True}
    summary = {"recovery": "moderate", "slept_min": 404.6, "load": None}
    card = BLOBS["coach"](coached(plan=[item], strain_target=target, summary=summary))
    assert card == {
        "strain_target": {
            "value": 10.0,
            "low": 8.0,
            "high": 12.0,
            "rationale": "Recovery of 61 %: what 35 of your own days like this one bore.",
        },
        "plan": [
            {
                "id": "sleep.debt",
                "category": "sleep",
                "title": "Sleep debt",
                "body": "The last nights were shorter than what you needed.",
                "severity": 2,
                "why": [{"label": "Sleep debt", "value": "4 h 22 min"}],
                "target": "To bed 85 min earlier",
            }
        ],
        "readiness_contributors": [],
        "summary": "Recovery moderate, slept 6 h 45 min.",
    }


def test_the_coach_says_nothing_of_what_is_not_known() -> None:
    """No recovery: no target, and no summary."""
    unknown = {"recovery": None, "slept_min": None, "load": None}
    card = BLOBS["coach"](coached(plan=[], strain_target=None, summary=unknown))
    assert card is not None
    assert (card["strain_target"], card["summary"], card["plan"]) == (None, None, [])
    fixed = {"low": 5.0, "high": 10.0, "own_days": 0, "load_known": False}
    card = BLOBS["coach"](coached(strain_target=fixed))
    assert card is not None
    assert "until enough of your own days" in card["strain_target"]["rationale"]


def test_a_code_without_words_is_still_told() -> None:
    """A newer plan does not break an older table of words."""
    item = {"code": "new_thing", "category": "load", "severity": 1, "values": {"depth_m": 3.5}}
    card = BLOBS["coach"](coached(plan=[item]))
    assert card is not None
    [told] = card["plan"]
    assert (told["id"], told["title"]) == ("new_thing", "New thing")
    assert told["why"] == [{"label": "Depth m", "value": "3.5"}]
    assert told["target"] is None


def test_all_codes_of_a_plan_have_words() -> None:
    """The plan's module is what makes the codes."""
    source = getsource(plan)
    assert all(f'"{code}"' in source for code in WORDS)
    assert len({name for name, _, _ in WORDS.values()}) == len(WORDS)


def test_numbers_are_written_as_people_read_them() -> None:
    """With the catalogue's decimals and units."""
    assert valued("acwr", 1.4567) == "1.46"
    assert valued("sleep_efficiency", 78.4) == "78 %"
    assert valued("body_alert", 2.0) == "2"
    assert hours(59.6) == "1 h 0 min"
    assert hours(12.0) == "12 min"
