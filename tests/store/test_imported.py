"""Days of other systems on disk: any order, never above what was measured."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
import itertools
from pathlib import Path
import random
import sqlite3
import tempfile
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.imported import (
    IMPORTED_ALGORITHM,
    Fields,
    SourceName,
    join,
    to_text,
)
from custom_components.openstrap.engine.insight.journal import JournalDay
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.store import CHANGED_CURSOR, DayRow, StoreError, WearerStore
from custom_components.openstrap.store.schema import STEPS, is_whole

from ..stored_days import BERLIN, local, made_day, store_days
from .material import NOW, TZ, Broken

DAY = date(2026, 5, 3)
ZONE = (1, "Europe/Berlin")
WHOOP, APP, NOOP = SourceName.WHOOP_EXPORT, SourceName.OPENSTRAP_APP, SourceName.NOOP


def told(as_of: int = 1, **values: float) -> Fields:
    """Make the fields of a day."""
    found: dict[str, tuple[int, Any]] = {
        f"value/{key}": (as_of, value) for key, value in values.items()
    }
    return found | {"timezone": ZONE}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Open an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


def result(store: WearerStore, day: date = DAY) -> DayResult:
    """Give the result that stands."""
    (row,) = store.days(day, day)
    return DayResult.from_dict(row.result)


def row_of(found: DayResult) -> DayRow:
    """Give a result as a row."""
    return DayRow(found.day, found.timezone, found.algorithm, True, 1, found.to_dict())


def test_an_imported_day_is_a_day(store: WearerStore) -> None:
    """With every metric of the catalogue, marked, final, and to be published."""
    taken = store.take_imported([(DAY, APP, told(resting_hr_bpm=51.0, skin_temp_c=33.0))])
    assert (taken.new, taken.changed) == (frozenset({DAY}), frozenset())
    (row,) = store.days(DAY, DAY)
    assert (row.algorithm, row.final, row.records, row.timezone) == (0, True, 0, "Europe/Berlin")
    found = result(store)
    rate = found.metrics["resting_hr_bpm"]
    assert (rate.value, rate.tier.value, rate.confidence) == (51.0, "ESTIMATE", 0.5)
    assert rate.inputs_used == ("imported:openstrap_app",)
    assert found.metrics["skin_temp_c"].tier.value == "RELATIVE"
    assert found.metrics["steps"].note == "not_imported"
    assert found.details["imported"] == {"source": "openstrap_app", "sources": ["openstrap_app"]}
    assert [day for day, _ in store.unpublished(9)] == [DAY]
    assert store.imported_days(DAY, DAY) == [DAY]
    assert store.measured_days(DAY, DAY) == []
    assert store.stats()["imported_days"] == 1


def test_the_better_source_holds_and_is_filled(store: WearerStore) -> None:
    """Field by field."""
    for day, sources in enumerate(itertools.permutations((WHOOP, APP, NOOP))):
        on = DAY + timedelta(days=day)
        values = {
            WHOOP: told(recovery=60.0),
            APP: told(recovery=40.0, rmssd_ms=50.0),
            NOOP: told(rmssd_ms=70.0, steps=5000.0),
        }
        for source in sources:
            store.take_imported([(on, source, values[source])])
        found = result(store, on)
        assert [found.metrics[key].value for key in ("recovery", "rmssd_ms", "steps")] == [
            60.0, 50.0, 5000.0,
        ]  # fmt: skip
        assert found.metrics["steps"].inputs_used == ("imported:noop",)
        assert found.details["imported"]["sources"] == ["whoop_export", "openstrap_app", "noop"]


def test_a_file_that_reaches_further_knows_better(store: WearerStore) -> None:
    """Whichever comes first; what it does not tell stays."""
    for order in (1, -1):
        on = DAY + timedelta(days=order)
        for fields in (told(100, strain=5.0, steps=10.0), told(200, strain=11.0))[::order]:
            store.take_imported([(on, WHOOP, fields)])
        assert result(store, on).metrics["strain"].value == 11.0
        assert result(store, on).metrics["steps"].value == 10.0


def test_what_was_measured_stands(store: WearerStore) -> None:
    """Before and after, and what was imported comes back when it is dropped."""
    measured = made_day(DAY, {"resting_hr_bpm": 41.0})
    store.take_imported([(DAY, APP, told(resting_hr_bpm=51.0))])
    before = store.dump()["days"]
    assert store.save_day(row_of(measured))
    assert result(store) == measured
    store.take_imported([(DAY, WHOOP, told(resting_hr_bpm=55.0))])
    assert result(store) == measured
    assert store.measured_days(DAY, DAY) == [DAY]
    assert store.drop_day(row_of(measured))
    assert result(store).metrics["resting_hr_bpm"].value == 55.0
    assert not store.drop_day(row_of(measured)), "an imported one is nobody's to drop"
    assert store.dump()["days"] != before


def test_upkeep_leaves_it_alone(store: WearerStore) -> None:
    """It is not outdated, not computed again, and no derivation that finds nothing drops it."""
    store.take_imported([(DAY, APP, told(resting_hr_bpm=51.0))])
    before = store.dump()
    assert analysis.outdated_days(store) == []
    assert store.recompute() == []
    assert not analysis.renew_trends(store, DAY, now=NOW, profile=Profile())
    analysis.derive(store, DAY, now=NOW, zone=BERLIN, profile=Profile())
    assert analysis.finalise(store, NOW, BERLIN) == 0
    assert store.dump() == before


def test_baselines_only_when_asked(store: WearerStore) -> None:
    """Then later days are looked at anew."""
    later = DAY + timedelta(days=2)
    store_days(store, [made_day(later)])
    store.take_imported([(DAY, APP, told(resting_hr_bpm=51.0))])
    assert analysis.history_of(store, later) == []
    assert store.cursor(CHANGED_CURSOR) is None
    assert store.set_imported_in_baselines(on=True)
    assert not store.set_imported_in_baselines(on=True)
    (facts,) = analysis.history_of(store, later)
    assert facts.values == {"resting_hr_bpm": 51.0}
    assert later in analysis.trends_due(store)[1]
    store.set_cursor(CHANGED_CURSOR, "")
    store.take_imported([(DAY, APP, told(resting_hr_bpm=51.0))])
    assert analysis.trends_due(store)[1] == []
    store.take_imported([(DAY, APP, told(2, resting_hr_bpm=52.0))])
    assert later in analysis.trends_due(store)[1]


def test_the_journal_follows_until_the_wearer_writes(store: WearerStore) -> None:
    """An entry that an import left is replaced by the next; the wearer's own, or none, stays."""
    first: Fields = {"timezone": ZONE, "tag/alcohol": (1, True), "note": (1, "wine")}
    second: Fields = {"timezone": ZONE, "tag/late meal": (1, True), "number/alcohol": (1, 2.0)}
    store.take_imported([(DAY, APP, first)])
    assert store.days(DAY, DAY) == [], "a journal alone makes no day"
    store.take_imported([(DAY, WHOOP, second)])
    both = JournalDay(frozenset({"alcohol", "late meal"}), {"alcohol": 2.0}, "wine")
    assert store.journal(DAY, DAY) == {DAY: both}
    store.write_journal(DAY, None)
    store.take_imported([(DAY, APP, first)])
    assert store.journal(DAY, DAY) == {}, "who deleted it does not want it back"
    store.take_imported([(DAY, NOOP, {"timezone": ZONE, "tag/sick": (1, True)})])
    assert store.journal(DAY, DAY) == {}
    other = DAY + timedelta(days=1)
    mine = JournalDay(frozenset({"walk"}))
    store.write_journal(other, mine)
    store.take_imported([(other, APP, first)])
    assert store.journal(other, other) == {other: mine}


