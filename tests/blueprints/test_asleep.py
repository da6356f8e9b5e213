"""What the blueprints do when people fall asleep."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.openstrap.happenings import HappeningKind

from .shelf import ACT, LIGHT, device_of, entity_of, settle, show, tell, use

pytestmark = pytest.mark.full


@pytest.fixture
async def dark(home: HomeAssistant, loaded: MockConfigEntry) -> list[ServiceCall]:
    """Use the blueprint that turns lights off, and give its calls."""
    home.states.async_set("input_boolean.guests", "off")
    calls: list[ServiceCall] = async_mock_service(home, "light", "turn_off")
    await use(
        home,
        "lights_out_when_asleep",
        wearer=device_of(home, loaded),
        lights=LIGHT,
        extra_actions=[ACT],
        paused_by=["input_boolean.guests"],
    )
    return calls


async def test_lights_go_out(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    dark: list[ServiceCall],
    acted: list[ServiceCall],
) -> None:
    """Slowly, and what else is wanted is done."""
    await tell(home, loaded, HappeningKind.FELL_ASLEEP, ago_min=12, day="2026-01-16")
    [call] = dark
    assert call.data == {"entity_id": ["light.bedroom"], "transition": 10}
    assert len(acted) == 1


async def test_lights_stay_when_it_is_not_the_time(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    dark: list[ServiceCall],
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Guests, a nap, another event, or a night that comes in with the morning's data."""
    await tell(home, loaded, HappeningKind.WOKE_UP)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP, ago_min=46)
    home.states.async_set("input_boolean.guests", "on")
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    home.states.async_set("input_boolean.guests", "off")
    freezer.move_to("2026-01-16T14:00:00Z")
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    assert not dark
    assert not acted


async def all_asleep(home: HomeAssistant, *entries: MockConfigEntry, **inputs: Any) -> None:
    """Use the blueprint that waits for everyone."""
    sleepers = [entity_of(home, entry, "binary_sensor", "asleep") for entry in entries]
    await use(home, "everyone_asleep", sleepers=sleepers, actions=[ACT], **inputs)


async def test_the_last_one_who_sleeps_counts(
    home: HomeAssistant, loaded: MockConfigEntry, bob: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Not the first, nor one of whom the other's sleep is not known."""
    await all_asleep(home, loaded, bob)
    await show(home, loaded, True)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    await show(home, bob, False)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    assert not acted
    await show(home, bob, True)
    await tell(home, bob, HappeningKind.FELL_ASLEEP, ago_min=46)
    assert not acted
    await tell(home, bob, HappeningKind.FELL_ASLEEP, ago_min=5)
    assert len(acted) == 1


async def test_who_is_away_need_not_be_waited_for(
    home: HomeAssistant, loaded: MockConfigEntry, bob: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Nothing is known of Bob; when he is awake he is waited for again."""
    await all_asleep(home, loaded, bob, leave_out_unknown=True)
    await show(home, loaded, True)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    assert len(acted) == 1
    await show(home, bob, False)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    assert len(acted) == 1


async def test_people_without_a_band_are_waited_for(
    home: HomeAssistant, loaded: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Whoever is last; an empty room is nobody."""
    home.states.async_set("binary_sensor.bed", "off")
    await all_asleep(home, loaded, other_sleepers=["binary_sensor.bed"])
    await show(home, loaded, True)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    assert not acted
    home.states.async_set("binary_sensor.bed", "on")
    await settle()
    assert len(acted) == 1


async def test_everyone_may_sleep_by_day_or_with_guests(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Without anything being done."""
    home.states.async_set("input_boolean.guests", "on")
    await all_asleep(home, loaded, paused_by=["input_boolean.guests"])
    await show(home, loaded, True)
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    home.states.async_set("input_boolean.guests", "off")
    freezer.move_to("2026-01-16T14:00:00Z")
    await tell(home, loaded, HappeningKind.FELL_ASLEEP)
    assert not acted
