"""Recovery: against own nights, on a known scale."""

from datetime import date, timedelta
import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.recovery.bands import Band, band_of
from custom_components.openstrap.engine.recovery.recovery import (
    Recovery,
    combined,
    on_scale,
    recovery,
    sleep_performance,
)
from tests.engine.heart.made import day_at, series

from .people import FIRST, Nights, lively, steady

DAYS = 40
DAY = day_at(DAYS - 1)
HRV = series([60.0 * math.exp(0.15 * math.sin(3.0 * at)) for at in range(DAYS)])
RESTING = series([52.0 + 2.0 * math.sin(5.0 * at) for at in range(DAYS)])
BREATHING = series([15.0 + 0.4 * math.sin(7.0 * at) for at in range(DAYS)])
nights = st.tuples(
    st.floats(15.0, 200.0), st.floats(35.0, 90.0), st.floats(9.0, 25.0), st.floats(0.0, 100.0)
)


def scored(
    rmssd: float, resting: float | None, breathing: float | None, performance: float | None
) -> Recovery:
    """Score a last night among the others."""
    found = recovery(
        HRV | {DAY: rmssd},
        _with(RESTING, resting),
        _with(BREATHING, breathing),
        performance,
        DAY,
    )
    assert isinstance(found, Recovery)
    return found


def _with(values: dict[date, float], last: float | None) -> dict[date, float]:
    return {day: value for day, value in values.items() if day != DAY} | (
        {} if last is None else {DAY: last}
    )


def test_an_ordinary_night() -> None:
    """All as usual is what the evidence gives for z = 0; and it is yellow."""
    found = scored(60.0, 52.0, 15.0, 80.0)
    assert found.score == pytest.approx(60.0, abs=2.0)
    assert on_scale(0.0) == 60.0
    assert found.nights == 30


@given(nights, nights)
def test_no_input_works_against_itself(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> None:
    """More HRV and sleep never lower it, faster heart and breath never raise it."""
    base = scored(*one).score
    for at, good in enumerate((1, -1, -1, 1)):
        changed = list(one)
        changed[at] = other[at]
        better = scored(*changed).score
        if good * (other[at] - one[at]) >= 0.0:
            assert better >= base - 1e-9
        else:
            assert better <= base + 1e-9


@given(nights)
def test_points_add_up_to_the_score(night: tuple[float, float, float, float]) -> None:
    """From the score of a night on which all is as usual; the largest first."""
    found = scored(*night)
    gained = [points for _, points in found.points]
    assert on_scale(0.0) + math.fsum(gained) == pytest.approx(found.score, abs=1e-6)
    assert [abs(points) for points in gained] == sorted((abs(p) for p in gained), reverse=True)
    assert 1.0 <= found.score <= 99.0


def test_hrv_leads() -> None:
    """A low HRV is red whatever the rest, short sleep alone is not."""
    assert band_of(scored(40.0, 52.0, 15.0, 80.0).score) is Band.RED
    assert scored(40.0, 52.0, 15.0, 80.0).points[0][0] == "hrv"
    assert band_of(scored(60.0, 52.0, 15.0, 50.0).score) is Band.YELLOW
    assert band_of(scored(85.0, 50.0, 14.8, 95.0).score) is Band.GREEN


def test_what_is_missing_is_left_out() -> None:
    """And does not narrow what the rest can tell."""
    found = scored(45.0, None, None, None)
    assert [name for name, _ in found.points] == ["hrv"]
    assert found.z == pytest.approx(found.hrv_z)
    assert {name for name, _ in scored(45.0, 52.0, 15.0, None).points} == {
        "hrv",
        "resting_hr",
        "breathing",
    }
    assert scored(45.0, 52.0, 15.0, float("nan")) == scored(45.0, 52.0, 15.0, None)
    few = {day: RESTING[day] for day in (day_at(36), day_at(37), day_at(38), DAY)}
    short = recovery(HRV, few, BREATHING, 80.0, DAY)
    assert isinstance(short, Recovery)
    assert "resting_hr" not in dict(short.points)


def test_the_combination_is_as_wide_as_one_input() -> None:
    """Inputs as correlated as they are taken to be: unit deviation for every set of them."""
    dice = np.random.default_rng(3)
    body = dice.normal(size=20000)
    resting = 0.73 * body + math.sqrt(1.0 - 0.73**2) * dice.normal(size=20000)
    for names in (("hrv",), ("hrv", "resting_hr")):
        columns = dict(zip(("hrv", "resting_hr"), (body, resting), strict=True))
        weights = dict(combined(dict.fromkeys(names, 1.0)))
        total = sum(weights[name] * columns[name] for name in names)
        assert float(np.std(total)) == pytest.approx(1.0, abs=0.02)


def test_refusals() -> None:
    """No HRV, no recovery; nor with less than four nights of the thirty days before."""
    assert recovery({}, RESTING, BREATHING, 80.0, DAY) == "need_input:name=rmssd_ms,have=0,need=1"
    for bad in (0.0, -5.0, float("nan"), float("inf")):
        assert isinstance(recovery(HRV | {DAY: bad}, RESTING, BREATHING, 80.0, DAY), str)
    three = {day: HRV[day] for day in (day_at(2), day_at(20), day_at(21), day_at(22), DAY)}
    assert recovery(three, RESTING, BREATHING, 80.0, DAY) == "need_baseline:have=3,need=4"
    four = three | {day_at(30): 60.0}
    assert isinstance(recovery(four, {}, {}, None, DAY), Recovery)


def test_the_night_is_not_in_its_own_baseline_and_later_ones_do_not_count() -> None:
    """A day says the same whenever it is asked."""
    day = day_at(30)
    until = {at: value for at, value in HRV.items() if at <= day}
    assert recovery(HRV, RESTING, BREATHING, 80.0, day) == recovery(
        until, RESTING, BREATHING, 80.0, day
    )


def test_even_nights_are_scored_by_the_prior() -> None:
    """A wearer whose nights are all alike is not divided by zero."""
    found = recovery(series([60.0] * DAYS), {}, {}, None, DAY)
    assert isinstance(found, Recovery)
    assert found.score == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("slept", "need", "percent"),
    [(400.0, 500.0, 80.0), (600.0, 500.0, 100.0), (0.0, 500.0, 0.0)],
)
def test_sleep_performance(slept: float, need: float, percent: float) -> None:
    """Share of the need, at most all of it."""
    assert sleep_performance(slept, need) == percent


