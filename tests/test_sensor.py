"""What a wearer's sensors show."""

from datetime import date, timedelta
import re
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.components.sensor.const import DEVICE_CLASS_STATE_CLASSES, DEVICE_CLASS_UNITS
from homeassistant.const import EntityCategory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import analysis
from custom_components.openstrap.const import BPM
from custom_components.openstrap.display import DISPLAYS, SHOWN_IN_MINUTES
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.live_view import NOT_LIVE, LiveStage, LiveView
from custom_components.openstrap.sensor import DIAGNOSTIC_KEYS, SENSORS
from custom_components.openstrap.store import DayRow, WearerStore

from .frames import inners, minute, night, record
from .stored_days import made_day, store_days

THURSDAY = date(2026, 1, 15)
WRAPPING = {"confidence", "tier", "label", "note", "inputs_used", "drivers"}
OF_NOW = {"sensor.ada_sleep_stage_now", "sensor.ada_analysis"}
"""Words, not metrics of the catalogue."""


@pytest.fixture(autouse=True)
async def afternoon(home: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time on the day whose night is used."""
    freezer.move_to("2026-01-15T15:00:00Z")
    await home.config.async_update(time_zone="UTC")


@pytest.fixture
async def slept(home: HomeAssistant, loaded: MockConfigEntry) -> MockConfigEntry:
    """Give a wearer whose night was computed."""
    await loaded.runtime_data.async_ingest(night(THURSDAY))
    await loaded.runtime_data.sweeper.async_sweep()
    await home.async_block_till_done()
    return loaded


def shown(home: HomeAssistant, name: str) -> tuple[str, dict[str, object]]:
    """Give state and attributes of a sensor."""
    state = home.states.get(f"sensor.ada_{name}")
    assert state is not None
    return state.state, dict(state.attributes)


async def test_before_anything_came_all_is_unknown_and_says_why(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Nothing invented: no value, confidence 0, and the reason."""
    states = [one for one in home.states.async_all("sensor") if one.entity_id not in OF_NOW]
    assert len(states) == sum(
        description.entity_registry_enabled_default for description in SENSORS
    )
    for state in states:
        assert state.state == "unknown"
        assert set(state.attributes) >= WRAPPING
        assert state.attributes["confidence"] == 0
        assert state.attributes["note"].startswith("need_input:")
        assert "day" not in state.attributes


async def test_experts_numbers_are_there_but_off(
    home: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """The catalogue says which; each has the wearer's id in its own."""
    entries = [
        entry
        for entry in er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
        if entry.domain == "sensor"
    ]
    assert {entry.unique_id for entry in entries} == {
        f"0123456789abcdef_{key}"
        for key in (*CATALOG, "heart_rate", "last_record", "sleep_stage_now", "analysis")
    }
    off = {entry.translation_key for entry in entries if entry.disabled_by is not None}
    assert off == {key for key, spec in CATALOG.items() if not spec.headline}
    diagnostic = {
        entry.translation_key
        for entry in entries
        if entry.entity_category is EntityCategory.DIAGNOSTIC
    }
    assert diagnostic == {"last_record", "analysis", *DIAGNOSTIC_KEYS}


async def test_a_wearer_is_a_service(
    loaded: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """A person is no device that could be unplugged."""
    [device] = dr.async_entries_for_config_entry(device_registry, loaded.entry_id)
    assert device.name == "Ada"
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.identifiers == {("openstrap", "0123456789abcdef")}


async def test_a_night_is_shown(
    home: HomeAssistant, all_enabled: None, slept: MockConfigEntry
) -> None:
    """Every number with its unit, its story and its day."""
    onset, offset = (
        dt_util.parse_datetime(shown(home, name)[0]) for name in ("rest_onset", "rest_end")
    )
    assert onset is not None
    assert offset is not None
    assert onset < offset
    duration, attributes = shown(home, "rest_duration")
    assert attributes["unit_of_measurement"] == "h"
    assert float(duration) == pytest.approx((offset - onset).total_seconds() / 3600, abs=0.01)
    units = {
        "nightly_hrv": "ms",
        "whole_night_rmssd": "ms",
        "resting_heart_rate": "bpm",
        "clean_beats": "%",
        "beats_in_the_rest_window": "beats",
    }
    for name, unit in units.items():
        state, attributes = shown(home, name)
        assert float(state) > 0, name
        assert attributes["unit_of_measurement"] == unit
        assert attributes["state_class"] == "measurement"
    assert 50 < float(shown(home, "clean_beats")[0]) <= 100
    worn, attributes = shown(home, "worn_time")
    assert attributes["unit_of_measurement"] == "h"
    assert 5 < float(worn) <= 9
    for one in home.states.async_all("sensor"):
        if one.entity_id in OF_NOW:
            continue
        assert set(one.attributes) >= WRAPPING
        assert (one.state == "unknown") == (one.attributes["confidence"] == 0), one.entity_id
        assert one.state != "unknown" or one.attributes["note"], one.entity_id
        if one.entity_id not in {"sensor.ada_latest_heart_rate", "sensor.ada_last_record"}:
            assert one.attributes["day"] == "2026-01-15"
            assert one.attributes["final"] is False


@pytest.mark.full
async def test_the_last_night_stays_when_a_day_brings_none(
    home: HomeAssistant, slept: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Night values keep their own date; the day's value moves on to the new one."""
    before = shown(home, "nightly_hrv")
    freezer.move_to("2026-01-16T15:00:00Z")
    await slept.runtime_data.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 600)))
    await slept.runtime_data.sweeper.async_sweep()
    await home.async_block_till_done()
    assert shown(home, "nightly_hrv") == before
    assert before[1]["day"] == "2026-01-15"
    worn, attributes = shown(home, "worn_time")
    assert attributes["day"] == "2026-01-16"
    assert float(worn) < 0.1


@pytest.mark.full
async def test_a_number_that_is_missing_is_unknown_not_yesterdays(
    home: HomeAssistant, slept: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A newer night without beats shows no HRV, though the older one has it."""
    coordinator = slept.runtime_data
    [row] = await coordinator.worker.async_run(WearerStore.days, THURSDAY, THURSDAY)
    result = DayResult.from_dict(row.result)
    friday = THURSDAY + timedelta(days=1)
    newer = DayResult(
        day=friday,
        timezone=result.timezone,
        algorithm=result.algorithm,
        metrics={**result.metrics, "rmssd_ms": CATALOG["rmssd_ms"].absent("no_sleep")},
    )
    await coordinator.worker.async_run(
        WearerStore.save_day,
        DayRow(friday, row.timezone, row.algorithm, False, row.records, newer.to_dict()),
    )
    freezer.tick(timedelta(days=1))
    await coordinator.async_load()
    await home.async_block_till_done()
    state, attributes = shown(home, "nightly_hrv")
    assert state == "unknown"
    assert (attributes["day"], attributes["note"], attributes["confidence"]) == (
        "2026-01-16",
        "no_sleep",
        0,
    )
    assert shown(home, "resting_heart_rate")[1]["day"] == "2026-01-16"


async def test_what_adds_up_begins_with_its_day(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """At the midnight of where it was lived, so that neither a new day nor a correction misleads."""
    coordinator = loaded.runtime_data
    for steps in (9000.0, 8500.0):
        made = made_day(THURSDAY, {"steps": steps, "recovery": 60.0})
        await coordinator.worker.async_run(store_days, [made])
        await coordinator.async_load()
        state, attributes = shown(home, "steps")
        assert float(state) == steps
        assert attributes["state_class"] == "total"
        assert attributes["last_reset"] == "2026-01-14T23:00:00+00:00", "midnight in Berlin"
    assert "last_reset" not in shown(home, "recovery")[1]


async def test_the_latest_heart_rate_has_its_moment(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Frames in any order; the newest record may have no reading."""
    freezer.tick(10)
    now = int(dt_util.utcnow().timestamp())
    frames = [record(now - 10, 0), record(now - 30, 61), record(now - 20, 72)]
    await loaded.runtime_data.async_ingest(inners(frames))
    await home.async_block_till_done()
    state, attributes = shown(home, "latest_heart_rate")
    assert float(state) == 72
    assert attributes["measured_at"] == "2026-01-15T14:59:50+00:00"
    assert attributes["unit_of_measurement"] == "bpm"
    assert (attributes["tier"], attributes["confidence"]) == ("AUTH", 1.0)
    assert shown(home, "last_record")[0] == "2026-01-15T15:00:00+00:00"


def test_every_unit_of_the_catalogue_can_be_shown() -> None:
    """By a display of its own or by its name; no display is for a unit that nobody uses."""
    units = {spec.unit for spec in CATALOG.values()}
    assert units >= set(DISPLAYS) - {BPM}
    known = {unit for unit in units if unit in DISPLAYS}
    named = r"[a-z]+|ln ms²?|ms²|1/(h|s²)|br/min(/h)?|steps/min|TRIMP(/d|/min)?|mL/kg/min"
    assert all(re.fullmatch(named, unit) for unit in units - known)


def test_short_times_are_shown_in_minutes() -> None:
    """Only durations of the catalogue; the others are shown in hours."""
    assert {key for key in SHOWN_IN_MINUTES if CATALOG[key].unit == "min"} == SHOWN_IN_MINUTES
    for sensor in SENSORS:
        if sensor.key in CATALOG and CATALOG[sensor.key].unit == "min":
            shown_in = sensor.suggested_unit_of_measurement or sensor.native_unit_of_measurement
            assert shown_in == ("min" if sensor.key in SHOWN_IN_MINUTES else "h"), sensor.key


def test_every_number_has_statistics_and_home_assistant_admits_its_unit() -> None:
    """What has a device class has a unit and a state class of it."""
    for sensor in SENSORS:
        device_class, unit = sensor.device_class, sensor.native_unit_of_measurement
        if device_class is SensorDeviceClass.TIMESTAMP:
            assert (sensor.state_class, unit) == (None, None), sensor.key
            continue
        adds_up = sensor.key == "steps" or sensor.key.endswith("_kcal")
        state_class = SensorStateClass.TOTAL if adds_up else SensorStateClass.MEASUREMENT
        assert sensor.state_class is state_class, sensor.key
        if device_class is not None:
            assert unit in DEVICE_CLASS_UNITS[device_class], sensor.key
            assert sensor.state_class in DEVICE_CLASS_STATE_CLASSES[device_class], sensor.key


def test_attributes_stay_small(home: HomeAssistant) -> None:
    """The story is not recorded, the day and the confidence are."""
    from custom_components.openstrap.sensor import OpenStrapSensor

    assert OpenStrapSensor._unrecorded_attributes == WRAPPING - {"confidence"}


async def test_a_result_without_a_night_is_never_a_last_night(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A day of which only the wear is known leaves night values unknown."""
    now = int(dt_util.utcnow().timestamp())
    await loaded.runtime_data.async_ingest(inners(minute(now - 600)))
    with patch.object(analysis, "NIGHT_SEARCH_DAYS", 1):
        await loaded.runtime_data.sweeper.async_sweep()
    await home.async_block_till_done()
    assert shown(home, "nightly_hrv")[0] == "unknown"
    assert float(shown(home, "worn_time")[0]) > 0


async def test_the_stage_of_this_moment(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """With its moment and how sure it is; unknown says why."""
    assert shown(home, "sleep_stage_now")[0] == "unknown"
    loaded.runtime_data.async_show_live(
        LiveView(at_ts=1768430000.0, asleep=True, stage=LiveStage.REM, confidence=0.456)
    )
    await home.async_block_till_done()
    state, attributes = shown(home, "sleep_stage_now")
    assert state == "rem"
    assert attributes["options"] == ["awake", "light", "deep", "rem"]
    assert (attributes["confidence"], attributes["note"]) == (0.46, None)
    assert attributes["as_of"] == "2026-01-14T22:33:20+00:00"
    loaded.runtime_data.async_show_live(NOT_LIVE)
    await home.async_block_till_done()
    state, attributes = shown(home, "sleep_stage_now")
    assert (state, attributes["confidence"], attributes["note"]) == ("unknown", 0, "no_recent_data")


async def test_the_analysis_shows_what_it_is_at(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Waiting, then running, then idle, with the last success; a failure says its kind alone."""
    seen: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None and [state.state] != seen[-1:]:
            seen.append(state.state)

    async_track_state_change_event(home, ["sensor.ada_analysis"], note)
    now = int(dt_util.utcnow().timestamp())
    await loaded.runtime_data.async_ingest(inners(minute(now - 600)))
    await home.async_block_till_done()
    assert shown(home, "analysis")[0] == "waiting"
    with patch.object(analysis, "derive_day", side_effect=ZeroDivisionError("of 61 bpm")):
        freezer.tick(31)
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
    state, attributes = shown(home, "analysis")
    assert state == "failing"
    assert attributes["days_failing"] == attributes["days_waiting"] == 1
    assert attributes["last_error"] == "ZeroDivisionError"
    assert "61" not in str(attributes.values())
    assert attributes["last_success"] is None
    await loaded.runtime_data.sweeper.async_sweep()
    await home.async_block_till_done()
    state, attributes = shown(home, "analysis")
    assert state == "idle"
    assert (attributes["days_failing"], attributes["days_waiting"]) == (0, 0)
    assert attributes["last_success"] == dt_util.utcnow().isoformat()
    assert attributes["last_duration_s"] == 0.0, "time stands still here"
    assert seen[-4:] == ["running", "failing", "running", "idle"]
