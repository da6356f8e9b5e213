"""From probabilities to stages."""

from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
import numpy as np

from custom_components.openstrap.engine.sleep.staging.decision import MIN_RUN, decide, merge_short


def test_weights_lift_rare_stages() -> None:
    """The largest weighted probability wins; what was not seen stays so."""
    probability = np.array([[0.1, 0.5, 0.3, 0.1], [np.nan] * 4, [0.6, 0.2, 0.1, 0.1]])
    assert decide(probability, np.ones(4)).tolist() == [1, -1, 0]
    assert decide(probability, np.array([1.0, 1.0, 2.0, 1.0])).tolist() == [2, -1, 0]


def test_short_sleep_joins_the_longer_neighbour() -> None:
    """Two minutes are kept, less is not; wake stays."""
    stage = np.array([1] * 10 + [3] * 3 + [2] * 20 + [0] + [1] * 2 + [0] * 5, dtype=np.int8)
    expected = [1] * 10 + [2] * 23 + [0] + [1] * 2 + [0] * 5
    assert merge_short(stage).tolist() == expected
    whole = np.array([1] * 10 + [3] * MIN_RUN + [1] * 10, dtype=np.int8)
    assert (merge_short(whole) == whole).all()
    assert len(merge_short(np.empty(0, dtype=np.int8))) == 0


@given(arrays(np.int8, st.integers(0, 200), elements=st.integers(-1, 3)))
def test_merging_never_touches_wake(stage: np.ndarray) -> None:
    """Totals of sleep are kept, and a second pass changes nothing."""
    found = merge_short(stage)
    assert ((found > 0) == (stage > 0)).all()
    assert (found[stage <= 0] == stage[stage <= 0]).all()
    assert (merge_short(found) == found).all()
