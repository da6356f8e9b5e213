"""Whom a call means, and whether whoever calls may know of them.

A wearer is named by the target of the call, as the target of any other action: by the wearer's
device, or by any of its entities.
"""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from ..const import CONF_USERS, DOMAIN
from ..coordinator import OpenStrapConfigEntry, OpenStrapCoordinator


@callback
def wearers_meant(call: ServiceCall) -> list[OpenStrapConfigEntry]:
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


@callback
def the_wearer_meant(call: ServiceCall) -> OpenStrapConfigEntry:
    """Give the only wearer in a target: an answer, or a change, is of one."""
    first, *others = wearers_meant(call)
    if others:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="several_wearers_meant"
        )
    return first


async def async_check_user(call: ServiceCall, entry: OpenStrapConfigEntry) -> None:
    """Let administrators and the wearer's own users pass, and automations that nobody started.

    Raises Unauthorized for everybody else.
    """
    user_id = call.context.user_id
    if user_id is None or user_id in entry.data[CONF_USERS]:
        return
    user = await call.hass.auth.async_get_user(user_id)
    if user is None or not user.is_admin:
        raise Unauthorized(context=call.context, config_entry_id=entry.entry_id)


@callback
def ready(entry: OpenStrapConfigEntry) -> OpenStrapCoordinator:
    """Give a wearer who is up and running."""
    if entry.state is not ConfigEntryState.LOADED:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="wearer_not_ready",
            translation_placeholders={"name": entry.title},
        )
    return entry.runtime_data
