"""Which wearers a target means, and the wearers' news for what outlives their coming and going."""

from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.typing import ConfigType
from homeassistant.util.signal_type import SignalType

from .const import DOMAIN
from .coordinator import OpenStrapCoordinator
from .entity import wearer_id
from .happenings import Happening

SIGNAL_HAPPENED: Final = SignalType[OpenStrapCoordinator, Happening](f"{DOMAIN}_happened")
SIGNAL_CHANGED: Final = SignalType[OpenStrapCoordinator](f"{DOMAIN}_changed")
"""Something of a wearer or of the band may be other than before; also sent when they come up."""


@callback
def async_relay(hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> CALLBACK_TYPE:
    """Pass a wearer's news on to triggers, which stay while wearers are reloaded.

    Returns what ends it.
    """

    @callback
    def happened(happening: Happening) -> None:
        async_dispatcher_send(hass, SIGNAL_HAPPENED, coordinator, happening)

    @callback
    def changed() -> None:
        async_dispatcher_send(hass, SIGNAL_CHANGED, coordinator)

    stops = [
        coordinator.happenings.async_listen(happened),
        coordinator.async_add_listener(changed),
    ]
    if coordinator.strap is not None:
        stops.append(coordinator.strap.async_listen(changed))
    changed()

    @callback
    def stop() -> None:
        for unsub in stops:
            unsub()

    return stop


@callback
def wearers_meant(hass: HomeAssistant, target: ConfigType) -> frozenset[str]:
    """Give the entry ids of the wearers that a target means.

    By a device, an entity, an area, a floor or a label, of the device or of any entity of theirs.
    """
    meant = async_extract_referenced_entity_ids(
        hass, TargetSelection(target), primary_entities_only=False
    )
    ids: set[str | None] = set()
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for entity_id in meant.referenced | meant.indirectly_referenced:
        if (entity := entities.async_get(entity_id)) is not None:
            ids.add(entity.config_entry_id)
    for device_id in meant.referenced_devices:
        if (device := devices.async_get(device_id)) is not None:
            ids |= device.config_entries
    return frozenset(
        entry.entry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.entry_id in ids
    )


@callback
def loaded_wearers(hass: HomeAssistant) -> list[OpenStrapCoordinator]:
    """Give all wearers that are up."""
    return [
        entry.runtime_data
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.state is ConfigEntryState.LOADED
    ]


@callback
def device_of(hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> str | None:
    """Give the id of a wearer's device; None while there is none."""
    entry = coordinator.config_entry
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, wearer_id(entry)), entry.entry_id
    )
    return None if device is None else device.id