@pytest.mark.parametrize(
    ("slept", "need"), [(None, 480.0), (400.0, None), (400.0, 0.0), (float("nan"), 480.0)]
)
def test_no_sleep_performance(slept: float | None, need: float | None) -> None:
    """Without sleep or need there is none."""
    assert sleep_performance(slept, need) is None


NOMINAL = 0.09
"""Share of red nights if z is normal: where the scale is below 33.5."""
MARGIN = 0.05


def test_nominal_share_of_red() -> None:
    """What the tests below hold shuffled nights to follows from the scale alone."""
    z = np.random.default_rng(1).normal(size=20000)
    red = np.mean([band_of(on_scale(one)) is Band.RED for one in z])
    assert red == pytest.approx(NOMINAL, abs=0.01)


def _red_share(order: Nights, ats: range) -> list[bool]:
    facts = order.facts()
    hrv, resting, breathing, sleep = (
        {day: fact.values[key] for day, fact in facts.items() if key in fact.values}
        for key in ("rmssd_ms", "resting_hr_bpm", "breathing_rate_brpm", "sleep_min")
    )
    found = []
    for at in ats:
        day = FIRST + timedelta(days=at)
        one = recovery(hrv, resting, breathing, sleep_performance(sleep.get(day), 500.0), day)
        if isinstance(one, Recovery):
            found.append(band_of(one.score) is Band.RED)
    return found


@pytest.mark.full  # hundreds of histories
@pytest.mark.parametrize("night", [7, 10, 14, 28])
def test_a_young_baseline_does_not_see_red(night: int) -> None:
    """Independent nights: red as often as the scale has it, from the seventh night on."""
    red = [
        share
        for who in range(400)
        for share in _red_share(
            steady(np.random.default_rng([11, who]), night), range(night - 1, night)
        )
    ]
    assert len(red) == 400
    assert np.mean(red) == pytest.approx(NOMINAL, abs=MARGIN)


@pytest.mark.full  # hundreds of histories
def test_shuffled_nights_of_one_person() -> None:
    """Real nights are skewed; in any order red stays near its share, from the seventh night on."""
    nights = lively(np.random.default_rng(5), 200)
    dice = np.random.default_rng(6)
    red = [share for _ in range(20) for share in _red_share(nights.shuffled(dice), range(6, 45))]
    assert np.mean(red) == pytest.approx(NOMINAL, abs=MARGIN)
