"""How much strain a day is good for."""

from datetime import date, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.facts import DayFacts, values_of
from custom_components.openstrap.engine.insight.strain_target import (
    alike_strain,
    earlier_recovery,
    strain_target,
)
from custom_components.openstrap.engine.recovery.recovery import recovery

from ..sleep.days import DAY, many, told


@pytest.mark.parametrize(
    ("recovery", "chronic", "acute", "expected"),
    [
        (35.0, 300.0, 300.0, (0.0, 5.0)),
        (55.0, 300.0, 320.0, (5.0, 10.0)),
        (72.0, 300.0, 360.0, (8.0, 12.0)),
        (85.0, 300.0, 250.0, (13.0, 19.0)),
        (100.0, 300.0, 300.0, (13.0, 18.0)),
    ],
)
def test_known_ranges(
    recovery: float, chronic: float, acute: float, expected: tuple[float, float]
) -> None:
    """Fixed bands by recovery, moved by the load of the last weeks."""
    found = strain_target(recovery, acute / chronic)
    assert (found.low, found.high) == expected
    assert (found.own_days, found.load_known) == (0, True)


def test_own_days_of_the_same_band() -> None:
    """From fifteen of them on, the middle half of what they bore."""
    days = [DAY - timedelta(days=back) for back in range(1, 41)]
    strain = {day: float(back % 20) for back, day in enumerate(days)}
    recovery = {day: 80.0 if back % 2 else 40.0 for back, day in enumerate(days)}
    alike = alike_strain(strain, recovery, DAY, 70.0)
    assert sorted(alike) == sorted([1.0, 3, 5, 7, 9, 11, 13, 15, 17, 19] * 2)
    found = strain_target(70.0, 1.0, alike)
    assert (found.low, found.high, found.own_days) == (5.0, 15.0, 20)
    # 14 of them are too few, and those of the middle band are no help.
    few = alike_strain(dict(list(strain.items())[:28]), recovery, DAY, 70.0)
    assert len(few) == 14
    assert strain_target(70.0, 1.0, few).own_days == 0
    assert alike_strain(strain, recovery, DAY, 20.0) == []


def test_the_day_itself_later_ones_and_old_ones_do_not_count() -> None:
    """The day itself, later ones and old ones do not count."""
    days = [DAY, DAY + timedelta(days=1), DAY - timedelta(days=91)]
    known = dict.fromkeys(days, 50.0)
    assert alike_strain(known, known, DAY, 50.0) == []
    edge = {DAY - timedelta(days=90): 12.0}
    assert alike_strain(edge, dict.fromkeys(edge, 50.0), DAY, 50.0) == [12.0]


def night(day: date) -> DayFacts:
    """Tell of a night whose HRV turns every day."""
    values = {"rmssd_ms": 50.0 + 5.0 * (day.toordinal() % 5), "resting_hr_bpm": 55.0}
    return told(day, values=values)


def test_earlier_recovery_is_that_of_each_day_as_it_was() -> None:
    """Each by the days before it; the day itself is left out, and days without a baseline."""
    facts = many(110, night)
    found = earlier_recovery(facts, DAY)
    assert sorted(found) == [DAY - timedelta(days=back) for back in range(90, 0, -1)]
    before = DAY - timedelta(days=1)
    rmssd, resting = (values_of(facts, key) for key in ("rmssd_ms", "resting_hr_bpm"))
    expected = recovery(rmssd, resting, {}, None, before)
    assert not isinstance(expected, str)
    assert found[before] == expected.score
    until = {day: fact for day, fact in facts.items() if day <= before}
    assert earlier_recovery(until, DAY) == found
    assert sorted(earlier_recovery(many(6, night), DAY)) == [before]


def test_plain_json() -> None:
    """Plain JSON."""
    told = json.loads(json.dumps(strain_target(85.0).to_dict()))
    assert told == {"low": 13.0, "high": 18.0, "own_days": 0, "load_known": False}


@given(
    recovery=st.floats(0, 100),
    ratio=st.none() | st.floats(0, 5),
    alike=st.lists(st.floats(0, 21), max_size=30),
)
def test_a_range_within_the_scale(recovery: float, ratio: float | None, alike: list[float]) -> None:
    """Whatever the input, a range of at least one within 0 to 21, lower when more was borne."""
    found = strain_target(recovery, ratio, alike)
    assert 0.0 <= found.low <= found.high - 1.0 <= 20.0
    assert found.low <= found.middle <= found.high
    usual = strain_target(recovery, 1.0, alike)
    loaded = strain_target(recovery, 1.2, alike)
    assert loaded.low <= usual.low
    assert loaded.high <= usual.high
