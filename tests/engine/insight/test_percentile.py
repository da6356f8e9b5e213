"""Where a value stands among one's own."""

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.insight.percentile import (
    Percentile,
    Standing,
    percentile_of_self,
)

from ..heart.made import day_at, series

EARLIER = [50.0, 51, 52, 52, 53, 54, 55, 52, 51, 53, 50, 54, 56, 52]


def test_known_answer() -> None:
    """Equal ones count half, and a low resting heart rate is the better one."""
    found = percentile_of_self(series([*EARLIER, 51.0]), day_at(14), "low", name="x")
    assert isinstance(found, Percentile)
    assert found.percent == pytest.approx(21.4286, abs=1e-4)
    assert found.goodness == pytest.approx(78.5714, abs=1e-4)
    assert (found.standing, found.days) == (Standing.BETTER, 14)


@pytest.mark.parametrize(
    ("goodness", "standing"),
    [
        (100.0, Standing.BEST),
        (90.0, Standing.BEST),
        (89.9, Standing.BETTER),
        (70.0, Standing.BETTER),
        (69.9, Standing.TYPICAL),
        (30.1, Standing.TYPICAL),
        (30.0, Standing.WORSE),
        (10.1, Standing.WORSE),
        (10.0, Standing.WORST),
        (0.0, Standing.WORST),
        (None, None),
    ],
)
def test_words(goodness: float | None, standing: Standing | None) -> None:
    """Borders, and none without a better end."""
    assert Percentile(50.0, goodness, 20).standing is standing


def test_refusals() -> None:
    """No value, too few earlier ones, none from beyond the window."""
    values = series([*EARLIER, 51.0])
    few = percentile_of_self(values, day_at(13), None, name="x")
    assert few == "need_baseline:have=13,need=14"
    assert (
        percentile_of_self(values, day_at(15), None, name="x") == "need_input:name=x,have=0,need=1"
    )
    late = values | {day_at(40): 51.0}
    short = percentile_of_self(late, day_at(40), None, name="x", days=30)
    assert short == "need_baseline:have=5,need=14"


@given(st.lists(st.integers(40, 60).map(float), min_size=15, max_size=60))
def test_the_other_way_round(values: list[float]) -> None:
    """What is above and what is below add up to all; what is not decided has no goodness."""
    day = day_at(len(values) - 1)
    up = percentile_of_self(series(values), day, "high", name="x")
    down = percentile_of_self(series([-value for value in values]), day, None, name="x")
    assert isinstance(up, Percentile)
    assert isinstance(down, Percentile)
    assert up.percent + down.percent == pytest.approx(100.0)
    assert (up.goodness, down.goodness) == (up.percent, None)
