"""False discovery rates against known answers."""

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.stats import false_discovery_control

from custom_components.openstrap.engine.insight.multiple import bh_q


def test_known_answer() -> None:
    """Eight tests."""
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.060, 0.074, 0.205]
    q = [0.0080, 0.0320, 0.0672, 0.0672, 0.0672, 0.0800, 0.0846, 0.2050]
    assert bh_q(p) == pytest.approx(q, abs=5e-5)


@given(st.lists(st.floats(0.0, 1.0), max_size=30))
def test_as_scipy_has_it(p: list[float]) -> None:
    """Whatever the p are."""
    want: list[float] = list(false_discovery_control(p)) if p else []
    assert bh_q(p) == pytest.approx(want)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.integers(0, 60))
def test_a_larger_family_is_stricter(p: list[float], more: int) -> None:
    """As if the others had found nothing at all."""
    family = len(p) + more
    assert bh_q(p, family) == pytest.approx(bh_q(p + [1.0] * more)[: len(p)])
    assert (bh_q(p, family) >= bh_q(p)).all()
    assert (bh_q(p, 0) == bh_q(p)).all()


@pytest.mark.parametrize("p", [np.nan, -0.1, 1.1])
def test_no_p(p: float) -> None:
    """What is none is refused."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        bh_q([0.5, p])
