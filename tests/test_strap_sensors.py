"""What the sensors of a band show, how often, and when not at all."""

from collections.abc import Iterator
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EntityCategory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.entity import async_follow_band
from custom_components.openstrap.strap_sensor import LIVE_SENSORS, STRAP_SENSORS
from custom_components.openstrap.strap_view import LinkPhase, LiveReading

from .fake_link import ADDRESS, IN_REACH, FakeLink

NOW = 1_795_000_000.0
WRAPPING = {"confidence", "tier", "label", "note", "inputs_used", "drivers"}


@pytest.fixture
def now(home: HomeAssistant) -> Iterator[list[float]]:
    """Give the loop's time as the sensors see it, in a list of one."""
    moment = [1000.0]
    with patch.object(home.loop, "time", lambda: moment[0]):
        yield moment


def shown(home: HomeAssistant, name: str) -> State:
    """Give a sensor."""
    state = home.states.get(f"sensor.ada_{name}")
    assert state is not None
    return state


def reading(hr_bpm: int | None, ts: float = NOW) -> LiveReading:
    """Make a live reading."""
    return LiveReading(hr_bpm, ts, worn=True)


@pytest.mark.full
async def test_before_the_band_was_met(
    home: HomeAssistant, all_enabled: None, link: FakeLink
) -> None:
    """What is kept is unknown, what is live is unavailable; no number is made up."""
    for name in ("battery", "firmware", "last_sync", "backlog", "sync_time_left", "next_alarm"):
        assert shown(home, name).state == "unknown", name
    assert shown(home, "records_synced").state == "0"
    for name in ("signal", "live_heart_rate", "heart_rate_zone"):
        assert shown(home, name).state == "unavailable", name


async def test_what_is_known_stays_when_the_band_is_away(
    home: HomeAssistant, all_enabled: None, link: FakeLink, freezer: FrozenDateTimeFactory
) -> None:
    """But for the signal, which nobody hears."""
    link.show(
        **IN_REACH,
        battery_percent=87.3,
        firmware="41.17.6.0",
        last_sync_ts=NOW,
        backlog_pages=120,
        backlog_eta_s=90.0,
        records_synced=90_000,
    )
    freezer.tick(6)
    async_fire_time_changed(home)
    await home.async_block_till_done()
    told = {
        "battery": ("87.3", "%"),
        "firmware": ("41.17.6.0", None),
        "last_sync": (dt_util.utc_from_timestamp(NOW).isoformat(), None),
        "backlog": ("120", "pages"),
        "sync_time_left": ("1.5", "min"),
        "records_synced": ("90000", "records"),
    }
    for name, (value, unit) in told.items():
        state = shown(home, name)
        assert (state.state, state.attributes.get("unit_of_measurement")) == (value, unit)
    assert shown(home, "signal").state == "-71"
    link.show(phase=LinkPhase.AWAY, signal=None, backlog_eta_s=None)
    freezer.tick(6)
    async_fire_time_changed(home)
    await home.async_block_till_done()
    assert shown(home, "signal").state == "unavailable"
    assert shown(home, "sync_time_left").state == "unknown"
    for name, (value, _) in told.items():
        if name != "sync_time_left":
            assert shown(home, name).state == value


async def test_live_values_end_with_the_stream(home: HomeAssistant, link: FakeLink) -> None:
    """There is no heart rate of now without it."""
    link.show(connected=True, phase=LinkPhase.LISTENING, live=reading(72))
    state = shown(home, "live_heart_rate")
    assert (state.state, state.attributes["unit_of_measurement"]) == ("72", "bpm")
    assert state.attributes["measured_at"] == dt_util.utc_from_timestamp(NOW).isoformat()
    assert set(state.attributes) >= WRAPPING
    assert (state.attributes["confidence"], state.attributes["tier"]) == (1.0, "AUTH")
    link.show(connected=False, phase=LinkPhase.AWAY, live=None)
    for name in ("live_heart_rate", "heart_rate_zone"):
        assert shown(home, name).state == "unavailable"


async def test_a_stream_without_a_reading_is_unknown(home: HomeAssistant, link: FakeLink) -> None:
    """Not zero beats, and not the last ones."""
    link.show(connected=True, live=reading(None))
    for name in ("live_heart_rate", "heart_rate_zone"):
        state = shown(home, name)
        assert state.state == "unknown"
        assert state.attributes["confidence"] == 0
        assert state.attributes["note"] == "need_input:name=heart_rate,have=0,need=1"


@pytest.mark.full
async def test_a_state_at_most_every_five_seconds(
    home: HomeAssistant, link: FakeLink, now: list[float], freezer: FrozenDateTimeFactory
) -> None:
    """Ten seconds of readings, one a second: the first, one in between, and the last is not lost."""
    written: list[str] = []

    def note(event: Event[EventStateChangedData]) -> None:
        assert event.data["new_state"] is not None
        written.append(event.data["new_state"].state)

    stop = async_track_state_change_event(home, "sensor.ada_live_heart_rate", note)
    for second in range(10):
        link.show(connected=True, live=reading(60 + second, NOW + second))
        await home.async_block_till_done()
        now[0] += 1
    assert written == ["60", "65"]
    freezer.tick(6)
    async_fire_time_changed(home)
    await home.async_block_till_done()
    assert written == ["60", "65", "69"]
    link.show(connected=False, live=None)
    await home.async_block_till_done()
    assert written[-1] == "unavailable"
    stop()


