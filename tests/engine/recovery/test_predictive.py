"""Where a night lies among few."""

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.stats import t as student

from custom_components.openstrap.engine.recovery import predictive
from custom_components.openstrap.engine.recovery.predictive import shared_out, standing

LN = [float(np.log(value)) for value in (60, 65, 70, 62, 68, 66, 64)]
numbers = st.floats(-50.0, 50.0, allow_nan=False)


def t_of(value: float | None, earlier: list[float], prior: float | None) -> float:
    """Return the t statistic of a value that has one."""
    found = standing(value, earlier, prior)
    assert found is not None
    return found.t


@pytest.mark.parametrize(
    ("value", "earlier", "prior", "t", "z"),
    [
        (float(np.log(70)), LN, 0.15, 0.6266, 0.6088),
        (50.0, [52, 53, 51, 54, 52, 53, 52], 2.5, -1.1971, -1.1398),
        (14.6, [14.2, 14.5, 14.1, 14.4, 14.3, 14.6, 14.2], 0.5, 0.6757, 0.6557),
    ],
)
def test_known_answers(
    value: float, earlier: list[float], prior: float, t: float, z: float
) -> None:
    """Seven nights beside a prior of six."""
    found = standing(value, earlier, prior)
    assert found is not None
    assert (found.t, found.z) == pytest.approx((t, z), abs=1e-4)
    assert found.nights == 7


@pytest.mark.parametrize(("ms", "percent"), [(75, 97.86), (66, 61.01), (58, 4.60)])
def test_without_a_prior(ms: float, percent: float) -> None:
    """The textbook's predictive distribution."""
    found = standing(float(np.log(ms)), LN, None)
    assert found is not None
    assert 100.0 * student.cdf(found.t, 6) == pytest.approx(percent, abs=0.01)


def test_few_nights_widen() -> None:
    """Four nights that lie close together make no fifth a rarity."""
    close = [4.20, 4.201, 4.199, 4.20]
    assert abs(t_of(4.3, close, 0.15)) < 1.0
    assert abs(t_of(4.3, close, None)) > 100.0
    assert abs(t_of(4.3, close, 0.15)) < abs(t_of(4.3, close * 7, 0.15))


def test_one_odd_night_hardly_counts() -> None:
    """A night far off pulls as one at three deviations would."""
    usual = [4.1, 4.2, 4.3, 4.15, 4.25, 4.2]
    assert t_of(4.0, [*usual, 0.5], 0.15) == t_of(4.0, [*usual, -9.0], 0.15)
    assert t_of(4.0, [*usual, 0.5], 0.15) < -0.5


def test_refusals() -> None:
    """No value, no number, few nights, nothing that varies."""
    assert standing(None, LN, 0.15) is None
    assert standing(float("nan"), LN, 0.15) is None
    assert standing(4.0, LN[:3], 0.15) is None
    assert standing(4.0, LN, 0.15, need=8) is None
    assert standing(4.0, [4.1] * 9, None) is None
    assert standing(4.0, [4.1] * 9, 0.15) is not None
    far = standing(1e9, LN, 0.15)
    assert far is not None and far.z == predictive.HIGHEST


@given(st.lists(numbers, min_size=4, max_size=40), numbers, numbers)
def test_never_falls(earlier: list[float], one: float, other: float) -> None:
    """A higher value never stands lower."""
    low, high = sorted((one, other))
    lower, higher = standing(low, earlier, 1.0), standing(high, earlier, 1.0)
    assert lower is not None and higher is not None
    assert lower.z <= higher.z


def test_points_are_shared_out() -> None:
    """In proportion, largest first; they sum to what there is."""
    found = shared_out([("a", 0.2), ("b", -0.8), ("c", 0.1)], -10.0)
    assert [name for name, _ in found] == ["b", "a", "c"]
    assert [points for _, points in found] == pytest.approx([-16.0, 4.0, 2.0])
    assert shared_out([("a", 1.0), ("b", -1.0)], 0.0) == (("a", 0.0), ("b", -0.0))
