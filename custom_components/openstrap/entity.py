"""What all entities of a wearer share."""

from typing import Any, TypedDict, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_KIND, CONF_WEARER, DOMAIN, KIND_DEMO
from .coordinator import OpenStrapCoordinator
from .engine.imported import source_of
from .engine.metric import Metric
from .engine.protocol import Generation
from .strap_link import StrapLink
from .strap_view import LinkSnapshot

MANUFACTURER = "OpenStrap"
MODELS = {KIND_DEMO: "Demo wearer"}
MODEL = "Wearer"
BAND_MANUFACTURER = "WHOOP"
BAND_MODELS = {Generation.GEN4: "WHOOP 4.0", Generation.GEN5: "WHOOP 5.0 or MG"}
BAND_MODEL = "WHOOP band"

# Attributes of the wrapping that change with every value; the recorder need not keep them.
STORY = frozenset({"drivers", "inputs_used", "label", "note", "tier"})


def story(metric: Metric) -> dict[str, Any]:
    """Tell how sure a value is, from what, or why there is none, as attributes.

    One that another system measured has its name as ``imported`` beside.
    """
    source = source_of(metric.inputs_used)
    return {
        "confidence": metric.confidence,
        "tier": metric.tier.value,
        "label": metric.label,
        "note": metric.note,
        "inputs_used": list(metric.inputs_used),
        "drivers": [[name, number] for name, number in metric.drivers],
    } | ({} if source is None else {"imported": source})


def wearer_id(entry: ConfigEntry) -> str:
    """Return what entities and devices of a wearer are known by, whatever band is worn.

    An entry goes by its band's address; one that got a band later keeps what it had before.
    """
    return entry.data.get(CONF_WEARER) or entry.unique_id or entry.entry_id


def _device_info(coordinator: OpenStrapCoordinator) -> DeviceInfo:
    """Describe the one device: a band on a wearer, or a wearer alone."""
    entry = coordinator.config_entry
    identifiers = {(DOMAIN, wearer_id(entry))}
    if (link := coordinator.strap) is not None:
        # What else is known of a band is kept up to date by ``async_follow_band``.
        return DeviceInfo(
            identifiers=identifiers,
            connections=_connections(link),
            name=entry.title,
            manufacturer=BAND_MANUFACTURER,
        )
    return DeviceInfo(
        identifiers=identifiers,
        name=entry.title,
        manufacturer=MANUFACTURER,
        model=MODELS.get(entry.data[CONF_KIND], MODEL),
        entry_type=DeviceEntryType.SERVICE,
    )


def _connections(link: StrapLink) -> set[tuple[str, str]]:
    return {(dr.CONNECTION_BLUETOOTH, link.address)}


class _BandInfo(TypedDict):
    manufacturer: str
    model: str
    serial_number: str | None
    sw_version: str | None
    entry_type: DeviceEntryType | None


def _band_info(link: StrapLink) -> _BandInfo:
    """Tell what is known of the band by now."""
    state = link.snapshot.state
    model = BAND_MODEL if state.generation is None else BAND_MODELS[state.generation]
    return _BandInfo(
        manufacturer=BAND_MANUFACTURER,
        model=model,
        serial_number=state.serial,
        sw_version=state.firmware,
        # A wearer who got a band later was a service before.
        entry_type=None,
    )


@callback
def async_follow_band(coordinator: OpenStrapCoordinator, link: StrapLink) -> CALLBACK_TYPE:
    """Keep the device true to the band, of which more is known with time.

    To be called when the device is there; returns what ends it.
    """
    entry = coordinator.config_entry
    registry = dr.async_get(coordinator.hass)
    identifier = (DOMAIN, wearer_id(entry))
    told: _BandInfo | None = None

    @callback
    def follow() -> None:
        nonlocal told
        info = _band_info(link)
        if info == told:
            return
        if device := registry.async_get_device_by_identifier(identifier, entry.entry_id):
            told = info
            # A band that was replaced leaves its address behind otherwise.
            registry.async_update_device(device.id, new_connections=_connections(link), **info)

    follow()
    return link.async_listen(follow)


class OpenStrapEntity(CoordinatorEntity[OpenStrapCoordinator]):
    """An entity of one wearer, who is one device."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: OpenStrapCoordinator, description: EntityDescription) -> None:
        """Name the entity after its description, in the wearer's device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{wearer_id(coordinator.config_entry)}_{description.key}"
        self._attr_device_info = _device_info(coordinator)


class StrapEntity(Entity):
    """An entity of a wearer's band, which shows what the link knows."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, coordinator: OpenStrapCoordinator, link: StrapLink, description: EntityDescription
    ) -> None:
        """Name the entity after its description, in the wearer's device."""
        self.link = link
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{wearer_id(coordinator.config_entry)}_{description.key}"
        self._attr_device_info = _device_info(coordinator)
        self._attr_available, self._shown = self._view(link.snapshot)

    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        """Give availability and all that is shown of a snapshot; equal means nothing new."""
        return True, None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the link."""
        await super().async_added_to_hass()
        self._show()
        self.async_on_remove(self.link.async_listen(self._async_link_changed))

    def _show(self) -> None:
        """Take over what the link knows now."""
        self._attr_available, self._shown = self._view(self.link.snapshot)

    @callback
    def _async_link_changed(self) -> None:
        if self._view(self.link.snapshot) != (self._attr_available, self._shown):
            self._show()
            self.async_write_ha_state()