def test_a_purge_takes_it(store: WearerStore) -> None:
    """With everything else of its days."""
    for after in range(3):
        store.take_imported([(DAY + timedelta(days=after), APP, told(steps=1.0))])
    kept = DAY + timedelta(days=2)
    while store.purge(kept, TZ, everything=False):
        pass
    assert len(store.known_days(date.min, date.max)) == 3
    while store.purge(kept, TZ, everything=True):
        pass
    assert store.known_days(date.min, date.max) == [kept]
    assert store.imported_days(date.min, date.max) == [kept]


def test_a_source_of_a_later_version_is_left_alone(store: WearerStore) -> None:
    """Its row stays, and nothing is made of it."""
    store._conn.execute(
        "INSERT INTO imported VALUES (?, 'brain_waves', ?)",
        (DAY.isoformat(), to_text(told(steps=1.0))),
    )
    store.take_imported([(DAY, APP, told(steps=2.0))])
    assert result(store).details["imported"]["sources"] == ["openstrap_app"]
    assert len(store.dump()["imported"]) == 2


def test_a_file_of_version_3_gets_a_place_for_imports(tmp_path: Path) -> None:
    """Everything in it stays."""
    path = tmp_path / "old.db"
    with closing(WearerStore.open(path)) as made:
        store_days(made, [made_day(DAY)])
        made.write_journal(DAY, JournalDay(frozenset({"walk"})))
        before = made.dump()
    with (
        closing(sqlite3.connect(path)) as conn,
        closing(sqlite3.connect(":memory:")) as fresh,
    ):
        for step in STEPS[:3]:
            step(fresh)
        old = {name for (name,) in fresh.execute("SELECT name FROM sqlite_schema")}
        for (name,) in conn.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchall():
            if name not in old:
                conn.execute(f"DROP TABLE {name}")
        conn.execute("PRAGMA user_version = 3")
        conn.commit()
    with closing(WearerStore.open(path)) as store:
        assert store.opened.stepped_from == 3
        assert is_whole(store._conn)
        assert store.dump() == before
        store.take_imported([(DAY + timedelta(days=1), APP, told(steps=1.0))])
    with closing(WearerStore.open(path)) as store:
        assert store.opened.stepped_from is None
        assert len(store.known_days(date.min, date.max)) == 2


