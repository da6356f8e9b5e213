"""The history of another system brought into a wearer's file: read once to see, once to write.

What is written is on the disk slice by slice, and a slice that is there changes nothing when it
comes again: an import that ends early is completed by the next one.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import secrets
import shutil
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
import numpy as np

from .const import DOMAIN
from .coordinator import OpenStrapCoordinator
from .imports import (
    Frames,
    ImportedDay,
    ImportedJournal,
    ImportedWorkout,
    OutsideSamples,
    Part,
    Skipped,
)
from .imports.archive import MAX_EXTRACTED_BYTES
from .imports.fields import Kept
from .imports.reading import Reading
from .imports.report import ImportReport, Survey, Written
from .ingest import ingest_hex
from .store import OutsideTaken, WearerStore
from .store.examine import take_beats
from .worker import WorkerClosed

FOLDER: Final = "import"
"""Within the folder of the wearers' files: what is unpacked or was uploaded lies there for a while."""
FRAMES_A_JOB: Final = 2000
SECONDS_A_JOB: Final = 7200
DAYS_A_JOB: Final = 20
"""Written in one job of the worker, so that frames of a band need not wait long: about 50 ms."""
PIECES_HELD: Final = 12_000
"""Pieces of days that are gathered before they are written.

A night, the workouts of its day and its journal come from different tables, and a day is made anew
for each writing. Ten years of one export are 11 000 pieces, 20 MB.
"""

type OnProgress = Callable[[float], None]
"""Is told how much of an import is done, from 0 to 1."""


class ImportBusy(Exception):
    """Something is being imported for the wearer already."""


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How to import. ``baselines`` None leaves it as it is whether later days look back on it."""

    dry_run: bool = True
    baselines: bool | None = None
    max_extracted: int = MAX_EXTRACTED_BYTES


async def async_import(
    wearer: OpenStrapCoordinator,
    path: Path,
    wish: ImportWish,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Read a file, and unless it is tried only write what it holds.

    Raises ImportRefused for the file as a whole, before anything of it is written; ImportBusy,
    StoreError and WorkerClosed as they come. ``path`` is left as it is.
    """
    async with async_claimed(wearer):
        return await async_import_claimed(wearer, path, wish, on_progress)


