"""Actions of the integration, which are there whether or not a wearer is loaded."""

import asyncio
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
import voluptuous as vol

from .const import DOMAIN
from .coordinator import OpenStrapConfigEntry
from .strap import Buzz
from .strap_link import StrapLink

ACTION_BUZZ: Final = "buzz"
ATTR_PATTERN: Final = "pattern"
DEFAULT_PATTERN: Final = Buzz.DOUBLE
"""A single short pulse is easily taken for one's imagination."""

BUZZ_SCHEMA: Final = cv.make_entity_service_schema(
    {vol.Optional(ATTR_PATTERN, default=DEFAULT_PATTERN.value): vol.In([*map(str, Buzz)])}
)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Make the actions known; once, when the integration is set up."""
    hass.services.async_register(DOMAIN, ACTION_BUZZ, _async_buzz, BUZZ_SCHEMA)


async def _async_buzz(call: ServiceCall) -> None:
    """Let the bands that are meant vibrate, all at once."""
    pattern = Buzz(call.data[ATTR_PATTERN])
    # All are looked up before any vibrates: a mistake in the target is no half success.
    links = [_link_of(entry) for entry in _wearers_meant(call)]
    results = await asyncio.gather(
        *(link.async_buzz(pattern) for link in links), return_exceptions=True
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _wearers_meant(call: ServiceCall) -> list[OpenStrapConfigEntry]:
    """Give the wearers of the devices and entities in a target; other integrations' are left out."""
    hass = call.hass
    meant = async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
    devices, entities = dr.async_get(hass), er.async_get(hass)
    wearers: dict[str, OpenStrapConfigEntry] = {}
    for entry in hass.config_entries.async_entries(DOMAIN):
        of_entry = {
            device.id for device in dr.async_entries_for_config_entry(devices, entry.entry_id)
        }
        if of_entry & meant.referenced_devices or any(
            registered.entity_id in meant.referenced | meant.indirectly_referenced
            for registered in er.async_entries_for_config_entry(entities, entry.entry_id)
        ):
            wearers[entry.entry_id] = entry
    if not wearers:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_wearer_meant")
    return list(wearers.values())


def _link_of(entry: OpenStrapConfigEntry) -> StrapLink:
    if entry.state is not ConfigEntryState.LOADED:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="wearer_not_ready",
            translation_placeholders={"name": entry.title},
        )
    if (link := entry.runtime_data.strap) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_band",
            translation_placeholders={"name": entry.title},
        )
    return link
