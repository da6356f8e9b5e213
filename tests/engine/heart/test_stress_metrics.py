"""Arousal, disturbed sleep and rhythm, wrapped."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.illness import NO_RESTING_HR
from custom_components.openstrap.engine.heart.stress_metrics import (
    NIGHT_KEYS,
    ROWS,
    arousal_metrics,
    sleep_stress_metrics,
)
from custom_components.openstrap.engine.heart.zones import NO_MAXIMUM, Maximum, MaximumSource
from custom_components.openstrap.engine.metric import Metric, Tier
from tests.engine.series import beats_of

from .made import minutes_made

TOLD = Maximum(160.0, MaximumSource.KNOWN)
AGED = Maximum(160.0, MaximumSource.TANAKA_2001)


def day_of(minutes: int, maximum: Maximum | None = TOLD, resting: float | None = 60.0) -> Metric:
    """Arousal of a day that is 15 bpm above rest."""
    made = minutes_made(np.full(minutes, 75.0))
    awake = np.ones(minutes, dtype=bool)
    return arousal_metrics(made, awake, resting, maximum)["arousal_score"]


def test_rows_are_of_their_kind() -> None:
    """One of the day, the rest of the night; nothing claims much."""
    assert {row.key for row in ROWS if row.kind == "day"} == {"arousal_score"}
    assert set(NIGHT_KEYS) | {"arousal_score"} == {row.key for row in ROWS}
    assert all(row.tier is Tier.ESTIMATE for row in ROWS if row.key != "night_hr_median_bpm")


def test_arousal() -> None:
    """Confidence is worn time, less where the maximum is one of the age."""
    found = day_of(600)
    assert found.value == pytest.approx(15.0 / 0.35)
    assert found.confidence == 1.0
    assert dict(found.drivers)["balanced_min"] == 600
    assert found.note == "maximum_heart_rate=known"
    assert day_of(300).confidence == 0.5
    assert day_of(600, AGED).confidence == 0.8


@pytest.mark.parametrize(
    ("found", "note"),
    [
        (day_of(600, None), NO_MAXIMUM),
        (day_of(600, resting=None), NO_RESTING_HR),
        (day_of(0), "need_input:name=still_minutes,have=0,need=1"),
    ],
)
def test_arousal_says_what_is_missing(found: Metric, note: str) -> None:
    """No body is made up."""
    assert (found.value, found.confidence, found.note) == (None, 0.0, note)


def test_a_night() -> None:
    """An even pulse for seven hours."""
    beats = beats_of(np.full(25000, 1000.0) + 30.0 * np.sin(np.arange(25000) / 2.0), 60.0)
    found = sleep_stress_metrics(minutes_made(np.full(420, 60.0), start_ts=0.0), beats)
    assert set(found) == set(NIGHT_KEYS)
    assert found["night_hr_median_bpm"].value == 60.0
    assert found["sleep_stress"].value == found["restlessness"].value == 0.0
    rhythm = found["irregular_rhythm"]
    assert (rhythm.value, rhythm.confidence) == (0.0, 0.9)
    assert dict(rhythm.drivers)["valid_windows"] == 192


def test_an_irregular_night() -> None:
    """Flagged, and hardly sure, for want of a heart rate to check against."""
    rr_ms = np.clip(np.random.default_rng(4).gamma(25.0, 30.0, 3000), 320.0, 1600.0)
    found = sleep_stress_metrics(minutes_made(np.full(60, 80.0), start_ts=0.0), beats_of(rr_ms))
    rhythm = found["irregular_rhythm"]
    assert rhythm.value == 1.0
    # Not one window could be checked against a heart rate.
    assert rhythm.confidence == 0.2


def test_an_empty_night() -> None:
    """Every metric tells its own need."""
    found = sleep_stress_metrics(minutes_made(np.empty(0)), beats_of([]))
    notes = {key: metric.note for key, metric in found.items()}
    assert all(metric.value is None for metric in found.values())
    assert notes["irregular_rhythm"] == "need_input:name=rhythm_windows,have=0,need=6"
    assert notes["restlessness"] == "need_input:name=motion_minutes,have=0,need=60"
    assert notes["night_hr_median_bpm"] == "need_input:name=heart_rate_minutes,have=0,need=60"


def test_without_heart_rate_the_movement_remains() -> None:
    """One missing input silences only what needs it."""
    found = sleep_stress_metrics(minutes_made(np.full(300, np.nan)), beats_of([]))
    assert found["restlessness"].value == 0.0
    assert found["sleep_stress"].note == "need_input:name=heart_rate_minutes,have=0,need=60"


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 1.0), st.integers(0, 99))
def test_missing_data_never_raises_confidence(share: float, seed: int) -> None:
    """Minutes and beats gone at random."""
    dice = np.random.default_rng(seed)
    gone = dice.random(300) < share
    beats = beats_of(np.full(18000, 1000.0), 60.0)
    whole = minutes_made(dice.normal(60.0, 4.0, 300), start_ts=0.0)
    holed = replace(
        whole,
        hr_mean=np.where(gone, np.nan, whole.hr_mean),
        moved=np.where(gone, np.nan, whole.moved),
    )
    fewer = beats.only(dice.random(18000) >= share / 2.0)
    here, there = sleep_stress_metrics(whole, beats), sleep_stress_metrics(holed, fewer)
    for key in NIGHT_KEYS:
        assert there[key].confidence <= here[key].confidence
