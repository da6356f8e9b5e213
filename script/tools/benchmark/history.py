"""Days before a day, for what looks back on them."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
import time
from typing import Final

from openstrap import analysis
from openstrap.engine.day_result import DayResult
from openstrap.engine.facts import DayFacts
from openstrap.engine.trends import HISTORY_DAYS
from openstrap.ingest import ingest
from openstrap.store import CHANGED_CURSOR, DayRow, WearerStore

from .frames import ADULT, DAY, TZ, inners, recent

VARIETY: Final = 7  # days after which values come again


def facts_before(facts: DayFacts, back: int) -> DayFacts:
    """Make the facts of a day so many days before: the same, but for values that vary a little."""
    shift = float(back * DAY)
    share = 1.0 + 0.01 * (back % VARIETY - VARIETY // 2)
    return replace(
        facts,
        day=facts.day - timedelta(days=back),
        clock=tuple((since - shift, ahead) for since, ahead in facts.clock),
        end_ts=facts.end_ts - shift,
        onset_ts=None if facts.onset_ts is None else facts.onset_ts - shift,
        offset_ts=None if facts.offset_ts is None else facts.offset_ts - shift,
        asleep=tuple((a - shift, b - shift) for a, b in facts.asleep),
        seen=tuple((a - shift, b - shift) for a, b in facts.seen),
        values={key: share * value for key, value in facts.values.items()},
    )


def earlier(row: DayRow, back: int) -> DayRow:
    """Make the result of a day so many days before, like the day's but for how its night went."""
    result = DayResult.from_dict(row.result)
    if result.facts is None:
        raise RuntimeError("the day gave no facts")
    earlier = facts_before(result.facts, back)
    told = replace(result, day=earlier.day, facts=earlier).to_dict()
    return replace(row, day=earlier.day, final=True, result=told)


def fill_history(path: Path, count: int, frames: Sequence[bytes] = ()) -> date:
    """Give a wearer's file frames, today worked out from them, and results of so many days before.

    Each says as much as a day does that has a history. Without frames those of a day and a half
    are made; the day is returned.
    """
    now = time.time()
    day = datetime.fromtimestamp(now, TZ).date()
    with closing(WearerStore.open(path)) as store:
        ingest(store, inners([*frames] or recent(1.5 * DAY)), now=now, tz=TZ)
        for known in (HISTORY_DAYS, count):
            analysis.derive(store, day, now=now, zone=TZ, profile=ADULT)
            [row] = store.days(day, day)
            for back in range(1, known + 1):
                store.save_day(earlier(row, back))
        for waiting in store.dirty_days():
            store.clear_dirty(waiting.day, waiting.mark)
        if (mark := store.cursor(CHANGED_CURSOR)) is not None:
            analysis.trends_done(store, mark)
    return day
