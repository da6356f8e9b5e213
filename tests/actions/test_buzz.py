"""Letting bands vibrate."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.openstrap.actions import buzz as action
from custom_components.openstrap.strap import Buzz

from ..fake_link import FakeLink

pytestmark = pytest.mark.full


async def buzz(home: HomeAssistant, **data: Any) -> None:
    """Let bands vibrate."""
    await home.services.async_call("openstrap", "buzz", data, blocking=True)


def device_of(registry: dr.DeviceRegistry, entry: MockConfigEntry) -> dr.DeviceEntry:
    """Give a wearer's device."""
    [device] = dr.async_entries_for_config_entry(registry, entry.entry_id)
    return device


@pytest.mark.parametrize("pattern", list(Buzz))
async def test_every_pattern_by_device(
    home: HomeAssistant,
    link: FakeLink,
    banded: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    pattern: Buzz,
) -> None:
    """The names are those of the band's patterns."""
    device = device_of(device_registry, banded)
    await buzz(home, device_id=device.id, pattern=str(pattern))
    assert link.told == [("buzz", pattern)]


async def test_by_entity_also_one_of_diagnosis(home: HomeAssistant, link: FakeLink) -> None:
    """Any entity means its wearer, and two mean the wearer once; the pattern may be left out."""
    await buzz(home, entity_id=["sensor.ada_battery", "notify.ada_buzz"])
    assert link.told == [("buzz", action.DEFAULT_PATTERN)]


async def test_by_area(
    home: HomeAssistant,
    link: FakeLink,
    banded: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    area_registry: ar.AreaRegistry,
) -> None:
    """Where the band is at home."""
    area = area_registry.async_create("Bedroom")
    device_registry.async_update_device(device_of(device_registry, banded).id, area_id=area.id)
    await buzz(home, area_id=area.id, pattern="long")
    assert link.told == [("buzz", Buzz.LONG)]


async def test_targets_that_mean_nobody(home: HomeAssistant, link: FakeLink) -> None:
    """No target at all is no call; others' entities are no wearers."""
    with pytest.raises(vol.Invalid):
        await buzz(home)
    with pytest.raises(vol.Invalid):
        await buzz(home, entity_id="notify.ada_buzz", pattern="morse")
    with pytest.raises(ServiceValidationError) as caught:
        await buzz(home, entity_id="light.kitchen")
    assert caught.value.translation_key == "no_wearer_meant"
    assert not link.told


async def test_a_wearer_without_a_band(
    home: HomeAssistant,
    link: FakeLink,
    banded: MockConfigEntry,
    wearer: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Said, and nobody else's band vibrates in their place."""
    assert await home.config_entries.async_setup(wearer.entry_id)
    devices = [device_of(device_registry, entry).id for entry in (banded, wearer)]
    with pytest.raises(ServiceValidationError) as caught:
        await buzz(home, device_id=devices)
    assert caught.value.translation_key == "no_band"
    assert caught.value.translation_placeholders == {"name": "Ada"}
    assert not link.told


async def test_a_wearer_that_is_not_loaded(
    home: HomeAssistant,
    link: FakeLink,
    banded: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """The action is still there, and says why nothing vibrates."""
    device = device_of(device_registry, banded)
    assert await home.config_entries.async_unload(banded.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await buzz(home, device_id=device.id)
    assert caught.value.translation_key == "wearer_not_ready"


async def test_an_absent_band_is_an_error(home: HomeAssistant, link: FakeLink) -> None:
    """Whatever the link says of it."""
    link.refusal = HomeAssistantError("not there")
    with pytest.raises(HomeAssistantError, match="not there"):
        await buzz(home, entity_id="notify.ada_buzz")


async def test_the_action_is_there_before_any_wearer(home: HomeAssistant) -> None:
    """Automations are checked when nobody is loaded yet."""
    assert await async_setup_component(home, "openstrap", {})
    assert home.services.has_service("openstrap", "buzz")
