"""What is so or not so of a wearer, and of their band where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity
from .live_binary_sensor import LIVE_BINARY_SENSORS, LiveBinarySensor
from .strap_view import LinkPhase, LinkSnapshot

# Nothing is fetched: the link tells what changes.
PARALLEL_UPDATES = 0


def _in_reach(snapshot: LinkSnapshot) -> bool:
    """Nobody knows what became of a band that has not been heard for a while."""
    return snapshot.phase is not LinkPhase.AWAY


def _link_facts(snapshot: LinkSnapshot) -> dict[str, Any]:
    """Say why the last try failed."""
    return {"fault": None if snapshot.fault is None else str(snapshot.fault)}


@dataclass(frozen=True, kw_only=True)
class StrapBinarySensorDescription(BinarySensorEntityDescription):
    """A state, where it is found, and when it can be known."""

    value_fn: Callable[[LinkSnapshot], bool | None]
    available_fn: Callable[[LinkSnapshot], bool] = _in_reach
    attributes_fn: Callable[[LinkSnapshot], dict[str, Any] | None] = lambda _: None


BINARY_SENSORS: Final = (
    StrapBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.state.charging,
    ),
    StrapBinarySensorDescription(key="worn", value_fn=lambda snapshot: snapshot.state.worn),
    StrapBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.connected,
        available_fn=lambda _: True,
        attributes_fn=_link_facts,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add what is so of a wearer, and of a band where there is one."""
    coordinator = entry.runtime_data
    async_add_entities(
        LiveBinarySensor(coordinator, description) for description in LIVE_BINARY_SENSORS
    )
    if (link := coordinator.strap) is not None:
        async_add_entities(
            StrapBinarySensor(coordinator, link, description) for description in BINARY_SENSORS
        )


class StrapBinarySensor(StrapEntity, BinarySensorEntity):
    """A state of the band."""

    entity_description: StrapBinarySensorDescription

    @override
    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        description = self.entity_description
        shown = description.value_fn(snapshot), description.attributes_fn(snapshot)
        return description.available_fn(snapshot), shown

    @property
    @override
    def is_on(self) -> bool | None:
        """The state, or None when the band has not told it."""
        on: bool | None = self._shown[0]
        return on

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """More about it."""
        attributes: dict[str, Any] | None = self._shown[1]
        return attributes
