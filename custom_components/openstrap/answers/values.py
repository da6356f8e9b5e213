"""Values of metrics day by day: what histories, trends and scans are made of."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from ..engine.metric_rows import ROW
from ..engine.trends import COMPARABLE_ALGORITHM
from ..store import WearerStore

CHUNK_DAYS: Final = 31
"""Days that one job of the worker reads: under 50 ms on a slow machine."""
_VALUE: Final = ROW.index("value")

type Run = Callable[..., Awaitable[Any]]
"""Takes a job and its arguments to the store, as ``Worker.async_run`` does."""
type Daily = dict[str, dict[date, float]]
"""Metric key -> day -> value, of the days that have one."""


def daily_values(store: WearerStore, keys: Iterable[str], start: date, end: date) -> Daily:
    """Give the known values of metrics from start to end (both included).

    Days of algorithms that estimated the headlines in another way are left out: side by side with
    the others they would show a change that never was.
    """
    found: Daily = {key: {} for key in keys}
    for row in store.days(start, end):
        if row.algorithm < COMPARABLE_ALGORITHM:
            continue
        metrics = row.result.get("metrics") if isinstance(row.result, dict) else None
        for key, values in found.items():
            value = _value((metrics or {}).get(key))
            if value is not None:
                values[row.day] = value
    return found


async def async_values(run: Run, keys: Iterable[str], start: date, end: date) -> Daily:
    """Give the values of any number of days, a part a job, so that frames need not wait long."""
    wanted = list(keys)
    found: Daily = {key: {} for key in wanted}
    for first, last in chunks(start, end):
        part: Daily = await run(daily_values, wanted, first, last)
        for key, values in part.items():
            found[key] |= values
    return found


def chunks(start: date, end: date, days: int = CHUNK_DAYS) -> Iterator[tuple[date, date]]:
    """Cut a range of days (both included) into parts that one job reads."""
    while start <= end:
        last = min(end, start + timedelta(days=days - 1))
        yield start, last
        start = last + timedelta(days=1)


def _value(row: Any) -> float | None:
    """Read a value from a stored row, which is a list or, in older results, goes by names."""
    if isinstance(row, list):
        value = row[_VALUE] if len(row) > _VALUE else None
    else:
        value = row.get("value") if isinstance(row, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
