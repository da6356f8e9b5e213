"""From raw frames in the store to the numbers of a day."""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from openstrap.engine.day import DayInputs, derive_day
from openstrap.engine.day_window import window_of
from openstrap.engine.profile import Profile
from openstrap.engine.samples import build_samples
from openstrap.store import WearerStore

from .figure import Figure, seconds
from .frames import START, TZ, days, inners
from .store import fill, tidy

FORTNIGHT = 14


def derive() -> list[Figure]:
    """Derive one day and fourteen, reading them from compacted blocks each time."""
    first = datetime.fromtimestamp(START, TZ).date() + timedelta(days=1)
    with TemporaryDirectory() as folder:
        store = WearerStore.open(Path(folder) / "wearer.db")
        fill(store, inners(days(FORTNIGHT + 0.5)), call=5_000)
        tidy(store)

        def one(day: date = first) -> None:
            start, end = window_of(day, TZ)
            samples = build_samples(store.records(start, end))
            derive_day(DayInputs(day, TZ, samples, Profile()))

        def fortnight() -> None:
            for number in range(FORTNIGHT):
                one(first + timedelta(days=number))

        figures = [
            Figure("derive_day", "ms", tuple(run * 1e3 for run in seconds(one)), 400),
            Figure("derive_14_days", "s", seconds(fortnight, repeats=3), 5),
        ]
        store.close()
    return figures
