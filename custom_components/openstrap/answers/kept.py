"""What stored days say, kept in memory for as long as they are stored so.

Unpacking a day takes a millisecond or two: nothing for one day, too long for a year of them each
time that somebody looks.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

from ..store import DayRow, WearerStore
from ..store.days import Stamp

FRESH_DAYS: Final = 20
"""Days that one job of the worker unpacks: about 50 ms on a slow machine."""

type Run = Callable[..., Awaitable[Any]]
"""Takes a job and its arguments to the store, as ``Worker.async_run`` does."""
type Part[T] = tuple[list[tuple[date, T]], date | None]
"""Days with what is kept of them, newest first, and the day from which on it goes down, if any."""


class Kept[T]:
    """What ``make`` makes of stored days, for each store that is asked; None is left out.

    At most so many days a store are kept, those that were asked for last. Everything runs in the
    thread of the store.
    """

    def __init__(self, make: Callable[[DayRow], T | None], most: int) -> None:
        """Take what makes it, and how many days to keep."""
        self._make = make
        self._most = most
        self._known: WeakKeyDictionary[WearerStore, OrderedDict[date, tuple[Stamp, T | None]]]
        self._known = WeakKeyDictionary()

    def read(self, store: WearerStore, start: date, end: date) -> dict[date, T]:
        """Give the days from start to end (both included), oldest first, however many."""
        found, _ = self.part(store, start, end, fresh=None)
        return dict(reversed(found))

    def part(
        self,
        store: WearerStore,
        start: date,
        end: date,
        *,
        most: int | None = None,
        fresh: int | None = FRESH_DAYS,
    ) -> Part[T]:
        """Give days from ``end`` back to ``start``, until so many are found or had to be unpacked."""
        known = self._known.setdefault(store, OrderedDict())
        found: list[tuple[date, T]] = []
        unpacked = 0
        stamps = store.day_stamps()
        for day in between(list(stamps), start, end):
            held = known.get(day)
            if held is None or held[0] != stamps[day]:
                if fresh is not None and unpacked >= fresh:
                    return found, day
                unpacked += 1
                held = (stamps[day], self._made(store, day))
                known[day] = held
            if len(stamps) > self._most:
                known.move_to_end(day)
                while len(known) > self._most:
                    known.popitem(last=False)
            if held[1] is not None:
                found.append((day, held[1]))
                if len(found) == most:
                    break
        return found, None

    async def async_newest(self, run: Run, start: date, end: date, most: int) -> list[T]:
        """Give the newest days from start to end, newest first, at most so many; a part a job."""
        found: list[tuple[date, T]] = []
        last: date | None = end
        while last is not None and len(found) < most:
            part, last = await run(self.part, start, last, most=most - len(found))
            found += part
        return [one for _, one in found]

    async def async_ready(self, run: Run, start: date, end: date) -> None:
        """Unpack what is not known of a range of days, a part a job: then reading it is quick."""
        last: date | None = end
        while last is not None:
            _, last = await run(self.part, start, last)

    def _made(self, store: WearerStore, day: date) -> T | None:
        rows = store.days(day, day)
        return self._make(rows[0]) if rows else None


def between(days: Sequence[date], start: date, end: date) -> list[date]:
    """Give the days from start to end (both included) of ascending ones, the newest first."""
    return list(days[bisect_left(days, start) : bisect_right(days, end)])[::-1]
