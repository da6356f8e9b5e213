"""The same minutes day after day, the same times night by night."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap.engine.facts import DayFacts, calendar_days, joined
from custom_components.openstrap.engine.sleep.regularity import (
    Regularity,
    clock_h,
    on_this_clock,
    regularity_index,
    timing_consistency,
    zone_jump,
)

from ..series import at
from .days import DAY, many, told

TOKYO = ZoneInfo("Asia/Tokyo")


def of(facts: Mapping[date, DayFacts], days: int = 8, last: date = DAY) -> Regularity:
    """Index over calendar days."""
    return regularity_index(facts, calendar_days(last, days, including=True))


def test_the_same_every_day() -> None:
    """SRI1: identical days."""
    found = of(many(3), 2)
    assert (found.sri, found.pairs, found.minutes) == (100.0, 1, 1440)
    whole = of(many(9))
    assert (whole.sri, whole.pairs, whole.held, whole.coverage) == (100.0, 7, 0, 1.0)


@pytest.mark.parametrize(("late_min", "sri"), [(90, 75.0), (180, 50.0)])
def test_shifted_sleep(late_min: int, sri: float) -> None:
    """SRI2: eight hours that come an hour and a half, or three hours later."""
    facts = many(2, last=DAY - timedelta(days=1))
    facts[DAY] = told(DAY, (23.0 + late_min / 60) % 24, 7.0 + late_min / 60)
    assert of(facts, 2).sri == pytest.approx(sri)


def test_the_opposite_every_day() -> None:
    """The opposite every day."""
    facts = {
        DAY - timedelta(days=2): told(DAY - timedelta(days=2)),
        DAY - timedelta(days=1): told(DAY - timedelta(days=1), 0.0, 12.0),
        DAY: told(DAY, 0.0, 0.5, asleep=((at(DAY - timedelta(days=1), 12), at(DAY, 0)),)),
    }
    assert of(facts, 2).sri == -100.0


def test_hours_of_waking_alone_say_nothing() -> None:
    """A day whose sleep is not known is no day of regular waking."""
    facts = many(3)
    facts[DAY] = replace(facts[DAY], onset_ts=None, offset_ts=None, tst_min=None, asleep=())
    found = of(facts, 3)
    assert (found.sri, found.pairs) == (100.0, 1)
    facts[DAY - timedelta(days=1)] = replace(
        facts[DAY - timedelta(days=1)], onset_ts=None, offset_ts=None, tst_min=None, asleep=()
    )
    assert of(facts, 2).sri is None


def test_a_nap_counts() -> None:
    """An hour of nap on one of two days costs 60 minutes of agreement."""
    facts = many(4)
    yesterday = DAY - timedelta(days=1)
    facts[yesterday] = told(yesterday, naps=((9, 10),))
    assert of(facts, 2).sri == pytest.approx(200 * 1380 / 1440 - 100)
    # A nap of the afternoon is of the 24 h that end with the next noon.
    facts[yesterday] = told(yesterday, naps=((14, 15),))
    assert of(facts, 2).sri == pytest.approx(200 * 1380 / 1440 - 100)


def test_what_was_not_seen_is_neither_sleep_nor_wake() -> None:
    """What was not seen is neither sleep nor wake."""
    facts = many(4)
    seen = ((facts[DAY].start_ts, at(DAY, 3)), (at(DAY, 5), facts[DAY].end_ts))
    facts[DAY] = told(DAY, seen=seen)
    found = of(facts, 2)
    assert (found.sri, found.minutes) == (100.0, 1320)
    facts[DAY] = told(DAY, seen=((at(DAY, 1), at(DAY, 2)),))
    facts[DAY - timedelta(days=1)] = told(DAY - timedelta(days=1), seen=())
    assert of(facts, 2) == Regularity(None, 0, 0, 0)


def test_a_minute_is_what_most_of_it_was() -> None:
    """Half a minute seen makes it known, half a minute of sleep makes it sleep."""
    facts = many(4)
    night = (at(DAY - timedelta(days=1), 23), at(DAY, 7))
    for late_s, sri in ((29, 100.0), (31, 200 * 1439 / 1440 - 100)):
        facts[DAY] = told(DAY, asleep=((night[0] + late_s, night[1]),))
        assert of(facts, 2).sri == pytest.approx(sri)
    for hidden_s, minutes in ((30, 1440), (31, 1439)):
        hole = (at(DAY, 3), at(DAY, 3) + hidden_s)
        facts[DAY] = told(DAY, seen=((facts[DAY].start_ts, hole[0]), (hole[1], facts[DAY].end_ts)))
        assert of(facts, 2).minutes == minutes


def test_half_a_day_known_in_both_makes_a_pair() -> None:
    """Half a day known in both makes a pair."""
    facts = many(4)
    yesterday = DAY - timedelta(days=1)
    facts[yesterday] = told(yesterday, seen=((facts[yesterday].start_ts, at(yesterday, 12)),))
    facts[DAY] = told(DAY, seen=((at(DAY, 0), at(DAY, 12)),))
    assert of(facts, 2).pairs == 1
    facts[DAY] = told(DAY, seen=((at(DAY, 0, 1), at(DAY, 12)),))
    assert of(facts, 2).pairs == 0


def test_a_missing_day_breaks_its_pairs_only() -> None:
    """A missing day breaks its pairs only."""
    facts = many(9)
    del facts[DAY - timedelta(days=3)]
    found = of(facts)
    # Without the day its own pairs go, and of the next day only the part since midnight is known.
    assert (found.sri, found.pairs) == (100.0, 5)
    assert found.minutes == 4 * 1440 + 720
    assert of({}).sri is None
    assert of(many(1)).sri is None


def test_later_days_change_nothing() -> None:
    """Later days change nothing."""
    facts = many(9)
    facts[DAY + timedelta(days=1)] = told(DAY + timedelta(days=1), 3.0, 11.0)
    assert of(facts).sri == 100.0


@pytest.mark.parametrize("last", [date(2026, 3, 29), date(2026, 10, 25)])
def test_daylight_saving(last: date) -> None:
    """Who sleeps by the clock is regular over the change; a minute that is not there counts not."""
    found = of(many(4, last=last), 3, last)
    assert found.sri == 100.0
    assert found.minutes == (2880 - 60 if last.month == 3 else 2880)


def test_a_jump_of_the_clock_is_held() -> None:
    """A jump of the clock is held."""
    facts = many(9, lambda day: told(day, tz=TOKYO if day == DAY else at_home))
    found = of(facts)
    assert (found.sri, found.pairs, found.held) == (100.0, 6, 1)
    assert zone_jump(facts[DAY], facts[DAY - timedelta(days=1)])
    assert [fact.day for fact in on_this_clock(facts, sorted(facts))] == [DAY]
    assert on_this_clock({}, [DAY]) == []


at_home = ZoneInfo("Europe/Berlin")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(21, 23.9), st.floats(5, 9)), min_size=4, max_size=4),
    st.integers(0, 600),
)
def test_missing_data_never_makes_more_pairs(
    nights: list[tuple[float, float]], hole_min: int
) -> None:
    """Missing data never makes more pairs."""
    facts = {
        DAY - timedelta(days=back): told(DAY - timedelta(days=back), *night)
        for back, night in enumerate(nights)
    }
    found = of(facts, 3)
    start, end = facts[DAY].start_ts, facts[DAY].end_ts
    less = joined(((start, at(DAY, 0)), (at(DAY, 0) + 60 * hole_min, end)), start, end)
    facts[DAY] = told(DAY, *nights[0], seen=less)
    thin = of(facts, 3)
    assert thin.pairs <= found.pairs
    assert thin.minutes <= found.minutes
    for one in (found, thin):
        assert one.sri is None or -100 <= one.sri <= 100


def test_timing_of_known_nights() -> None:
    """REG1: half an hour earlier and later."""
    found = timing_consistency((23.5, 0.0, 0.5), (23.5, 0.0, 0.5))
    assert found.onset_sd_min == pytest.approx(24.512423, abs=5e-7)
    assert found.score == pytest.approx(79.572981, abs=5e-7)
    assert found.nights == 3


def test_timing_of_the_same_hour_and_of_any_hour() -> None:
    """Timing of the same hour and of any hour."""
    assert timing_consistency([23.0] * 5, [7.0] * 5).score == pytest.approx(100.0)
    assert timing_consistency((2.0, 9.0, 17.0), (2.0, 9.0, 17.0)).score == 0.0
    assert timing_consistency((0.0, 8.0, 16.0), (0.0, 8.0, 16.0)).score is None


@pytest.mark.parametrize("nights", [(), (23.0,), (23.0, 22.0)])
def test_timing_of_too_few(nights: tuple[float, ...]) -> None:
    """Timing of too few."""
    found = timing_consistency(nights, nights)
    assert (found.score, found.onset_sd_min, found.nights) == (None, None, len(nights))


def test_clock() -> None:
    """Clock."""
    fact = told(date(2026, 3, 29))
    assert clock_h(fact, at(date(2026, 3, 29), 3)) == 3.0
    assert clock_h(fact, at(date(2026, 3, 28), 23, 30)) == 23.5
