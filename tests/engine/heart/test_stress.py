"""Arousal of waking minutes and hours."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.heart.stress import (
    Band,
    arousal,
    arousal_minutes,
    usual_arousal,
)
from tests.engine.series import BERLIN

from .made import day_at, facts_made, minutes_made

RESTING, MAXIMUM = 60.0, 160.0
"""A reserve of 100 bpm: bpm above rest are percent of it."""


def everyone(n: int) -> NDArray[np.bool_]:
    """Awake all the time."""
    return np.ones(n, dtype=bool)


def test_bands_and_scores() -> None:
    """Limits belong to the upper band; below rest is 0, and activity has no score."""
    hr = [55.0, 69.9, 70.0, 81.9, 82.0, 95.0, 150.0, 100.0]
    act = [0.0] * 7 + [0.05]
    found = arousal_minutes(minutes_made(hr, act_g=act), everyone(8), RESTING, MAXIMUM)
    assert found.band.tolist() == [
        Band.CALM,
        Band.CALM,
        Band.BALANCED,
        Band.BALANCED,
        Band.STRESSED,
        Band.STRESSED,
        Band.STRESSED,
        Band.ACTIVE,
    ]
    assert found.score[:7] == pytest.approx(
        [0.0, 9.9 / 0.35, 10 / 0.35, 21.9 / 0.35, 22 / 0.35, 100.0, 100.0]
    )
    assert np.isnan(found.score[7])


def test_a_day_sums_up_its_still_minutes() -> None:
    """Exercise counts as minutes, not into the score."""
    hr = np.concatenate((np.full(30, 67.0), np.full(5, 81.0), np.full(10, 120.0)))
    act = np.concatenate((np.full(35, 0.001), np.full(10, 0.2)))
    found = arousal(minutes_made(hr, act_g=act), everyone(45), RESTING, MAXIMUM)
    assert found.score == pytest.approx((30 * 20.0 + 5 * 60.0) / 35)
    assert found.peak == pytest.approx(60.0)
    assert (found.calm_min, found.balanced_min, found.stressed_min) == (30, 5, 0)
    assert (found.active_min, found.known_min) == (10, 45)


def test_a_peak_takes_three_still_minutes_of_five() -> None:
    """Two high minutes between walks are none."""
    hr = np.array([60.0, 95.0, 95.0, 60.0, 60.0, 60.0])
    act = np.array([0.1, 0.0, 0.0, 0.1, 0.1, 0.1])
    found = arousal(minutes_made(hr, act_g=act), everyone(6), RESTING, MAXIMUM)
    assert found.score == pytest.approx(100.0)
    assert found.peak is None
    assert arousal(minutes_made([70.0] * 4), everyone(4), RESTING, MAXIMUM).peak is None


@pytest.mark.parametrize(
    "changed",
    [
        {"act_g": 0.2},
        {"act_g": np.nan},
        {"worn": False},
        {"hr_bpm": np.full(20, np.nan)},
        {"hr_bpm": np.empty(0)},
    ],
)
def test_no_still_minute_no_score(changed: dict[str, Any]) -> None:
    """Active, unknown, unworn, unread, or no minutes."""
    minutes = minutes_made(**({"hr_bpm": np.full(20, 75.0)} | changed))
    found = arousal(minutes, everyone(len(minutes)), RESTING, MAXIMUM)
    assert found.score is None and found.peak is None
    assert found.low_hrv_min is None


def test_sleep_is_left_out() -> None:
    """It would calm every day."""
    hr = np.concatenate((np.full(60, 60.0), np.full(60, 78.0)))
    awake = np.arange(120) >= 60
    found = arousal(minutes_made(hr), awake, RESTING, MAXIMUM)
    assert found.known_min == 60
    assert found.score == pytest.approx(18.0 / 0.35)
    assert arousal(minutes_made(hr), ~everyone(120), RESTING, MAXIMUM).score is None


def test_hrv_corroborates() -> None:
    """High arousal with low HRV is told apart from high arousal with high HRV."""
    hr = np.full(120, 65.0)
    hr[:40] = 95.0
    low, high = np.full(120, 50.0), np.full(120, 50.0)
    low[:20], high[:40] = 15.0, 90.0
    counted = [
        arousal(minutes_made(hr, rmssd_ms=rmssd), everyone(120), RESTING, MAXIMUM).low_hrv_min
        for rmssd in (low, high)
    ]
    # Five minutes have one median: the edges of the twenty may go either way.
    assert counted[0] is not None and 18 <= counted[0] <= 40
    assert counted[1] == 0
    thin = np.full(120, np.nan)
    thin[:50] = 40.0
    assert (
        arousal(minutes_made(hr, rmssd_ms=thin), everyone(120), RESTING, MAXIMUM).low_hrv_min
        is None
    )


@settings(max_examples=40)
@given(
    st.lists(st.floats(40.0, 180.0), min_size=1, max_size=80),
    st.floats(0.0, 20.0),
    st.integers(0, 10**6),
)
def test_a_faster_heart_never_scores_lower(hr: list[float], more: float, shift: int) -> None:
    """Nor does it matter when the day was."""
    start = 60.0 * shift
    here = arousal(minutes_made(hr), everyone(len(hr)), RESTING, MAXIMUM)
    there = arousal(
        minutes_made(np.array(hr) + more, start_ts=start), everyone(len(hr)), RESTING, MAXIMUM
    )
    assert here.score is not None and there.score is not None
    assert there.score >= here.score - 1e-9
    assert 0.0 <= here.score <= 100.0


def hours(level: float, still: range = range(24)) -> dict[str, Any]:
    """Facts of a day with one heart rate, still in these hours."""
    return {
        "hourly_hr": [level] * 24,
        "hourly_activity": [0.1 if hour in still else 0.6 for hour in range(24)],
    }


def history(days: int, level: float = 70.0) -> dict[date, DayFacts]:
    """Facts of so many days of one level."""
    return {day_at(at): facts_made(day_at(at), **hours(level)) for at in range(days)}


def test_above_the_usual_hour() -> None:
    """Only the hours that were still."""
    facts = history(10) | {day_at(10): facts_made(day_at(10), **hours(76.0, range(8, 14)))}
    found = usual_arousal(facts, day_at(10))
    assert (found.above_bpm, found.hours, found.days) == (6.0, 6, 10.0)


def test_sleep_is_not_compared() -> None:
    """Half an hour of sleep takes out its hour."""
    day = day_at(10)
    bed = datetime.combine(day - timedelta(days=1), time(23), BERLIN).timestamp()
    up = datetime.combine(day, time(6, 30), BERLIN).timestamp()
    slept = facts_made(day, **hours(76.0), asleep=[(bed, up)])
    assert usual_arousal(history(10) | {day: slept}, day).hours == 17


def test_the_usual_takes_seven_days_and_four_hours() -> None:
    """Of the calendar, today not among them."""
    today = {day_at(7): facts_made(day_at(7), **hours(76.0, range(8, 12)))}
    assert usual_arousal(history(7) | today, day_at(7)).above_bpm == 6.0
    assert usual_arousal(history(6) | today, day_at(7)).above_bpm is None
    few = {day_at(7): facts_made(day_at(7), **hours(76.0, range(8, 11)))}
    assert usual_arousal(history(7) | few, day_at(7)).above_bpm is None
    assert usual_arousal(history(7), day_at(7)).above_bpm is None
    late = facts_made(day_at(60), **hours(76.0))
    assert usual_arousal(history(10) | {day_at(60): late}, day_at(60)).hours == 0
