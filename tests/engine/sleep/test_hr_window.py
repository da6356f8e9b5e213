"""A night by the heart alone."""

import numpy as np
import pytest

from custom_components.openstrap.engine.sleep.hr_window import HrWindow, hr_window

from ..series import clock

HOUR = 3600


def heart(*parts: tuple[float, int]) -> np.ndarray:
    """Join stretches of (hours, bpm), one reading a second."""
    return np.concatenate([np.full(round(hours * HOUR), float(bpm)) for hours, bpm in parts])


def of(bpm: np.ndarray, waking_bpm: float | None = None) -> HrWindow | None:
    """Look at readings from 0 on."""
    return hr_window(clock(0.0, float(len(bpm))), bpm, waking_bpm=waking_bpm)


def test_low_against_the_waking_heart() -> None:
    """HRL1: six hours at 52 between hours at 75."""
    found = of(heart((4, 75), (6, 52), (2, 75)), 75.0)
    assert found is not None
    assert found.start_ts == pytest.approx(14400, abs=10)
    assert found.end_ts == pytest.approx(36000, abs=10)
    assert found.threshold_bpm == pytest.approx(67.5)


def test_low_against_the_rest_of_the_day() -> None:
    """Without a waking heart rate its lower third."""
    dice = np.random.default_rng(4)
    bpm = heart((12, 75), (4, 52), (2, 75)) + dice.normal(0.0, 3.0, 18 * HOUR)
    found = of(bpm)
    assert found is not None
    assert found.start_ts == pytest.approx(12 * HOUR, abs=300)
    assert found.end_ts == pytest.approx(16 * HOUR, abs=300)


def test_highs_are_bridged_and_holes_are_not() -> None:
    """Less than half an hour of a fast heart; over five minutes of none."""
    bridged = of(heart((1, 75), (2, 50), (0.4, 80), (2, 50), (1, 75)), 75.0)
    assert bridged is not None
    assert bridged.end_ts - bridged.start_ts == pytest.approx(4.4 * HOUR, abs=300)
    bpm = heart((1, 75), (2.1, 50), (0.2, 0), (3, 50), (1, 75))
    parted = of(bpm, 75.0)
    assert parted is not None
    assert parted.start_ts == pytest.approx(3.3 * HOUR, abs=300)
    assert of(heart((1, 75), (2, 50), (0.6, 80), (1.9, 50), (1, 75)), 75.0) is not None


@pytest.mark.parametrize(
    "bpm",
    [
        np.empty(0),
        heart((12, 0)),
        heart((12, 60)),
        heart((0.4, 50)),
        heart((4, 75), (1.9, 50), (4, 75)),
        np.full(50_000, np.nan),
    ],
    ids=["nothing", "no pulse", "constant", "thin", "short", "nan"],
)
def test_refusals(bpm: np.ndarray) -> None:
    """No window."""
    assert of(bpm) is None
