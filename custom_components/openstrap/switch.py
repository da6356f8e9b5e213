"""Whether a wearer's band wakes them."""

from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity
from .strap_view import LinkSnapshot

# One change after the other: it goes to the band.
PARALLEL_UPDATES = 1

ALARM: Final = SwitchEntityDescription(key="alarm")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switch of the alarm, where there is a band."""
    coordinator = entry.runtime_data
    if (link := coordinator.strap) is not None:
        async_add_entities([AlarmSwitch(coordinator, link, ALARM)])


class AlarmSwitch(StrapEntity, SwitchEntity):
    """The daily alarm."""

    @override
    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        return True, (snapshot.alarm.enabled, snapshot.alarm.armed)

    @property
    @override
    def is_on(self) -> bool:
        """Whether it is wanted."""
        enabled: bool = self._shown[0]
        return enabled

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Whether the band has confirmed just this."""
        return {"confirmed": self._shown[1]}

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Wake at the time that is set. Raises HomeAssistantError."""
        await self.link.async_set_alarm(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Do not wake any more. Raises HomeAssistantError."""
        await self.link.async_set_alarm(enabled=False)
