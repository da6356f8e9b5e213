"""One wearer at run time: lets frames in and publishes what is known."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
import logging
import time
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .analysis import Nights, load_nights
from .const import DOMAIN, PUBLISH_SECONDS
from .engine.profile import Profile
from .engine.protocol import Generation, Inner
from .happenings import Happenings
from .ingest import IngestReport, ingest, ingest_hex
from .issues import RejectWatch
from .live_view import NOT_LIVE, LiveView
from .profile_watch import follow_profile
from .store import LatestReading, Retention, StoreError, WearerStore
from .sweeper import Sweeper
from .worker import Worker, WorkerClosed

if TYPE_CHECKING:
    from .strap_link import StrapLink

_LOGGER = logging.getLogger(__name__)

type OpenStrapConfigEntry = ConfigEntry[OpenStrapCoordinator]

# How long a sender should wait before it tries again (s).
RETRY_NOT_READY: Final = 15
RETRY_STORE_FAILED: Final = 60
RETRY_READ_ONLY: Final = 3600


class IngestRefused(HomeAssistantError):
    """Frames were not taken in, none of them: whoever sent them must keep them."""

    def __init__(self, key: str, retry_after: int, **placeholders: str) -> None:
        """Name the translated reason; `retry_after` is in seconds."""
        super().__init__(
            translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
        )
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is published of a wearer at one moment."""

    latest: LatestReading
    nights: Nights
    live: LiveView = NOT_LIVE