KEYS = ("recovery", "rmssd_ms", "steps")
NIGHT = [local(DAY, 0), local(DAY, 7)]
NAMES = st.one_of(
    st.tuples(st.sampled_from(KEYS).map("value/{}".format), st.sampled_from((1.0, 2.0, 3.0))),
    st.tuples(st.just("sleep"), st.sampled_from((NIGHT, [NIGHT[0] + 60, NIGHT[1]]))),
    st.tuples(st.just("tag/sick"), st.just(value=True)),
    st.tuples(st.just("note"), st.sampled_from(("a", "b"))),
    st.tuples(
        st.just(f"workout/{local(DAY, 17):.0f}"),
        st.sampled_from(("run", None)).map(
            lambda kind: [local(DAY, 17), local(DAY, 18), kind, *[None] * 6]
        ),
    ),
)
PIECES = st.lists(
    st.tuples(
        st.sampled_from((DAY, DAY + timedelta(days=1))),
        st.sampled_from((WHOOP, APP, NOOP)),
        st.lists(st.tuples(st.integers(1, 3), NAMES), max_size=5).map(
            lambda told: {"timezone": ZONE} | {name: (at, value) for at, (name, value) in told}
        ),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.full
@settings(max_examples=100, deadline=None)
@given(PIECES, st.randoms(use_true_random=False))
def test_any_way_of_importing_leaves_the_same(
    pieces: Sequence[tuple[date, SourceName, Fields]], dice: random.Random
) -> None:
    """Order, cutting, repetition, restarts, and measured days that come and go."""
    measured = row_of(made_day(DAY, {"steps": 9.0}))

    def filled(parts: Sequence[Sequence[Any]], *, unkind: bool) -> dict[str, list[Any]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "wearer.db"
            store = WearerStore.open(path)
            # The dice may end a test in its middle.
            try:
                for part in parts:
                    store.take_imported(part)
                    if unkind and not dice.randrange(3):
                        store.save_day(measured)
                    if unkind and not dice.randrange(3):
                        store.close()
                        store = WearerStore.open(path)
                    if unkind and not dice.randrange(3):
                        store.drop_day(measured)
                if unkind:
                    store.drop_day(measured)
                return store.dump()
            finally:
                store.close()

    often = [*pieces, *(dice.choice(pieces) for _ in range(4))]
    dice.shuffle(often)
    cut = dice.randint(0, len(often))
    assert filled([often[:cut], often[cut:]], unkind=True) == filled([pieces], unkind=False)


@pytest.mark.full
def test_a_crash_at_every_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or nothing, and the same again makes it whole."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Broken))
    Broken.arm(None)
    pieces = [(DAY + timedelta(days=at), APP, told(steps=float(at))) for at in range(3)]
    pieces.append((DAY, APP, {"timezone": ZONE, "note": (1, "wine")}))
    with closing(WearerStore.open(tmp_path / "whole.db")) as store:
        store.set_imported_in_baselines(on=True)
        before = store.dump()
        Broken.arm(None)
        store.take_imported(pieces)
        last = Broken.count
        whole = store.dump()
    for point in range(last):
        with closing(WearerStore.open(tmp_path / f"{point}.db")) as store:
            store.set_imported_in_baselines(on=True)
            Broken.arm(point, error=sqlite3.OperationalError("injected"))
            with pytest.raises(StoreError):
                store.take_imported(pieces)
            Broken.arm(None)
            assert store.dump() == before, point
            store.take_imported(pieces)
            assert store.dump() == whole, point


def test_fields_of_two_pieces_are_joined_alike(store: WearerStore) -> None:
    """The join knows no order and no number."""
    parts = [told(1, steps=1.0), told(1, steps=2.0), told(2, rmssd_ms=3.0)]
    found = {to_text(join(order)) for order in itertools.permutations([*parts, parts[0]])}
    assert len(found) == 1
    assert join(parts)["value/steps"] == (1, 2.0)
    assert IMPORTED_ALGORITHM == 0
