"""What a day costs after a month of history, and after five years of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from openstrap import analysis
from openstrap.engine.day_result import DayResult
from openstrap.store import WearerStore

from .figure import Figure, timed
from .frames import ADULT, START, TZ, days, inners
from .history import earlier
from .store import LATER, fill, tidy

MONTH: Final = 30
FIVE_YEARS: Final = 5 * 365 + 1
ROUNDS: Final = 15


def growth() -> list[Figure]:
    """Derive the newest day, from its frames to its stored row, by turns with either history."""
    day = datetime.fromtimestamp(START, TZ).date() + timedelta(days=1)
    with _wearer(day, MONTH) as young, _wearer(day, FIVE_YEARS) as old:
        runs: dict[str, list[float]] = {"month": [], "five_years": []}
        for _ in range(ROUNDS + 1):
            for name, store in (("month", young), ("five_years", old)):
                runs[name].append(timed(partial(_sweep, store, day)))
        held = old.days(day, day)[0].result
    ratios = tuple(b / a for a, b in zip(runs["month"][1:], runs["five_years"][1:], strict=True))
    told = sum(one.value is not None for one in DayResult.from_dict(held).metrics.values())
    return [
        Figure(
            f"sweep_{name}",
            "ms",
            tuple(1e3 * run for run in taken[1:]),
            400,
            note=f"{told} numbers" if name == "five_years" else "",
        )
        for name, taken in runs.items()
    ] + [Figure("sweep_growth", "ratio", (median(ratios),), 1.10, note=f"{ROUNDS} pairs of runs")]


def _sweep(store: WearerStore, day: date) -> None:
    analysis.derive(store, day, now=LATER, zone=TZ, profile=ADULT)


@contextmanager
def _wearer(day: date, history: int) -> Iterator[WearerStore]:
    """Give a wearer with the frames of a day, and results of so many days before it."""
    with (
        TemporaryDirectory() as folder,
        closing(WearerStore.open(Path(folder) / "wearer.db")) as store,
    ):
        fill(store, inners(days(1.5)), call=5_000)
        tidy(store)
        _sweep(store, day)
        [row] = store.days(day, day)
        for back in range(1, history + 1):
            store.save_day(earlier(row, back))
        yield store
