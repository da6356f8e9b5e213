"""One wearer's file, for use from one thread: everything that may be done with it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, tzinfo
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from ..engine.day_window import days_touched, window_of
from ..engine.protocol import BeatRecords, Generation
from ..engine.rollup import MinuteSums, Source
from . import (
    blocks,
    cursors,
    days,
    events,
    imported,
    latest,
    minutes,
    pruning,
    purging,
    reading,
    stats,
    unpublished,
)
from .days import DayRow, DirtyDay, Stamp
from .dump import dump
from .errors import BlockUnreadable, translated
from .events import StrapEvent
from .examine import SECONDS_PER_HOUR
from .import_store import ImportStore
from .intake import Intake
from .latest import LatestReading
from .opening import open_database, remove
from .pruning import Retention
from .push_store import PushStore
from .rewrite import merge_hour, reread_hour
from .schema import MINUTES_FLOOR, STEPS, Step, get_meta
from .told_store import ToldStore

SLICE_HOURS: Final = 24
"""Hours of frames that one slice of tidying handles: about half a second on a slow disk."""


class WearerStore(ToldStore, ImportStore, PushStore):
    """Frames, minutes, events and days of one wearer.

    Every method may raise StoreError; then nothing was changed. Times are epoch seconds.
    """

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, steps: Sequence[Step] = STEPS) -> Self:
        """Open a wearer's file, or begin one.

        A damaged file is set aside and reported in ``opened``. Raises StoreTooNew for a
        file of a later version, which can then be opened with ``read_only``, and
        StoreError when the file cannot be used.
        """
        conn, opened = open_database(path, read_only=read_only, steps=steps)
        return cls(path, conn, opened)

    @staticmethod
    def remove(path: Path) -> None:
        """Delete a closed store with all that belongs to it."""
        remove(path)

    def close(self) -> None:
        """Close the file. What was committed is on the disk already."""
        with translated():
            self._conn.close()

    # Writing

    @contextmanager
    def intake(self, now: float, tz: tzinfo) -> Iterator[Intake]:
        """Take frames in: all of them or, when anything is raised, none."""
        with self._writing() as conn:
            intake = Intake(conn, self._known, self._sealed, now)
            intake.release_future()
            yield intake
            intake.finish(tz)
        if intake.latest is None or self._latest is None:
            self._latest = None
        else:
            self._latest = self._latest.join(intake.latest)

    def set_cursor(self, name: str, value: str) -> None:
        """Remember how far something got; ``Intake.set_cursor`` does so with the frames."""
        with self._writing() as conn:
            cursors.put(conn, name, value)

    def save_day(self, row: DayRow) -> bool:
        """Store the result of a day; False when a stored one stays.

        It stays when frames of the window are gone, pruned or unreadable: it knew them. Where
        all are there the newest result holds, also one of fewer records, for frames may turn
        out to be others than they seemed. A row that differs in ``final`` only is always taken,
        and one that was measured in place of one that was imported.
        """
        with self._writing() as conn:
            if self._lacks(row) and not imported.stands(conn, row.day):
                held = days.get(conn, row.day)
                if held is not None and replace(row, final=held.final) != held:
                    return False
            days.save(conn, row)
            return True

    def save_trends(self, row: DayRow) -> None:
        """Store what a day says of the days before it, also when its own frames are gone."""
        with self._writing() as conn:
            days.save(conn, row)

    def drop_day(self, row: DayRow) -> bool:
        """Forget the result of a day of which nothing is known any more.

        False when it stays, for the same reason as in ``save_day``, or because it was imported:
        no record says anything of it. What was imported of the day stands again.
        """
        with self._writing() as conn:
            if self._lacks(row) or imported.stands(conn, row.day):
                return False
            days.delete(conn, row.day)
            imported.restore(conn, row.day)
            return True

    def doubt_day(self, row: DayRow) -> bool:
        """Note that a stored result makes no sense; False when that was noted before.

        Its day becomes dirty when all its frames are there to compute it again.
        """
        if row.day in self._doubted:
            return False
        self._doubted.add(row.day)
        if not self.opened.read_only and not self._lacks(row):
            with self._writing() as conn:
                days.mark_dirty(conn, [row.day])
        return True

    def clear_dirty(self, day: date, mark: int) -> bool:
        """Note that a day was derived; False, and nothing noted, when its mark has moved."""
        with self._writing() as conn:
            return days.clear_dirty(conn, day, mark)

    def published(self, day: date, mark: int) -> bool:
        """Note that all was told of a day; False, and nothing noted, when its mark has moved."""
        with self._writing() as conn:
            return unpublished.clear(conn, day, mark)

    def published_all(self, told: Iterable[tuple[date, int]]) -> None:
        """Note the same of many days, all in one transaction."""
        with self._writing() as conn:
            for day, mark in told:
                unpublished.clear(conn, day, mark)

    def unpublish_all(self) -> None:
        """Note that nothing of any day was told: whoever was told has lost it."""
        with self._writing() as conn:
            unpublished.mark_all(conn)

    def prune(self, keep: Retention, *, now: float, tz: tzinfo, limit: int = SLICE_HOURS) -> bool:
        """Let go of a slice of what is old and final; tells whether to come again."""
        with self._writing() as conn:
            return pruning.prune(conn, self._known, self._sealed, keep, now=now, tz=tz, limit=limit)

    def purge(
        self, before: date, tz: tzinfo, *, everything: bool, limit: int = SLICE_HOURS
    ) -> bool:
        """Delete a slice of the days before a day for good; tells whether to come again.

        Frames alone, or ``everything`` that is known of those days; see ``purging``.
        """
        with self._writing() as conn:
            more = purging.purge(
                conn, self._known, self._sealed, before, tz, everything=everything, limit=limit
            )
            self._latest = None
        if not more:
            # The log beside the file still holds what was there before.
            self.checkpoint()
        return more

    def compact(self, *, now: float, tz: tzinfo, limit: int = SLICE_HOURS) -> bool:
        """Merge the blocks of a slice of hours; tells whether to come again.

        After an update that reads frames differently it reads them again, and marks
        their days dirty.
        """
        with translated():
            waiting = blocks.loose_hours(self._conn, limit + 1)
        for hour, reread in waiting[:limit]:
            with self._writing() as conn:
                try:
                    if reread:
                        stamps = reread_hour(conn, hour, now)
                        touched = days_touched(stamps.astype(np.float64), tz)
                        days.mark_dirty(conn, touched)
                        unpublished.mark(conn, touched)
                        self._latest = None
                    else:
                        merge_hour(conn, hour)
                except BlockUnreadable:
                    self._sealed.quarantine(conn, hour, now)
        return len(waiting) > limit

    def checkpoint(self) -> None:
        """Bring all that is committed into the main file, before a backup copies it."""
        with translated():
            self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # Reading

    def minutes(self, start_ts: float, end_ts: float) -> MinuteSums:
        """Give the sums of the minutes from start to end (excluded), by minute and source."""
        with translated():
            return minutes.read(self._conn, start_ts, end_ts)

    def records(self, start_ts: float, end_ts: float) -> Iterator[tuple[Source, BeatRecords]]:
        """Give the decoded records from start to end (excluded), an hour at a time.

        An hour of which a part has become unreadable is sealed, and the rest of it given.
        """
        with translated():
            yield from reading.records(self._conn, start_ts, end_ts, self._quarantine)

    def wrist_events(self, start_ts: float, end_ts: float) -> tuple[tuple[float, bool], ...]:
        """Give when the strap was put on (True) or taken off, from start to end (excluded).

        Ascending (epoch s, on), read from the frames: the table of events is pruned apart from
        them, and a day must not change with it.
        """
        with translated():
            return reading.wrist_events(self._conn, start_ts, end_ts, self._quarantine)

    def imu_frames(
        self, start_ts: float, end_ts: float
    ) -> Iterator[tuple[Generation, NDArray[np.uint8]]]:
        """Give the frames that hold raw motion, (n, length) each, of whole hours from start to end.

        Hours as in ``records``.
        """
        with translated():
            yield from reading.imu_frames(self._conn, start_ts, end_ts, self._quarantine)

    def events(self, start_ts: float, end_ts: float) -> list[StrapEvent]:
        """Give the events from start to end (excluded) in order."""
        with translated():
            return events.read(self._conn, start_ts, end_ts)

    def newest_event(self, event_ids: Collection[int]) -> StrapEvent | None:
        """Give the event of these ids with the newest time, which is what states follow."""
        with translated():
            return events.newest(self._conn, event_ids)

    def latest_reading(self) -> LatestReading:
        """Give the newest usable heart rate and the newest record's time."""
        if self._latest is None:
            with translated():
                self._latest = latest.find(self._conn)
        return self._latest

    def dirty_days(self) -> list[DirtyDay]:
        """Give the days whose input changed since they were derived, oldest first."""
        with translated():
            return days.dirty(self._conn)

    def unpublished(self, limit: int, until: date = date.max) -> list[tuple[date, int]]:
        """Give days whose result or minutes changed since they were published, with their marks.

        Newest first, from ``until`` (included) on; a day whose result was dropped is among them.
        """
        with translated():
            return unpublished.read(self._conn, limit, until)

    def newest_names(self, limit: int, until: date) -> list[date]:
        """Give the newest days that have a result, readable or not, up to one (included)."""
        with translated():
            return days.newest_names(self._conn, limit, until)

    def minutes_floor(self) -> int:
        """Give the time (epoch s, a whole hour) before which minutes were let go; 0 for never."""
        with translated():
            return get_meta(self._conn, MINUTES_FLOOR)

    def provisional_days(self, before: date) -> list[date]:
        """Give the days before another whose result is not final yet, oldest first."""
        with translated():
            return days.provisional(self._conn, before)

    def days(self, start: date, end: date) -> list[DayRow]:
        """Give the results from start to end (both included), oldest first."""
        with translated():
            return days.read(self._conn, start, end)

    def each_day(self, start: date, end: date) -> Iterator[DayRow]:
        """Give the results from start to end (both included) one by one, oldest first.

        For many of them: one is some 800 objects, and when tens of thousands live at once the
        interpreter looks through all that it has, which holds Home Assistant up.
        """
        for day in self.known_days(start, end):
            yield from self.days(day, day)

    def known_days(self, start: date, end: date) -> list[date]:
        """Give the days from start to end (both included) that have a result, oldest first."""
        with translated():
            return days.names(self._conn, start, end)

    def day_stamps(self) -> Mapping[date, Stamp]:
        """Give every day that has a result, oldest first.

        With each what tells whether it is the one that was read before. Asked again before
        anything is written, this costs nothing.
        """
        with translated():
            changes = self._conn.total_changes
            if self._stamps is None or self._stamps[0] != changes:
                self._stamps = changes, days.stamps(self._conn)
            return self._stamps[1]

    def day_facts(self, start: date, end: date, *, algorithm: int) -> list[str]:
        """Give the facts in results of an algorithm or a later one, start and end included.

        As JSON of what DayFacts.to_dict gave; a result without them is left out. Imported days are
        among them if the wearer asked for it.
        """
        with translated():
            with_imported = imported.in_baselines(self._conn)
            return days.facts(self._conn, start, end, algorithm, imported=with_imported)

    def latest_days(self, limit: int) -> list[DayRow]:
        """Give the newest results, newest first."""
        with translated():
            return days.latest(self._conn, limit)

    def is_sealed(self, start_ts: float, end_ts: float) -> bool:
        """Tell whether frames between two times are gone: then nothing is derived again.

        They were pruned, or a block of their hour could not be unpacked.
        """
        first, last = int(start_ts // SECONDS_PER_HOUR), int(-(-end_ts // SECONDS_PER_HOUR))
        with translated():
            return self._sealed.touches(self._conn, first, last)

    def cursor(self, name: str) -> str | None:
        """Give what was remembered under a name."""
        with translated():
            return cursors.get(self._conn, name)

    def stats(self) -> dict[str, Any]:
        """Give counts and sizes for diagnostics; no readings and no times."""
        with translated():
            return stats.stats(self._conn, self._path)

    def dump(self) -> dict[str, list[Any]]:
        """Give the whole logical content in one fixed order, for tests."""
        with translated():
            return dump(self._conn)

    def _lacks(self, row: DayRow) -> bool:
        """Tell whether frames of a day are gone."""
        return self.is_sealed(*window_of(row.day, ZoneInfo(row.timezone)))

    def _quarantine(self, hour: int) -> None:
        if self.opened.read_only:
            return
        with self._writing() as conn:
            self._sealed.quarantine(conn, hour, now=(hour + 1) * SECONDS_PER_HOUR)
