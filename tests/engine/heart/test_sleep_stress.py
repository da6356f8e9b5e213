"""Disturbed sleep."""

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.heart.sleep_stress import sleep_stress

from .made import minutes_made


def test_a_still_night_scores_nothing() -> None:
    """0 is an answer here."""
    found = sleep_stress(minutes_made(np.full(480, 55.0)))
    assert (found.stress, found.restlessness) == (0.0, 0.0)
    assert (found.motion_min, found.hr_min) == (480, 480)


def test_bouts_and_events() -> None:
    """Two minutes are one bout, but two events when the heart rose in both."""
    hr, moved = np.full(480, 55.0), np.zeros(480)
    for at in range(8):
        moved[30 + 60 * at : 32 + 60 * at] = 0.4
    hr[30:32] = hr[90:92] = 70.0
    found = sleep_stress(minutes_made(hr, moved=moved))
    assert found.bouts_per_h == pytest.approx(1.0)
    assert found.mobile_pct == pytest.approx(100.0 * 16 / 480)
    assert found.events_per_h == pytest.approx(0.5)
    assert found.restlessness == pytest.approx(6.0 + 0.5 * 100.0 * 16 / 480)
    assert found.stress == pytest.approx(12.0 * 0.5 + 0.5 * 100.0 * 16 / 480)


@pytest.mark.parametrize(("share", "restless"), [(0.19, False), (0.2, True)])
def test_a_fifth_of_a_minute_makes_it_restless(share: float, restless: bool) -> None:
    """The limit itself counts."""
    found = sleep_stress(minutes_made(np.full(100, 55.0), moved=share))
    assert (found.mobile_pct == 100.0) is restless


def test_a_rise_takes_8_bpm_and_movement() -> None:
    """Neither alone is an event."""
    hr, moved = np.full(200, 55.0), np.zeros(200)
    hr[10], hr[50], hr[90] = 62.0, 64.0, 64.0
    moved[[10, 50]] = 1.0
    found = sleep_stress(minutes_made(hr, moved=moved))
    assert found.events_per_h == pytest.approx(60.0 / 200)


def test_scores_end_at_100() -> None:
    """However restless."""
    moved = np.tile([1.0, 0.0], 100)
    found = sleep_stress(minutes_made(np.tile([90.0, 50.0], 100), moved=moved))
    assert found.restlessness == 100.0
    assert found.stress is not None and found.stress <= 100.0


def test_thin_nights_say_nothing() -> None:
    """Less than an hour of movement; without heart rate only half an answer."""
    for minutes in (
        minutes_made(np.empty(0)),
        minutes_made(np.full(59, 55.0)),
        minutes_made(np.full(300, 55.0), moved=np.nan),
    ):
        found = sleep_stress(minutes)
        assert found.restlessness is None and found.stress is None
    hr = np.full(300, np.nan)
    hr[:59] = 55.0
    found = sleep_stress(minutes_made(hr))
    assert (found.restlessness, found.stress, found.hr_min) == (0.0, None, 59)


@settings(max_examples=40)
@given(st.integers(0, 999), st.floats(-15.0, 40.0), st.integers(0, 10**6))
def test_only_the_night_s_own_level_counts(seed: int, level: float, shift: int) -> None:
    """A faster heart all night long, or another night, scores the same."""
    dice = np.random.default_rng(seed)
    hr, moved = dice.normal(60.0, 5.0, 200), (dice.random(200) < 0.1).astype(float)
    here = sleep_stress(minutes_made(hr, moved=moved))
    there = sleep_stress(minutes_made(hr + level, moved=moved, start_ts=60.0 * shift))
    assert there.stress == pytest.approx(here.stress)
    assert there.restlessness == here.restlessness
