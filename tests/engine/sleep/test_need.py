"""Need and debt."""

from datetime import date, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap.engine.sleep.jetlag import weekend
from custom_components.openstrap.engine.sleep.need import (
    MAX_DEBT_MIN,
    bedtime,
    habitual_min,
    need_tonight,
    norm_min,
    optimal_min,
    sleep_debt,
    sleep_need,
)

MONDAY = date(2026, 9, 7)


def before(*minutes: float, day: date = MONDAY) -> dict[date, float]:
    """Nights that end on the days before a day, the last one first."""
    return {day - timedelta(days=back + 1): value for back, value in enumerate(minutes)}


def test_habit_without_free_nights_tells_no_debt() -> None:
    """DEBT1: nights of 6, 6.2, 5.9 and 6.1 h, none free."""
    slept = before(360, 372, 354, 366)
    found = sleep_need(slept, MONDAY, age_years=40, free=lambda _: False)
    assert found.habitual_min == pytest.approx(60 * 6.05)
    assert (found.optimal_min, found.base_min, found.free_nights) == (None, None, 0)


def test_optimal_is_the_upper_quarter_of_free_nights() -> None:
    """DEBT2: five nights around 6 h, free ones of 8.4, 8.6, 8.5 h."""
    optimal, habitual = optimal_min([8.4, 8.6, 8.5]), habitual_min([6, 6.1, 5.9, 6, 6.2])
    assert optimal is not None
    assert habitual is not None
    assert optimal == pytest.approx(8.55)
    assert optimal - habitual == pytest.approx(2.55)


def test_need_shrinks_to_the_norm() -> None:
    """Need shrinks to the norm."""
    # Sunday, Saturday, Friday: only the Sunday is free after a free night.
    found = sleep_need(before(540, 600, 400), MONDAY, age_years=40, free=weekend)
    assert found.free_nights == 1
    assert found.optimal_min == 540
    assert found.base_min == pytest.approx(540 / 11 + 480 * 10 / 11)
    old = sleep_need(before(540, 600, 400), MONDAY, age_years=70, free=weekend)
    assert old.base_min == pytest.approx(540 / 11 + 450 * 10 / 11)


def test_need_is_never_learnt_from_its_own_night() -> None:
    """Need is never learnt from its own night."""
    slept = before(540, 600, 400)
    found = sleep_need(slept, MONDAY, age_years=40, free=lambda _: True)
    assert found == sleep_need(slept | {MONDAY: 700.0}, MONDAY, age_years=40, free=lambda _: True)


def test_need_looks_back_a_quarter_of_a_year_by_the_calendar() -> None:
    """Need looks back a quarter of a year by the calendar."""
    slept = {MONDAY - timedelta(days=91): 500.0, MONDAY - timedelta(days=90): 520.0}
    found = sleep_need(slept, MONDAY, age_years=40, free=lambda _: True)
    assert (found.optimal_min, found.free_nights) == (520.0, 1)


def test_need_says_nothing_without_an_age_or_a_real_night() -> None:
    """Need says nothing without an age or a real night."""
    free = before(540, 600)
    assert sleep_need(free, MONDAY, age_years=None, free=weekend).base_min is None
    assert sleep_need(free, MONDAY, age_years=4, free=weekend).base_min is None
    assert sleep_need({}, MONDAY, age_years=40, free=weekend).base_min is None
    assert sleep_need(before(119, 119), MONDAY, age_years=40, free=weekend).free_nights == 0


def test_a_told_need_is_the_need() -> None:
    """Whatever was slept; what was learnt stays known beside it."""
    slept = before(540, 600, 400)
    learnt = sleep_need(slept, MONDAY, age_years=40, free=weekend)
    own = sleep_need(slept, MONDAY, age_years=40, free=weekend, own_min=410.0)
    assert (own.base_min, own.told, learnt.told) == (410.0, True, False)
    assert (own.optimal_min, own.free_nights) == (learnt.optimal_min, learnt.free_nights)
    alone = sleep_need({}, MONDAY, age_years=None, free=weekend, own_min=410.0)
    assert (alone.base_min, alone.optimal_min, alone.free_nights) == (410.0, None, 0)