async def async_import_claimed(
    wearer: OpenStrapCoordinator,
    path: Path,
    wish: ImportWish,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Do what ``async_import`` does within ``async_claimed``."""
    job = _Job(wearer, on_progress or (lambda _share: None))
    async with async_scratch(wearer) as scratch:
        reading = Reading(path, scratch, job.zone, wish.max_extracted)
        try:
            return await job.async_run(reading, wish)
        finally:
            await wearer.hass.async_add_executor_job(reading.close)


@asynccontextmanager
async def async_claimed(wearer: OpenStrapCoordinator) -> AsyncIterator[None]:
    """Hold the one import of a wearer. Raises ImportBusy."""
    if wearer.importing:
        raise ImportBusy
    wearer.importing = True
    try:
        yield
    finally:
        wearer.importing = False


def import_folder(hass: HomeAssistant, entry_id: str) -> Path:
    """Give the folder in which a wearer's imports lie while they go on."""
    return Path(hass.config.path(STORAGE_DIR, DOMAIN, FOLDER, entry_id))


def new_folder(hass: HomeAssistant, entry_id: str) -> Path:
    """Give the place of a folder of its own, which is not there yet."""
    return import_folder(hass, entry_id) / secrets.token_hex(8)


def forget_imports(folder: Path) -> None:
    """Remove what an import left behind that was not to be ended: files of a wearer, or of all."""
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def async_scratch(wearer: OpenStrapCoordinator) -> AsyncIterator[Path]:
    """Give a folder of its own, which goes with everything in it."""
    hass = wearer.hass
    folder = new_folder(hass, wearer.config_entry.entry_id)
    await hass.async_add_executor_job(_make, folder)
    try:
        yield folder
    finally:
        await hass.async_add_executor_job(forget_imports, folder)


def _make(folder: Path) -> None:
    # Health data are nobody else's on the machine.
    folder.mkdir(mode=0o700, parents=True)


class _Job:
    """One import under way."""

    def __init__(self, wearer: OpenStrapCoordinator, on_progress: OnProgress) -> None:
        self._hass = wearer.hass
        self._wearer = wearer
        self._on_progress = on_progress
        self._now = dt_util.utcnow().timestamp()
        self.zone = ZoneInfo(wearer.hass.config.time_zone)
        self._written = Written()

    async def async_run(self, reading: Reading, wish: ImportWish) -> ImportReport:
        """Read it once, and again to write it."""
        run = self._wearer.worker.async_run
        known_format = await self._hass.async_add_executor_job(reading.open)
        survey = Survey(self.zone, self._now, known_format.source)
        parts = 0
        while count := await self._hass.async_add_executor_job(_survey, reading, survey):
            parts += count
        survey.check()
        days = survey.days or {dt_util.now().date()}
        known = frozenset(await run(WearerStore.imported_days, min(days), max(days)))
        measured = frozenset(await run(WearerStore.measured_days, min(days), max(days)))
        written = None
        if not wish.dry_run:
            await self._async_write(reading, survey, parts)
            if wish.baselines is not None:
                await run(WearerStore.set_imported_in_baselines, on=wish.baselines)
            written = self._written
            self._wearer.async_follow_import()
        return ImportReport(known_format.name, survey, known, measured, written)

    async def _async_write(self, reading: Reading, survey: Survey, parts: int) -> None:
        held: list[Kept] = []
        done = 0
        try:
            while batch := await self._hass.async_add_executor_job(reading.batch):
                fresh = await self._async_batch(batch, survey)
                held += fresh
                done += len(batch) - len(fresh)
                self._on_progress(min(max(done, 0) / max(parts, 1), 1.0))
                if len(held) >= PIECES_HELD:
                    done = await self._async_days(held, done, parts)
                    held.clear()
            await self._async_days(held, done, parts)
        except WorkerClosed:
            raise
        except BaseException:
            # What is there by now has to be followed also when the rest does not come.
            if self._written.anything:
                self._wearer.async_follow_import()
            raise

    async def _async_batch(self, batch: Sequence[Part], survey: Survey) -> list[Kept]:
        """Write frames and readings of some parts, and give the pieces of days."""
        kept: list[Kept] = []
        for part in batch:
            match part:
                case Frames():
                    await self._async_frames(part)
                case OutsideSamples():
                    await self._async_samples(part)
                case ImportedDay() | ImportedWorkout() | ImportedJournal():
                    kept += survey.kept(part, Counter())
                case Skipped():
                    pass
        return kept

    async def _async_days(self, held: list[Kept], done: int, parts: int) -> int:
        """Write pieces of days, those of one day together and a few at a time; gives what is done."""
        held.sort(key=lambda kept: kept[0])
        for some in _sliced(held, DAYS_A_JOB):
            taken = await self._wearer.worker.async_run(WearerStore.take_imported, some)
            self._written.days_new |= taken.new
            self._written.days_changed |= taken.changed
            done += len(some)
            self._on_progress(min(max(done, 0) / max(parts, 1), 1.0))
        return done

    async def _async_frames(self, part: Frames) -> None:
        for texts in _sliced(part.texts, FRAMES_A_JOB):
            report = await self._wearer.worker.async_run(
                ingest_hex, texts, generation=part.generation, now=self._now, tz=self.zone
            )
            self._written.frames_new += report.new
            self._written.frames_known += report.duplicate
            self._written.rejected.update(report.rejected)

    async def _async_samples(self, part: OutsideSamples) -> None:
        for first in range(0, len(part.records.epoch), SECONDS_A_JOB):
            taken = await self._wearer.worker.async_run(
                _take_outside, part, first, now=self._now, tz=self.zone
            )
            self._written.seconds_new += taken.new
            self._written.seconds_known += taken.known + taken.better
            self._written.rejected.update(taken.refused)


def _survey(reading: Reading, survey: Survey) -> int:
    batch = reading.batch()
    for part in batch:
        survey.add(part)
    return len(batch)


def _take_outside(
    store: WearerStore, part: OutsideSamples, first: int, *, now: float, tz: ZoneInfo
) -> OutsideTaken:
    rows = np.arange(first, min(first + SECONDS_A_JOB, len(part.records.epoch)))
    return store.take_outside(take_beats(part.records, rows), now=now, tz=tz)


def _sliced[T](things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(things), size):
        yield things[first : first + size]
