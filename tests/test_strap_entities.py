"""Entities of a band that behaves like one, under Home Assistant's real bluetooth."""

import asyncio
from datetime import datetime
from itertools import pairwise
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest

from custom_components.openstrap.const import PUBLISH_SECONDS
from custom_components.openstrap.engine.protocol import EventId, Generation

from .bands import Room, Worn, until
from .strap_sim import GEN5, StrapConfig


@pytest.fixture(params=[StrapConfig()])
async def held(
    hass: HomeAssistant, room: Room, hass_admin_user: User, request: pytest.FixtureRequest
) -> Worn:
    """Give a band whose link is held, with all history here."""
    worn = room.wearer(
        [hass_admin_user.id],
        options={"live_mode": "always", "hr_max_bpm": 190},
        config=request.param,
        backlog_s=120,
    )
    await room.up(worn)
    await room.shout(lambda: shown(hass, "sensor.ada_live_heart_rate") != "unavailable")
    return worn


def state_of(hass: HomeAssistant, entity: str) -> State:
    """Give an entity."""
    state = hass.states.get(entity)
    assert state is not None, entity
    return state


def shown(hass: HomeAssistant, entity: str) -> str:
    """Give the state of an entity."""
    return state_of(hass, entity).state


async def call(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Call an action."""
    domain, name = action.split(".")
    await hass.services.async_call(domain, name, data, blocking=True)


@pytest.mark.parametrize("held", [StrapConfig(), GEN5], indirect=True)
async def test_a_held_band_is_shown_whole(
    hass: HomeAssistant, held: Worn, device_registry: dr.DeviceRegistry
) -> None:
    """What it told while it was asked, drained and streamed, whatever its generation."""
    [device] = dr.async_entries_for_config_entry(device_registry, held.entry.entry_id)
    model = "WHOOP 4.0" if held.strap.generation is Generation.GEN4 else "WHOOP 5.0 or MG"
    assert (device.model, device.serial_number) == (model, held.strap.config.serial)
    await until(lambda: shown(hass, "sensor.ada_battery") != "unknown")
    assert 0 < float(shown(hass, "sensor.ada_battery")) <= 100
    assert shown(hass, "sensor.ada_firmware") == ".".join(map(str, held.strap.firmware_words))
    assert shown(hass, "binary_sensor.ada_connected") == "on"
    assert shown(hass, "binary_sensor.ada_worn") == "on"
    assert 25 <= float(shown(hass, "sensor.ada_live_heart_rate")) <= 230
    assert shown(hass, "sensor.ada_heart_rate_zone") in {"below", "zone_1"}
    await until(lambda: shown(hass, "sensor.ada_last_sync") != "unknown")
    await until(lambda: int(shown(hass, "sensor.ada_records_synced")) >= 100)


async def test_what_happens_on_the_band_is_told_once(
    hass: HomeAssistant, room: Room, held: Worn
) -> None:
    """With its time; a new connection, at which the band tells all again, makes no new tap."""
    held.strap.event(EventId.DOUBLE_TAP)
    await until(lambda: shown(hass, "event.ada_tap") != "unknown")
    tap = state_of(hass, "event.ada_tap")
    happened = dt_util.parse_datetime(tap.attributes["happened_at"])
    assert isinstance(happened, datetime)
    assert abs((dt_util.utcnow() - happened).total_seconds()) < 5
    held.strap.event(EventId.WRIST_OFF)
    await until(lambda: shown(hass, "binary_sensor.ada_worn") == "off")
    assert state_of(hass, "event.ada_wrist").attributes["event_type"] == "wrist_off"
    held.strap.drop()
    await until(lambda: shown(hass, "binary_sensor.ada_connected") == "off")
    assert shown(hass, "sensor.ada_live_heart_rate") == "unavailable"
    link = held.link
    again = asyncio.ensure_future(link.async_buzz())
    await room.shout(again.done)
    await again
    assert shown(hass, "binary_sensor.ada_connected") == "on"
    assert shown(hass, "event.ada_tap") == tap.state


@pytest.mark.parametrize("held", [StrapConfig(), GEN5], indirect=True)
async def test_the_action_reaches_every_generation(hass: HomeAssistant, held: Worn) -> None:
    """One pulse is one command, however the band is built."""
    await call(hass, "openstrap.buzz", entity_id="notify.ada_buzz", pattern="quick")
    assert held.strap.haptics.buzzes == 1


async def test_commands_reach_the_band(hass: HomeAssistant, held: Worn) -> None:
    """A message, the action, and the search, which ends with a tap."""
    haptics = held.strap.haptics
    await call(hass, "notify.send_message", entity_id="notify.ada_buzz", message="Tea is ready")
    assert haptics.buzzes == 2
    await call(hass, "openstrap.buzz", entity_id="notify.ada_buzz", pattern="quick")
    assert haptics.buzzes == 3
    search = asyncio.ensure_future(call(hass, "button.press", entity_id="button.ada_find_band"))
    await until(lambda: haptics.buzzes == 4)
    held.strap.event(EventId.DOUBLE_TAP)
    await asyncio.wait_for(search, 5)
    before = shown(hass, "sensor.ada_last_sync")
    await call(hass, "button.press", entity_id="button.ada_sync_now")
    await until(lambda: shown(hass, "sensor.ada_last_sync") != before)


async def test_the_alarm_is_armed_and_cleared(hass: HomeAssistant, held: Worn) -> None:
    """On the band itself, at the moment that is shown."""
    haptics = held.strap.haptics
    await call(hass, "time.set_value", entity_id="time.ada_alarm_time", time="06:30:00")
    assert haptics.alarm is None
    await call(hass, "switch.turn_on", entity_id="switch.ada_alarm")
    await until(lambda: state_of(hass, "switch.ada_alarm").attributes["confirmed"])
    next_alarm = dt_util.parse_datetime(shown(hass, "sensor.ada_next_alarm"))
    assert next_alarm is not None
    assert dt_util.as_local(next_alarm).strftime("%H:%M:%S") == "06:30:00"
    assert haptics.alarm is not None
    assert haptics.alarm[1] == pytest.approx(next_alarm.timestamp(), abs=5)
    await call(hass, "switch.turn_off", entity_id="switch.ada_alarm")
    await until(lambda: haptics.alarm is None)
    await until(lambda: shown(hass, "sensor.ada_next_alarm") == "unknown")


async def test_an_alarm_that_goes_off_is_told(hass: HomeAssistant, held: Worn) -> None:
    """By the band, when it vibrates."""
    held.strap.haptics.ring()
    await until(lambda: shown(hass, "event.ada_alarm") != "unknown")
    assert state_of(hass, "event.ada_alarm").attributes["event_type"] == "alarm_fired"


async def test_live_mode_ends_and_the_rest_stays(hass: HomeAssistant, held: Worn) -> None:
    """The link is let go, live values with it; what is known is still shown."""
    await call(hass, "select.select_option", entity_id="select.ada_live_mode", option="never")
    await until(lambda: shown(hass, "binary_sensor.ada_connected") == "off")
    await until(lambda: held.strap.link is None)
    assert shown(hass, "sensor.ada_live_heart_rate") == "unavailable"
    assert shown(hass, "sensor.ada_heart_rate_zone") == "unavailable"
    assert shown(hass, "sensor.ada_firmware") == "41.17.6.0"
    assert shown(hass, "binary_sensor.ada_worn") == "on"
    held.verify()


@pytest.mark.full
async def test_live_states_are_paced(hass: HomeAssistant, held: Worn) -> None:
    """One a second comes from the band; the recorder sees one every five at most."""
    written: list[tuple[float, str]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None:
            written.append((hass.loop.time(), state.state))

    stop = async_track_state_change_event(hass, "sensor.ada_live_heart_rate", note)
    await asyncio.sleep(PUBLISH_SECONDS + 2)
    stop()
    moments = [at for at, _ in written]
    assert 1 <= len(moments) <= 2
    gaps = [after - before for before, after in pairwise(moments)]
    assert all(gap >= PUBLISH_SECONDS - 0.1 for gap in gaps)


async def test_a_band_that_is_not_there(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Commands fail in words; the alarm is kept, and armed when the band comes."""
    worn = room.wearer([hass_admin_user.id], backlog_s=60)
    worn.strap.in_range = False
    await room.up(worn)
    for action, data in (
        ("button.press", {"entity_id": "button.ada_find_band"}),
        ("button.press", {"entity_id": "button.ada_sync_now"}),
        ("notify.send_message", {"entity_id": "notify.ada_buzz", "message": "Hello"}),
        ("openstrap.buzz", {"entity_id": "notify.ada_buzz"}),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await call(hass, action, **data)
        assert caught.value.translation_key == "band_away"
        assert caught.value.translation_placeholders == {"name": "Ada"}
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "switch.turn_on", entity_id="switch.ada_alarm")
    assert caught.value.translation_key == "alarm_without_time"
    await call(hass, "time.set_value", entity_id="time.ada_alarm_time", time="06:30:00")
    await call(hass, "switch.turn_on", entity_id="switch.ada_alarm")
    assert shown(hass, "switch.ada_alarm") == "on"
    assert state_of(hass, "switch.ada_alarm").attributes["confirmed"] is False
    worn.strap.in_range = True
    await room.shout(lambda: worn.strap.haptics.alarm is not None)
    await until(lambda: state_of(hass, "switch.ada_alarm").attributes["confirmed"])
