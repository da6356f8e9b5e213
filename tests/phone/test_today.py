"""The home page, over real HTTP."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.today import live_minute
from custom_components.openstrap.store import LatestReading

from ..frames import hexed, minute
from ..stored_days import local, made_day, values_of
from .both_sides import NOON, TODAY
from .reads import YESTERDAY, Get, Keep

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("noon")]


async def test_today_before_and_after_it_is_worked_out(
    get: Get, keep: Keep, hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The newest night stays whatever its date; nothing of yesterday is told as today's."""
    nothing = await get("/today")
    assert (nothing["date"], nothing["daily"], nothing["sleep"], nothing["live"]) == (
        TODAY.isoformat(), None, None, None,
    )  # fmt: skip
    old = TODAY - timedelta(days=90)
    await keep([made_day(old), made_day(YESTERDAY, night=False)])
    before = await get("/today")
    assert before["daily"] is None and before["coach"] is None and before["hrv"] is None
    assert before["sleep"]["date"] == old.isoformat()
    hass.config_entries.async_update_entry(loaded, options={**loaded.options, "step_goal": 9000})
    await keep([made_day(TODAY)])
    after = await get("/today")
    values = values_of(TODAY)
    daily, sleep = after["daily"], after["sleep"]
    assert after["step_goal"] == 9000
    assert daily["strain"]["value"] == values["strain"]
    assert daily["recovery"]["value"] == values["recovery"]
    # Not computed is null and confidence 0 with its reason, under its own name.
    assert daily["readiness"]["value"] is None and daily["readiness"]["confidence"] == 0
    assert daily["readiness"]["note"]
    assert daily["wear_min"]["tier"] == "AUTHORITATIVE"
    assert daily["resting_hr_delta"]["value"] is None
    assert sleep["efficiency"]["value"] == 0.9 and sleep["efficiency"]["unit"] == "ratio"
    assert sleep["onset_ts"] == local(YESTERDAY, 23)
    assert after["hrv"]["rmssd"] == values["rmssd_ms"]
    assert after["resp"] == {"value": 14.5, "confidence": 0.8}


async def test_the_delta_of_the_resting_heart_rate(get: Get, keep: Keep) -> None:
    """Against the usual value that the day itself was held against."""
    day = made_day(TODAY, values_of(TODAY) | {"resting_hr_deviation": 0.5})
    metric = day.metrics["resting_hr_deviation"]
    spec_drivers = (("usual_bpm", 50.0), ("difference_bpm", 5.0))
    changed = {**day.metrics, "resting_hr_deviation": type(metric)(
        0.5, metric.unit, 0.4, metric.tier, metric.label, drivers=spec_drivers
    )}  # fmt: skip
    await keep([type(day)(day.day, day.timezone, day.algorithm, changed, day.facts, day.details)])
    daily = (await get("/today"))["daily"]
    assert daily["resting_hr_delta"]["value"] == values_of(TODAY)["resting_hr_bpm"] - 50.0
    assert daily["resting_hr_delta"]["confidence"] == 0.4
    assert (await get("/records"))["baseline"]["resting_hr"] == 50.0


@pytest.mark.parametrize(
    ("ago", "wrist", "live"), [(30, True, True), (590, True, True), (660, True, False)]
)
async def test_live_is_the_last_ten_minutes(
    get: Get, loaded: MockConfigEntry, ago: int, wrist: bool, live: bool
) -> None:
    """The minute of the newest record; an older one is not now."""
    ts = int(NOON) - ago
    report = await loaded.runtime_data.async_ingest_hex(hexed(minute(ts - 60, 61)))
    assert report.new
    found = (await get("/today"))["live"]
    if not live:
        assert found is None
    else:
        assert found["hr"] == 61 and found["wrist_on"] is wrist
        assert found["ts"] % 60 == 0 and 0 <= NOON - found["ts"] <= 720


def test_live_without_a_heart_rate() -> None:
    """Then the band lies on a table; from a clock that is far ahead nothing is now."""
    assert live_minute(LatestReading(record_ts=1000.0), 1100.0) == {
        "ts": 960, "hr": None, "wrist_on": False,
    }  # fmt: skip
    both = LatestReading(hr_ts=400.0, hr_bpm=60, record_ts=1000.0)
    assert live_minute(both, 1100.0) == {"ts": 960, "hr": None, "wrist_on": False}
    assert live_minute(LatestReading(hr_ts=5000.0, hr_bpm=60), 1100.0) is None
