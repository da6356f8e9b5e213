"""Moving quantiles against numpy, window by window."""

from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from custom_components.openstrap.engine.signal.rolling import rolling_quantiles


def slow(
    values: NDArray[np.float64], size: int, quantile: float, min_count: int
) -> NDArray[np.float64]:
    """Say the same one window at a time."""
    found = np.full(len(values), np.nan)
    for at in range(len(values)):
        window = values[max(at - size // 2, 0) : at - size // 2 + size]
        window = window[np.isfinite(window)]
        if len(window) >= min_count:
            found[at] = np.percentile(window, 100 * quantile)
    return found


@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 200), st.sampled_from([1, 2, 5, 11, 60, 91])),
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]),
    st.sampled_from([0.0, 0.1, 0.9, 1.0]),
    st.integers(1, 5),
)
def test_equal_to_numpy(
    seed: int, shape: tuple[int, int], quantile: float, holes: float, min_count: int
) -> None:
    """With holes, at the ends, for odd and even sizes, and windows longer than the series."""
    n, size = shape
    chance = np.random.default_rng(seed)
    values = chance.normal(size=n).round(1)
    values[chance.random(n) < holes] = np.nan
    (found,) = rolling_quantiles(values, size, (quantile,), min_count=min_count)
    assert found == pytest.approx(slow(values, size, quantile, min_count), nan_ok=True)


def test_nothing() -> None:
    """An empty series has no quantiles."""
    assert rolling_quantiles(np.empty(0), 5, (0.25, 0.75)).shape == (2, 0)
