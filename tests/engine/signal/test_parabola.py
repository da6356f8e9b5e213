"""Smoothing by parabolas: scipy's filter to the bit, and what a parabola must do."""

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.signal import savgol_filter

from custom_components.openstrap.engine.signal.parabola import parabola_smoothed


@given(st.integers(0, 2**32 - 1), st.integers(0, 300), st.sampled_from([3, 5, 11, 21]))
def test_as_scipy_has_it(seed: int, more: int, samples: int) -> None:
    """The same bits, also at the ends."""
    values = 800.0 + 50.0 * np.random.default_rng(seed).normal(size=samples + more)
    expected = savgol_filter(values, samples, 2)
    assert parabola_smoothed(values, samples).tobytes() == expected.tobytes()


def test_a_parabola_stays() -> None:
    """Where all values lie on one, nothing is smoothed away."""
    at = np.arange(60.0)
    values = 3.0 - 2.0 * at + 0.5 * at**2
    assert parabola_smoothed(values, 21) == pytest.approx(values, abs=1e-9)


@pytest.mark.parametrize(("count", "samples"), [(20, 21), (40, 20)])
def test_too_few_or_even(count: int, samples: int) -> None:
    """Without a middle or a full window there is no fit."""
    with pytest.raises(ValueError, match="odd number"):
        parabola_smoothed(np.zeros(count), samples)
