"""The thread that owns a wearer's store: nothing else ever touches the file.

One thread means one writer, so an ingest, a derivation and a prune never meet; jobs
are kept short, and what came first goes first.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
import logging
from pathlib import Path
from typing import Concatenate

from homeassistant.core import HomeAssistant

from .store import StoreDamaged, StoreError, StoreTooNew, WearerStore

_LOGGER = logging.getLogger(__name__)


class WorkerClosed(Exception):
    """The wearer is being unloaded: no more work is taken."""


class Worker:
    """A wearer's store and the one thread that may use it."""

    def __init__(self, hass: HomeAssistant, path: Path, on_damaged: Callable[[], None]) -> None:
        """Prepare a thread for the store at a path; nothing is opened yet.

        `on_damaged` is called in the loop when the open file is found damaged: it must be
        closed and opened again.
        """
        self._hass = hass
        self._path = path
        self._on_damaged = on_damaged
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="openstrap")
        self._store: WearerStore | None = None
        self._closed = False
        self.read_only = False

    async def async_open(self) -> WearerStore:
        """Open the store; raises StoreError when the file cannot be used at all.

        A file from a newer version is opened for reading only (`read_only`).
        """
        self._store = await self._hass.loop.run_in_executor(self._executor, self._open)
        return self._store

    def _open(self) -> WearerStore:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as err:
            raise StoreError("cannot_open", str(err)) from err
        try:
            return WearerStore.open(self._path)
        except StoreTooNew:
            self.read_only = True
            return WearerStore.open(self._path, read_only=True)

    async def async_run[**P, T](
        self, job: Callable[Concatenate[WearerStore, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a job on the store in its thread; raises WorkerClosed after closing."""
        if (store := self._store) is None or self._closed:
            raise WorkerClosed
        try:
            return await self._hass.loop.run_in_executor(
                self._executor, lambda: job(store, *args, **kwargs)
            )
        except StoreDamaged:
            self._on_damaged()
            raise

    async def async_close(self) -> None:
        """Finish the job at hand, close the store and end the thread."""
        if self._closed:
            return
        self._closed = True
        if self._store is not None:
            try:
                await self._hass.loop.run_in_executor(self._executor, self._store.close)
            except StoreError:
                # All that was answered for is on the disk already.
                _LOGGER.exception("A wearer's file could not be closed cleanly")
        # The executor waits for its thread, which is already at its end: short.
        await self._hass.async_add_executor_job(self._executor.shutdown)
