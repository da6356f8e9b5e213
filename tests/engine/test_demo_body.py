"""A made-up heart and arm, as the records carry them."""

from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.demo import demo_beats, demo_frames, demo_night
from custom_components.openstrap.engine.demo_body import body_of
from custom_components.openstrap.engine.demo_story import STORY_DAYS, day_story
from custom_components.openstrap.engine.rollup import Minutes, Source, best_minutes, sum_minutes

from .series import BERLIN, decoded

END = date(2026, 6, 10)
SEED = 7


def day_of(number: int) -> date:
    """Return the date of a day of the story."""
    return END - timedelta(days=STORY_DAYS - 1 - number)


@cache
def minutes_of(number: int) -> Minutes:
    """Return the minutes of the calendar day, from its frames."""
    start, end = window_of(day_of(number), BERLIN)
    frames = demo_frames(SEED, start, end + 6 * 3600, BERLIN, END)
    return best_minutes(sum_minutes(decoded(frames), Source.SUMMARY))


def night_rr(number: int) -> NDArray[np.float64]:
    """Intervals of the night that ends on a day, ms."""
    night = demo_night(SEED, day_of(number), BERLIN, END)
    return np.diff(demo_beats(SEED, night.onset_ts, night.offset_ts, BERLIN, END)) * 1000.0


def test_a_workout_is_in_the_frames() -> None:
    """The heart follows within minutes, comes near its peak, falls off after, and the arm moves."""
    number = next(
        n
        for n in range(45)
        if any(w.kind == "run" for w in day_story(SEED, day_of(n), BERLIN, END).workouts)
    )
    (run,) = day_story(SEED, day_of(number), BERLIN, END).workouts
    minutes = minutes_of(number)
    during = (minutes.minute >= run.start_ts + 300) & (minutes.minute < run.end_ts - 60)
    before = (minutes.minute >= run.start_ts - 1800) & (minutes.minute < run.start_ts - 60)
    assert minutes.hr_bpm[during].min() > 135
    assert minutes.hr_bpm[during].max() == pytest.approx(run.peak_bpm, abs=8)
    assert np.median(minutes.dyn_g[during]) > 5 * np.median(minutes.dyn_g[before])
    beats = demo_beats(SEED, run.end_ts - 20, run.end_ts + 90, BERLIN, END)
    pace = 60.0 / np.diff(beats)
    at_end = pace[beats[1:] < run.end_ts].mean()
    minute_later = pace[np.abs(beats[1:] - run.end_ts - 60) < 10].mean()
    assert 12 < at_end - minute_later < 50


def test_an_ill_night() -> None:
    """The heart is faster and more even, and the breath, seen in the intervals, too."""
    well, ill = night_rr(84), night_rr(88)
    assert 60000 / np.median(ill) > 60000 / np.median(well) + 4
    rmssd = [float(np.sqrt(np.mean(np.diff(rr) ** 2))) for rr in (well, ill)]
    assert rmssd[1] < 0.75 * rmssd[0]
    assert body_of(SEED, day_of(88), BERLIN, END).breaths_hz > 0.27


def test_a_nap_is_in_the_frames() -> None:
    """A still arm and a slow heart in the early afternoon."""
    number = next(n for n in range(45) if day_story(SEED, day_of(n), BERLIN, END).naps)
    ((start, end),) = day_story(SEED, day_of(number), BERLIN, END).naps
    minutes = minutes_of(number)
    dozing = (minutes.minute >= start + 120) & (minutes.minute < end - 120)
    assert np.nanmean(minutes.hr_bpm[dozing]) < 62
    assert np.median(minutes.dyn_g[dozing]) < 0.02


def test_days_meet_without_a_jump() -> None:
    """Beats go on over noon, whatever the chapters on both sides are."""
    for number in (63, 64, 75, 85, 89):
        noon = body_of(SEED, day_of(number), BERLIN, END).end
        beats = demo_beats(SEED, noon - 60, noon + 60, BERLIN, END)
        assert np.diff(beats).min() > 0.3
        assert np.diff(beats).max() < 1.3


def test_another_end_of_the_story_is_another_life() -> None:
    """The same seed and end are the same bytes; a story differs from everyday life."""
    start, _ = window_of(day_of(88), BERLIN)
    stretch = (SEED, start, start + 1800, BERLIN)
    assert demo_frames(*stretch, END) == demo_frames(*stretch, END)
    assert demo_frames(*stretch, END) == demo_frames(*stretch, END + timedelta(days=STORY_DAYS))
    assert demo_frames(*stretch, END) != demo_frames(*stretch)
