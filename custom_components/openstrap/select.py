"""How close Home Assistant stays to a wearer's band."""

from typing import Any, Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity
from .strap_view import LIVE_MODES, LinkSnapshot

# One change after the other: it goes to the band.
PARALLEL_UPDATES = 1

LIVE_MODE: Final = SelectEntityDescription(
    key="live_mode", options=list(LIVE_MODES), entity_category=EntityCategory.CONFIG
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the choice of live mode, where there is a band."""
    coordinator = entry.runtime_data
    if (link := coordinator.strap) is not None:
        async_add_entities([LiveModeSelect(coordinator, link, LIVE_MODE)])


class LiveModeSelect(StrapEntity, SelectEntity):
    """When the link is held for a live heart rate, and when the band is drained and left alone."""

    @override
    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        return True, (self.link.live_mode, snapshot.live_wanted)

    @property
    @override
    def current_option(self) -> str:
        """The mode."""
        mode: str = self._shown[0]
        return mode

    @override
    async def async_select_option(self, option: str) -> None:
        """Keep the mode, which works at once. Raises HomeAssistantError."""
        await self.link.async_set_live_mode(option)
        self._async_link_changed()
