"""When a wearer's band wakes them."""

from datetime import time
from typing import Any, Final, override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity
from .strap_view import LinkSnapshot

# One change after the other: it goes to the band.
PARALLEL_UPDATES = 1

ALARM_TIME: Final = TimeEntityDescription(key="alarm_time")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the time of the alarm, where there is a band."""
    coordinator = entry.runtime_data
    if (link := coordinator.strap) is not None:
        async_add_entities([AlarmTime(coordinator, link, ALARM_TIME)])


class AlarmTime(StrapEntity, TimeEntity):
    """Local time of day of the daily alarm."""

    @override
    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        return True, snapshot.alarm.wanted

    @property
    @override
    def native_value(self) -> time | None:
        """The time, None as long as none was ever set."""
        wanted: time | None = self._shown
        return wanted

    @override
    async def async_set_value(self, value: time) -> None:
        """Keep it, and tell the band now or when it is next there. Raises HomeAssistantError."""
        await self.link.async_set_alarm(wanted=value)
