"""What can be told to be done at once: to a wearer's band, and with what is known of the wearer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .entity import OpenStrapEntity, StrapEntity
from .store import WearerStore
from .strap_link import StrapLink
from .wearer_options import async_keep_sleep_need, async_through

# The link itself keeps commands in order; a drain of an hour must not hold back the search
# for a band that was lost.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StrapButtonDescription(ButtonEntityDescription):
    """A button, and what it does; raises HomeAssistantError when the band is not there."""

    press_fn: Callable[[StrapLink], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class WearerButtonDescription(ButtonEntityDescription):
    """A button that needs no band, and what it does; raises HomeAssistantError."""

    press_fn: Callable[[OpenStrapCoordinator], Awaitable[None]]


async def _async_recompute(coordinator: OpenStrapCoordinator) -> None:
    """Have all days computed again whose frames are there, the newest first."""
    await async_through(coordinator, coordinator.worker.async_run(WearerStore.recompute))
    coordinator.sweeper.async_sweep_soon()


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

WEARER_BUTTONS: Final = (
    WearerButtonDescription(
        key="recompute",
        translation_key="recompute",
        entity_category=EntityCategory.CONFIG,
        press_fn=_async_recompute,
    ),
    WearerButtonDescription(
        key="learn_sleep_need",
        translation_key="learn_sleep_need",
        entity_category=EntityCategory.CONFIG,
        press_fn=async_keep_sleep_need,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a wearer, and those of a band where there is one."""
    coordinator = entry.runtime_data
    async_add_entities(WearerButton(coordinator, description) for description in WEARER_BUTTONS)
    if (link := coordinator.strap) is not None:
        async_add_entities(StrapButton(coordinator, link, description) for description in BUTTONS)


class StrapButton(StrapEntity, ButtonEntity):
    """A command. Stays available: pressed for an absent band it says so."""

    entity_description: StrapButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it. Raises HomeAssistantError."""
        await self.entity_description.press_fn(self.link)


class WearerButton(OpenStrapEntity, ButtonEntity):
    """A command that the wearer's own data are enough for."""

    entity_description: WearerButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it. Raises HomeAssistantError."""
        await self.entity_description.press_fn(self.coordinator)
