"""What all entities of a wearer share."""

from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_KIND, DOMAIN, KIND_DEMO
from .coordinator import OpenStrapCoordinator

MODELS = {KIND_DEMO: "Demo wearer"}
MODEL = "Wearer"


class OpenStrapEntity(CoordinatorEntity[OpenStrapCoordinator]):
    """An entity of one wearer, who is one device."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: OpenStrapCoordinator, description: EntityDescription) -> None:
        """Name the entity after its description, in the wearer's device."""
        super().__init__(coordinator)
        entry = coordinator.config_entry
        wearer = entry.unique_id or entry.entry_id
        self.entity_description = description
        self._attr_unique_id = f"{wearer}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, wearer)},
            name=entry.title,
            manufacturer="OpenStrap",
            model=MODELS.get(entry.data[CONF_KIND], MODEL),
            entry_type=DeviceEntryType.SERVICE,
        )
