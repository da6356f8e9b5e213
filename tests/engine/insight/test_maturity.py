"""How far baselines have come."""

import pytest

from custom_components.openstrap.engine.baseline import Status
from custom_components.openstrap.engine.insight.maturity import (
    LEVELS,
    MaturityLevel,
    baseline_maturity,
    quiet_cost_maturity,
)

from ..heart.made import day_at, series


@pytest.mark.parametrize(
    ("nights", "status"),
    [
        (0, Status.CALIBRATING),
        (3, Status.CALIBRATING),
        (4, Status.PROVISIONAL),
        (13, Status.PROVISIONAL),
        (14, Status.TRUSTED),
    ],
)
def test_by_the_number_of_nights(nights: int, status: Status) -> None:
    """Each with what it lacks; the night of the day is not in it."""
    values = series([52.0 + at % 2 for at in range(nights + 1)])
    found = baseline_maturity("resting_hr_bpm", values, day_at(nights))
    assert (found.status, found.nights) == (status, nights)
    assert found.missed == (0 if nights else None)
    assert found.level is LEVELS[status]


def test_out_of_date() -> None:
    """After more than fourteen nights without a value."""
    values = series([52.0 + at % 2 for at in range(20)])
    assert baseline_maturity("resting_hr_bpm", values, day_at(34)).status is Status.TRUSTED
    stale = baseline_maturity("resting_hr_bpm", values, day_at(35))
    assert (stale.level, stale.missed) == (MaturityLevel.STALE, 15)
    assert stale.to_dict() == {
        "baseline": "resting_hr_bpm",
        "status": "stale",
        "nights": 20,
        "missed": 15,
        "trusted_at": 14,
    }


def test_what_is_out_of_range_is_no_night() -> None:
    """Nobody's heart variability is half a second."""
    assert baseline_maturity("rmssd_ms", series([500.0] * 20), day_at(20)).nights == 0


def test_quiet_cost() -> None:
    """In use from fourteen of 28 days on; those that left the window do not count."""
    costs = series([0.16] * 13)
    assert quiet_cost_maturity(costs, day_at(13)).status is Status.CALIBRATING
    costs = series([0.16] * 40)
    assert quiet_cost_maturity(costs, day_at(14)).status is Status.TRUSTED
    month = quiet_cost_maturity(costs, day_at(40))
    assert (month.status, month.nights, month.missed) == (Status.TRUSTED, 28, 0)
    late = quiet_cost_maturity(costs, day_at(54))
    assert (late.status, late.nights, late.missed) == (Status.TRUSTED, 14, 14)
    stale = quiet_cost_maturity(costs, day_at(55))
    assert (stale.status, stale.nights, stale.missed) == (Status.STALE, 13, 15)
    gone = quiet_cost_maturity(costs, day_at(400))
    assert (gone.status, gone.nights, gone.missed) == (Status.CALIBRATING, 0, None)
