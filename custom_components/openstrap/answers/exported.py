"""Whole days for a file: everything that was worked out and told, and no frames."""

from datetime import date

from ..engine.catalog import CATALOG
from ..store import WearerStore
from .stored import read
from .wording import Answer, worded
from .workouts import listed


def exported(store: WearerStore, start: date, end: date) -> list[Answer]:
    """Give the days from start to end (both included) that have a result or an entry, in order."""
    written = store.journal(start, end)
    stored = {one.result.day: one for one in read(store, start, end)}
    found: list[Answer] = []
    for day in sorted({*written, *stored}):
        entry = written[day].to_dict() if day in written else None
        if (one := stored.get(day)) is None:
            found.append({"known": False, "day": day.isoformat(), "journal": entry})
            continue
        found.append(
            one.head()
            | {
                "metrics": worded(one.result.metrics, CATALOG, one.zone),
                "workouts": listed(store, day, day, one.zone),
                "journal": entry,
            }
        )
    return found
