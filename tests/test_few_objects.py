"""Work on many rows lets few objects live at a time.

With 2000 new ones alive Python looks for garbage, after some such rounds through all that there is:
in a Home Assistant that takes a fifth of a second, in which nothing else runs. So each of these
works through thousands of rows without a single round.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
import gc
from pathlib import Path
import sqlite3

import pytest

from custom_components.openstrap.imports.edge_samples import samples
from custom_components.openstrap.imports.parts import OutsideSamples
from custom_components.openstrap.ingest import ingest_hex
from custom_components.openstrap.store import DayRow, WearerStore

from .store.material import NOW, TZ, r24

ROWS = 5000
DAYS = 10


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Open an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


def rounds(work: Callable[[], object]) -> int:
    """Do some work, once to warm up; how often Python looked for garbage in the second."""
    work()
    gc.collect()
    before = gc.get_stats()[0]["collections"]
    work()
    return int(gc.get_stats()[0]["collections"] - before)


def test_the_measure_sees_objects() -> None:
    """That many lists at once are noticed."""
    assert rounds(lambda: [[number] for number in range(ROWS)]) >= 2


def test_uploaded_strings(store: WearerStore) -> None:
    """They are frames one after the other."""
    texts = [r24(second).hex() for second in range(ROWS)]

    def take() -> None:
        assert ingest_hex(store, texts, generation=None, now=NOW, tz=TZ).decoded == ROWS

    assert rounds(take) == 0


def test_a_phones_readings_and_beats() -> None:
    """They are columns from the start."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE decoded_onehz (rec_ts INTEGER, hr INTEGER)")
        conn.execute("CREATE TABLE decoded_rr (rec_ts INTEGER, beat_index INTEGER, rr_ms INTEGER)")
        conn.executemany("INSERT INTO decoded_onehz VALUES (?, 60)", ((at,) for at in range(ROWS)))
        conn.executemany(
            "INSERT INTO decoded_rr VALUES (?, 0, 1000)", ((at,) for at in range(2 * ROWS))
        )

        def read() -> None:
            beats = 0
            for part in samples(conn):
                assert isinstance(part, OutsideSamples)
                beats += int(part.records.rr_count.sum())
            assert beats == 2 * ROWS

        assert rounds(read) == 0


def test_days_one_by_one(store: WearerStore) -> None:
    """Each is gone before the next comes."""
    first = date(2026, 1, 1)
    result = {"details": {"hypnogram": [[number, 1] for number in range(800)]}}
    for back in range(DAYS):
        store.save_day(DayRow(first + timedelta(days=back), "UTC", 1, True, 1, result))

    def look(days: Callable[[date, date], Iterable[DayRow]]) -> None:
        assert len([row.day for row in days(first, date.max)]) == DAYS

    assert rounds(partial(look, store.days)) >= 2
    assert rounds(partial(look, store.each_day)) == 0
