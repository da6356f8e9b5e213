"""The stages of a night, wrapped."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from custom_components.openstrap.engine.metric import Metric, Tier
from custom_components.openstrap.engine.sleep.hypnogram import Hypnogram, Stage
from custom_components.openstrap.engine.sleep.night_metrics import ROWS, sleep_night_metrics
from custom_components.openstrap.engine.sleep.staging import StagedNight, StageMinutes
from custom_components.openstrap.engine.sleep.window import RestWindow

W, L, D, R, U = Stage.WAKE, Stage.LIGHT, Stage.DEEP, Stage.REM, Stage.UNOBSERVED
START = 1_790_000_010.0
NIGHT = ((20, W), *(((50, L), (20, D), (20, R)) * 4), (6, W), (20, L), (10, W))
STAGED_KEYS = {
    "light_min",
    "deep_min",
    "rem_min",
    "rem_latency_min",
    "sleep_cycles",
    "stage_shifts_per_h",
}


def staged(
    *parts: tuple[float, Stage], minutes: dict[str, StageMinutes] | None = None, **other: Any
) -> StagedNight:
    """Return a staged night of stretches (minutes, stage)."""
    stage = np.repeat([which for _, which in parts], [int(2 * long) for long, _ in parts])
    hypnogram = Hypnogram(START, stage.astype(np.int8), np.full((len(stage), 4), 0.25))
    told: dict[str, Any] = {
        "hypnogram": hypnogram,
        "depth": True,
        "reason": None,
        "expected_accuracy": 0.7,
        "confidence": 0.7 * float((stage >= 0).mean()),
        "minutes": minutes or {},
        "observed_min": float((stage >= 0).sum()) / 2,
        "hr_present": 1.0,
        "energy": {},
    }
    return StagedNight(**(told | other))


def window(night: StagedNight, **other: Any) -> RestWindow:
    """Return the window of a staged night."""
    told: dict[str, Any] = {
        "onset_ts": night.hypnogram.start_ts,
        "offset_ts": night.hypnogram.end_ts,
        "confidence": 0.9,
        "tier": Tier.ESTIMATE,
        "note": None,
        "drivers": (),
        "bed_ts": night.hypnogram.start_ts,
        "rise_ts": night.hypnogram.end_ts,
        "open_end": False,
        "method": "sessions",
        "sessions": (),
    }
    return RestWindow(**(told | other))


def of(night: StagedNight | str, rest: RestWindow | str = "", **other: Any) -> dict[str, Metric]:
    """Metrics of a night, with every row there."""
    if not rest:
        rest = night if isinstance(night, str) else window(night)
    found = sleep_night_metrics(night, rest, **other)
    assert set(found) == {row.key for row in ROWS}
    for row in ROWS:
        metric = found[row.key]
        assert (metric.unit, metric.tier, metric.label) == (row.unit, row.tier, row.label)
        assert row.kind == "night"
    return found


def test_a_night() -> None:
    """A night."""
    found = of(staged(*NIGHT))
    values = {key: metric.value for key, metric in found.items()}
    assert values == {
        "sleep_onset": START + 1200,
        "sleep_offset": START + 60 * 406,
        "sleep_min": 380,
        "sleep_efficiency": pytest.approx(100 * 380 / 416, abs=1e-5),
        "light_min": 220,
        "deep_min": 80,
        "rem_min": 80,
        "waso_min": 6,
        "awakenings": 1,
        "sustained_awakenings": 1,
        "sleep_latency_min": None,
        "rem_latency_min": 70,
        "sleep_cycles": 4,
        "longest_sleep_min": 360,
        "stage_shifts_per_h": pytest.approx(13 / (380 / 60), abs=1e-5),
        "unobserved_min": 0,
    }
    assert found["sleep_latency_min"].note == "need_input:name=lights_out,have=0,need=1"
    assert dict(found["sleep_cycles"].drivers) == {"mean_min": 90}
    assert found["sleep_cycles"].confidence == pytest.approx(0.8 * 0.7)


def test_ranges_of_the_stager_come_first() -> None:
    """Ranges of the stager come first."""
    given = {"deep": StageMinutes(70.0, 50.0, 95.0), "asleep": StageMinutes(385.0, 360.0, 400.0)}
    found = of(staged(*NIGHT, minutes=given))
    deep, rem = found["deep_min"], found["rem_min"]
    assert (deep.value, deep.note) == (70.0, "range:source=stager")
    assert dict(deep.drivers) == {
        "low": 50,
        "high": 95,
        "scored": 80,
        "percent": pytest.approx(100 * 70 / 370, abs=1e-5),
    }
    assert (rem.value, rem.note) == (80.0, "range:source=confidence")
    spread = dict(rem.drivers)
    assert spread["low"] < 80 < spread["high"]
    slept = dict(found["sleep_min"].drivers)
    assert found["sleep_min"].value == 385
    assert (slept["low"], slept["high"], slept["scored"]) == (360, 400, 380)


def test_latency_when_the_wearer_told_of_lights_out() -> None:
    """Latency when the wearer told of lights out."""
    assert of(staged(*NIGHT), lights_out_ts=START + 300)["sleep_latency_min"].value == 15
    late = of(staged(*NIGHT), lights_out_ts=START + 1500)["sleep_latency_min"]
    assert late.note == "asleep_before_lights_out"
    hidden = of(staged((5, W), (20, U), *NIGHT[1:]), lights_out_ts=START)
    assert hidden["sleep_latency_min"].note == "hidden_latency:max_s=300"


def test_rem_latency_may_be_hidden_or_there_may_be_no_rem() -> None:
    """REM latency may be hidden or there may be no REM."""
    assert of(staged((400, L)))["rem_latency_min"].note == "need_input:name=rem_s,have=0,need=1"
    hidden = of(staged((60, L), (20, U), (300, L), (30, R)))
    assert hidden["rem_latency_min"].note == "hidden_latency:max_s=300"
    assert hidden["rem_min"].value == 30


def test_without_depth_stages_are_absent() -> None:
    """Without depth stages are absent."""
    reason = "need_input:name=hr_share,have=0.7,need=0.8"
    found = of(staged((10, W), (400, L), depth=False, reason=reason))
    for key, metric in found.items():
        if key in STAGED_KEYS:
            assert (metric.value, metric.note) == (None, reason)
        elif key != "sleep_latency_min":
            assert metric.value is not None, key


def test_no_night_no_values() -> None:
    """No night no values."""
    for reason in ("no_sleep", "need_input:name=accel_min,have=0,need=180"):
        for metric in of(reason).values():
            assert (metric.value, metric.confidence, metric.note) == (None, 0.0, reason)
    night = staged(*NIGHT)
    refused = of("no_motion", window(night))
    assert {metric.note for metric in refused.values()} == {"no_motion"}
    assert {metric.note for metric in of(staged((400, W))).values()} == {"no_sleep"}
    thin = of(staged((200, L), (220, U)))
    assert {metric.note for metric in thin.values()} == {"not_observed:fraction=0.52"}


def test_confidence_falls_with_what_was_not_observed() -> None:
    """Confidence falls with what was not observed."""
    whole = of(staged(*NIGHT))
    for hole in (20, 60, 120):
        parts = (*NIGHT[:-2], (20 + hole, U), NIGHT[-1])
        less = of(staged(*parts, hr_present=1 - hole / 416))
        for key, metric in less.items():
            assert metric.confidence <= whole[key].confidence, key
        assert less["sleep_min"].confidence < whole["sleep_min"].confidence


def test_a_short_or_doubtful_window_lowers_it() -> None:
    """A short or doubtful window lowers it."""
    night = staged((10, W), (170, L))
    assert of(night)["sleep_min"].confidence < of(staged(*NIGHT))["sleep_min"].confidence
    night = staged(*NIGHT)
    doubted = of(night, window(night, confidence=0.3))
    assert doubted["sleep_onset"].confidence == 0.3
    assert doubted["waso_min"].confidence == pytest.approx(0.7)


def test_time_shift() -> None:
    """Time shift."""
    night = staged(*NIGHT)
    later = replace(night, hypnogram=replace(night.hypnogram, start_ts=START + 86_400))
    one, other = of(night), of(later)
    for key, metric in one.items():
        moved = 86_400 if metric.unit == "epoch_s" and metric.value is not None else 0
        assert other[key].value == (None if metric.value is None else metric.value + moved)
        assert other[key].confidence == metric.confidence
