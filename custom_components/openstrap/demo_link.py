"""Feeds the demo wearer, as a band that is always near would."""

import asyncio
from datetime import datetime, timedelta
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
BACKFILL: Final = timedelta(days=3)  # shown at once, so that there are nights to look at
SLICE: Final = timedelta(hours=1)  # about 3700 frames, a few hundredths of a second in the worker
INTERVAL: Final = timedelta(minutes=5)
CURSOR: Final = "demo"


class DemoLink:
    """Brings made-up frames in, from where it stopped until now."""

    def __init__(self, hass: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
        """Prepare; nothing happens before Home Assistant has started."""
        self._hass = hass
        self._coordinator = coordinator
        self._busy = asyncio.Lock()

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
        worker = self._coordinator.worker
        now = dt_util.utcnow().timestamp()
        cursor = await worker.async_run(WearerStore.cursor, CURSOR)
        start = now - BACKFILL.total_seconds() if cursor is None else float(cursor)
        behind = now - start > SLICE.total_seconds()
        while start < now:
            end = min(start + SLICE.total_seconds(), now)
            frames = await worker.async_run(_frames, start, end)
            await self._coordinator.async_ingest(frames, {CURSOR: str(end)})
            start = end
        if behind:
            await self._coordinator.sweeper.async_sweep()


def _frames(_store: WearerStore, start: float, end: float) -> list[Inner]:
    """Make the frames of a while; in the worker, for it is numpy's work."""
    frames = demo_frames(SEED, start, end, dt_util.get_default_time_zone())
    return [Inner(frame, Generation.GEN4, proven=True) for frame in frames]
