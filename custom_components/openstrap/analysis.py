"""What a wearer's worker does between frames: one day, or one slice of tidying, a job.

All of it runs in the worker thread and knows no Home Assistant; what depends on the
clock comes in as an argument. Times are epoch seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
import json
import logging
from typing import Final
from zoneinfo import ZoneInfo

from .engine.catalog import CATALOG
from .engine.day import ALGORITHM_VERSION, DayInputs, derive_day
from .engine.day_result import DayResult
from .engine.day_window import window_of
from .engine.facts import DayFacts
from .engine.imported import IMPORTED_ALGORITHM
from .engine.metric_spec import TRENDS
from .engine.motion.imu import stretches_of
from .engine.profile import Profile
from .engine.samples import build_samples
from .engine.trends import COMPARABLE_ALGORITHM, HISTORY_DAYS, derive_trends
from .store import CHANGED_CURSOR, DayRow, DirtyDay, WearerStore

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
    newest: ShownDay | None = None
    # Mostly the first has a night. Sixty results read at once are thirty thousand objects, and
    # after some rounds of them the interpreter looks through all it has, for 0.2 s.
    for day in store.newest_names(NIGHT_SEARCH_DAYS, today):
        row = _row(store, day)
        if row is None or (result := _result(store, row)) is None:
            continue
        shown = ShownDay(result, row.final)
        newest = newest or shown
        if has_night(result):
            return Nights(newest, shown)
    return Nights(newest, None)


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
        day
        for day in reversed(store.known_days(date.min, date.max))
        if (row := _row(store, day)) is not None
        and row.algorithm not in (ALGORITHM_VERSION, IMPORTED_ALGORITHM)
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
    if held is not None and held.algorithm == IMPORTED_ALGORITHM:
        # Nobody measured it yet: neither its zone nor its numbers bind what does.
        held = None
    if held is not None and held.final:
        zone = ZoneInfo(held.timezone)
    window = window_of(day, zone)
    if held is not None and store.is_sealed(*window):
        return
    told = store.told(*window)
    inputs = DayInputs(
        day,
        zone,
        build_samples(store.records(*window)),
        profile,
        store.wrist_events(*window),
        imu=stretches_of(store.imu_frames(*window)),
        told=told,
    )
    result = derive_day(inputs)
    _note_change(store, held, result)
    going = None if is_final(day, zone, now) else now
    result = derive_trends(result, history_of(store, day), profile, told, now_ts=going)
    row = DayRow(
        day=day,
        timezone=result.timezone,
        algorithm=result.algorithm,
        final=is_final(day, zone, now),
        records=len(inputs.samples),
        result=result.to_dict(),
    )
    if has_values(result):
        store.save_day(row)
    elif held is not None:
        store.drop_day(row)


def has_values(result: DayResult) -> bool:
    """Tell whether anything is known of a day itself; what others say of it is not enough."""
    return any(
        metric.value is not None
        for key, metric in result.metrics.items()
        if CATALOG[key].kind not in TRENDS
    )


def trends_due(store: WearerStore) -> tuple[str | None, list[date]]:
    """Give a mark and the stored days that look back on days that changed, oldest first."""
    mark = store.cursor(CHANGED_CURSOR)
    changed = _changed(mark)
    if not changed:
        return None, []
    reach = timedelta(days=HISTORY_DAYS)
    stored = store.known_days(changed[0] + timedelta(days=1), changed[-1] + reach)
    return mark, [day for day in stored if any(one < day <= one + reach for one in changed)]


def renew_trends(store: WearerStore, day: date, *, now: float, profile: Profile) -> bool:
    """Work out anew what a day's result says of the days before it; True when that changed.

    Needs no frames, so it also holds for days whose frames are gone. Results of another version
    of the algorithm stay as they are: they are computed again as a whole, or not at all.
    """
    row = _row(store, day)
    held = None if row is None else _result(store, row)
    if row is None or held is None or held.algorithm != ALGORITHM_VERSION:
        return False
    zone = ZoneInfo(row.timezone)
    told = store.told(*window_of(day, zone))
    going = None if is_final(day, zone, now) else now
    renewed = derive_trends(held, history_of(store, day), profile, told, now_ts=going)
    if renewed == held:
        return False
    store.save_trends(replace(row, result=renewed.to_dict()))
    return True


def trends_done(store: WearerStore, mark: str) -> None:
    """Forget the changed days, unless more were noted meanwhile."""
    if store.cursor(CHANGED_CURSOR) == mark:
        store.set_cursor(CHANGED_CURSOR, "")


def history_of(store: WearerStore, day: date) -> list[DayFacts]:
    """Give the facts of the days that a day looks back on, oldest first; unreadable ones are out."""
    first, last = day - timedelta(days=HISTORY_DAYS), day - timedelta(days=1)
    texts = store.day_facts(first, last, algorithm=COMPARABLE_ALGORITHM)
    return [facts for text in texts if (facts := _facts(text)) is not None]


@lru_cache(maxsize=2 * HISTORY_DAYS)
def _facts(text: str) -> DayFacts | None:
    """Read facts, which the days of a sweep look back on again and again; None if they are none."""
    try:
        return DayFacts.from_dict(json.loads(text))
    except KeyError, TypeError, ValueError:
        return None


def _note_change(store: WearerStore, held: DayRow | None, result: DayResult) -> None:
    """Remember a day whose facts are others than before; first, so that none is ever missed."""
    before = held.result.get("facts") if held and isinstance(held.result, dict) else None
    after = result.facts.to_dict() if result.facts and has_values(result) else None
    if before == after:
        return
    changed = {*_changed(store.cursor(CHANGED_CURSOR)), result.day}
    store.set_cursor(CHANGED_CURSOR, _mark(changed))


def _changed(mark: str | None) -> list[date]:
    return [date.fromisoformat(day) for day in json.loads(mark)] if mark else []


def _mark(days: Iterable[date]) -> str:
    return json.dumps([day.isoformat() for day in sorted(days)], separators=(",", ":"))


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
