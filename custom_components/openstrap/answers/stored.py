"""Days as they are stored, ready to be told of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any, Final

from ..engine.day import OUTSIDE
from ..engine.day_result import DayResult
from ..engine.imported import IMPORTED
from ..store import DayRow, WearerStore
from .kept import between
from .wording import NOT_DERIVED, NOT_YET, Answer, unknown, zone_of

SEARCH_DAYS: Final = 60
"""How far back the last night is looked for: one who wore no band for longer has none."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A day that can be read, with its zone."""

    result: DayResult
    final: bool
    zone: tzinfo

    @property
    def has_night(self) -> bool:
        """Whether a rest was found that ends on the day."""
        return self.result.metrics["rest_onset"].value is not None

    @property
    def trends(self) -> Mapping[str, Any]:
        """The lists that belong to the trends of the day; none in results of old algorithms."""
        return self.result.details.get("trends") or {}

    def head(self) -> Answer:
        """Begin an answer about the day; what others measured of it is said, where they did."""
        head = {
            "known": True,
            "day": self.result.day.isoformat(),
            "timezone": self.result.timezone,
            "final": self.final,
            "algorithm": self.result.algorithm,
        }
        details = self.result.details
        if IMPORTED in details:
            head["imported"] = details[IMPORTED]["source"]
        if OUTSIDE in details:
            head["outside_records"] = details[OUTSIDE]
        return head


def read(store: WearerStore, start: date, end: date) -> list[Stored]:
    """Give the stored days from start to end (both included) that make sense, oldest first."""
    found = (stored_of(row) for row in store.each_day(start, end))
    return [one for one in found if one is not None]


def stored_of(row: DayRow) -> Stored | None:
    """Read a stored day; None for one that makes no sense."""
    try:
        result = DayResult.from_dict(row.result)
    except KeyError, TypeError, ValueError:
        # Whoever shows the newest days has it computed again.
        return None
    return Stored(result, row.final, zone_of(row.timezone))


def newest(store: WearerStore, today: date, *, with_night: bool) -> Stored | None:
    """Give the newest stored day up to today, or the newest with a night; None without one.

    One after the other, for the first is nearly always it.
    """
    first = today - timedelta(days=SEARCH_DAYS)
    for day in between(list(store.day_stamps()), first, today):
        for stored in read(store, day, day):
            if stored.has_night or not with_night:
                return stored
    return None


def asked(
    store: WearerStore, day: date | None, today: date, *, with_night: bool
) -> Stored | Answer:
    """Give a stored day, the newest for None; an answer that says why there is none."""
    if day is None:
        return newest(store, today, with_night=with_night) or unknown(NOT_DERIVED)
    if day > today:
        return unknown(NOT_YET, day=day.isoformat())
    found = read(store, day, day)
    return found[0] if found else unknown(NOT_DERIVED, day=day.isoformat())
