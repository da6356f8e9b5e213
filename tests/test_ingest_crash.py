"""Whatever fails in the middle of an ingest: nothing is half done, and a retry makes it whole."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from typing import Any

import pytest

from custom_components.openstrap.engine.protocol import Inner
from custom_components.openstrap.store import StoreError, WearerStore

from .store.material import CATALOGUE, NOW, Broken, cut, gen4, night, put

pytestmark = pytest.mark.full  # a crash at every statement

ROOT = Path(__file__).parents[1]
LATER = NOW + 7200

EVERY = [inner for forms in CATALOGUE for inner in forms[::2]]
FIRST, SECOND = EVERY[1::2], EVERY[::2]
"""Two loads that share every frame, with other claims, so that the second reads hours again."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of a store that is not there yet."""
    return tmp_path / "wearer.db"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Broken]]:
    """Let every connection be one that can be made to fail."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Broken))
    Broken.arm(None)
    yield Broken
    Broken.arm(None)


def whole(folder: Path) -> dict[str, list[Any]]:
    """Give what a store holds to which nothing happened."""
    with closing(WearerStore.open(folder / "whole.db")) as store:
        put(store, FIRST)
        put(store, SECOND, LATER)
        return store.dump()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "error",
    [sqlite3.OperationalError("injected"), KeyboardInterrupt(), MemoryError()],
    ids=["database", "interrupt", "memory"],
)
def test_a_failing_statement(
    tmp_path: Path, broken: type[Broken], error: BaseException, after: bool
) -> None:
    """Every statement of an ingest may fail."""
    _fail_at(tmp_path, broken, error, after=after, every=29)


@pytest.mark.full
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_each_failing_statement(tmp_path: Path, broken: type[Broken], after: bool) -> None:
    """Truly every statement."""
    error = sqlite3.OperationalError("injected")
    _fail_at(tmp_path, broken, error, after=after, every=1)


def _fail_at(
    folder: Path,
    broken: type[Broken],
    error: BaseException,
    *,
    after: bool,
    every: int,
) -> None:
    """Let the second load fail at one statement after another, each on a fresh copy."""
    expected = whole(folder)
    begun, path = folder / "begun.db", folder / "failing.db"
    with closing(WearerStore.open(begun)) as store:
        put(store, FIRST)
        before = store.dump()

    def begin() -> WearerStore:
        WearerStore.remove(path)
        shutil.copy(begun, path)
        store = WearerStore.open(path)
        put(store, FIRST[:20])  # fills the caches
        return store

    with closing(begin()) as store:
        broken.arm(None)
        put(store, SECOND, LATER)
        last = broken.count - 1
    for point in sorted({*range(0, last, every), *range(8), last - 1, last}):
        store = begin()
        try:
            broken.arm(point, after=after, error=error)
            with pytest.raises((StoreError, KeyboardInterrupt, MemoryError)):
                put(store, SECOND, LATER)
            broken.arm(None)
            if point % 2:  # the caches may be what is wrong, or what is on the disk
                store.close()
                store = WearerStore.open(path)
            committed = after and point == last
            assert store.dump() == (expected if committed else before), point
            put(store, SECOND, LATER)
            assert store.dump() == expected, point
        finally:
            broken.arm(None)
            store.close()


def test_a_connection_that_cannot_even_roll_back(path: Path, broken: type[Broken]) -> None:
    """It is replaced by a new one."""
    store = WearerStore.open(path)
    put(store, FIRST)
    before = store.dump()

    class Worse(Broken):
        def execute(self, *args: Any) -> sqlite3.Cursor:
            if args[0] == "ROLLBACK":
                raise sqlite3.OperationalError("cannot roll back")
            return super().execute(*args)

    store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Worse))
        store = WearerStore.open(path)
        broken.arm(12)
        Worse.arm(12)
        with pytest.raises(StoreError):
            put(store, SECOND, LATER)
        Worse.arm(None)
        assert store.dump() == before
        put(store, SECOND, LATER)
        put(store, SECOND, LATER)
    store.close()


@pytest.mark.parametrize("seed", range(4))
def test_an_interrupt_within_a_statement(path: Path, tmp_path: Path, seed: int) -> None:
    """The database's own work may stop between any two of its steps."""
    expected = whole(tmp_path)
    dice = random.Random(seed)
    with closing(WearerStore.open(path)) as store:
        put(store, FIRST)
        before = store.dump()
        for _ in range(6):
            steps = count()
            stop = dice.randrange(4500)
            store._conn.set_progress_handler(lambda: next(steps) >= stop, 1)  # noqa: B023
            try:
                put(store, SECOND, LATER)
            except StoreError:
                store._conn.set_progress_handler(None, 1)
                assert store.dump() == before
            store._conn.set_progress_handler(None, 1)
            if store.dump() != before:
                break
        put(store, SECOND, LATER)
        assert store.dump() == expected


