"""A wearer's nights, naps and workouts as a calendar, and the night that is planned."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .agenda import AgendaItem, planned_night, read_agenda, slices
from .const import DOMAIN
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .entity import OpenStrapEntity
from .store import StoreError
from .worker import WorkerClosed

# Nothing is fetched: what is asked for is read from the wearer's file.
PARALLEL_UPDATES = 0

CALENDAR: Final = CalendarEntityDescription(key="calendar")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the wearer's calendar."""
    async_add_entities([WearerCalendar(entry.runtime_data, CALENDAR)])


class WearerCalendar(OpenStrapEntity, CalendarEntity):
    """The past as the stored days tell it, and the coming night as the coach plans it."""

    entity_description: CalendarEntityDescription

    def __init__(
        self, coordinator: OpenStrapCoordinator, description: CalendarEntityDescription
    ) -> None:
        """Take over what is planned."""
        super().__init__(coordinator, description)
        self._attr_translation_key = description.key
        self._shown = coordinator.data.nights

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The planned night, until it is over; everything else is past when it is known."""
        planned = self._planned()
        return None if planned is None else _event(planned)

    def _planned(self) -> AgendaItem | None:
        planned = planned_night(self.coordinator.data.nights.day)
        if planned is None or planned.end_ts <= dt_util.utcnow().timestamp():
            return None
        return planned

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Give what touches the time from start to end (excluded), in the order of time.

        Raises HomeAssistantError when the wearer's file cannot be read.
        """
        items: list[AgendaItem] = []
        run, name = self.coordinator.worker.async_run, self.coordinator.config_entry.title
        try:
            for first, last in slices(start_date, end_date, dt_util.now().date()):
                items += await run(read_agenda, first, last, dt_util.get_default_time_zone())
        except WorkerClosed as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="wearer_not_ready",
                translation_placeholders={"name": name},
            ) from err
        except StoreError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="store_failed",
                translation_placeholders={"name": name, "reason": str(err)},
            ) from err
        if (planned := self._planned()) is not None:
            items.append(planned)
        start, end = start_date.timestamp(), end_date.timestamp()
        return [_event(item) for item in items if item.start_ts < end and item.end_ts > start]

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write only when days have changed: every reading would have listeners read them anew."""
        if (nights := self.coordinator.data.nights) != self._shown:
            self._shown = nights
            super()._handle_coordinator_update()


def _event(item: AgendaItem) -> CalendarEvent:
    """Show an entry in Home Assistant's time zone, to the second."""
    start, end = (
        dt_util.as_local(dt_util.utc_from_timestamp(round(ts)))
        for ts in (item.start_ts, item.end_ts)
    )
    return CalendarEvent(
        start=start, end=end, summary=item.summary, description=item.description, uid=item.uid
    )
