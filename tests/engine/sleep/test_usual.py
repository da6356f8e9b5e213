"""The night that is usual for a wearer."""

from datetime import date, datetime, timedelta

import pytest

from custom_components.openstrap.engine.facts import DayFacts, clock_of
from custom_components.openstrap.engine.sleep.usual import DEFAULT_CLOCK, usual_clock, usual_night

from ..series import BERLIN, at

DAY = date(2026, 6, 10)


def slept(day: date, bed: tuple[int, int], up: tuple[int, int]) -> DayFacts:
    """Give the facts of a night; ``bed`` of 12 and later is the evening before."""
    eve = day - timedelta(days=1) if bed[0] >= 12 else day
    return DayFacts(
        day=day,
        tz=str(BERLIN),
        clock=clock_of(day, BERLIN)[0],
        end_ts=at(day + timedelta(days=1), 0),
        onset_ts=at(eve, *bed),
        offset_ts=at(day, *up),
        tst_min=400.0,
    )


def test_a_habit_is_the_median_of_a_fortnight() -> None:
    """One late night changes nothing, and what was a month ago neither; fewer than three say nothing."""
    old = [slept(DAY - timedelta(days=shift), (3, 0), (11, 0)) for shift in range(20, 40)]
    new = [slept(DAY - timedelta(days=shift), (22, 30), (6, 30)) for shift in range(13)]
    late = slept(DAY - timedelta(days=13), (2, 0), (10, 0))
    assert usual_clock([*new, *old, late]) == (-5400.0, 23400.0)
    assert usual_clock(new[:2]) == DEFAULT_CLOCK
    assert usual_clock([]) == DEFAULT_CLOCK


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), DAY])
def test_it_goes_by_the_clock_on_the_wall(day: date) -> None:
    """Also where that is moved in the night."""
    start, end = usual_night(DEFAULT_CLOCK, at(day, 6), BERLIN)
    assert start == at(day - timedelta(days=1), 23)
    assert datetime.fromtimestamp(end, BERLIN).time().hour == 7


def test_it_is_the_nearest() -> None:
    """By day the one before until the next is nearer; half the night at either end of the date."""
    night = (at(DAY - timedelta(days=1), 23), at(DAY, 7))
    for hour in (0, 3, 7, 14):
        assert usual_night(DEFAULT_CLOCK, at(DAY, hour), BERLIN) == night
    assert usual_night(DEFAULT_CLOCK, at(DAY, 16), BERLIN)[0] == night[0] + 86400
    worker = (9 * 3600.0, 16 * 3600.0)
    assert usual_night(worker, at(DAY, 10), BERLIN) == (at(DAY, 9), at(DAY, 16))
