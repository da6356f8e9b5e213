"""Workouts between two moments, the newest first."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from .. import answers
from ..answers.briefs import BRIEFS
from ..answers.kept import Run
from ..answers.wording import Answer
from ..store import WearerStore
from .envelope import Json
from .session_rows import session_row

MOST: Final = 200
PART_DAYS: Final = 366
"""Days whose workouts are looked for at once."""
A_DAY: Final = timedelta(days=1)
EPOCH_DAY: Final = date(1970, 1, 3)
"""From here on every zone has a day before and after."""


async def async_sessions(
    run: Run, start_ts: float, end_ts: float, now_ts: float, zone: tzinfo
) -> list[Json]:
    """Give at most 200 rows of workouts that began from start to end (epoch s), newest first.

    The one that goes on is among them. ``zone`` is Home Assistant's.
    """
    if start_ts > end_ts:
        return []
    on = await run(answers.going, now_ts)
    found = [] if on is None else [answers.workout_of(on, zone)]
    first = max(_day(start_ts, zone) - A_DAY, EPOCH_DAY)
    # A workout belongs to the day that it ended on, and none lasts longer than one.
    last = _day(end_ts, zone) + 2 * A_DAY
    earliest: date = await run(_earliest, last)
    for begin, end in _parts(first, last, earliest):
        await BRIEFS.async_ready(run, begin, end)
        found += await run(answers.listed_workouts, begin, end, zone)
        if len(_between(found, start_ts, end_ts)) >= MOST:
            break
    rows = sorted(_between(found, start_ts, end_ts), key=lambda one: one["start_ts"], reverse=True)
    return [session_row(one) for one in rows[:MOST]]


def _between(found: list[Answer], start_ts: float, end_ts: float) -> list[Answer]:
    return [one for one in found if start_ts <= one["start_ts"] <= end_ts]


def _parts(first: date, last: date, earliest: date) -> Iterator[tuple[date, date]]:
    """Cut a range of days, the newest first; what is before the first stored day is one part."""
    end = last
    while end >= first:
        begin = max(first, end - timedelta(days=PART_DAYS - 1))
        if end < earliest:
            begin = first
        yield begin, end
        end = begin - A_DAY


def _earliest(store: WearerStore, last: date) -> date:
    """Give the first stored day, the last one asked for where there is none."""
    return min(next(iter(store.day_stamps()), last), last)


def _day(ts: float, zone: tzinfo) -> date:
    return datetime.fromtimestamp(ts, zone).date()
