"""A message that is felt: the band vibrates."""

from typing import Final, override

from homeassistant.components.notify import NotifyEntity, NotifyEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions import DEFAULT_PATTERN
from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity

# One vibration after the other.
PARALLEL_UPDATES = 1

BUZZ: Final = NotifyEntityDescription(key="buzz")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the notifier of a band, where there is one."""
    coordinator = entry.runtime_data
    if (link := coordinator.strap) is not None:
        async_add_entities([StrapNotifier(coordinator, link, BUZZ)])


class StrapNotifier(StrapEntity, NotifyEntity):
    """Vibrates for every message, whatever it says: a band cannot show it."""

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Vibrate. Raises HomeAssistantError."""
        await self.link.async_buzz(DEFAULT_PATTERN)
