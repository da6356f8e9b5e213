"""Stored metrics: short, and the same again."""

from dataclasses import replace
from datetime import date, timedelta
import json
from typing import Any
import zlib

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine import metric_rows
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.metric import Metric, Tier, need_input
from custom_components.openstrap.engine.metric_rows import ROW, restore, shorten
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.trends import derive_trends

from .series import BERLIN, demo_samples

DAY = date(2026, 6, 10)
SPEC = CATALOG["rmssd_ms"]
NAMES = st.sampled_from(["rr", "hr", "acf1", "windows"])
NUMBERS = st.floats(-1e9, 1e9)
SOMETHING = st.builds(
    Metric,
    value=NUMBERS,
    unit=st.sampled_from(["ms", "min", SPEC.unit]),
    confidence=st.floats(0.01, 1.0),
    tier=st.sampled_from(Tier),
    label=st.sampled_from(["Another", SPEC.label]),
    inputs_used=st.lists(NAMES).map(tuple),
    drivers=st.lists(st.tuples(NAMES, NUMBERS)).map(tuple),
    note=st.none() | st.just("estimator:name=x"),
)
NOTHING = st.builds(
    Metric,
    value=st.none(),
    unit=st.sampled_from(["ms", SPEC.unit]),
    confidence=st.just(0.0),
    tier=st.sampled_from(Tier),
    label=st.just(SPEC.label),
    inputs_used=st.lists(NAMES).map(tuple),
    note=st.just(need_input("rr", 0, 60)),
)


def through_json(metrics: dict[str, Metric], algorithm: int = 1) -> dict[str, Metric]:
    """Store and read, keys in another order, as the store does."""
    rows, stories = json.loads(json.dumps(shorten(metrics), sort_keys=True))
    return restore(rows, stories, algorithm)


@given(st.dictionaries(st.sampled_from(sorted(CATALOG)), SOMETHING | NOTHING, max_size=8))
def test_what_is_stored_comes_back(metrics: dict[str, Metric]) -> None:
    """Whatever a metric says of itself, also against the catalogue; the others were not computed."""
    found = through_json(metrics, 7)
    assert list(found) == list(CATALOG)
    for key, spec in CATALOG.items():
        assert found[key] == metrics.get(key, spec.absent("not_computed:algorithm=7"))


def test_one_story_is_told_once() -> None:
    """What was measured together shares it; who has none has none."""
    one = SPEC.measured(50.0, 0.9, ("rr", "hr"), drivers=[("beats", 26135.0)])
    metrics = {
        "rmssd_ms": one,
        "sdnn_ms": replace(one, value=60.0),
        "pnn50": replace(one, drivers=()),
        "sd1_ms": replace(one, inputs_used=(), drivers=()),
    }
    rows, stories = shorten(metrics)
    assert [rows[key][5:6] for key in metrics] == [[0], [0], [1], [None]]
    assert rows["rmssd_ms"] == [50.0, 0.9, "ms", "HIGH", None, 0]
    assert rows["sdnn_ms"] == [60.0, 0.9, "ms", "HIGH", None, 0, SPEC.label]
    assert stories == [
        {"inputs_used": ["rr", "hr"], "drivers": [["beats", 26135.0]]},
        {"inputs_used": ["rr", "hr"], "drivers": []},
    ]


def test_a_number_keeps_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit and tier stand beside it, so that a later catalogue does not change what was measured."""
    metrics = {"rmssd_ms": SPEC.measured(50.0, 0.9, ("rr",))}
    rows, stories = shorten(metrics)
    later = replace(SPEC, unit="s", tier=Tier.AUTH, label="Other words")
    monkeypatch.setattr(metric_rows, "CATALOG", {"rmssd_ms": later})
    found = restore(rows, stories, 1)["rmssd_ms"]
    assert found == replace(metrics["rmssd_ms"], label="Other words")


def test_rows_by_name_are_read_as_well() -> None:
    """Those of the third version left out what the catalogue says, and shared stories."""
    metrics = {
        "rmssd_ms": SPEC.measured(50.0, 0.9, ("rr",), drivers=[("beats", 9.0)]),
        "sdnn_ms": CATALOG["sdnn_ms"].absent("no_sleep", ("rr",)),
    }
    rows, stories = shorten(metrics)
    named = {
        key: {name: part for name, part in zip(ROW, row, strict=False) if part is not None}
        for key, row in rows.items()
    }
    assert restore(named, stories, 3) == restore(rows, stories, 3)


def test_older_rows_are_read_as_well() -> None:
    """They had every field, and no stories."""
    metrics = {
        "rmssd_ms": SPEC.measured(50.0, 0.9, ("rr",), drivers=[("beats", 9.0)], note="x"),
        "sdnn_ms": CATALOG["sdnn_ms"].absent("no_sleep", ("rr",)),
    }
    data = {
        "day": "2026-01-15",
        "timezone": "UTC",
        "algorithm": 2,
        "metrics": {key: metric.to_dict() for key, metric in metrics.items()},
    }
    found = DayResult.from_dict(json.loads(json.dumps(data)))
    assert {key: found.metrics[key] for key in metrics} == metrics
    assert DayResult.from_dict(found.to_dict()) == found


@pytest.mark.parametrize(
    ("rows", "stories"),
    [
        (None, []),
        ("rows", []),
        ({"rmssd_ms": None}, []),
        ({"rmssd_ms": "50"}, []),
        ({"rmssd_ms": {}}, []),
        ({"rmssd_ms": []}, []),
        ({"rmssd_ms": [None, None, None, None, "x", 0]}, []),
        ({"rmssd_ms": [5.0, 0.5, "ms", "BEST"]}, []),
        ({"rmssd_ms": [5.0, 0.5, "ms", "HIGH", None, None, None, None]}, []),
        ({"rmssd_ms": {"note": "x", "story": 0}}, []),
        ({"rmssd_ms": {"note": "x", "story": -1}}, [{}]),
        ({"rmssd_ms": {"note": "x", "story": []}}, [{}]),
        ({"rmssd_ms": {"note": "x", "story": 0}}, [5]),
        ({"rmssd_ms": {"note": "x", "story": 0}}, 5),
        ({"rmssd_ms": {"value": 5.0, "confidence": 0.0}}, []),
        ({"rmssd_ms": {"value": 5.0, "confidence": 0.5, "tier": "BEST"}}, []),
    ],
)
def test_other_forms_are_refused(rows: Any, stories: Any) -> None:
    """With one of three errors."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        restore(rows, stories, 1)


@pytest.mark.full
def test_a_stored_day_is_small() -> None:
    """With every trend there, as after some months: half of the 40 kB that a day may take."""
    result = derive_day(DayInputs(DAY, BERLIN, demo_samples(5, DAY), Profile(birth_year=1990)))
    assert result.facts is not None
    past = [
        replace(
            result.facts,
            day=DAY - timedelta(days=back),
            clock=tuple((since - 86400.0 * back, ahead) for since, ahead in result.facts.clock),
            **{
                name: ts - 86400.0 * back
                for name in ("end_ts", "onset_ts", "offset_ts")
                if (ts := getattr(result.facts, name)) is not None
            },
            values={
                key: value * (1.0 + 0.01 * (back % 5)) for key, value in result.facts.values.items()
            },
        )
        for back in range(1, 121)
    ]
    full = derive_trends(result, past, Profile(birth_year=1990))
    assert sum(metric.value is not None for metric in full.metrics.values()) > 130
    text = json.dumps(full.to_dict(), separators=(",", ":"))
    assert len(text) < 50_000
    # The store compresses all of it but the facts.
    assert len(zlib.compress(text.encode())) < 20_000
