"""Values of metrics day by day: what histories, trends and scans are made of."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from ..store import WearerStore
from .briefs import BRIEFS, values_of
from .kept import Run

CHUNK_DAYS: Final = 31
"""Days that one job of the worker reads: under 50 ms on a slow machine."""

type Daily = dict[str, dict[date, float]]
"""Metric key -> day -> value, of the days that have one."""


def daily_values(
    store: WearerStore, keys: Iterable[str], start: date, end: date, *, compared: bool = False
) -> Daily:
    """Give the known values of metrics from start to end (both included).

    Days of algorithms that estimated the headlines in another way are left out: side by side with
    the others they would show a change that never was. Imported days are there to be seen; where
    days are ``compared`` they are left out unless the wearer asked for it.
    """
    with_imported = not compared or store.imported_in_baselines
    briefs = {
        day: brief
        for day, brief in BRIEFS.read(store, start, end).items()
        if brief.comparable and (with_imported or not brief.imported)
    }
    return {key: values_of(briefs, key) for key in keys}


async def async_values(
    run: Run, keys: Iterable[str], start: date, end: date, *, compared: bool = False
) -> Daily:
    """Give the values of any number of days, a part a job, so that frames need not wait long."""
    wanted = list(keys)
    found: Daily = {key: {} for key in wanted}
    for first, last in chunks(start, end):
        part: Daily = await run(daily_values, wanted, first, last, compared=compared)
        for key, values in part.items():
            found[key] |= values
    return found


def chunks(start: date, end: date, days: int = CHUNK_DAYS) -> Iterator[tuple[date, date]]:
    """Cut a range of days (both included) into parts that one job reads."""
    while start <= end:
        last = min(end, start + timedelta(days=days - 1))
        yield start, last
        start = last + timedelta(days=1)
