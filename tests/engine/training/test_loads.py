"""Loads of the last days, on one scale."""

from datetime import timedelta
import random

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.facts import calendar_days
from custom_components.openstrap.engine.training.form import LOAD_DAYS as FORM_DAYS
from custom_components.openstrap.engine.training.loads import (
    DayLoad,
    day_loads,
    quiet_minutes,
    quiet_rate_of,
)
from custom_components.openstrap.engine.training.strain import reference_quiet_rate

from .wearers import DAY, QUIET, anchors_made, day_made, history

ANCHORS = anchors_made()


def load_of(wake_hr: dict[int, int], days: int = 0) -> DayLoad:
    """Load of a day after so many quiet ones."""
    earlier = history(days, day=DAY - timedelta(days=1))
    return day_loads(earlier | {DAY: day_made(DAY, wake_hr)}, DAY, ANCHORS)[DAY]


@pytest.mark.parametrize(
    ("bout", "minutes", "trimp"),
    [(85, 0, 176.4941), (105, 60, 192.3289), (145, 45, 237.8986), (165, 90, 392.8684)],
)
def test_reference_days(bout: int, minutes: int, trimp: float) -> None:
    """Known loads, net of a reference person's quiet hours."""
    spent = {85: 960} if not minutes else {bout: minutes, 85: 960 - minutes}
    found = load_of(spent)
    assert found.trimp == pytest.approx(trimp, rel=1e-4)
    assert found.net == pytest.approx(max(trimp - 180.4057, 0.0), abs=0.02)
    assert (found.wake_min, found.personal) == (960, False)
    assert found.quiet_rate == pytest.approx(180.4057 / 960.0, rel=1e-5)


def test_women_pay_by_their_own_constants() -> None:
    """The reference follows the sex."""
    assert 960 * reference_quiet_rate("f") == pytest.approx(230.5972, rel=1e-5)
    assert 960 * reference_quiet_rate(None) == 960 * reference_quiet_rate("m")


def test_own_quiet_hours() -> None:
    """After 14 days the wearer's own; a usual day then costs nothing."""
    assert not load_of(QUIET, 13).personal
    usual = load_of(QUIET, 14)
    assert usual.personal
    assert usual.quiet_rate == usual.quiet_cost
    assert usual.net == pytest.approx(0.0, abs=1e-9)
    assert usual.strain == 0.0


def test_a_living_that_beats_higher() -> None:
    """Someone whose quiet hours are at 108 has no strain of them once they are known."""
    high = {100: 500, 108: 400}
    restless = history(30, high)
    loads = day_loads(restless, DAY, ANCHORS)
    unknown, known = loads[DAY - timedelta(days=29)], loads[DAY]
    assert unknown.strain > 3.0
    assert not unknown.personal
    assert known.personal
    assert known.strain < 0.2 * unknown.strain
    assert known.net < 0.01 * unknown.net


def test_days_that_are_missing() -> None:
    """A day without waking minutes is no day of rest, and one in a gap is not moved up."""
    facts = history(20) | {DAY - timedelta(days=3): day_made(DAY - timedelta(days=3))}
    found = day_loads(facts, DAY, ANCHORS, 10)
    assert DAY - timedelta(days=3) not in found
    assert len(found) == 9
    assert not found[DAY - timedelta(days=9)].personal
    assert day_loads({}, DAY, ANCHORS) == {}


def test_form_finds_every_day_it_looks_back_on() -> None:
    """Its 84 days are those before the day: the day itself is one more."""
    found = day_loads(history(120), DAY, ANCHORS)
    assert set(calendar_days(DAY, FORM_DAYS)) | {DAY} == set(found)


def test_few_quiet_minutes_tell_no_cost() -> None:
    """A day of hard work says nothing of what living costs."""
    found = load_of({85: 299, 150: 200})
    assert found.quiet_cost is None
    assert quiet_minutes(((85, 299), (150, 200)), ANCHORS) == 299
    assert load_of({85: 300, 150: 200}).quiet_cost is not None


def test_later_days_and_order_do_not_matter() -> None:
    """A day says the same whatever comes after it, and in whatever order it is told."""
    facts = history(60)
    yesterday = DAY - timedelta(days=1)
    before = {day: fact for day, fact in facts.items() if day <= yesterday}
    mixed = list(facts.items())
    random.Random(1).shuffle(mixed)
    alone = day_loads(before, yesterday, ANCHORS)[yesterday]
    assert day_loads(dict(mixed), DAY, ANCHORS)[yesterday] == alone
    assert day_loads(facts, yesterday, ANCHORS)[yesterday] == alone
    assert day_loads(facts, DAY, ANCHORS, 1)[DAY] == day_loads(facts, DAY, ANCHORS, 84)[DAY]


@given(
    st.dictionaries(st.integers(45, 200), st.integers(1, 300), min_size=1, max_size=20),
    st.integers(45, 200),
)
def test_one_more_minute_never_lowers_strain(wake_hr: dict[int, int], bpm: int) -> None:
    """Nor the load itself; net load falls only by what a minute of living costs."""
    more = wake_hr | {bpm: wake_hr.get(bpm, 0) + 1}
    found, longer = load_of(wake_hr), load_of(more)
    assert longer.strain >= found.strain
    assert longer.trimp >= found.trimp
    assert longer.net >= found.net - found.quiet_rate - 1e-9
    assert 0.0 <= found.strain < 21.0


def test_quiet_rate_of_few_days() -> None:
    """Days without a cost do not count, days of five weeks ago neither."""
    costs = {DAY - timedelta(days=back): 0.1 if back != 5 else None for back in range(1, 16)}
    assert quiet_rate_of(costs, DAY, ANCHORS) == (0.1, True)
    later = DAY + timedelta(days=14)
    assert quiet_rate_of(costs, later, ANCHORS) == (reference_quiet_rate("m"), False)
