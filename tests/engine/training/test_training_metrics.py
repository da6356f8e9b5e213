"""A day's load, wrapped."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.metric import Metric
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.training.curve import strain_curve
from custom_components.openstrap.engine.training.track import Track
from custom_components.openstrap.engine.training.training_metrics import (
    ENERGIES,
    LOADS,
    ROWS,
    ZONES,
    training_trends,
)

from .wearers import DAY, PROFILE, anchors_made, day_made, history, track_made

KEYS = [row.key for row in ROWS]
NO_REST = "need_input:name=resting_hr_bpm,have=0,need=1"


def ordinary() -> Track:
    """Sleep to seven, a desk, a run of 40 minutes at noon, an evening."""
    hr = np.full(1440, 72.0)
    hr[:420] = 54.0
    hr[720:760] = 150.0
    return track_made(hr.tolist(), resting_min=420)


def facts_of(track: Track, days: int = 40) -> dict[date, DayFacts]:
    """Facts of its day after quiet ones."""
    today = day_made(DAY, dict(track.wake_hr()), resting_hr_bpm=55.0)
    return history(days) | {DAY: today}


def value(found: dict[str, Metric], key: str) -> float:
    """Return the value of a metric that has one."""
    value = found[key].value
    assert value is not None
    return value


def test_an_ordinary_day() -> None:
    """Every number is there, in the order of the rows."""
    track = ordinary()
    found = training_trends(facts_of(track), DAY, PROFILE, track)
    assert list(found) == KEYS
    assert all(metric.value is not None for metric in found.values())
    assert 11.0 < value(found, "strain") < 13.5
    assert found["strain"].note is None
    assert value(found, "zone_4_min") == 40.0
    assert sum(value(found, key) for key in ZONES) == 40.0
    assert found["zone_1_min"].note == "zone_source=tanaka"
    assert dict(found["zone_1_min"].drivers)["below_min"] == 980.0
    assert value(found, "day_hr_max_bpm") == 150.0
    assert value(found, "hr_max_bpm") == pytest.approx(187.0)
    assert found["hr_max_bpm"].note == "hr_max_source=age"
    assert value(found, "total_kcal") == pytest.approx(
        value(found, "active_kcal") + value(found, "basal_kcal"), abs=1e-5
    )
    assert 2000.0 < value(found, "total_kcal") < 3500.0
    assert found["strain"].confidence == pytest.approx(0.8 / 3.0, abs=1e-6)


def test_the_curve_ends_at_the_published_strain() -> None:
    """To the last place that is kept."""
    track = ordinary()
    strain = value(training_trends(facts_of(track), DAY, PROFILE, track), "strain")
    curve = strain_curve(track, anchors_made(55.0), 0.1, strain)
    assert curve is not None
    assert curve.strain[-1] == strain


def test_when_the_track_is_gone() -> None:
    """Load and zones stay; the highest ten seconds are not known any more."""
    track = ordinary()
    facts = facts_of(track)
    with_track = training_trends(facts, DAY, PROFILE, track)
    without = training_trends(facts, DAY, PROFILE, None)
    for key in (*LOADS, *ZONES, "quiet_cost", "hr_max_bpm", "vo2max"):
        assert without[key] == with_track[key]
    assert without["active_kcal"] == with_track["active_kcal"]
    assert without["day_hr_max_bpm"].note == "need_input:name=hr_min,have=0,need=10"


def test_before_the_own_quiet_cost_is_known() -> None:
    """Strain says so, and is less sure."""
    track = ordinary()
    young = training_trends(facts_of(track, 14), DAY, PROFILE, track)
    known = training_trends(facts_of(track, 15), DAY, PROFILE, track)
    assert young["strain"].note == "quiet_source=reference"
    assert known["strain"].note is None
    assert young["strain"].confidence == pytest.approx(0.7 * known["strain"].confidence, abs=1e-6)
    assert young["trimp"].confidence == known["trimp"].confidence


def test_a_quiet_day_is_near_zero() -> None:
    """Resting days have no strain; that is a number, not a missing one."""
    track = track_made([70.0] * 1440, resting_min=420)
    for days in (2, 40):
        found = training_trends(facts_of(track, days), DAY, PROFILE, track)
        assert value(found, "strain") == 0.0
        assert found["strain"].confidence > 0.0


def test_a_short_day_is_less_sure() -> None:
    """By its waking minutes; of ten minutes nothing is said."""
    short = track_made([70.0] * 300)
    found = training_trends(facts_of(short), DAY, PROFILE, short)
    assert found["strain"].confidence == pytest.approx(0.5 * 0.8 / 3.0, abs=1e-6)
    none = track_made([70.0] * 9)
    found = training_trends(facts_of(none), DAY, PROFILE, none)
    assert {found[key].note for key in (*LOADS, *ZONES, *ENERGIES)} == {
        "need_input:name=waking_hr_min,have=9,need=10"
    }
    assert value(found, "vo2max") > 20.0


def test_without_a_night_or_an_age() -> None:
    """What is missing is named at its root, and nothing is assumed."""
    track = ordinary()
    nights = {DAY: day_made(DAY, dict(track.wake_hr()))}
    found = training_trends(nights, DAY, PROFILE, track)
    assert {found[key].note for key in KEYS if key not in ("hr_max_bpm", "day_hr_max_bpm")} == {
        NO_REST
    }
    assert value(found, "hr_max_bpm") == pytest.approx(187.0)
    ageless = training_trends(facts_of(track), DAY, Profile(), track)
    reason = "need_input:name=birth_year_or_maximum_heart_rate,have=0,need=1"
    assert {ageless[key].note for key in KEYS if key != "day_hr_max_bpm"} == {reason}
    assert value(ageless, "day_hr_max_bpm") == 150.0
    empty = training_trends({}, DAY, PROFILE, None)
    assert list(empty) == KEYS
    assert all(metric.value is None or key == "hr_max_bpm" for key, metric in empty.items())


def test_without_a_body() -> None:
    """Load needs no body; energy and capacity do."""
    track = ordinary()
    found = training_trends(facts_of(track), DAY, replace(PROFILE, weight_kg=None), track)
    assert value(found, "strain") > 11.0
    for key in (*ENERGIES, "vo2max"):
        assert found[key].note == "need_input:name=weight_kg,have=0,need=1"


def test_what_was_seen_makes_it_surer() -> None:
    """A told maximum: zones of the reserve, and more confidence in everything."""
    track = ordinary()
    told = training_trends(facts_of(track), DAY, replace(PROFILE, hr_max_bpm=190.0), track)
    aged = training_trends(facts_of(track), DAY, PROFILE, track)
    assert told["zone_3_min"].note == "zone_source=karvonen"
    for key in ("strain", "trimp", "zone_1_min", "active_kcal", "vo2max", "hr_max_bpm"):
        assert told[key].confidence > aged[key].confidence


def test_later_days_do_not_matter() -> None:
    """A day says the same whenever it is asked."""
    track = ordinary()
    facts = facts_of(track)
    later = DAY + timedelta(days=1)
    more = facts | {later: day_made(later, {180: 600}, hr_peak_held_bpm=205.0)}
    assert training_trends(more, DAY, PROFILE, track) == training_trends(facts, DAY, PROFILE, track)


def test_an_artefact_is_no_peak() -> None:
    """What no heart of that age reaches is left out."""
    hr = np.full(600, 80.0)
    hr[300] = 216.0
    track = track_made(hr.tolist())
    found = training_trends(facts_of(track), DAY, replace(PROFILE, birth_year=1976), track)
    assert value(found, "day_hr_max_bpm") == 80.0