class OpenStrapCoordinator(DataUpdateCoordinator[Snapshot]):
    """Everything that platforms and views may ask of one wearer."""

    config_entry: OpenStrapConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: OpenStrapConfigEntry,
        worker: Worker,
        profile: Profile,
        retention: Retention,
    ) -> None:
        """Prepare; `async_load` must follow."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=DOMAIN,
            update_interval=None,
            always_update=False,
        )
        self.worker = worker
        self.sweeper = Sweeper(
            hass,
            entry,
            worker=worker,
            profile=profile,
            retention=retention,
            on_results=self._async_take_results,
        )
        self.strap: StrapLink | None = None
        """The link to the wearer's band; None for a wearer without one."""
        self.happenings = Happenings(worker)
        self.importing = False
        """Whether a history is being imported; see ``import_job``."""
        self.received = 0
        self.rejected: Counter[str] = Counter()
        self._watch = RejectWatch(hass, entry)
        self._running = False
        self._pending: LatestReading | None = None
        self._published_at = -PUBLISH_SECONDS
        self._unsub_publish: CALLBACK_TYPE | None = None
        self._result_listeners: dict[object, Callable[[], None]] = {}
        self._workout_listeners: set[Callable[[], None]] = set()

    async def async_load(self) -> None:
        """Publish what stands on disk; computes nothing."""
        latest, nights = await self.worker.async_run(_load, dt_util.now().date())
        live = NOT_LIVE if self.data is None else self.data.live
        self._publish(Snapshot(latest, nights, live))

    async def _async_take_results(self) -> None:
        await self.async_load()
        for listener in list(self._result_listeners.values()):
            listener()

    async def async_results_changed(self) -> None:
        """Let everybody follow results that changed in another way than by a sweep."""
        await self._async_take_results()

    @callback
    def async_follow_import(self) -> None:
        """Let results and graphs follow what was imported, if anybody is to see them."""
        if self._running:
            self.sweeper.async_frames_came()
            self.config_entry.async_create_task(
                self.hass, self._async_follow_import(), "openstrap import"
            )

    async def _async_follow_import(self) -> None:
        with suppress(WorkerClosed):
            await self._async_take_results()

    @callback
    def async_listen_results(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call back after days were computed, also where what is shown stays; returns its end."""
        key = object()
        self._result_listeners[key] = listener

        @callback
        def stop() -> None:
            self._result_listeners.pop(key, None)

        return stop

    @callback
    def async_workout_told(self) -> None:
        """Let whoever shows the present see what was told of a workout, and days follow soon."""
        self.sweeper.async_frames_came()
        for listener in list(self._workout_listeners):
            listener()

    @callback
    def async_listen_workouts(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call back when something was told of a workout; returns its end."""
        self._workout_listeners.add(listener)
        return partial(self._workout_listeners.discard, listener)

    async def async_set_profile(self, profile: Profile) -> None:
        """Go by another profile from now on, and let results follow. Raises StoreError."""
        self.sweeper.async_set_profile(profile)
        if not self.worker.read_only and await self.worker.async_run(follow_profile, profile):
            self.sweeper.async_sweep_soon()

    @callback
    def async_show_live(self, live: LiveView) -> None:
        """Publish what is known of this moment."""
        self._publish(replace(self.data, live=live))

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Start the schedules; returns what stops them and everything that is pending."""
        stop_sweeper = self.sweeper.async_start()
        self._running = True

        @callback
        def stop() -> None:
            self._running = False
            stop_sweeper()
            if self._unsub_publish is not None:
                self._unsub_publish()
                self._unsub_publish = None

        return stop

    async def async_ingest(
        self, inners: Sequence[Inner], cursors: Mapping[str, str] | None = None
    ) -> IngestReport:
        """Take frames in, and cursors with them; both are on disk when this returns.

        Raises IngestRefused, and then neither is.
        """
        zone = dt_util.get_default_time_zone()
        return await self._async_ingest(
            lambda store, now: ingest(store, inners, now=now, tz=zone, cursors=cursors)
        )

    async def async_ingest_hex(
        self, texts: Sequence[object], generation: Generation | None = None
    ) -> IngestReport:
        """Take hex strings in; what is no frame is counted. Raises IngestRefused."""
        zone = dt_util.get_default_time_zone()
        return await self._async_ingest(
            lambda store, now: ingest_hex(store, texts, generation=generation, now=now, tz=zone),
            self._watch.async_see,
        )

    async def _async_ingest(
        self,
        take: Callable[[WearerStore, float], IngestReport],
        see: Callable[[IngestReport], None] | None = None,
    ) -> IngestReport:
        # The server cancels a request whose client has gone, but what is then already in the
        # store must still be published and analysed.
        return await asyncio.shield(
            self.config_entry.async_create_task(self.hass, self._async_take(take, see))
        )

    async def _async_take(
        self,
        take: Callable[[WearerStore, float], IngestReport],
        see: Callable[[IngestReport], None] | None,
    ) -> IngestReport:
        name = self.config_entry.title
        if self.worker.read_only:
            raise IngestRefused("store_read_only", RETRY_READ_ONLY, name=name)

        def job(store: WearerStore) -> tuple[IngestReport, LatestReading]:
            return take(store, dt_util.utcnow().timestamp()), store.latest_reading()

        try:
            report, latest = await self.worker.async_run(job)
        except WorkerClosed as err:
            raise IngestRefused("wearer_not_ready", RETRY_NOT_READY, name=name) from err
        except StoreError as err:
            raise IngestRefused(
                "store_failed", RETRY_STORE_FAILED, name=name, reason=str(err)
            ) from err
        self.received += report.received
        self.rejected.update(report.rejected)
        if see is not None:
            see(report)
        # Frames that were still on their way in while the wearer goes down plan nothing. Known
        # ones change something too when they came with better evidence of what they are.
        if self._running and (report.new or report.days):
            self.sweeper.async_frames_came()
            self._publish_soon(latest)
        return report

    @callback
    def _publish_soon(self, latest: LatestReading) -> None:
        """Publish the latest reading, but not with every batch: the recorder keeps all states."""
        self._pending = latest
        if self._unsub_publish is not None:
            return
        wait = self._published_at + PUBLISH_SECONDS - time.monotonic()
        if wait <= 0:
            self._publish_pending()
        else:
            self._unsub_publish = async_call_later(self.hass, wait, self._publish_pending)

    @callback
    def _publish_pending(self, _now: datetime | None = None) -> None:
        self._unsub_publish = None
        if self._pending is not None:
            self._publish(replace(self.data, latest=self._pending))

    @callback
    def _publish(self, snapshot: Snapshot) -> None:
        self._published_at = time.monotonic()
        if snapshot != self.data:
            self.async_set_updated_data(snapshot)


def _load(store: WearerStore, today: date) -> tuple[LatestReading, Nights]:
    return store.latest_reading(), load_nights(store, today)
