"""When a workout ended that nobody ended."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.forgotten import Closed, calm_bpm, end_of_forgotten
from custom_components.openstrap.engine.training.track import Track

from .workout_days import ANCHORS, DAY_S, MIDNIGHT, day_track

START, END = MIDNIGHT + 36000.0, MIDNIGHT + 38400.0
RUN = day_track([(36000.0, 38400.0, 150.0)])
ALL = MIDNIGHT + DAY_S


@pytest.mark.parametrize(
    ("resting", "maximum", "calm"), [(60, 190, 80), (50, 180, 70), (60, 130, 75)]
)
def test_calm(resting: float, maximum: float, calm: float) -> None:
    """15 bpm or 15 % of the reserve above rest."""
    assert calm_bpm(resting, maximum) == calm


def test_it_ends_with_the_last_raised_minute() -> None:
    """And that shows twelve minutes later."""
    found = end_of_forgotten(RUN, START, ANCHORS, ALL)
    assert found is not None
    assert END <= found.end_ts <= END + 240.0
    assert found.shown_ts == pytest.approx(found.end_ts + 720.0, abs=60.0)
    assert end_of_forgotten(RUN, START, ANCHORS, found.shown_ts - 1.0) is None


@given(st.floats(0.0, DAY_S - 36000.0))
def test_asking_later_changes_nothing(after: float) -> None:
    """Once it can be told it stays."""
    whole = end_of_forgotten(RUN, START, ANCHORS, ALL)
    found = end_of_forgotten(RUN, START, ANCHORS, START + after)
    assert whole is not None
    assert found == (whole if START + after >= whole.shown_ts else None)


def test_a_heart_that_stays_up_ends_it_after_six_hours() -> None:
    """With its last raised minute."""
    track = day_track([(36000.0, 70000.0, 110.0)])
    assert end_of_forgotten(track, START, ANCHORS, START + 21599.0) is None
    assert end_of_forgotten(track, START, ANCHORS, ALL) == Closed(START + 21600.0, START + 21600.0)


@pytest.mark.parametrize("known", ["calm", "dark", "no anchors"])
def test_where_nothing_says_how_long_it_was_it_is_a_minute(known: str) -> None:
    """No hours are made up."""
    track = day_track()
    if known == "dark":
        track = Track(
            track.start_ts, MIDNIGHT, np.full_like(track.hr_bpm, np.nan), track.dyn_mg, track.waking
        )
    anchors = None if known == "no anchors" else ANCHORS
    assert end_of_forgotten(track, START, anchors, ALL) == Closed(START + 60.0, START + 21600.0)


def test_a_pause_in_the_dark_does_not_end_it() -> None:
    """Twelve minutes of which two are known say nothing."""
    hr = RUN.hr_bpm.copy()
    at = RUN.step_ts
    hr[(at >= END) & (at < END + 1800.0)] = np.nan
    track = Track(RUN.start_ts, MIDNIGHT, hr, RUN.dyn_mg, RUN.waking)
    found = end_of_forgotten(track, START, ANCHORS, ALL)
    assert found == Closed(END, END + 1800.0 + 180.0)
