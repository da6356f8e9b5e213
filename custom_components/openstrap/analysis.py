"""What a wearer's worker does between frames: one day, or one slice of tidying, a job.

All of it runs in the worker thread and knows no Home Assistant; what depends on the
clock comes in as an argument. Times are epoch seconds.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
import logging
from typing import Final
from zoneinfo import ZoneInfo

from .engine.day import ALGORITHM_VERSION, DayInputs, DayResult, derive_day, window_of
from .engine.profile import Profile
from .engine.samples import build_samples
from .store import DayRow, DirtyDay, WearerStore

_LOGGER = logging.getLogger(__name__)

# A day is final once this local time of the next day has passed: the backstop has then
# had its chance, and what a sleeping phone holds back has usually come.
FINAL_AT: Final = time(3, 30)
# How far back the last night is looked for; a band in a drawer for longer has no last night.
NIGHT_SEARCH_DAYS: Final = 60
ALGORITHM_CURSOR: Final = "algorithm"


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A stored result, and whether anything of it can still change."""

    result: DayResult
    final: bool


@dataclass(frozen=True, slots=True)
class Nights:
    """The results that are shown: the newest day, and the newest one with a night."""

    day: ShownDay | None = None
    night: ShownDay | None = None


def load_nights(store: WearerStore, today: date) -> Nights:
    """Read the newest results up to today from disk; computes nothing.

    After a move to the west a day may stand there that has not begun yet. A result that makes no
    sense is left out, and computed again if it can be.
    """
    shown = [
        ShownDay(result, row.final)
        for row in store.latest_days(NIGHT_SEARCH_DAYS)
        if row.day <= today and (result := _result(store, row)) is not None
    ]
    return Nights(
        day=shown[0] if shown else None,
        night=next((day for day in shown if has_night(day.result)), None),
    )


def has_night(result: DayResult) -> bool:
    """Tell whether a rest window was found that ends on this day."""
    return result.metrics["rest_onset"].value is not None


def due_days(store: WearerStore, now: float, zone: tzinfo) -> list[DirtyDay]:
    """Give the days to compute, newest first: that is what people look at.

    An evening's records also touch the day that has not begun; it waits until it has.
    """
    today = datetime.fromtimestamp(now, zone).date()
    return [day for day in reversed(store.dirty_days()) if day.day <= today]


def outdated_days(store: WearerStore) -> list[date]:
    """Give the days that an older algorithm computed and that can be computed again.

    All rows are looked at, but only once for each version (see `note_algorithm`).
    """
    if store.cursor(ALGORITHM_CURSOR) == str(ALGORITHM_VERSION):
        return []
    return [
        row.day
        for row in reversed(store.days(date.min, date.max))
        if row.algorithm != ALGORITHM_VERSION
        and not store.is_sealed(*window_of(row.day, ZoneInfo(row.timezone)))
    ]


def note_algorithm(store: WearerStore) -> None:
    """Remember that no day waits for this version of the algorithm."""
    if store.cursor(ALGORITHM_CURSOR) != str(ALGORITHM_VERSION):
        store.set_cursor(ALGORITHM_CURSOR, str(ALGORITHM_VERSION))


def derive(store: WearerStore, day: date, *, now: float, zone: tzinfo, profile: Profile) -> None:
    """Compute a day from its frames and store the result.

    A final day keeps the time zone it was lived in. A day of which nothing is known has no
    row. Where frames of the day are gone its result stays as it is.
    """
    held = _row(store, day)
    if held is not None and held.final:
        zone = ZoneInfo(held.timezone)
    window = window_of(day, zone)
    if held is not None and store.is_sealed(*window):
        return
    samples = build_samples(store.records(*window))
    wrist = store.wrist_events(*window)
    result = derive_day(DayInputs(day, zone, samples, profile, wrist))
    row = DayRow(
        day=day,
        timezone=result.timezone,
        algorithm=result.algorithm,
        final=is_final(day, zone, now),
        records=len(samples),
        result=result.to_dict(),
    )
    if any(metric.value is not None for metric in result.metrics.values()):
        store.save_day(row)
    elif held is not None:
        store.drop_day(row)


def derive_dirty(
    store: WearerStore, dirty: DirtyDay, *, now: float, zone: tzinfo, profile: Profile
) -> None:
    """Compute a dirty day; it stays dirty when this fails, or when frames came meanwhile."""
    derive(store, dirty.day, now=now, zone=zone, profile=profile)
    store.clear_dirty(dirty.day, dirty.mark)


def is_final(day: date, zone: tzinfo, now: float) -> bool:
    """Tell whether nothing more is expected of a day."""
    return now >= datetime.combine(day + timedelta(days=1), FINAL_AT, zone).timestamp()


def release_future(store: WearerStore, now: float, zone: tzinfo) -> None:
    """Let frames count whose time had not come when they did (a strap's clock was ahead)."""
    with store.intake(now, zone):
        pass


def finalise(store: WearerStore, now: float, zone: tzinfo) -> int:
    """Close the days that are over and computed; returns how many."""
    dirty = {day.day for day in store.dirty_days()}
    today = datetime.fromtimestamp(now, zone).date()
    rows = [
        row
        for day in store.provisional_days(today)
        if day not in dirty and (row := _row(store, day)) is not None
    ]
    over = [row for row in rows if is_final(row.day, ZoneInfo(row.timezone), now)]
    for row in over:
        store.save_day(replace(row, final=True))
    return len(over)


def _result(store: WearerStore, row: DayRow) -> DayResult | None:
    try:
        return DayResult.from_dict(row.result)
    except (KeyError, TypeError, ValueError) as err:
        if store.doubt_day(row):
            _LOGGER.warning("The stored result of a day cannot be read: %r", err)
        return None


def _row(store: WearerStore, day: date) -> DayRow | None:
    found = store.days(day, day)
    return found[0] if found else None
