"""What a wearer's band can be told to do at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity
from .strap_link import StrapLink

# The link itself keeps commands in order; a drain of an hour must not hold back the search
# for a band that was lost.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StrapButtonDescription(ButtonEntityDescription):
    """A button, and what it does; raises HomeAssistantError when the band is not there."""

    press_fn: Callable[[StrapLink], Awaitable[None]]


BUTTONS: Final = (
    StrapButtonDescription(
        key="sync_now",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=lambda link: link.async_sync_now(),
    ),
    StrapButtonDescription(
        key="find_band",
        device_class=ButtonDeviceClass.IDENTIFY,
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=lambda link: link.async_find(),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a band, where there is one."""
    coordinator = entry.runtime_data
    if (link := coordinator.strap) is not None:
        async_add_entities(StrapButton(coordinator, link, description) for description in BUTTONS)


class StrapButton(StrapEntity, ButtonEntity):
    """A command. Stays available: pressed for an absent band it says so."""

    entity_description: StrapButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it. Raises HomeAssistantError."""
        await self.entity_description.press_fn(self.link)
