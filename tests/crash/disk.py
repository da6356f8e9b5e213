"""The wearer's real file, with the one thread that may use it; it outlives its hosts."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from typing import Any

from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import StoreError, WearerStore
from custom_components.openstrap.strap import CommitFailed, Committed

type Minutes = list[Any]


class Disk:
    """What one host sees of the file. Another host opens it anew."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        """Open the file; ``now`` tells the host's time (epoch s)."""
        self._now = now
        self._executor = ThreadPoolExecutor(1)
        self._store = self._executor.submit(WearerStore.open, path).result()
        assert self._store.opened.set_aside is None
        self.commits = 0

    async def commit(self, frames: Sequence[Inner]) -> Committed:
        """Put frames on the disk as the integration does."""
        self.commits += 1
        try:
            report = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._ingest, list(frames)
            )
        except StoreError as err:
            raise CommitFailed(str(err)) from err
        return Committed(stored=report.received, new=report.new)

    def _ingest(self, frames: list[Inner]) -> Any:
        return ingest(self._store, frames, now=self._now(), tz=UTC)

    def let_go(self) -> None:
        """Drop the connection, with whatever transaction is open."""
        self._executor.submit(self._store.close).result()
        self._executor.shutdown()


def minutes_on_disk(path: Path, now: float) -> Minutes:
    """Read the minute table of a file that no host has open."""
    return _minutes(path, [], now)


def undisturbed_minutes(
    path: Path, records: Sequence[bytes], generation: Generation, now: float
) -> Minutes:
    """Make the minute table that records lead to when each is stored once, in peace."""
    return _minutes(path, [Inner(record, generation, True) for record in records], now)


def _minutes(path: Path, frames: list[Inner], now: float) -> Minutes:
    store = WearerStore.open(path)
    try:
        # Also looks again at what once seemed to come from the future.
        ingest(store, frames, now=now, tz=UTC, cursors={"crash": ""})
        minutes: Minutes = store.dump()["minutes"]
        return minutes
    finally:
        store.close()
