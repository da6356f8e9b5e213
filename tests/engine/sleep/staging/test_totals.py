"""Minutes with ranges."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.staging.totals import Accuracy, Totals

SHARE = np.array([0.1, 0.5, 0.2, 0.2])
TOTALS = Totals(SHARE, 0.6, np.array([0.04, 0.1, 0.07, 0.07, 0.04]))
TYPICAL = 0.7


def night(*share: float, epochs: int = 900) -> np.ndarray:
    """Make a night of equal epochs."""
    return np.tile(share, (epochs, 1))


@given(st.floats(0.3, 0.95), st.integers(1, 2000))
def test_parts_sum_to_what_was_observed(expected: float, epochs: int) -> None:
    """However sure the night is."""
    found = TOTALS.minutes(night(0.05, 0.55, 0.3, 0.1, epochs=epochs), expected, TYPICAL)
    assert sum(part.value for part in found[:4]) == pytest.approx(epochs / 2)
    assert found[4].value == pytest.approx(epochs / 2 - found[0].value)
    assert all(0.0 <= part.low <= part.value <= part.high <= epochs / 2 for part in found)


def test_an_unsure_night_is_drawn_to_the_population() -> None:
    """And its ranges widen."""
    told = night(0.05, 0.45, 0.4, 0.1)
    sure, unsure = (TOTALS.minutes(told, expected, TYPICAL) for expected in (0.8, 0.4))
    usual = 0.2 * 450
    assert usual < unsure[2].value < sure[2].value < 0.4 * 450
    assert unsure[2].high - unsure[2].low > sure[2].high - sure[2].low


def test_the_usual_night_stays_the_usual_night() -> None:
    """Nothing to draw."""
    found = TOTALS.minutes(night(*SHARE), 0.5, TYPICAL)
    assert [part.value for part in found[:4]] == pytest.approx((SHARE * 450).tolist())


def test_expected_accuracy_follows_certainty_and_loss() -> None:
    """And stays within its limits."""
    accuracy = Accuracy(0.3, 0.5, 0.2, 0.7)
    sure, unsure = night(0.0, 0.9, 0.1, 0.0), night(0.2, 0.4, 0.2, 0.2)
    assert accuracy.expect(sure, 0.0) == pytest.approx(0.75)
    assert accuracy.expect(sure, 0.5) == pytest.approx(0.65)
    assert accuracy.expect(unsure, 0.0) < accuracy.expect(sure, 0.0)
    assert accuracy.expect(unsure, 5.0) == 0.25