@pytest.mark.parametrize(
    ("age", "norm"), [(None, None), (5, None), (6, 600), (17, 540), (18, 480), (64, 480), (65, 450)]
)
def test_norm(age: int | None, norm: float | None) -> None:
    """Norm."""
    assert norm_min(age) == norm


def test_debt_by_hand() -> None:
    """Debt by hand."""
    slept = before(480, 420, 420, 420, day=MONDAY + timedelta(days=1))
    debt = 0.0
    for lacked in (60, 60, 60, 0):
        debt = 0.85 * debt + lacked
    found = sleep_debt(slept, MONDAY, 480.0)
    assert found.minutes == pytest.approx(debt)
    assert found.recent_nights == 4


def test_debt_ends_at_ten_hours_and_at_none() -> None:
    """Debt ends at ten hours and at none."""
    tomorrow = MONDAY + timedelta(days=1)
    assert sleep_debt(before(*[120] * 20, day=tomorrow), MONDAY, 480).minutes == MAX_DEBT_MIN
    assert sleep_debt(before(*[600] * 20, day=tomorrow), MONDAY, 480).minutes == 0


def test_an_unknown_night_leaves_the_debt_as_it_was() -> None:
    """An unknown night leaves the debt as it was."""
    tomorrow = MONDAY + timedelta(days=1)
    slept = before(*[420] * 7, day=tomorrow)
    hole = MONDAY - timedelta(days=1)
    without = {day: value for day, value in slept.items() if day != hole}
    earlier = sleep_debt(without, hole - timedelta(days=1), 480).minutes
    assert earlier is not None
    assert sleep_debt(without, MONDAY, 480).minutes == pytest.approx(0.85 * earlier + 60)
    assert sleep_debt(without, hole, 480).minutes is None


def test_debt_needs_this_night_and_most_of_the_week() -> None:
    """Debt needs this night and most of the week."""
    tomorrow = MONDAY + timedelta(days=1)
    assert sleep_debt(before(420, 420, 420, day=tomorrow), MONDAY, 480).minutes is None
    assert sleep_debt(before(420, 420, 420, 420), MONDAY, 480).minutes is None
    assert sleep_debt({}, MONDAY, 480).minutes is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(120, 700), min_size=4, max_size=28), st.floats(1, 120))
def test_more_sleep_never_raises_the_debt(nights: list[float], more: float) -> None:
    """More sleep never raises the debt."""
    tomorrow = MONDAY + timedelta(days=1)
    less = sleep_debt(before(*nights, day=tomorrow), MONDAY, 480).minutes
    rested = sleep_debt(before(nights[0] + more, *nights[1:], day=tomorrow), MONDAY, 480).minutes
    assert less is not None
    assert rested is not None
    assert 0 <= rested <= less <= MAX_DEBT_MIN


def test_tonight() -> None:
    """Tonight."""
    assert need_tonight(480, None, None) == 480
    assert need_tonight(480, 30, None) == 510
    assert need_tonight(480, 500, None) == 540
    assert need_tonight(480, 500, 21) == 585
    assert need_tonight(480, 0, 10.5) == 502.5
    assert need_tonight(640, 500, 21) == 660
    assert need_tonight(300, 0, 0) == 360


def test_tonight_by_a_told_need() -> None:
    """Limits of what is learnt do not overrule the wearer, nor are they left further behind."""
    assert need_tonight(300, 0, 0, told=True) == 300
    assert need_tonight(300, 30, 21, told=True) == 375
    assert need_tonight(720, 60, 21, told=True) == 720
    assert need_tonight(640, 60, 21, told=True) == 660
    assert need_tonight(480, 60, 21, told=True) == need_tonight(480, 60, 21)


def test_bedtime() -> None:
    """Bedtime."""
    assert bedtime(100_000.0, 480, 0.9) == 100_000 - 60 * 480 / 0.9
    assert bedtime(100_000.0, 480, 0.2) == 100_000 - 60 * 480 / 0.75
