"""The rules that every wrapped number keeps."""

from dataclasses import replace
import json
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.metric import (
    DEGENERATE_SIGNAL,
    Metric,
    Tier,
    absent,
    clamp,
    hrv_refused,
    need_input,
)

SPEC = CATALOG["rmssd_ms"]


def test_a_value_keeps_its_story() -> None:
    """Value, confidence, inputs, drivers and note come back from JSON as they were."""
    metric = SPEC.measured(61.829569123, 0.5, ("rr", "hr"), drivers=[("windows", 103)], note="x")
    assert metric.value == 61.829569
    assert metric.drivers == (("windows", 103.0),)
    assert Metric.from_dict(json.loads(json.dumps(metric.to_dict()))) == metric


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_becomes_absent(value: float | None) -> None:
    """No value, or one that is not finite, has confidence 0 and a reason."""
    metric = SPEC.measured(value, 0.9, ("rr",))
    assert (metric.value, metric.confidence, metric.note) == (None, 0.0, DEGENERATE_SIGNAL)


@pytest.mark.parametrize(
    ("value", "confidence", "note"),
    [
        (1.0, 0.0, None),
        (None, 0.5, "why"),
        (None, 0.0, None),
        (1.0, 1.5, None),
        (1.0, -0.1, None),
        (math.nan, 0.5, None),
        (1.0, math.nan, None),
    ],
)
def test_broken_rules_are_refused(value: float | None, confidence: float, note: str | None) -> None:
    """A value without confidence, confidence without a value, silence about an absence."""
    with pytest.raises(ValueError, match=r"metric|confidence"):
        Metric(value, "ms", confidence, Tier.HIGH, "x", note=note)


def test_drivers_are_finite() -> None:
    """A driver that is no number is a fault, too."""
    with pytest.raises(ValueError, match="finite"):
        Metric(1.0, "ms", 0.5, Tier.HIGH, "x", drivers=(("acf1", math.nan),))


@given(
    st.floats(allow_nan=True, allow_infinity=True) | st.none(),
    st.floats(0.01, 1.0),
    st.sampled_from(sorted(CATALOG)),
)
def test_confidence_is_zero_exactly_without_a_value(
    value: float | None, confidence: float, key: str
) -> None:
    """Whatever is wrapped."""
    metric = CATALOG[key].measured(value, confidence, ("hr",))
    assert (metric.value is None) == (metric.confidence == 0.0)
    assert Metric.from_dict(metric.to_dict()) == metric


def test_reasons() -> None:
    """Their form is fixed: screens translate them."""
    assert need_input("rr", 0, 60) == "need_input:name=rr,have=0,need=60"
    assert hrv_refused(-0.41234, 0.34) == "hrv_refused:acf1=-0.412,conc=0.340"
    missing = absent("ms", "HRV", need_input("rr", 0, 60), tier=Tier.HIGH, inputs=["rr"])
    assert missing.inputs_used == ("rr",)
    assert clamp(2.0, 0.3, 0.95) == 0.95
    assert clamp(-1.0, 0.3, 0.95) == 0.3


def test_the_catalogue_has_each_metric_once() -> None:
    """Keys are the rows' own; headlines stay few."""
    assert all(key == row.key for key, row in CATALOG.items())
    assert all(row.unit and row.label for row in CATALOG.values())
    assert sum(row.headline for row in CATALOG.values()) <= 30


@pytest.mark.parametrize(
    ("own", "most", "tier"),
    [("HIGH", "ESTIMATE", "ESTIMATE"), ("RELATIVE", "HIGH", "RELATIVE"), ("AUTH", "AUTH", "AUTH")],
)
def test_a_metric_claims_no_more_than_its_input(own: str, most: str, tier: str) -> None:
    """The weaker of both holds."""
    metric = Metric(1.0, "ms", 0.5, Tier(own), "One")
    assert metric.at_most(Tier(most)) == replace(metric, tier=Tier(tier))
