"""Results of days as they are stored."""

from datetime import date
from typing import Any

import pytest

from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION, DayInputs, derive_day
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.profile import Profile

from .series import BERLIN, demo_samples

DAY = date(2026, 6, 10)


@pytest.mark.full
def test_a_stored_day_has_every_metric_of_today() -> None:
    """What its algorithm did not know is absent and says so; what nobody knows is left out."""
    data = derive_day(DayInputs(DAY, BERLIN, demo_samples(3, DAY), Profile())).to_dict()
    data["metrics"]["forgotten"] = data["metrics"].pop("rmssd_ms")
    found = DayResult.from_dict(data)
    assert list(found.metrics) == list(CATALOG)
    assert found.metrics["rmssd_ms"].note == f"not_computed:algorithm={ALGORITHM_VERSION}"


@pytest.mark.parametrize(
    "data", [{}, [], None, {"day": 5}, {"day": "2026-01-15", "metrics": None, "algorithm": 1}]
)
def test_what_is_no_day_is_refused(data: Any) -> None:
    """With one of three errors."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        DayResult.from_dict(data)