async def test_no_timer_outlives_the_entry(
    home: HomeAssistant, link: FakeLink, banded: MockConfigEntry
) -> None:
    """What was to be written later never is; a timer that is left fails the test at its end."""
    link.show(connected=True, live=reading(60))
    link.show(live=reading(70))
    assert await home.config_entries.async_unload(banded.entry_id)
    assert shown(home, "live_heart_rate").state == "unavailable"


@pytest.mark.full
@pytest.mark.parametrize(
    ("options", "zone", "note"),
    [
        ({"hr_max_bpm": 200}, "zone_3", "maximum_heart_rate=known"),
        (
            {"birth_year": dt_util.now().year - 40},
            "zone_3",
            "maximum_heart_rate=208 - 0.7 * age (Tanaka 2001)",
        ),
        (
            {"sex": "f", "height_cm": 170},
            "unknown",
            "need_input:name=birth_year_or_maximum_heart_rate,have=0,need=1",
        ),
    ],
)
async def test_a_zone_needs_a_maximum(
    home: HomeAssistant,
    banded: MockConfigEntry,
    options: dict[str, object],
    zone: str,
    note: str,
) -> None:
    """A known one, or that of the age by a formula that is named; nobody's is guessed."""
    home.config_entries.async_update_entry(banded, options=options)
    with patch("custom_components.openstrap.StrapLink", FakeLink):
        assert await home.config_entries.async_setup(banded.entry_id)
    fake = banded.runtime_data.strap
    fake.show(connected=True, live=reading(142))
    state = shown(home, "heart_rate_zone")
    assert (state.state, state.attributes["note"]) == (zone, note)
    assert set(state.attributes) >= WRAPPING
    assert state.attributes["options"] == ["below", *(f"zone_{number}" for number in range(1, 6))]


async def test_categories_and_defaults(
    home: HomeAssistant, link: FakeLink, entity_registry: er.EntityRegistry
) -> None:
    """What is about the wearer stands in front; only the signal is off."""
    entries = {
        entry.translation_key: entry
        for entry in er.async_entries_for_config_entry(entity_registry, link_entry(home).entry_id)
        if entry.domain == "sensor"
    }
    for description in (*STRAP_SENSORS, *LIVE_SENSORS):
        entry = entries[description.key]
        assert entry.unique_id == f"{ADDRESS}_{description.key}"
        front = description.key in {"live_heart_rate", "live_heart_rate_zone", "next_alarm"}
        assert entry.entity_category is (None if front else EntityCategory.DIAGNOSTIC)
        assert (entry.disabled_by is None) == (description.key != "signal")


def link_entry(home: HomeAssistant) -> MockConfigEntry:
    """Give the entry of the band."""
    [entry] = home.config_entries.async_entries("openstrap")
    assert isinstance(entry, MockConfigEntry)
    return entry


async def test_the_device_is_the_band(
    home: HomeAssistant, link: FakeLink, device_registry: dr.DeviceRegistry
) -> None:
    """With what is known of it by now."""

    def device() -> dr.DeviceEntry:
        [found] = dr.async_entries_for_config_entry(device_registry, link_entry(home).entry_id)
        return found

    assert device().connections == {(dr.CONNECTION_BLUETOOTH, ADDRESS)}
    assert (device().name, device().manufacturer, device().model) == ("Ada", "WHOOP", "WHOOP band")
    assert device().entry_type is None
    link.show(generation=Generation.GEN4, serial="4A0000001", firmware="41.17.6.0")
    assert device().model == "WHOOP 4.0"
    assert (device().serial_number, device().sw_version) == ("4A0000001", "41.17.6.0")
    link.show(generation=Generation.GEN5, firmware="50.38.1.0")
    assert device().model == "WHOOP 5.0 or MG"
    assert device().sw_version == "50.38.1.0"


async def test_a_wearer_who_gets_a_band_keeps_the_device(
    home: HomeAssistant, loaded: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """A service becomes a device, and a band that is replaced leaves no address behind."""
    [before] = dr.async_entries_for_config_entry(device_registry, loaded.entry_id)
    assert before.entry_type is dr.DeviceEntryType.SERVICE
    device_registry.async_update_device(
        before.id, new_connections={(dr.CONNECTION_BLUETOOTH, "C4:5A:10:00:00:99")}
    )
    coordinator = loaded.runtime_data
    coordinator.strap = fake = FakeLink(home, loaded, coordinator)
    stop = async_follow_band(coordinator, fake)
    [after] = dr.async_entries_for_config_entry(device_registry, loaded.entry_id)
    assert after.id == before.id
    assert after.entry_type is None
    assert after.connections == {(dr.CONNECTION_BLUETOOTH, ADDRESS)}
    stop()
    assert not fake.listeners


async def test_without_a_band_there_is_none(
    home: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Nobody is told of a battery that is not there."""
    keys = {
        entry.translation_key
        for entry in er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
    }
    assert not keys & {one.key for one in (*STRAP_SENSORS, *LIVE_SENSORS)}
