"""What is worth telling of a day."""

import json

from hypothesis import given, strategies as st

from custom_components.openstrap.engine.insight.change_points import ChangePoint
from custom_components.openstrap.engine.insight.findings import Severity, findings
from custom_components.openstrap.engine.insight.temperature_state import Warmth
from tests.engine.heart.made import day_at

DAY = day_at(50)
STEP = ChangePoint(day_at(40), 54.0, 58.0, 10)


def test_an_ordinary_day_has_none() -> None:
    """Nor has one of which nothing is known."""
    usual = {"body_alert": 1.0, "irregular_rhythm": 0.0, "recovery": 34.0}
    assert findings(DAY, usual, warmth=Warmth.ONE_WARM_NIGHT) == ()
    assert findings(DAY, {}) == ()


def test_everything_at_once_in_order() -> None:
    """The newest first, of a day the most severe; with the numbers behind it."""
    values = {
        "body_alert": 2.0,
        "irregular_rhythm": 1.0,
        "recovery": 33.9,
        "rmssd_ms": 30.0,
        "skin_temp_c": 35.0,
        "anomaly_p": 0.001,
    }
    found = findings(DAY, values, warmth=Warmth.RAISED, changes=(STEP,))
    assert [one.code for one in found] == [
        "body_alert",
        "irregular_rhythm",
        "low_recovery",
        "warm_skin",
        "resting_hr_change",
    ]
    assert found[0].values == (("anomaly_p", 0.001), ("rmssd_ms", 30.0))
    told = json.loads(json.dumps([one.to_dict() for one in found]))
    assert told[-1] == {
        "code": "resting_hr_change",
        "severity": 1,
        "day": day_at(40).isoformat(),
        "values": {"before_bpm": 54.0, "after_bpm": 58.0},
    }


def test_warmth_of_a_cycle_is_a_note() -> None:
    """It is told, as something that a cycle does."""
    (found,) = findings(DAY, {}, warmth=Warmth.RAISED_CYCLIC)
    assert (found.code, found.severity, found.values) == ("warm_skin_cyclic", Severity.NOTE, ())


@given(
    st.dictionaries(
        st.sampled_from(["body_alert", "irregular_rhythm", "recovery", "rmssd_ms"]),
        st.floats(0.0, 100.0),
    )
)
def test_what_is_not_known_is_no_finding(values: dict[str, float]) -> None:
    """Each finding of the day rests on a value that is there."""
    behind = {
        "body_alert": "body_alert",
        "irregular_rhythm": "irregular_rhythm",
        "low_recovery": "recovery",
    }
    assert all(behind[one.code] in values for one in findings(DAY, values))
