"""Frames to synced tables, and what they take on disk."""

from collections.abc import Callable, Sequence
import csv
import gzip
import os
from pathlib import Path
from tempfile import TemporaryDirectory
import time

from openstrap.engine.protocol.hexline import Inner
from openstrap.ingest import ingest, ingest_hex
from openstrap.store import WearerStore

from .. import ROOT
from .figure import REPEATS, Figure
from .frames import DAY, START, TZ, days, inners

BACKLOG = 90_000  # records of a day
CALL = 1_500  # what a phone with a backlog sends at once
LATER = START + 30 * DAY  # "now" for the store: all frames lie in the past
REAL_NIGHT = "whoop_real_night/r24_frames_9min.csv.gz"


def fill(store: WearerStore, frames: Sequence[Inner], call: int = CALL) -> None:
    """Bring frames in, so many a call."""
    for at in range(0, len(frames), call):
        ingest(store, frames[at : at + call], now=LATER, tz=TZ)


def tidy(store: WearerStore) -> None:
    """Merge all blocks, as the night's upkeep does."""
    while store.compact(now=LATER, tz=TZ):
        pass


def ingest_backlog() -> list[Figure]:
    """Bring a day of backlog into an empty store, as frames and as hex text."""
    frames = inners(days(1.05)[:BACKLOG])
    texts = [frame.data.hex() for frame in frames]

    def as_hex(store: WearerStore) -> None:
        for at in range(0, len(texts), CALL):
            ingest_hex(store, texts[at : at + CALL], generation=None, now=LATER, tz=TZ)

    note = f"{len(frames)} frames, {CALL} a call, each call one synced transaction"
    return [
        Figure(
            "ingest",
            "frames/s",
            _rates(lambda store: fill(store, frames), len(frames)),
            budget=100_000,
            sense="over",
            note=note,
        ),
        Figure("ingest_hex", "frames/s", _rates(as_hex, len(texts)), note=note),
    ]


def _rates(work: Callable[[WearerStore], None], frames: int) -> tuple[float, ...]:
    """Do some work on fresh stores; frames a second, without the first run, which warms."""
    rates = []
    for _ in range(REPEATS + 1):
        with TemporaryDirectory() as folder:
            store = WearerStore.open(Path(folder) / "wearer.db")
            begun = time.perf_counter()
            work(store)
            rates.append(frames / (time.perf_counter() - begun))
            store.close()
    return tuple(rates[1:])


def _bytes_on_disk(frames: Sequence[Inner], folder: Path) -> int:
    """Size of a store of these frames after merging its blocks, nothing else in it."""
    path = folder / "wearer.db"
    store = WearerStore.open(path)
    fill(store, frames, call=300)
    tidy(store)
    store.close()
    return sum(file.stat().st_size for file in folder.iterdir())


def disk_per_day() -> list[Figure]:
    """Weigh the difference between one worn day and three, and the real records at hand."""
    sizes = []
    for count in (1, 3):
        with TemporaryDirectory() as folder:
            sizes.append(_bytes_on_disk(inners(days(count)), Path(folder)))
    added = len(days(3)) - len(days(1))
    per_frame = (sizes[1] - sizes[0]) / added
    figures = [
        Figure(
            "disk_per_day",
            "MB",
            (per_frame * BACKLOG / 1e6,),
            budget=2.5,
            note=f"demo wearer: {per_frame:.1f} B a record with minutes and indices, {BACKLOG} a day",
        )
    ]
    if (real := _real_records()) is not None:
        with TemporaryDirectory() as one, TemporaryDirectory() as none:
            grown = _bytes_on_disk(real, Path(one)) - _bytes_on_disk([], Path(none))
        figures.append(
            Figure(
                "disk_per_day_real",
                "MB",
                (grown / len(real) * BACKLOG / 1e6,),
                note=f"{len(real)} real records, scaled: an upper bound, "
                "pages and blocks are hardly filled",
            )
        )
    return figures


def _real_records() -> list[Inner] | None:
    data = Path(os.environ.get("OPENSTRAP_DATA", ROOT.parent / "shared" / "data"))
    if not (file := data / REAL_NIGHT).exists():
        return None
    with gzip.open(file, "rt") as rows:
        return inners([bytes.fromhex(row["hex"]) for row in csv.DictReader(rows)])
