"""The story that the wearer who does not exist lives."""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.demo_story import (
    DETRAINING,
    ILLNESS,
    OVERREACHING,
    STORY_DAYS,
    TAPER,
    TRIP,
    Chapter,
    DayStory,
    day_story,
    demo_days,
)

from .series import BERLIN, at

END = date(2026, 6, 10)
SEEDS = st.integers(0, 2**63 - 1)


@cache
def told(seed: int = 7) -> tuple[DayStory, ...]:
    """Tell a whole story."""
    return demo_days(seed, at(END, 23, 59), BERLIN)


def mean_rest(days: range) -> float:
    """Floor of the sleeping heart over some days of several stories, bpm."""
    return float(np.mean([told(seed)[number].resting_bpm for seed in range(4) for number in days]))


@given(SEEDS, st.integers(1, 60), st.integers(0, 24 * 60 - 1))
def test_a_longer_story_tells_the_same_days(seed: int, days: int, minute: int) -> None:
    """And nothing of what comes after now."""
    now = at(END, minute // 60, minute % 60)
    whole, short = demo_days(seed, now, BERLIN), demo_days(seed, now, BERLIN, days)
    assert len(whole) == STORY_DAYS
    assert whole[-days:] == short
    today = whole[-1]
    spans = [today.night, today.off_wrist, *today.wakes, *today.naps, *today.walks]
    spans += [(one.start_ts, one.end_ts) for one in today.workouts]
    assert all(start <= end <= now for start, end in spans)
    assert whole[:-1] == tuple(day_story(seed, one.day, BERLIN, END) for one in whole[:-1])


@pytest.mark.full
@given(SEEDS)
def test_what_happens_in_a_day_does_not_collide(seed: int) -> None:
    """Wakes within the night, everything else awake, workouts not in a nap, the strap on for them."""
    for one in told(seed):
        assert 5.5 * 3600 < one.night[1] - one.night[0] < 9.6 * 3600
        ends = [one.night[0], *(ts for wake in one.wakes for ts in wake), one.night[1]]
        assert ends == sorted(ends)
        training = [(workout.start_ts, workout.end_ts) for workout in one.workouts]
        busy = sorted([*training, *one.naps, one.off_wrist])
        assert busy[0][0] > one.night[1]
        assert all(left[1] <= right[0] for left, right in pairwise(busy))


def test_the_heart_grows_slower() -> None:
    """From 51 to 48, but for what happens."""
    assert mean_rest(range(10)) == pytest.approx(51.0, abs=0.6)
    assert mean_rest(range(83, 86)) == pytest.approx(48.2, abs=0.8)
    assert mean_rest(ILLNESS) == pytest.approx(53.5, abs=0.8)
    assert mean_rest(OVERREACHING) > mean_rest(range(70, 76)) + 1.0


def test_the_chapters() -> None:
    """Weeks without training, easy ones, too much of it, and a cold that ends the story."""
    story = told()
    assert [one.chapter_day for one in story] == list(range(STORY_DAYS))
    for days, chapter in (
        (DETRAINING, Chapter.DETRAINING),
        (TAPER, Chapter.TAPER),
        (OVERREACHING, Chapter.OVERREACHING),
        (ILLNESS, Chapter.ILLNESS),
    ):
        assert {story[number].chapter for number in days} == {chapter}
    assert not any(story[number].workouts for number in (*DETRAINING, *ILLNESS))
    assert all(len(story[number].workouts) == 3 for number in OVERREACHING)
    assert {one.kind for number in TAPER for one in story[number].workouts} == {"walk"}
    assert {one.kind for one in story[0].workouts + story[1].workouts + story[2].workouts} <= {
        "walk", "run", "strength",
    }  # fmt: skip
    weekdays = {one.day.isoweekday() for one in story[:45] if one.workouts}
    assert weekdays == {1, 3, 5, 6}
    assert [one.ill for one in story[-5:]] == [False, True, True, True, True]
    ill, well = story[-4:], story[20:45]
    assert all(5 <= len(one.wakes) <= 7 for one in ill)
    assert all(2 <= len(one.wakes) <= 4 for one in well)
    assert max(one.hrv for one in ill) < min(one.hrv for one in well)
    assert min(one.breaths_hz for one in ill) > max(one.breaths_hz for one in well) + 0.02
    assert max(one.steps for one in ill) < min(one.steps for one in well)
    assert any(one.naps for one in story)


def test_the_trip() -> None:
    """Nights move with the wearer's clock, and come back."""
    story = told()
    ahead = [one.ahead_h for one in story]
    assert [number for number, hours in enumerate(ahead) if hours] == list(TRIP)
    assert story[66].zone == timedelta(hours=-4)

    def up(one: DayStory) -> float:
        return (one.night[1] - at(one.day, 0)) / 3600.0

    assert up(story[66]) == pytest.approx(10.5, abs=0.7)
    assert up(story[72]) == pytest.approx(6.5, abs=0.7)


def test_the_strap_comes_off_at_noon() -> None:
    """Longer on every fifth day."""
    lengths = [(one.off_wrist[1] - one.off_wrist[0]) / 60.0 for one in told()]
    assert sorted(set(lengths)) == [12.0, 25.0]
    assert lengths.count(25.0) == STORY_DAYS // 5


@given(SEEDS, st.integers(-400, 400))
def test_it_goes_on_after_its_end(seed: int, days: int) -> None:
    """The same chapters every ninety days; without a story it is always everyday."""
    day = END + timedelta(days=days)
    one = day_story(seed, day, BERLIN, END)
    later = day_story(seed, day, BERLIN, END + timedelta(days=STORY_DAYS))
    assert one == later
    assert one.chapter is day_story(seed, day + timedelta(days=STORY_DAYS), BERLIN, END).chapter
    plain = day_story(seed, day, BERLIN)
    assert (plain.chapter, plain.chapter_day, plain.ahead_h) == (Chapter.EVERYDAY, None, 0.0)
