"""What health has to tell that does not fit in a number."""

from dataclasses import replace
import json

import pytest

from custom_components.openstrap.engine.insight.health_details import health_details
from custom_components.openstrap.engine.insight.health_trends import health_trends
from custom_components.openstrap.engine.metric import Metric, Tier
from custom_components.openstrap.engine.told import NOTHING_TOLD

from .health_history import ASKED, LAST, history
from .nights import day_at


def recovery(points: float, confidence: float) -> dict[str, Metric]:
    """Make the recovery of a day."""
    return {"recovery": Metric(points, "points", confidence, Tier.ESTIMATE, "Recovery")}


def test_dates_and_findings_of_an_illness() -> None:
    """As plain JSON, and the same whether or not the metrics are given."""
    facts, day = history(ill=True, step_bpm=5.0), day_at(LAST - 1)
    found = health_details(facts, day, NOTHING_TOLD)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert "cycle" not in found
    (change, *_) = found["changes"]["resting_hr_bpm"]
    assert change["after"] - change["before"] == pytest.approx(5.0, abs=1.0)
    assert found["changes"]["rmssd_ms"] == []
    codes = [one["code"] for one in found["findings"]]
    assert codes[0] == "body_alert" and codes[-1] == "resting_hr_change"
    assert found["temperature"]["state"] == "usual"
    given = health_trends(facts, day, NOTHING_TOLD)
    assert health_details(facts, day, NOTHING_TOLD, given) == found


def test_what_is_not_sure_is_no_finding() -> None:
    """A recovery that others worked out, sure enough or not."""
    facts, day = history(), day_at(LAST)

    def codes(points: float, confidence: float) -> list[str]:
        beside = recovery(points, confidence)
        return [one["code"] for one in health_details(facts, day, ASKED, beside)["findings"]]

    assert codes(20.0, 0.8) == ["low_recovery"]
    assert codes(20.0, 0.3) == codes(60.0, 0.8) == []


def test_a_number_that_is_not_sure_is_none_either_way() -> None:
    """What the facts hold of a day is surer than nothing, but that it is told takes more."""
    facts, day = history(), day_at(LAST)
    values = dict(facts[day].values) | {"irregular_rhythm": 1.0}
    facts[day] = replace(facts[day], values=values)

    def codes(confidence: float) -> list[str]:
        hint = Metric(1.0, "flag", confidence, Tier.ESTIMATE, "Irregular rhythm hint")
        beside = health_trends(facts, day, NOTHING_TOLD) | {"irregular_rhythm": hint}
        found = health_details(facts, day, NOTHING_TOLD, beside)["findings"]
        return [one["code"] for one in found]

    assert codes(0.45) == ["irregular_rhythm"]
    assert codes(0.35) == []


def test_warm_skin_is_as_sure_as_its_nights() -> None:
    """A thermometer that was seldom settled makes no finding."""
    facts, day = history(), day_at(LAST)
    for on in (day_at(LAST - 1), day):
        values = dict(facts[on].values) | {"skin_temp_c": 37.0}
        facts[on] = replace(facts[on], values=values)

    def told(confidence: float) -> tuple[list[str], float]:
        flag = Metric(1.0, "level", confidence, Tier.RELATIVE, "Raised skin temperature")
        beside = health_trends(facts, day, NOTHING_TOLD) | {"temperature_flag": flag}
        found = health_details(facts, day, NOTHING_TOLD, beside)
        assert found["temperature"]["state"] == "raised"
        return [one["code"] for one in found["findings"]], found["temperature"]["confidence"]

    assert told(0.7) == (["warm_skin"], 0.7)
    assert told(0.35) == ([], 0.35)


def test_a_cycle_has_dates() -> None:
    """Only where it was asked for."""
    found = health_details(history(), day_at(115), ASKED)["cycle"]
    assert found["now"]["day"] == 11
    assert found["now"]["fertile"] == [day_at(114).isoformat(), day_at(120).isoformat()]
    assert found["lengths"] == "need_input:name=period_start,have=4,need=13"
    assert found["warmer_since"] is None
    early = health_details(history(), day_at(5), ASKED)["cycle"]
    assert early["now"] == "need_input:name=period_start,have=0,need=1"
    assert "warmer_since" not in early


def test_nothing_known() -> None:
    """Reasons stand where answers would."""
    assert health_details({}, day_at(0), NOTHING_TOLD) == {
        "changes": {
            "resting_hr_bpm": "need_baseline:have=0,need=14",
            "rmssd_ms": "need_baseline:have=0,need=14",
        },
        "findings": [],
        "temperature": "need_input:name=skin_temp_c,have=0,need=1",
    }
