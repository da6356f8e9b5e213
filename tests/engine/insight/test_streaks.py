"""Days in a row: the anchor, gaps, grace; wear and sleep."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.facts import DayFacts
from custom_components.openstrap.engine.insight.streaks import (
    SLEEP_DAYS,
    Streak,
    sleep_streak,
    streak,
    wear_streak,
)
from custom_components.openstrap.engine.sleep.jetlag import weekend

from ..heart.made import day_at, facts_made
from ..sleep.days import DAY, many, told


def counted(days: str, *, grace: bool = False, limit: int = 50) -> Streak:
    """Count back from the last of the days: + met, - not, ? unknown."""
    last = len(days) - 1
    told = {day_at(at): {"+": True, "-": False}.get(sign) for at, sign in enumerate(days)}
    return streak(told.get, day_at(last), limit, grace=grace)


@pytest.mark.parametrize(
    ("days", "long"),
    [
        ("-+++", 3),
        ("++++-", 4),  # the day itself may still be open
        ("++++?", 4),
        ("++++--", 0),  # but not the one before
        ("+++++-+", 1),
        ("++?++", 2),
        ("-", 0),
        ("", 0),
    ],
)
def test_anchored_to_the_day(days: str, long: int) -> None:
    """Only a run that still goes on counts."""
    found = counted(days)
    assert found.days == long
    assert (found.last is None) == (long == 0)


def test_it_tells_when_it_may_be_longer() -> None:
    """Where it fills all that was looked at."""
    assert counted("+" * 10, limit=10).at_least
    assert not counted("-" + "+" * 9, limit=10).at_least
    assert counted("+" * 20, limit=10).days == 10


def test_grace() -> None:
    """One missed day in seven, which does not count; none without asking."""
    days = "+++++++-++++++"
    assert counted(days).days == 6
    assert counted(days, grace=True).days == 13
    assert counted("++++--+++", grace=True).days == 3
    assert counted("++++-++-++", grace=True).days == 4
    assert counted("-" + "+" * 6, grace=True).days == 6


@given(st.text("+-?", max_size=40))
def test_a_miss_never_lengthens(days: str) -> None:
    """Nor is grace ever to one's disadvantage."""
    found = counted(days)
    assert counted(days.replace("?", "-")).days == found.days
    assert counted(days, grace=True).days >= found.days
    assert counted(days.replace("-", "+", 1)).days >= found.days


def test_worn_days() -> None:
    """Six hours make a worn day; a day without facts none."""
    facts = {day_at(at): facts_made(day_at(at), {"worn_min": 400.0}) for at in range(20)}
    assert wear_streak(facts, day_at(19)) == Streak(20, day_at(19), False)
    short = facts | {day_at(12): facts_made(day_at(12), {"worn_min": 359.0})}
    assert wear_streak(short, day_at(19)) == Streak(7, day_at(19), False)
    assert wear_streak(facts, day_at(20)) == Streak(20, day_at(19), False)
    assert wear_streak(facts, day_at(21)) == "need_input:name=worn_min,have=0,need=1"
    assert Streak(7, day_at(19), False).milestone
    assert not Streak(8, day_at(19), False).milestone


def test_nights_of_enough_sleep() -> None:
    """By the need as it was learnt before each night."""
    facts = many(120, lambda on: told(on, 23.0, 7.0))

    def of(known: dict[date, DayFacts] = facts, age: int | None = 30) -> Streak | str:
        return sleep_streak(known, DAY, age_years=age, free=weekend)

    assert of() == Streak(SLEEP_DAYS, DAY, True)
    short = DAY - timedelta(days=5)
    assert of(facts | {short: told(short, 1.0, 7.0)}) == Streak(5, DAY, False)
    nap = facts | {short: told(short, 1.0, 7.0, naps=((13.0, 14.0),))}
    assert of(nap) == Streak(SLEEP_DAYS, DAY, True)
    assert of(age=None) == "need_input:name=birth_year,have=0,need=1"
    assert of({DAY: facts[DAY]}) == "need_input:name=free_nights,have=0,need=1"
    assert of({date(2026, 1, 1): facts[DAY]}) == "need_input:name=sleep_min,have=0,need=1"
    own = sleep_streak(facts, DAY, age_years=None, free=weekend, own_min=590.0)
    assert own == Streak(SLEEP_DAYS, DAY, True)
    assert sleep_streak(facts, DAY, age_years=30, free=weekend, own_min=620.0) == Streak(
        0, None, False
    )
    # DAY is a Sunday: the night to Sunday before last is the first free one to learn from.
    young = {on: fact for on, fact in facts.items() if on >= DAY - timedelta(days=8)}
    assert of(young) == Streak(7, DAY, False)
