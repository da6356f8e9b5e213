"""The fall of the heart rate at night."""

import numpy as np
import pytest

from custom_components.openstrap.engine.heart.dip import nocturnal_dip


@pytest.mark.parametrize(
    ("day", "night", "percent", "kind"),
    [
        (80, 60, 25.0, "dipper"),
        (80, 72, 10.0, "dipper"),
        (80, 73, 8.75, "blunted"),
        (80, 80, 0.0, "blunted"),
        (60, 66, -10.0, "riser"),
    ],
)
def test_classes(day: float, night: float, percent: float, kind: str) -> None:
    """DIP1 and its neighbours."""
    found = nocturnal_dip(np.full(300, float(day)), np.full(300, float(night)))
    assert found is not None
    assert found.percent == pytest.approx(percent)
    assert found.kind == kind


def test_a_training_is_no_deeper_night() -> None:
    """The day is the median of what was given."""
    day = np.concatenate((np.full(7200, 75.0), np.full(1800, 160.0)))
    found = nocturnal_dip(day, np.full(3600, 60.0))
    assert found is not None
    assert found.percent == pytest.approx(20.0)


def test_too_little() -> None:
    """299 seconds of either, or all unknown."""
    full, thin = np.full(300, 60.0), np.full(299, 60.0)
    for day, night in ((thin, full), (full, thin), (np.full(900, np.nan), full), (full, thin[:0])):
        assert nocturnal_dip(day, night) is None
