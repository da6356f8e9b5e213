"""The rows of a wearer's statistics, as their file has them; all of it runs in the worker.

Rows begin at whole hours of UTC, as epoch s. That of a day begins with the first such hour of the
local day, by the time zone that Home Assistant has now: there it is shown under its own date,
wherever it was lived.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, tzinfo
from itertools import batched
import json
from typing import Final, NamedTuple

import numpy as np

from .engine.catalog import CATALOG
from .engine.day_result import DayResult
from .engine.day_window import span_of
from .engine.rollup import Minutes, best_minutes, merge_minutes, sum_minutes
from .statistics_series import DAILY
from .store import DayRow, WearerStore

HOUR_S: Final = 3600
SLICE_DAYS: Final = 14
"""Days of a slice: their rows are made in about 40 ms."""
ROWS_AT_ONCE: Final = 256
"""Daily rows of a part, each of which is half a dozen objects on its way."""
REBUILD_CURSOR: Final = "statistics_rebuild"
ZONE_CURSOR: Final = "statistics_zone"

type Mark = tuple[date, int]


class Value(NamedTuple):
    """What a row says of its hour."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of hours [start, end) in which the rows are known; ``sure``: all there may be."""

    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Slice:
    """What the rows of some days should be, by their start."""

    marks: tuple[Mark, ...]
    rows: Mapping[str, Mapping[int, float]]
    """Those of the series with one row a day, by key."""
    days: tuple[Window, ...]
    """Where these have their rows and no others."""
    heart_rate: Mapping[int, Value] = field(default_factory=dict)
    hours: tuple[Window, ...] = ()
    """Where the hourly series has its rows, and where sure no others."""

    def parts(self) -> Iterator[Slice]:
        """Cut it into parts of so many series as make few rows, one to be settled after the other.

        The rows of all series at once are thousands of objects: after some slices of them the
        interpreter looks through all that it has, which holds the event loop up.
        """
        series = max(ROWS_AT_ONCE // max(len(self.days), 1), 1)
        for keys in batched(self.rows, series, strict=False):
            yield Slice(self.marks, {key: self.rows[key] for key in keys}, self.days)
        if self.hours:
            yield replace(self, rows={}, days=())


def start_of(day: date, zone: tzinfo) -> int:
    """Return the first whole hour of UTC within a local day."""
    return -(-int(span_of(day, zone).midnight) // HOUR_S) * HOUR_S


def next_slice(store: WearerStore, until: date, zone: tzinfo, *, limit: int = SLICE_DAYS) -> Slice:
    """Make the daily rows of the newest unpublished days up to one (included).

    Without marks: none is left.
    """
    marks = store.unpublished(limit, until)
    days = [day for day, _ in marks]
    rows, windows = _daily(store, days, zone, DAILY)
    return Slice(tuple(marks), rows, windows)


def add_hours(store: WearerStore, wanted: Slice, day: date, zone: tzinfo) -> Slice:
    """Add the hourly rows of a day: a job of its own, for its frames may have to be read."""
    hours, windows = dict(wanted.heart_rate), list(wanted.hours)
    for found, window in _hourly(store, day, zone):
        hours |= found
        windows.append(window)
    return replace(wanted, heart_rate=hours, hours=tuple(windows))


def next_page(
    store: WearerStore,
    until: date,
    zone: tzinfo,
    keys: Iterable[str],
    *,
    limit: int = SLICE_DAYS,
) -> tuple[Slice, date | None]:
    """Make the rows of some series for the newest stored days up to one, and name the day before.

    None when there are no more days.
    """
    days = store.newest_names(limit, until)
    rows, windows = _daily(store, days, zone, keys)
    more = days[-1] - timedelta(days=1) if len(days) == limit else None
    return Slice((), rows, windows), more


def rebuilding(store: WearerStore) -> frozenset[str]:
    """Give the series that are to be written anew as a whole."""
    return frozenset(json.loads(store.cursor(REBUILD_CURSOR) or "[]"))


def note_rebuilding(store: WearerStore, keys: Iterable[str]) -> None:
    """Remember series that are to be written anew, on the disk before anything is cleared."""
    known = rebuilding(store)
    if not known.issuperset(keys):
        store.set_cursor(REBUILD_CURSOR, json.dumps(sorted(known.union(keys))))


def note_rebuilt(store: WearerStore, keys: frozenset[str]) -> None:
    """Forget the series that were written anew."""
    store.set_cursor(REBUILD_CURSOR, json.dumps(sorted(rebuilding(store) - keys)))


def note_zone(store: WearerStore, name: str) -> None:
    """Remember by which time zone days begin; after a move they all begin elsewhere."""
    before = store.cursor(ZONE_CURSOR)
    if before == name:
        return
    if before is not None:
        note_rebuilding(store, DAILY)
    store.set_cursor(ZONE_CURSOR, name)


def unpublish_lost(store: WearerStore) -> None:
    """Begin anew with every day, where the recorder has lost all it was given."""
    if store.latest_days(1):
        store.unpublish_all()


def _daily(
    store: WearerStore, days: Sequence[date], zone: tzinfo, keys: Iterable[str]
) -> tuple[dict[str, dict[int, float]], tuple[Window, ...]]:
    """Make the rows of days, newest first, and tell the hours in which there are no others."""
    rows: dict[str, dict[int, float]] = {key: {} for key in keys}
    windows: list[Window] = []
    for day in days:
        # One by one, so that few objects live at a time: many make the interpreter look through
        # all it has, which holds the event loop up.
        row = next(iter(store.days(day, day)), None)
        values = {} if row is None else _values(row)
        if values is None or (row is None and store.known_days(day, day)):
            # It cannot be read now, which is no reason to forget what it said.
            continue
        start, end = start_of(day, zone), start_of(day + timedelta(days=1), zone)
        windows.append(Window(start, end))
        for key in rows.keys() & values.keys():
            rows[key][start] = values[key] * DAILY[key].scale
    return rows, tuple(windows)


def _values(row: DayRow) -> dict[str, float] | None:
    """Give the numbers of a day, None when its result makes no sense.

    One that was computed in another unit than the catalogue has now is no row of the series.
    """
    try:
        metrics = DayResult.from_dict(row.result).metrics
    except KeyError, TypeError, ValueError:
        return None
    return {
        key: metric.value
        for key, metric in metrics.items()
        if metric.value is not None and metric.unit == CATALOG[key].unit
    }


def _hourly(
    store: WearerStore, day: date, zone: tzinfo
) -> Iterator[tuple[dict[int, Value], Window]]:
    """Give the heart rate of the hours that a day touches.

    Where minutes were let go the frames tell as long as they are there, and are not all there was,
    unless the whole day was: of one that was purged nothing is left.
    """
    span = span_of(day, zone)
    start = int(span.midnight // HOUR_S) * HOUR_S
    end = -(-int(span.end) // HOUR_S) * HOUR_S
    floor = min(max(store.minutes_floor(), start), end)
    if start < floor:
        gone = not store.known_days(day, day)
        sums = [sum_minutes(records, source) for source, records in store.records(start, floor)]
        yield _hours(best_minutes(merge_minutes(sums))), Window(start, floor, sure=gone)
    if floor < end:
        yield _hours(best_minutes(store.minutes(floor, end))), Window(floor, end)


def _hours(minutes: Minutes) -> dict[int, Value]:
    """Put minutes together by their readings."""
    seen = minutes.hr_n > 0
    hour = minutes.minute[seen] // HOUR_S * HOUR_S
    if not hour.size:
        return {}
    first = np.flatnonzero(np.diff(hour, prepend=-1))
    count = minutes.hr_n[seen]
    total = np.add.reduceat(np.rint(minutes.hr_bpm[seen] * count), first)
    mean = total / np.add.reduceat(count, first)
    low = np.minimum.reduceat(minutes.hr_min[seen], first)
    high = np.maximum.reduceat(minutes.hr_max[seen], first)
    return {
        at: Value(*values)
        for at, *values in zip(
            hour[first].tolist(),
            mean.tolist(),
            low.astype(np.float64).tolist(),
            high.astype(np.float64).tolist(),
            strict=True,
        )
    }
