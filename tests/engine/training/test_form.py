"""Fitness, fatigue, form: known answers, gaps, refusals."""

from datetime import date

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.training.form import Form, training_form

from ..heart.made import day_at, series


def of(loads: dict[date, float], at: int) -> Form:
    """Return the form that there is on the morning of a day."""
    found = training_form(loads, day_at(at))
    assert isinstance(found, Form)
    return found


@pytest.mark.parametrize(
    ("loads", "ctl", "atl", "tsb"),
    [
        ([100.0] * 14, 100.0, 100.0, 0.0),
        ([100.0] * 14 + [300.0] * 7, 130.7037, 226.4241, -95.7205),
        ([50.0] * 28 + [0.0] * 7, 42.3241, 18.3940, 23.9301),
    ],
)
def test_known_answers(loads: list[float], ctl: float, atl: float, tsb: float) -> None:
    """As after the last of the days, which is the morning of the next."""
    found = of(series(loads), len(loads))
    assert (found.ctl, found.atl, found.tsb) == pytest.approx((ctl, atl, tsb), abs=1e-3)
    assert found.ratio == pytest.approx(atl / ctl, rel=1e-4)
    assert found.days == len(loads)


def test_the_day_itself_is_not_in_it() -> None:
    """Form is of the morning, and does not move while the day goes on."""
    loads = series([100.0] * 30)
    before = of(loads, 29)
    assert before == of(loads | {day_at(29): 900.0}, 29)
    assert before != of(loads | {day_at(28): 900.0}, 29)


def test_a_missing_day_is_no_rest() -> None:
    """A steady trainer stays steady over days without the band; rest brings form."""
    loads = series([100.0] * 40)
    gaps = {on: load for on, load in loads.items() if on not in (day_at(36), day_at(38))}
    assert (of(gaps, 40).ctl, of(gaps, 40).atl) == pytest.approx((100.0, 100.0))
    assert of(gaps | {day_at(36): 0.0, day_at(38): 0.0}, 40).tsb > 10.0


def test_what_is_older_loses_weight_over_a_gap() -> None:
    """After a gap a day counts for more, not less, than without the gap."""
    light, hard = [50.0] * 30, [200.0] * 4
    gap = {**series(light), **{day_at(33 + at): load for at, load in enumerate(hard)}}
    assert of(gap, 37).atl > of(series(light + hard), 34).atl


def test_no_fitness_no_ratio() -> None:
    """Nothing is divided by 0."""
    assert of(series([0.0] * 20), 20).ratio is None


def test_refusals() -> None:
    """Too few days, or too few lately."""
    loads = series([100.0] * 30)
    assert training_form(series([100.0] * 13), day_at(13)) == "need_baseline:have=13,need=14"
    assert isinstance(training_form(loads, day_at(33)), Form)
    late = training_form(loads, day_at(34))
    assert late == "need_input:name=recent_load_days,have=3,need=4"
    assert training_form({}, day_at(0)) == "need_baseline:have=0,need=14"


@given(st.lists(st.floats(0.0, 500.0), min_size=20, max_size=90))
def test_between_the_least_and_the_most(loads: list[float]) -> None:
    """Means stay within what they are means of; days before the 84 do not matter."""
    known = series(loads)
    found = of(known, len(loads))
    for value in (found.ctl, found.atl):
        assert min(loads) - 1e-6 <= value <= max(loads) + 1e-6
    assert found == of(known | {day_at(len(loads) - 85): 9000.0}, len(loads))
