"""The night's breath and warmth, wrapped."""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
import pytest

from custom_components.openstrap.engine.breathing.cvhr import RHYTHM
from custom_components.openstrap.engine.breathing.night_metrics import (
    ROWS,
    BreathNight,
    breath_night,
    breath_night_absent,
)
from custom_components.openstrap.engine.breathing.temperature import NO_THERMOMETER
from custom_components.openstrap.engine.metric import NO_SLEEP, Tier
from custom_components.openstrap.engine.samples import Samples, empty_samples
from custom_components.openstrap.engine.signal.beats import place_beats
from custom_components.openstrap.engine.signal.clean import clean_beats
from custom_components.openstrap.engine.signal.motion import motion_of

from ..series import real_night, samples_of
from .hearts import breath, worn

START = 1_700_000_000.0
KEYS = [row.key for row in ROWS]


def of(night: Samples, start: float, end: float, *, irregular: bool = False) -> BreathNight:
    """Tell the night from its records."""
    wrist = np.ones(len(night), dtype=bool)
    clean = clean_beats(place_beats(night))
    motion = motion_of(night, wrist)
    return breath_night(night, wrist, clean, motion, (start, end), irregular=irregular)


def sleeper(hours: float = 3.0, skin: ArrayLike | None = None) -> Samples:
    """Make the records of somebody who breathes 14 times a minute."""
    rr = breath(hours * 3600.0, 14, bpm=55)
    more = {} if skin is None else {"skin_temp_c": skin}
    return worn(rr, START, **more)


def test_a_night() -> None:
    """Everything has a value, each key once."""
    found = of(sleeper(skin=34.5), START, START + 3 * 3600.0)
    assert list(found.metrics) == KEYS
    values = {key: metric.value for key, metric in found.metrics.items()}
    assert values["breathing_rate_brpm"] == pytest.approx(14.0, abs=0.05)
    assert values["breathing_rate_sd"] == pytest.approx(0.0, abs=0.05)
    assert values["breathing_slope"] == pytest.approx(0.0, abs=0.05)
    assert values["cvhr_per_h"] == 0.0
    assert values["cvhr_observed_h"] == pytest.approx(3.0, abs=0.05)
    assert values["skin_temp_c"] == pytest.approx(34.5)
    assert found.metrics["skin_temp_c"].tier is Tier.RELATIVE
    assert found.timeline is not None
    assert found.timeline.brpm == pytest.approx(14.0, abs=0.2)


def test_half_a_night_is_less_sure() -> None:
    """Of the same window."""
    half, whole = (
        of(sleeper(hours, skin=34.5), START, START + 6 * 3600.0).metrics for hours in (2.5, 5.5)
    )
    for key in KEYS:
        assert half[key].confidence <= whole[key].confidence, key
    assert half["breathing_rate_brpm"].confidence < whole["breathing_rate_brpm"].confidence
    assert half["skin_temp_c"].confidence < whole["skin_temp_c"].confidence


def test_nothing_is_absent_with_its_reason() -> None:
    """No records, no beats, no thermometer."""
    still = samples_of(START + np.arange(3600.0))
    for night in (empty_samples(), still):
        found = of(night, START, START + 3600.0)
        assert list(found.metrics) == KEYS
        assert all(metric.value is None and metric.note for metric in found.metrics.values())
        assert found.metrics["skin_temp_c"].note == NO_THERMOMETER
        assert found.timeline is None
    missing = breath_night_absent(NO_SLEEP)
    assert list(missing) == KEYS
    assert {metric.note for metric in missing.values()} == {NO_SLEEP}


def test_an_irregular_rhythm_silences_the_cycles() -> None:
    """And nothing else."""
    found = of(sleeper(), START, START + 3 * 3600.0, irregular=True).metrics
    assert found["cvhr_per_h"].note == found["cvhr_observed_h"].note == RHYTHM
    assert found["breathing_rate_brpm"].value is not None


def test_too_short_for_a_trend() -> None:
    """An hour has two half hours."""
    found = of(sleeper(1.0), START, START + 3600.0).metrics
    assert found["breathing_rate_brpm"].value == pytest.approx(14.0, abs=0.1)
    assert found["breathing_slope"].note == "need_input:name=breathing_half_hours,have=2,need=3"


@pytest.mark.full
def test_a_real_night(shared_data: Path) -> None:
    """All but the temperature."""
    night, _ = real_night(shared_data / "whoop_real_night", START)
    found = of(night, night.ts[0], night.ts[-1])
    metrics = found.metrics
    assert metrics["breathing_rate_brpm"].value == pytest.approx(15.6, abs=0.3)
    assert 0.3 < (metrics["breathing_rate_sd"].value or 0.0) < 1.5
    assert 1.0 < (metrics["cvhr_per_h"].value or 0.0) < 12.0
    assert metrics["skin_temp_c"].note == NO_THERMOMETER
    assert found.timeline is not None
    told = np.isfinite(found.timeline.brpm)
    assert told.mean() > 0.3
    assert np.median(found.timeline.brpm[told]) == pytest.approx(15.6, abs=0.4)
