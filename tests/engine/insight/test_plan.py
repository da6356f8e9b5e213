"""What stands out of a day."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.insight.findings import Severity
from custom_components.openstrap.engine.insight.plan import MAX_ITEMS, earlier_min, plan, summary

from .told_metrics import metrics

FULL = {
    "recovery": 80.0,
    "acwr": 1.45,
    "resting_hr_deviation": 2.236,
    "sleep_debt_min": 120.0,
    "sleep_regularity_index": 60.0,
    "sleep_efficiency": 75.0,
    "sleep_min": 400.0,
}
CALM = {
    "recovery": 60.0,
    "acwr": 1.0,
    "resting_hr_deviation": 0.0,
    "sleep_debt_min": 20.0,
    "sleep_regularity_index": 85.0,
    "sleep_efficiency": 90.0,
    "sleep_min": 450.0,
}


def codes(**values: float | None) -> list[str]:
    """Return the codes of a plan, in its order."""
    return [item.code for item in plan(metrics(**values))]


def test_known_order() -> None:
    """The gravest first; those that weigh the same in the order of load, recovery, sleep."""
    assert codes(**FULL) == [
        "high_load",
        "raised_resting_hr",
        "sleep_debt",
        "irregular_sleep",
        "broken_sleep",
    ]
    told = summary(metrics(**FULL))
    assert told.to_dict() == {"recovery": "strong", "slept_min": 400.0, "load": "high"}


def test_nothing_stands_out_of_an_ordinary_day() -> None:
    """Nothing stands out of an ordinary day."""
    assert codes(**CALM) == []
    told = summary(metrics(**CALM))
    assert told.to_dict() == {"recovery": "moderate", "slept_min": 450.0, "load": "balanced"}


@pytest.mark.parametrize(
    ("key", "holds", "no_more", "code"),
    [
        ("recovery", 33.0, 34.0, "low_recovery"),
        ("acwr", 1.31, 1.3, "high_load"),
        ("resting_hr_deviation", 1.51, 1.5, "raised_resting_hr"),
        ("sleep_debt_min", 90.0, 89.9, "sleep_debt"),
        ("sleep_regularity_index", 69.9, 70.0, "irregular_sleep"),
        ("sleep_efficiency", 79.9, 80.0, "broken_sleep"),
    ],
)
def test_each_condition_alone(key: str, holds: float, no_more: float, code: str) -> None:
    """Each condition alone, with the number it holds by."""
    (item,) = plan(metrics(**(CALM | {key: holds})))
    assert item.code == code
    assert item.values[0] == (key, holds)
    assert codes(**(CALM | {key: no_more})) == []
    assert codes(**(CALM | {key: None})) == []


def test_an_alert_speaks_instead_of_load_and_recovery() -> None:
    """A red body alert stands first, load and recovery are not told as well; a yellow is none."""
    found = plan(metrics(**FULL, body_alert=2.0))
    assert found[0].to_dict() == {
        "code": "body_alert",
        "category": "health",
        "severity": 3,
        "values": {"body_alert": 2.0},
    }
    assert [item.code for item in found[1:]] == ["sleep_debt", "irregular_sleep", "broken_sleep"]
    assert codes(**FULL, body_alert=1.0) == codes(**FULL)


def test_five_at_most_and_the_mildest_goes() -> None:
    """Six hold: the last of the mild ones is left out."""
    found = codes(**(FULL | {"recovery": 20.0}))
    assert len(found) == MAX_ITEMS
    assert found[:2] == ["high_load", "low_recovery"]
    assert "broken_sleep" not in found


def test_absent_recovery_is_no_recovery() -> None:
    """Nothing known: nothing said, and no middle value in its place."""
    assert plan({}) == ()
    assert codes(**dict.fromkeys(FULL)) == []
    assert summary({}).to_dict() == {"recovery": None, "slept_min": None, "load": None}
    assert summary(metrics(recovery=None)).recovery is None


@pytest.mark.parametrize(
    ("debt", "earlier"), [(90.0, 30.0), (120.0, 40.0), (100.0, 35.0), (600.0, 90.0)]
)
def test_to_bed_earlier(debt: float, earlier: float) -> None:
    """Five minutes for each quarter of an hour owed, no more than an hour and a half."""
    assert earlier_min(debt) == earlier


def test_a_short_sleep_says_nothing_of_efficiency() -> None:
    """A short sleep says nothing of efficiency."""
    assert codes(sleep_efficiency=50.0, sleep_min=120.0) == []
    assert codes(sleep_efficiency=50.0, sleep_min=121.0) == ["broken_sleep"]


@given(st.dictionaries(st.sampled_from([*FULL, "body_alert"]), st.floats(-100, 700)))
def test_ordered_plain_and_by_what_is_known(values: dict[str, float]) -> None:
    """Whatever the numbers: five at most, the gravest first, only numbers that were given."""
    found = plan(metrics(**values))
    assert len(found) <= MAX_ITEMS
    assert [item.severity for item in found] == sorted(
        (item.severity for item in found), reverse=True
    )
    assert all(isinstance(item.severity, Severity) for item in found)
    for item in json.loads(json.dumps([item.to_dict() for item in found])):
        for key, value in item["values"].items():
            assert key == "earlier_min" or value == pytest.approx(values[key], abs=1e-6)
