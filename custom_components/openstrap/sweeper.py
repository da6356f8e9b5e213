"""When a wearer's days are analysed: after frames came, on the half hour, and at night."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
import logging
import time
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.event import (
    async_call_later,
    async_track_time_change,
    async_track_time_interval,
)
from homeassistant.util import dt as dt_util

from . import analysis, memory
from .const import BACKSTOP_HOUR, BACKSTOP_MINUTE, QUIET_SECONDS, SWEEP_INTERVAL
from .engine.profile import Profile
from .profile_watch import follow_profile
from .store import Retention, StoreError, WearerStore
from .sweep_view import SweepPhase, SweepView
from .worker import Worker, WorkerClosed

_LOGGER = logging.getLogger(__name__)

# A machine that sleeps at 03:30 makes up for it at the next half hour. A day has up to 25 hours.
BACKSTOP_OVERDUE: Final = timedelta(hours=26)


def _renew_trends(
    store: WearerStore, *, day: date, now: float, zone: tzinfo, profile: Profile
) -> None:
    """Renew the trends of a day, in its own time zone; a job like the derivation of one."""
    analysis.renew_trends(store, day, now=now, profile=profile)


class Sweeper:
    """Runs the analysis of one wearer: one day, or one slice of tidying, a job.

    Frames that come meanwhile wait for one job, not for the whole sweep.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        worker: Worker,
        profile: Profile,
        retention: Retention,
        on_results: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        """Prepare; `on_results` is awaited after days were computed."""
        self._hass = hass
        self._entry = entry
        self._worker = worker
        self._profile = profile
        self._retention = retention
        self._on_results = on_results
        self._lock = asyncio.Lock()
        self._sweep_waits = False
        self._failing: set[date] = set()
        self._fault: str | None = None
        self._reported = False
        self._view = SweepView()
        self._listeners: dict[object, Callable[[], None]] = {}
        self._last_backstop: datetime | None = None
        self._unsub_quiet: CALLBACK_TYPE | None = None
        self._unsub_backstop: CALLBACK_TYPE | None = None

    @property
    def failing_days(self) -> int:
        """How many days could not be computed at the last try."""
        return len(self._failing)

    @property
    def profile(self) -> Profile:
        """What is told of the wearer."""
        return self._profile

    @property
    def view(self) -> SweepView:
        """What the analysis is at."""
        return self._view

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call back when the view has changed; returns what ends it."""
        key = object()
        self._listeners[key] = listener

        @callback
        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Start the schedules; returns what stops them."""
        stops = [
            async_track_time_interval(
                self._hass, self._on_interval, SWEEP_INTERVAL, name="openstrap sweep"
            ),
            self._hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._on_core_config),
        ]
        self._plan_backstop()
        # Days that were waiting when Home Assistant went down: soon, but not while it starts.
        self.async_frames_came()

        @callback
        def stop() -> None:
            for unsub in stops:
                unsub()
            self._cancel_quiet()
            self._cancel_backstop()

        return stop

    @callback
    def async_frames_came(self) -> None:
        """Sweep once no frame has come for a while."""
        self._cancel_quiet()
        self._unsub_quiet = async_call_later(self._hass, QUIET_SECONDS, self._on_quiet)
        if self._view.phase is SweepPhase.IDLE:
            self._show(phase=SweepPhase.WAITING, days_waiting=None)

    @callback
    def async_sweep_soon(self) -> None:
        """Sweep now, in the background; one that waits for its turn does for all who ask."""
        if not self._sweep_waits:
            self._run(self.async_sweep(), "sweep")

    @callback
    def async_purged(self, before: date) -> None:
        """Count no day as failing that is there no more: all before this one."""
        gone = {day for day in self._failing if day < before}
        self._failing -= gone
        # A run that is on shows at its end how things stand.
        if gone and not self._lock.locked():
            self._settle()

    @callback
    def async_set_profile(self, profile: Profile) -> None:
        """Compute with another profile from now on."""
        self._profile = profile

    async def async_sweep(self) -> None:
        """Compute the days that frames have touched; does nothing when there are none."""
        self._sweep_waits = True
        try:
            await self._async_sweep()
        finally:
            # Also where it was cancelled while it waited: nobody is left out after that.
            self._sweep_waits = False

    async def async_score(self, day: date) -> None:
        """Compute one day now, if it waits; the others have their time."""
        await self._async_sweep(day)

    async def _async_sweep(self, only: date | None = None) -> None:
        async with self._running():
            if only is None:
                self._sweep_waits = False
            await self._worker.async_run(follow_profile, self._profile)
            now, zone = dt_util.utcnow().timestamp(), dt_util.get_default_time_zone()
            dirty = await self._worker.async_run(analysis.due_days, now, zone)
            computed = [
                await self._async_compute(day.day, partial(analysis.derive_dirty, dirty=day))
                for day in dirty
                if only in (None, day.day)
            ]
            await self._async_conclude(any(computed))

    @asynccontextmanager
    async def _running(self) -> AsyncGenerator[None]:
        """Hold the one run of a wearer, and show how it goes."""
        async with self._lock:
            started = time.monotonic()
            self._fault = None
            self._show(phase=SweepPhase.RUNNING)
            try:
                yield
                now, zone = dt_util.utcnow().timestamp(), dt_util.get_default_time_zone()
                waiting = len(await self._worker.async_run(analysis.due_days, now, zone))
            except (Exception, asyncio.CancelledError) as err:
                if not isinstance(err, asyncio.CancelledError):
                    self._failed(err)
                self._settle()
                raise
            took = round(time.monotonic() - started, 1)
            success = {} if self._failing else {"last_success_ts": now, "last_duration_s": took}
            self._settle(days_waiting=waiting, **success)

    @callback
    def _failed(self, err: Exception) -> None:
        if not isinstance(err, WorkerClosed):
            self._fault = type(err).__name__
            self._show(last_error=self._fault)

    @callback
    def _settle(self, **changes: Any) -> None:
        """Show what the analysis is at when it does not run."""
        waiting = changes.get("days_waiting", self._view.days_waiting)
        phase = SweepPhase.IDLE
        if self._failing or self._fault is not None:
            phase = SweepPhase.FAILING
        elif self._unsub_quiet is not None or waiting:
            phase = SweepPhase.WAITING
        self._show(phase=phase, **changes)

    @callback
    def _show(self, **changes: Any) -> None:
        view = replace(self._view, days_failing=len(self._failing), **changes)
        if view == self._view:
            return
        self._view = view
        for listener in list(self._listeners.values()):
            listener()

    async def _async_conclude(self, computed: bool) -> None:
        """Tell what came of it, where anything did."""
        if await self._async_renew_trends() or computed:
            await self._on_results()
        if computed:
            await self._hass.async_add_executor_job(memory.give_back)

    async def _async_renew_trends(self) -> bool:
        """Renew what later days say of days that changed, a day a job; True when any did."""
        profile = self._profile
        mark, days = await self._worker.async_run(analysis.trends_due)
        renewed = [await self._async_compute(day, partial(_renew_trends, day=day)) for day in days]
        # Another profile meanwhile: the first of them went by the old one.
        if mark is not None and all(renewed) and profile == self._profile:
            await self._worker.async_run(analysis.trends_done, mark)
        return bool(days)

    async def async_backstop(self) -> None:
        """Make up for what the day missed, close finished days, and tidy the file."""
        now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
        stamp = now.timestamp()
        run = self._worker.async_run
        try:
            await run(analysis.release_future, stamp, zone)
            # Frames that an update reads differently dirty their days, so before the sweep.
            while await run(WearerStore.compact, now=stamp, tz=zone):
                pass
            await self.async_sweep()
            await self._async_renew()
            if await run(analysis.finalise, stamp, zone):
                await self._on_results()
            while await run(WearerStore.prune, self._retention, now=stamp, tz=zone):
                pass
        except StoreError as err:
            self._failed(err)
            self._settle()
            _LOGGER.exception("The nightly upkeep of a wearer's file stopped; it is tried again")
            return
        self._last_backstop = now

    async def _async_renew(self) -> None:
        """Compute the days again that an older algorithm computed, as far as frames go back."""
        async with self._running():
            days = await self._worker.async_run(analysis.outdated_days)
            computed = [
                await self._async_compute(day, partial(analysis.derive, day=day)) for day in days
            ]
            if all(computed):
                await self._worker.async_run(analysis.note_algorithm)
            await self._async_conclude(any(computed))

    async def _async_compute(self, day: date, job: Callable[..., None]) -> bool:
        """Compute one day; False when it failed, which keeps no other day from its turn."""
        try:
            await self._worker.async_run(
                job,
                now=dt_util.utcnow().timestamp(),
                zone=dt_util.get_default_time_zone(),
                profile=self._profile,
            )
        except WorkerClosed:
            raise
        except Exception as err:
            # Whatever it was: the day is tried again with every sweep, but told once.
            self._show(last_error=type(err).__name__)
            if day not in self._failing:
                self._failing.add(day)
                _LOGGER.exception("A day could not be computed; it is tried again")
            return False
        self._failing.discard(day)
        return True

    @callback
    def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        async def guarded() -> None:
            try:
                await work
                self._reported = False
            except WorkerClosed:
                pass
            except Exception:
                # Shown as failing, tried again with the next run, and told once until then.
                if not self._reported:
                    self._reported = True
                    _LOGGER.exception("The analysis stopped; it is tried again")

        self._entry.async_create_background_task(self._hass, guarded(), f"openstrap {name}")

    @callback
    def _on_interval(self, now: datetime) -> None:
        if self._last_backstop is None or now - self._last_backstop > BACKSTOP_OVERDUE:
            self._run(self.async_backstop(), "backstop")
        else:
            self.async_sweep_soon()

    @callback
    def _on_quiet(self, _now: datetime) -> None:
        self._unsub_quiet = None
        self.async_sweep_soon()

    @callback
    def _on_backstop(self, _now: datetime) -> None:
        self._run(self.async_backstop(), "backstop")

    @callback
    def _on_core_config(self, event: Event) -> None:
        if "time_zone" in event.data:
            self._plan_backstop()
            # Which day it is may have changed with it, and so which one is shown.
            self._run(self._on_results(), "time zone")

    @callback
    def _plan_backstop(self) -> None:
        self._cancel_backstop()
        self._unsub_backstop = async_track_time_change(
            self._hass, self._on_backstop, hour=BACKSTOP_HOUR, minute=BACKSTOP_MINUTE, second=0
        )

    @callback
    def _cancel_quiet(self) -> None:
        if self._unsub_quiet is not None:
            self._unsub_quiet()
            self._unsub_quiet = None

    @callback
    def _cancel_backstop(self) -> None:
        if self._unsub_backstop is not None:
            self._unsub_backstop()
            self._unsub_backstop = None
