"""A wearer's history as long-term statistics: written late, corrected when a day changes."""

import asyncio
from datetime import date, datetime, timedelta
import logging
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from . import memory, statistics_rows as rows
from .const import CONF_SLUG, SWEEP_INTERVAL
from .coordinator import OpenStrapCoordinator
from .statistics_rows import Slice
from .statistics_series import DAILY, HEART_RATE, SERIES, async_give_slug, statistic_id
from .store import WearerStore
from .worker import WorkerClosed

if TYPE_CHECKING:
    from .statistics_book import Book

__all__ = [
    "DAILY",
    "HEART_RATE",
    "SERIES",
    "History",
    "async_clear",
    "async_give_slug",
    "statistic_id",
]

_LOGGER = logging.getLogger(__name__)

TRIES: Final = 2
"""Times that rows are handed over before a later round has to do it."""


class History:
    """Keeps the recorder's statistics of one wearer as the wearer's file has them.

    What changed is known by the file, and is forgotten there only once the recorder was seen to
    have it. Without a recorder nothing happens.
    """

    def __init__(self, hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
        """Prepare; the wearer's file must be one that can be written."""
        self._hass = hass
        self._coordinator = coordinator
        self._entry = entry = coordinator.config_entry
        self._worker = coordinator.worker
        self._title = entry.title
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._failing = False

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Publish what waits, now and whenever something may; returns what stops it."""
        stops = [
            async_at_started(self._hass, self._on_started),
            async_track_time_interval(
                self._hass, self._on_interval, SWEEP_INTERVAL, name="openstrap statistics"
            ),
            self._coordinator.async_listen_results(self.async_publish),
            self._hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._on_core_config),
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._on_entry_changed
            ),
        ]

        @callback
        def stop() -> None:
            for unsub in stops:
                unsub()
            if self._task is not None:
                self._task.cancel()

        return stop

    @callback
    def async_publish(self) -> None:
        """Publish what waits, soon; what changes while that goes on is published after it."""
        self._again = True
        if DATA_INSTANCE in self._hass.data and (self._task is None or self._task.done()):
            self._task = self._entry.async_create_background_task(
                self._hass, self._async_run(), "openstrap statistics"
            )

    async def _async_run(self) -> None:
        while self._again:
            self._again = False
            try:
                await self._async_round()
            except WorkerClosed:
                return
            except Exception:
                # Whatever it was: nothing is lost, for the file still knows what waits.
                if not self._failing:
                    _LOGGER.exception("Statistics could not be written; it is tried again")
                self._failing = True
                return
            self._failing = False

    async def _async_round(self) -> None:
        # Importing it costs time that a Home Assistant without recorder need not spend.
        from .statistics_book import Book  # noqa: PLC0415  only with a recorder

        book = Book(self._hass, self._entry)
        if not await book.async_ready():
            return
        run = self._worker.async_run
        zone = dt_util.get_default_time_zone()
        today = dt_util.now(zone).date()
        await run(rows.note_zone, self._hass.config.time_zone)
        described = await book.async_describe()
        if described.nothing:
            await run(rows.unpublish_lost)
        if described.renamed:
            await book.async_write({key: [] for key in described.renamed})
        await self._async_rebuild(book, described.other_unit - {HEART_RATE}, today)
        until: date | None = today
        while until is not None:
            wanted = await run(rows.next_slice, until, zone)
            if not wanted.marks:
                return
            for day, _ in wanted.marks:
                wanted = await run(rows.add_hours, wanted, day, zone)
            surplus = await self._async_settle(book, wanted)
            if surplus:
                # Its other rows are in the file, so the series is written anew without this one.
                await self._async_rebuild(book, surplus, today)
            await run(WearerStore.published_all, wanted.marks)
            await self._hass.async_add_executor_job(memory.give_back)
            until = wanted.marks[-1][0] - timedelta(days=1)

    async def _async_rebuild(
        self, book: Book, keys: frozenset[str] | set[str], today: date
    ) -> None:
        """Write series anew, those too that an earlier try did not come to the end of."""
        run = self._worker.async_run
        if keys:
            await run(rows.note_rebuilding, keys)
        if not (waiting := await run(rows.rebuilding)):
            return
        known = waiting & DAILY.keys()
        if known:
            await book.async_clear(known)
        zone = dt_util.get_default_time_zone()
        until: date | None = today if known else None
        while until is not None:
            page, until = await run(rows.next_page, until, zone, known)
            await self._async_settle(book, page)
        await run(rows.note_rebuilt, waiting)

    async def _async_settle(self, book: Book, wanted: Slice) -> frozenset[str]:
        """Give the recorder what it lacks until it has it; returns series with a row too many.

        Raises RuntimeError when it does not take it.
        """
        surplus = [await self._async_settle_part(book, part) for part in wanted.parts()]
        return frozenset[str]().union(*surplus)

    async def _async_settle_part(self, book: Book, wanted: Slice) -> frozenset[str]:
        for _ in range(TRIES):
            found = await book.async_compare(wanted)
            if not found.missing:
                return found.surplus
            await book.async_write(found.missing)
        found = await book.async_compare(wanted)
        if found.missing:
            raise RuntimeError("the recorder does not keep what it is given")
        return found.surplus

    @callback
    def _on_started(self, _hass: HomeAssistant) -> None:
        self.async_publish()

    @callback
    def _on_interval(self, _now: datetime) -> None:
        self.async_publish()

    @callback
    def _on_core_config(self, event: Event) -> None:
        if "time_zone" in event.data:
            self.async_publish()

    @callback
    def _on_entry_changed(self, _change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        if entry is self._entry and entry.title != self._title:
            self._title = entry.title
            self.async_publish()


async def async_clear(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete all statistics of a wearer who is removed."""
    if DATA_INSTANCE not in hass.data or CONF_SLUG not in entry.data:
        return
    from .statistics_book import Book  # noqa: PLC0415  only with a recorder

    book = Book(hass, entry)
    if await book.async_ready():
        await book.async_clear_all()
