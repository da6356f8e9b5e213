"""The page of records, over real HTTP."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..stored_days import made_day, made_days, values_of
from .both_sides import TODAY
from .reads import Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]


async def test_records(get: Get, keep: Keep, loaded: MockConfigEntry) -> None:
    """Each with its day; streaks; a day that is missing ends the streak of the target."""
    days = made_days(TODAY, 20)
    best = TODAY - timedelta(days=4)
    days[-5] = made_day(best, values_of(best) | {"steps": 30000.0, "strain": 20.0})
    for place, day in enumerate(days):
        trends = {**day.details["trends"], "coach": {"strain_target": {"low": 5.0, "high": 9.0}}}
        details = {**day.details, "trends": trends}
        days[place] = type(day)(
            day.day, day.timezone, day.algorithm, day.metrics, day.facts, details
        )
    await keep([day for day in days if day.day != TODAY - timedelta(days=3)])
    found = await get("/records")
    records = found["records"]
    assert (found["days_tracked"], found["nights_tracked"]) == (19, 19)
    assert records["most_steps"]["date"] == records["top_strain"]["date"] == best.isoformat()
    assert records["best_efficiency"]["value"] == 0.9
    assert records["top_readiness"] is None and records["top_recovery"] is not None
    assert records["top_workout"] is None
    assert found["streaks"]["strain_target"]["current"] == 3
    assert found["streaks"]["wear"]["current"] == 3
    assert found["streaks"]["sleep"]["current"] is None
    assert found["rhr_drift"] is None


async def test_the_drift_of_the_resting_heart_rate(get: Get, keep: Keep) -> None:
    """In the phone's words."""
    day = made_day(TODAY, values_of(TODAY) | {"resting_hr_drift_bpm": -2.0})
    metric = day.metrics["resting_hr_drift_bpm"]
    drivers = (("recent_bpm", 50.0), ("earlier_bpm", 52.0), ("detectable_bpm", 1.0))
    told = type(metric)(
        -2.0, metric.unit, 0.5, metric.tier, metric.label, drivers=drivers, note="direction=falling"
    )
    metrics = {**day.metrics, "resting_hr_drift_bpm": told}
    await keep([type(day)(day.day, day.timezone, day.algorithm, metrics, day.facts, day.details)])
    drift = (await get("/records"))["rhr_drift"]
    assert (drift["now"], drift["then"], drift["delta"], drift["direction"]) == (
        50.0, 52.0, -2.0, "improving",
    )  # fmt: skip
    assert drift["days"] == 1
