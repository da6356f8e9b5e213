"""Recent against usual load: known answers, gaps, refusals."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.training.acwr import LoadRatio, decayed_mean, load_ratio

from ..heart.made import day_at, series

STEADY = series([100.0] * 60)
LOADS = st.lists(st.one_of(st.none(), st.floats(0.0, 500.0)), min_size=60, max_size=60)


def of(loads: dict[date, float], at: int) -> LoadRatio:
    """Return a ratio that there is."""
    found = load_ratio(loads, day_at(at))
    assert isinstance(found, LoadRatio)
    return found


def test_decayed_mean() -> None:
    """Days without a value take no weight."""
    newest_first = [150.0, 150.0, None, 150.0, 150.0, None, None, *[100.0] * 21]
    acute, chronic = decayed_mean(newest_first, 7.0), decayed_mean(newest_first, 28.0)
    assert acute == pytest.approx(127.002, rel=1e-5)
    assert chronic == pytest.approx(112.078, rel=1e-5)
    assert decayed_mean([None, float("nan")], 7.0) is None


def test_the_week_is_not_in_its_own_reference() -> None:
    """Twice the load for a week is twice the usual."""
    found = of(series([100.0] * 21 + [200.0] * 7), 27)
    assert (found.ratio, found.acute, found.chronic) == pytest.approx((2.0, 200.0, 100.0))
    assert found.days == 28


def test_a_missing_day_is_no_rest() -> None:
    """Without records the load is unknown; at rest it is 0."""
    gaps = {on: load for on, load in STEADY.items() if on not in (day_at(55), day_at(57))}
    assert of(gaps, 59).ratio == pytest.approx(1.0)
    assert of(gaps | {day_at(55): 0.0, day_at(57): 0.0}, 59).ratio < 0.8


def test_refusals() -> None:
    """Too few recent days, too few before, too little load to compare with."""
    few = {on: load for on, load in STEADY.items() if on < day_at(53) or on >= day_at(57)}
    assert load_ratio(few, day_at(59)) == "need_input:name=recent_load_days,have=3,need=4"
    assert load_ratio(series([100.0] * 20), day_at(19)) == "need_baseline:have=13,need=14"
    assert isinstance(load_ratio(series([100.0] * 21), day_at(20)), LoadRatio)
    light = load_ratio(series([19.9] * 60), day_at(59))
    assert light == "need_input:name=usual_load,have=19.9,need=20"
    assert load_ratio({}, day_at(0)) == "need_input:name=recent_load_days,have=0,need=4"


@given(LOADS, st.floats(1.0, 10.0))
def test_the_unit_of_the_load_does_not_matter(loads: list[float | None], scale: float) -> None:
    """Where there is a ratio, it is the same of loads in another unit."""
    known = {day_at(at): load for at, load in enumerate(loads) if load is not None}
    found = load_ratio(known, day_at(59))
    if isinstance(found, LoadRatio):
        other = load_ratio({on: scale * load for on, load in known.items()}, day_at(59))
        assert isinstance(other, LoadRatio)
        assert other.ratio == pytest.approx(found.ratio)


def test_it_can_move() -> None:
    """Of a trainer with days that differ the ratio has a spread (on a log score it has none)."""
    dice = np.random.default_rng(1)
    loads = series(np.exp(dice.normal(4.6, 0.8, 600)).tolist())
    ratios = [of(loads, at).ratio for at in range(60, 600, 7)]
    assert np.std(ratios) > 0.2
    assert np.median(ratios) == pytest.approx(1.0, abs=0.15)


def test_only_the_window_and_no_later_day() -> None:
    """Days after the day and those before the 56 do not matter."""
    found = load_ratio(STEADY, day_at(58))
    assert found == load_ratio(STEADY | {day_at(59): 900.0, day_at(2): 900.0}, day_at(58))
    assert found != load_ratio(STEADY | {day_at(3): 900.0}, day_at(58))
    assert day_at(58) - day_at(3) == timedelta(days=55)
