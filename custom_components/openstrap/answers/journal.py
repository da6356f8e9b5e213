"""What a wearer wrote down, day by day."""

from datetime import date

from ..store import WearerStore
from .wording import Answer


def journal(store: WearerStore, start: date, end: date) -> Answer:
    """Give the entries from start to end (both included), newest first."""
    entries = store.journal(start, end)
    return {
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
        "entries": [
            {"day": day.isoformat(), **entries[day].to_dict()}
            for day in sorted(entries, reverse=True)
        ],
    }
