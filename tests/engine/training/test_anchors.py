"""The two ends of the heart rate."""

from datetime import timedelta

import pytest

from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.training.anchors import Anchors, anchors_of

from .wearers import DAY, PROFILE, day_made, history


def found_of(days: int) -> Anchors:
    """Anchors after so many days of rest at 55."""
    found = anchors_of(history(days), DAY, PROFILE)
    assert isinstance(found, Anchors)
    return found


def test_the_middle_of_four_weeks_before() -> None:
    """The day itself has no say once there are earlier nights."""
    facts = history(40) | {DAY: day_made(DAY, resting_hr_bpm=80.0)}
    found = anchors_of(facts, DAY, PROFILE)
    assert isinstance(found, Anchors)
    assert (found.resting_bpm, found.resting_nights, found.sex) == (55.0, 28, "m")
    assert found.hr_max.bpm == pytest.approx(187.0)
    assert found.confidence == pytest.approx(1.0 / 3.0)


def test_the_first_night_stands_in() -> None:
    """With one night there is a load, of half the confidence."""
    assert found_of(1).resting_nights == 1
    assert found_of(1).confidence == pytest.approx(found_of(40).confidence / 2.0)


def test_old_nights_do_not_count() -> None:
    """Nights of five weeks ago are no rest of today."""
    old = DAY - timedelta(days=29)
    missing = "need_input:name=resting_hr_bpm,have=0,need=1"
    assert anchors_of({old: day_made(old, resting_hr_bpm=50.0)}, DAY, PROFILE) == missing


def test_nothing_is_assumed() -> None:
    """No night: no rest. No age: no maximum. A rest near the maximum: no reserve."""
    assert anchors_of({}, DAY, PROFILE) == "need_input:name=resting_hr_bpm,have=0,need=1"
    aged = anchors_of(history(), DAY, Profile())
    assert aged == "need_input:name=birth_year_or_maximum_heart_rate,have=0,need=1"
    narrow = anchors_of(history(resting_hr_bpm=110.0), DAY, Profile(hr_max_bpm=120.0))
    assert narrow == "need_input:name=heart_rate_reserve_bpm,have=10,need=30"
