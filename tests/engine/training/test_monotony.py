"""Foster's monotony: known answers and refusals."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.training.monotony import Monotony, training_monotony

from ..heart.made import day_at, series

WEEK = [12.0, 8.0, 14.0, 6.0, 15.0, 4.0, 11.0]


def of(loads: list[float], at: int = 6) -> Monotony:
    """Return the monotony that there is."""
    found = training_monotony(series(loads), day_at(at))
    assert isinstance(found, Monotony)
    return found


def test_known_answer() -> None:
    """With the sample deviation."""
    found = of(WEEK)
    assert found.monotony == pytest.approx(2.4254, abs=1e-4)
    assert found.strain == pytest.approx(70.0 * 2.42536, rel=1e-4)
    assert found.days == 7


def test_a_missing_day() -> None:
    """One may be missing, and the week is no lighter for it; two are too many."""
    known = series(WEEK)
    del known[day_at(2)]
    found = training_monotony(known, day_at(6))
    assert isinstance(found, Monotony)
    assert found.days == 6
    assert found.strain == pytest.approx(7.0 * (56.0 / 6.0) * found.monotony)
    del known[day_at(4)]
    few = training_monotony(known, day_at(6))
    assert few == "need_input:name=recent_load_days,have=5,need=6"


def test_days_that_are_all_the_same() -> None:
    """No deviation, no monotony; nearly none is capped."""
    for load in (0.0, 50.0, 33.3):
        found = training_monotony(series([load] * 7), day_at(6))
        assert found == "degenerate_baseline:scale=0"
    assert of([100.0] * 6 + [101.0]).monotony == 10.0


@given(st.lists(st.floats(1.0, 500.0), min_size=7, max_size=7), st.floats(0.5, 5.0))
def test_the_unit_of_the_load_does_not_matter(loads: list[float], scale: float) -> None:
    """Monotony has no unit; days before the seven are not looked at."""
    found = training_monotony(series(loads), day_at(6))
    other = training_monotony(series([900.0] + [scale * load for load in loads]), day_at(7))
    if isinstance(found, Monotony) and isinstance(other, Monotony):
        assert other.monotony == pytest.approx(found.monotony, rel=1e-3)
    else:
        assert max(loads) - min(loads) < 1e-6
