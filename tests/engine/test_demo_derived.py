"""What the engine sees of the demo wearer's story is what the story says."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pytest

from custom_components.openstrap.engine.day import DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.demo import demo_frames
from custom_components.openstrap.engine.demo_story import DayStory, day_story
from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.rollup import Source
from custom_components.openstrap.engine.samples import build_samples
from custom_components.openstrap.engine.trends import derive_trends

from .series import BERLIN, decoded

pytestmark = pytest.mark.full

END = date(2026, 6, 10)
SEED = 7
DAYS = 19
"""From the last easy week through too much training into the cold."""
ADULT = Profile(1990, "m", 180.0, 80.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """A day as it was told and as it was derived."""

    told: DayStory
    result: DayResult

    def value(self, key: str) -> float | None:
        """Return a bare number."""
        return self.result.metrics[key].value

    def number(self, key: str) -> float:
        """Return a number that must be there."""
        value = self.value(key)
        assert value is not None, (self.told.day, key, self.result.metrics[key].note)
        return value


@cache
def days() -> tuple[Seen, ...]:
    """Derive the end of the story, one day after the other."""
    facts: list[DayFacts] = []
    found = []
    for back in range(DAYS)[::-1]:
        day = END - timedelta(days=back)
        frames = demo_frames(SEED, *window_of(day, BERLIN), BERLIN, END)
        samples = build_samples([(Source.SUMMARY, decoded(frames))])
        result = derive_day(DayInputs(day, BERLIN, samples, ADULT))
        result = derive_trends(result, facts, ADULT)
        assert result.facts is not None
        facts.append(result.facts)
        found.append(Seen(day_story(SEED, day, BERLIN, END), result))
    return tuple(found)


def test_workouts_are_found_where_they_were() -> None:
    """Nine of ten, when they were, and none that was not."""
    told = found = 0
    for day in days():
        seen = day.result.details["trends"]["workouts"]
        told += len(day.told.workouts)
        for workout in day.told.workouts:
            found += any(
                abs(one["start_ts"] - workout.start_ts) < 600.0
                and -300.0 < one["end_ts"] - workout.end_ts < 1200.0
                for one in seen
            )
        if not day.told.workouts:
            assert seen == [], day.told.day
    assert told > 20
    assert found >= 0.9 * told


def test_training_costs_more_than_rest() -> None:
    """Every day with workouts is more strain, and more energy, than every one without."""
    active = [day for day in days() if day.told.workouts]
    resting = [day for day in days() if not day.told.workouts]
    assert len(active) >= 5 <= len(resting)
    for key in ("strain", "active_kcal"):
        least = min(day.number(key) for day in active)
        assert least > max(day.number(key) for day in resting if not day.told.ill), key
    assert all(400.0 < day.number("active_kcal") < 1000.0 for day in resting)


def test_the_heart_comes_down_after_a_workout() -> None:
    """By twenty to fifty beats in the first minute, after every one that was found."""
    drops = [day.number("hrr60_bpm") for day in days() if day.told.workouts]
    assert min(drops) > 15.0 and max(drops) < 50.0
    hard = [day.number("hrr60_bpm") for day in days() if len(day.told.workouts) == 3]
    assert min(hard) > 25.0


def test_the_arm_is_still_enough_by_day() -> None:
    """For variability, and for naps to stand out; and not always."""
    for day in days():
        assert 15.0 < day.number("daytime_rmssd_ms") < 45.0
        assert 30.0 < day.number("active_min") < 240.0
        assert day.number("dyn_amp_mg") < 100.0


def test_naps_are_found() -> None:
    """Those that were, and none that were not.

    Of a long one with turns in it a part may be missing: a nap is ten minutes of stillness.
    """
    assert sum(bool(day.told.naps) for day in days()) >= 4
    for day in days():
        found = day.result.details["naps"]
        assert day.number("nap_count") == len(day.told.naps), day.told.day
        for (start, end), (first, last, *_) in zip(day.told.naps, found, strict=True):
            assert start - 300.0 < first and last < end + 300.0
            assert last - first > 0.4 * (end - start)


def test_the_cold_shows() -> None:
    """Little recovery, faster breath, and an alert before it is over."""
    ill = [day for day in days() if day.told.ill]
    well = [day for day in days()[6:] if not (day.told.ill or day.told.workouts)]
    assert max(day.number("recovery") for day in ill) < 34.0
    assert all(day.number("recovery") > 34.0 for day in well)
    assert max(day.number("body_alert") for day in ill) >= 1.0
    alerts = {day.value("body_alert") for day in well}
    assert alerts - {None} == {0.0}
    assert min(day.number("breathing_rate_brpm") for day in ill) > 15.5


def test_recovery_shows_from_the_fifth_day_on() -> None:
    """After four nights to compare with."""
    shown = [day.value("recovery") is not None for day in days()]
    assert shown == [False] * 4 + [True] * (DAYS - 4)
