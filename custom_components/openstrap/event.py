"""What happens to a wearer, and on their band."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import OpenStrapConfigEntry
from .entity import OpenStrapEntity, StrapEntity
from .happenings import Happening, HappeningKind, moment
from .strap_view import LinkEvent

# Nothing is fetched: the link and the analysis tell what happens.
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


def _describe(key: str, *kinds: HappeningKind) -> EventEntityDescription:
    return EventEntityDescription(key=key, translation_key=key, event_types=[*kinds])


HAPPENINGS: Final = (
    _describe("sleep", HappeningKind.FELL_ASLEEP, HappeningKind.WOKE_UP, HappeningKind.NAP),
    _describe(
        "training",
        HappeningKind.WORKOUT_STARTED,
        HappeningKind.WORKOUT_ENDED,
        HappeningKind.STRAIN_TARGET_REACHED,
    ),
    _describe("recovery_event", HappeningKind.RECOVERY_READY),
    _describe("nudge", HappeningKind.NUDGE),
    _describe("record", HappeningKind.NEW_RECORD),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of a wearer, and those of a band where there is one."""
    coordinator = entry.runtime_data
    async_add_entities(WearerEvent(coordinator, description) for description in HAPPENINGS)
    if (link := coordinator.strap) is not None:
        async_add_entities(StrapEvent(coordinator, link, description) for description in EVENTS)


class WearerEvent(OpenStrapEntity, EventEntity):
    """Some kinds of what happens to a wearer."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to what happens."""
        await super().async_added_to_hass()
        listen = self.coordinator.happenings.async_listen
        self.async_on_remove(listen(self._async_happened))

    @callback
    def _async_happened(self, happening: Happening) -> None:
        if happening.kind in self.event_types:
            self._trigger_event(happening.kind, happening.to_dict())
            self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Leave the event as it is: what is published changes none."""


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
        self._trigger_event(kind, {**data, "happened_at": moment(ts)})
        self.async_write_ha_state()
