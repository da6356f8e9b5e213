"""The look back on a week that is over, read from the store, in the worker."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo

from .answers.stored import read
from .engine.insight.look_back import KEYS, SUNDAY, WEEK_DAYS, week_contents
from .engine.insight.nudge_candidates import WEEK, week_nudge
from .engine.insight.nudges import MIN_CONFIDENCE, Nudge
from .engine.trends import COMPARABLE_ALGORITHM
from .store import WearerStore


def week_candidates(
    store: WearerStore, today: date, zone: tzinfo, *, held: Collection[str], record_ts: float
) -> tuple[Nudge, ...]:
    """Give the nudge of the week that ended yesterday: on Mondays, while it is not in ``held``.

    Waits for records (the newest at ``record_ts``, epoch s) from after its last day, and until what
    came of that day is in its result: before, it may still grow. Values that are not sure enough to
    be told are not counted; the nudge is as sure as the others are on average.
    """
    last = today - timedelta(days=1)
    if last.weekday() != SUNDAY or f"{last.isoformat()}:{WEEK}" in held:
        return ()
    if record_ts < datetime.combine(today, time(), zone).timestamp():
        return ()
    if any(waiting.day == last for waiting in store.dirty_days()):
        return ()
    values: dict[str, dict[date, float]] = {key: {} for key in KEYS}
    sure: list[float] = []
    for stored in read(store, last - timedelta(days=2 * WEEK_DAYS - 1), last):
        day, result = stored.result.day, stored.result
        if result.algorithm < COMPARABLE_ALGORITHM:
            continue
        for key in KEYS:
            metric = result.metrics[key]
            if metric.value is not None and metric.confidence >= MIN_CONFIDENCE:
                values[key][day] = metric.value
                sure.append(metric.confidence)
    contents = week_contents(values, last)
    found = week_nudge(last, contents, sum(sure) / len(sure) if sure else 0.0)
    return () if found is None else (found,)
