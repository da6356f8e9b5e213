"""Feeds the demo wearer, as a band that is always near would."""

import asyncio
from datetime import date, datetime, timedelta
import logging
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .coordinator import IngestRefused, OpenStrapCoordinator
from .engine.demo import demo_frames
from .engine.protocol import Generation, Inner
from .store import WearerStore
from .worker import WorkerClosed

_LOGGER = logging.getLogger(__name__)

SEED: Final = 7
BACKFILL: Final = timedelta(days=60)  # enough for every baseline
# The newest days first, and computed as soon as they are in: last night, then so many nights that
# it has something to be compared with, then the rest.
SHOWN_AFTER: Final = (timedelta(hours=36), timedelta(days=7))
# About 940 frames. Longer ones leave so many objects behind that the interpreter collects all of
# its garbage at once, which holds the event loop up for a fifth of a second.
SLICE: Final = timedelta(minutes=15)
LONG_AWAY: Final = timedelta(hours=1)  # then the days are computed at once
INTERVAL: Final = timedelta(minutes=5)
# Frames are there from the one to the other; the third is how far back they are to reach.
CURSOR: Final = "demo"
SINCE_CURSOR: Final = "demo_since"
GOAL_CURSOR: Final = "demo_goal"


class DemoLink:
    """Brings made-up frames in: those of today as it goes on, and those of the weeks before."""

    def __init__(self, hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
        """Prepare; nothing happens before Home Assistant has started."""
        self._hass = hass
        self._coordinator = coordinator
        self._busy = asyncio.Lock()

    @property
    def story_end(self) -> date:
        """The day on which the wearer's story ends and begins anew: the one it was added on."""
        return dt_util.as_local(self._coordinator.config_entry.created_at).date()

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Start feeding; returns what stops it."""
        stops = [
            async_at_started(self._hass, self._on_started),
            async_track_time_interval(
                self._hass, self._on_interval, INTERVAL, name="openstrap demo"
            ),
        ]

        @callback
        def stop() -> None:
            for unsub in stops:
                unsub()

        return stop

    @callback
    def _on_started(self, _hass: HomeAssistant) -> None:
        self._feed()

    @callback
    def _on_interval(self, _now: datetime) -> None:
        self._feed()

    @callback
    def _feed(self) -> None:
        self._coordinator.config_entry.async_create_background_task(
            self._hass, self.async_feed(), "openstrap demo"
        )

    async def async_feed(self) -> None:
        """Feed slice by slice; a long absence is analysed at once."""
        if self._busy.locked():
            return
        async with self._busy:
            try:
                await self._async_feed()
            except WorkerClosed:
                return
            except IngestRefused as err:
                _LOGGER.warning("The demo wearer's frames were not taken in: %s", err)

    async def _async_feed(self) -> None:
        run = self._coordinator.worker.async_run
        now = dt_util.utcnow().timestamp()
        until, since, goal = [
            None if text is None else float(text)
            for text in [
                await run(WearerStore.cursor, name) for name in (CURSOR, SINCE_CURSOR, GOAL_CURSOR)
            ]
        ]
        if until is None:
            until = since = now
            goal = now - BACKFILL.total_seconds()
            await run(_begin, now, goal)
        behind = now - until > LONG_AWAY.total_seconds()
        until = await self._async_go_on(until)
        if behind:
            await self._coordinator.sweeper.async_sweep()
        if since is not None and goal is not None and since > goal:
            await self._async_go_back(since, goal, until)

    async def _async_go_on(self, until: float) -> float:
        """Bring in what came since; returns until when."""
        now = dt_util.utcnow().timestamp()
        while until < now:
            end = min(until + SLICE.total_seconds(), now)
            await self._async_bring(until, end, {CURSOR: str(end)})
            until = end
        return until

    async def _async_go_back(self, since: float, goal: float, until: float) -> None:
        """Bring in what was before, the newest first, while today goes on."""
        newest = goal + BACKFILL.total_seconds()
        stops = [newest - shown.total_seconds() for shown in SHOWN_AFTER]
        while since > goal:
            start = max(since - SLICE.total_seconds(), goal)
            await self._async_bring(start, since, {SINCE_CURSOR: str(start)})
            if start <= goal or any(start <= stop < since for stop in stops):
                await self._coordinator.sweeper.async_sweep()
            since = start
            if dt_util.utcnow().timestamp() - until >= INTERVAL.total_seconds():
                until = await self._async_go_on(until)

    async def _async_bring(self, start: float, end: float, cursors: dict[str, str]) -> None:
        frames = await self._coordinator.worker.async_run(_frames, start, end, self.story_end)
        await self._coordinator.async_ingest(frames, cursors)


def _begin(store: WearerStore, now: float, goal: float) -> None:
    """Note where the frames begin; the newest end last, for with it they have begun."""
    for name, ts in ((GOAL_CURSOR, goal), (SINCE_CURSOR, now), (CURSOR, now)):
        store.set_cursor(name, str(ts))


def _frames(_store: WearerStore, start: float, end: float, story_end: date) -> list[Inner]:
    """Make the frames of a while; in the worker, for it is numpy's work."""
    frames = demo_frames(SEED, start, end, dt_util.get_default_time_zone(), story_end)
    return [Inner(frame, Generation.GEN4, proven=True) for frame in frames]
