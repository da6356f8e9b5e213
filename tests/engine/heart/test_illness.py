"""Two watches over the nightly heart rate."""

from datetime import date, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap.engine.heart.illness import (
    NO_NIGHT_HR,
    NO_RESTING_HR,
    Cusum,
    Level,
    NightSignal,
    illness_cusum,
    night_signal,
)

from .made import day_at, series

FLU = [56, 57, 55, 56, 58, 57, 56, 55, 57, 56, 59, 61, 62, 57, 56, 55]


def cusum(values: dict[date, float], at: int) -> Cusum:
    """Answer for a day that has one."""
    found = illness_cusum(values, day_at(at))
    assert isinstance(found, Cusum)
    return found


def signal(values: dict[date, float], at: int) -> NightSignal:
    """Answer for a day that has one."""
    found = night_signal(values, day_at(at))
    assert isinstance(found, NightSignal)
    return found


def test_known_illness() -> None:
    """Sum and level night by night."""
    values = series(FLU)
    found = [cusum(values, at) for at in range(7, 16)]
    expected = [0.0, 0.1745, 0.0, 1.5235, 4.3959, 11.3153, 10.8153, 0.0, 0.0]
    # The vector counts days from 1 and ends with the sixteenth.
    assert [round(day.total, 4) for day in found] == expected
    assert [day.level for day in found] == [
        Level.GREEN,
        Level.GREEN,
        Level.GREEN,
        Level.GREEN,
        Level.YELLOW,
        Level.RED,
        Level.RED,
        Level.GREEN,
        Level.GREEN,
    ]
    assert found[4].z == pytest.approx(3.3725, abs=5e-5)


def test_a_hole_of_two_days_starts_the_sum_anew() -> None:
    """What was added up before a hole is forgotten."""
    values = series([*FLU[:11], 61, 62, 62, 63])
    assert cusum(values, 14).total > 15.0
    for at in (12, 13):
        del values[day_at(at)]
    alone = cusum(values, 14)
    assert alone.total == pytest.approx(alone.z - 0.5)
    assert alone.level is Level.YELLOW


def test_what_is_missing_is_said() -> None:
    """Tonight, or enough nights before it."""
    values = series(FLU)
    assert illness_cusum(values, day_at(20)) == NO_RESTING_HR
    assert night_signal(values, day_at(20)) == NO_NIGHT_HR
    for watch in (illness_cusum, night_signal):
        assert watch(values, day_at(6)) == "need_baseline:have=6,need=7"
        assert isinstance(watch(values, day_at(7)), str) is False
        assert isinstance(watch({}, day_at(7)), str)


def test_a_constant_heart_has_no_scale_but_a_median() -> None:
    """One watch needs a spread, the other does not."""
    values = series([55.0] * 20 + [70.0])
    assert illness_cusum(values, day_at(20)) == "degenerate_baseline:scale=0"
    assert signal(values, 20).above_bpm == 15.0


def test_nights_before_the_calendar_window_do_not_count() -> None:
    """Twenty nights of two months ago are no baseline."""
    values = series([50.0 + at % 3 for at in range(20)])
    values |= series([60.0], day_at(60))
    assert illness_cusum(values, day_at(60)) == "need_baseline:have=0,need=7"
    assert night_signal(values, day_at(60)) == "need_baseline:have=0,need=7"


@pytest.mark.parametrize(
    ("last_two", "level"),
    [
        ((55.0, 57.9), Level.GREEN),
        ((55.0, 58.0), Level.YELLOW),
        ((55.0, 62.0), Level.YELLOW),
        ((58.9, 59.0), Level.YELLOW),
        ((59.0, 59.0), Level.RED),
        ((62.0, 55.0), Level.GREEN),
    ],
)
def test_night_signal(last_two: tuple[float, float], level: Level) -> None:
    """3 bpm warn, 4 bpm twice alert; the limits themselves count."""
    values = series([54.0, 55.0, 56.0] * 5 + list(last_two))
    assert signal(values, 16).level is level


def test_a_night_signal_needs_two_neighbouring_nights() -> None:
    """A missing night is not bridged."""
    values = series([54.0, 55.0, 56.0] * 5 + [60.0, 60.0, 60.0])
    del values[day_at(16)]
    assert signal(values, 17).level is Level.YELLOW


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(45, 75), min_size=9, max_size=40),
    st.integers(-400, 400),
    st.integers(-10, 10),
)
def test_shifts_of_date_and_level_change_nothing(rates: list[int], days: int, level: int) -> None:
    """Only the order of the nights and their distances count."""
    last = len(rates) - 1
    here = illness_cusum(series(rates), day_at(last))
    there = illness_cusum(
        series([rate + level for rate in rates], day_at(days)), day_at(days + last)
    )
    if isinstance(here, str):
        assert there == here
    else:
        assert isinstance(there, Cusum)
        assert there.total == pytest.approx(here.total, abs=1e-9)
        assert there.level is here.level


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(45, 75), min_size=70, max_size=90))
def test_older_history_than_the_horizon_is_not_read(rates: list[int]) -> None:
    """A sum of 56 days, each with 28 before it, reads 84."""
    values = series(rates)
    last = day_at(len(rates) - 1)
    recent = {day: rate for day, rate in values.items() if last - day <= timedelta(days=84)}
    assert illness_cusum(values, last) == illness_cusum(recent, last)
    assert night_signal(values, last) == night_signal(recent, last)