def test_a_full_disk(path: Path) -> None:
    """What does not fit is refused as a whole, and taken once there is room."""
    frames = gen4(night(3000))
    with closing(WearerStore.open(path)) as store:
        put(store, frames[:300])
        before = store.dump()
        (pages,) = store._conn.execute("PRAGMA page_count").fetchone()
        store._conn.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(StoreError) as caught:
            put(store, frames)
        assert caught.value.reason == "disk_full"
        assert store.dump() == before
        assert put(store, frames[:300]).duplicate == 300
        with pytest.raises(StoreError):
            put(store, frames)
        store._conn.execute("PRAGMA max_page_count = 1073741823")
        report = put(store, frames)
        assert (report.new, report.duplicate) == (2700, 300)
        assert int(store.minutes(0, 2**32).records.sum()) == 3000


def test_a_journal_that_was_cut_off(path: Path, tmp_path: Path) -> None:
    """After a power failure the journal ends anywhere: what came before it holds, whole."""
    frames = gen4(night(2000))
    batches = [frames[at : at + 200] for at in range(0, 2000, 200)]
    seen = []
    store = WearerStore.open(path)
    try:
        for batch in batches:
            put(store, batch)
            seen.append(store.dump())
        dice = random.Random(2)
        journal = path.with_name("wearer.db-wal")
        size = journal.stat().st_size
        for at in range(12):
            copy = tmp_path / f"copy{at}.db"
            shutil.copy(path, copy)
            kept = journal.read_bytes()[: dice.randrange(size)]
            if at % 3 == 0:  # the last page half written
                kept = kept[:-100] + dice.randbytes(100)
            copy.with_name(f"copy{at}.db-wal").write_bytes(kept)
            with closing(WearerStore.open(copy)) as found:
                if found.opened.set_aside is None:
                    assert found.dump() in [empty_like(seen[0]), *seen]
                for batch in batches:
                    put(found, batch)
                assert found.dump() == seen[-1]
    finally:
        store.close()


def empty_like(content: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Give the content of a store that has nothing."""
    return {name: [] for name in content}


CHILD = """
import sys, script.tools
from pathlib import Path
from zoneinfo import ZoneInfo
from openstrap.ingest import ingest_hex
from openstrap.store import WearerStore
store = WearerStore.open(Path(sys.argv[1]))
lines = Path(sys.argv[2]).read_text().split()
print("ready", flush=True)
for at in range(0, len(lines), 100):
    ingest_hex(store, lines[at:at + 100], generation=None, now=float(sys.argv[3]), tz=ZoneInfo("Europe/Berlin"))
    print(at + 100, flush=True)
    if at % 700 == 0:
        store.compact(now=float(sys.argv[3]), tz=ZoneInfo("Europe/Berlin"))
print("done", flush=True)
"""


@pytest.mark.parametrize(
    "delay", [0.002, 0.03, *(pytest.param(at / 90, marks=pytest.mark.full) for at in range(24))]
)
def test_kill_9(path: Path, tmp_path: Path, delay: float) -> None:
    """A killed process loses nothing that it said was stored, and the rest can come again."""
    frames = night(6000)
    listing = tmp_path / "frames.txt"
    listing.write_text("\n".join(frame.hex() for frame in frames))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(listing), str(LATER + 9000)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    said = child.stdout.read().split()
    child.wait()
    child.stdout.close()
    acknowledged = max((int(word) for word in said if word.isdecimal()), default=0)
    with closing(WearerStore.open(path)) as store:
        assert store.opened.set_aside is None
        report = put(store, frames[:acknowledged], LATER + 9000)
        assert report.new == 0
        put(store, frames, LATER + 9000)
        found = store.dump()
    with closing(WearerStore.open(tmp_path / "whole.db")) as store:
        put(store, frames, LATER + 9000)
        assert store.dump() == found


def test_batches_of_a_shuffled_night_with_failures(path: Path, broken: type[Broken]) -> None:
    """A door that retries until it is told 200, over a disk that often fails."""
    dice = random.Random(11)
    frames: list[Inner] = gen4(night(1500))
    with closing(WearerStore.open(path)) as store:
        new = 0
        for batch in cut(frames, dice):
            for _ in range(4):
                broken.arm(dice.randrange(40), after=dice.random() < 0.5)
                try:
                    new += put(store, batch).new
                except StoreError:
                    continue
                break
            broken.arm(None)
            new += put(store, batch).new
        assert len(store.dump()["frames"]) == 1500
        assert new <= 1500
        assert int(store.minutes(0, 2**32).records.sum()) == 1500
