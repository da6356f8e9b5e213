"""What happens on a wearer's band."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import OpenStrapConfigEntry
from .entity import StrapEntity
from .strap_view import LinkEvent

# Nothing is fetched: the link tells what happens.
PARALLEL_UPDATES = 0

EVENTS: Final = (
    EventEntityDescription(key="tap", event_types=[LinkEvent.DOUBLE_TAP]),
    EventEntityDescription(key="wrist", event_types=[LinkEvent.WRIST_ON, LinkEvent.WRIST_OFF]),
    EventEntityDescription(key="alarm", event_types=[LinkEvent.ALARM_FIRED]),
    EventEntityDescription(
        key="charger",
        event_types=[LinkEvent.CHARGING_ON, LinkEvent.CHARGING_OFF],
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    EventEntityDescription(
        key="clock",
        event_types=[LinkEvent.CLOCK_LOST],
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of a band, where there is one."""
    coordinator = entry.runtime_data
    if (link := coordinator.strap) is not None:
        async_add_entities(StrapEvent(coordinator, link, description) for description in EVENTS)


class StrapEvent(StrapEntity, EventEntity):
    """One kind of event. Stays available, so that a link that comes and goes is none."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for events."""
        await super().async_added_to_hass()
        self.async_on_remove(self.link.async_listen_events(self._async_happened))

    @callback
    def _async_happened(self, kind: LinkEvent, ts: float, data: Mapping[str, Any]) -> None:
        if kind not in self.event_types:
            return
        # The band may tell what happened while it was out of reach: its own time is the true one.
        happened = dt_util.utc_from_timestamp(ts).isoformat()
        self._trigger_event(kind, {**data, "happened_at": happened})
        self.async_write_ha_state()
