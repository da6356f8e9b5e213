"""The one door."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
import tempfile
import threading

from hypothesis import given, strategies as st
import pytest

from custom_components.openstrap.engine.protocol import Inner, build_frame
from custom_components.openstrap.ingest import IngestReport, ingest, ingest_hex
from custom_components.openstrap.store import Intake, StoreError, WearerStore

from .store.material import (
    DAY,
    EVE,
    GEN4,
    GEN5,
    NOW,
    START,
    TZ,
    event,
    gen4,
    live,
    night,
    put,
    r10,
    r24,
    real_r24,
    v18,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Open an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


def push(store: WearerStore, *texts: object) -> IngestReport:
    """Upload strings."""
    return ingest_hex(store, texts, generation=None, now=NOW, tz=TZ)


def test_a_report_tells_what_became_of_the_frames(store: WearerStore) -> None:
    """Every frame is new, known or refused; what does not count has a reason besides."""
    frames = [r24(1), r24(1), r24(62.5), r10(1), live(2), event(3), b"\xee\x01", r24(8000), b""]
    assert ingest(store, gen4(frames), now=NOW, tz=TZ) == IngestReport(
        received=9,
        new=7,
        duplicate=1,
        decoded=5,
        rejected={"unknown_type": 1, "time_future": 1, "empty": 1},
        minutes=2,
        days=frozenset({EVE, DAY}),
        newest_ts=START + 62.5,
    )
    assert ingest(store, gen4(frames), now=NOW, tz=TZ) == IngestReport(
        received=9,
        new=0,
        duplicate=8,
        decoded=5,
        rejected={"unknown_type": 1, "time_future": 1, "empty": 1},
        minutes=0,
        days=frozenset(),
        newest_ts=None,
    )


def test_nothing_is_nothing(store: WearerStore) -> None:
    """Not even a transaction."""
    changes = store._conn.total_changes
    assert ingest(store, [], now=NOW, tz=TZ) == IngestReport()
    assert store._conn.total_changes == changes


def test_cursors_are_kept_with_the_frames(store: WearerStore) -> None:
    """Both or neither."""
    ingest(store, gen4([r24(1)]), now=NOW, tz=TZ, cursors={"history": "17"})
    assert store.cursor("history") == "17"
    ingest(store, [], now=NOW, tz=TZ, cursors={"history": "18"})
    assert store.cursor("history") == "18"
    store._conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON cursors BEGIN SELECT raise(abort, 'no'); END"
    )
    with pytest.raises(StoreError):
        ingest(store, gen4([r24(2)]), now=NOW, tz=TZ, cursors={"history": "19"})
    assert store.cursor("history") == "18"
    assert store.stats()["frames"] == 1


def test_uploads_are_payloads_or_frames(store: WearerStore) -> None:
    """One record is one, however it is wrapped, written or padded."""
    record, other = r24(1), v18(2)
    report = push(
        store,
        record.hex(),
        record.hex().upper(),
        f"  {record.hex()} ",
        record.rstrip(b"\0").hex(),
        (record + bytes(4)).hex(),
        build_frame(GEN4, record).hex(),
        (build_frame(GEN4, record) + build_frame(GEN5, other)).hex(),
        other.hex(),
    )
    assert (report.received, report.new, report.duplicate) == (8, 2, 7)
    assert report.rejected == {}
    assert {row[:3] for row in store.dump()["frames"]} == {
        (record.rstrip(b"\0"), 100, "GEN4"),
        (other.rstrip(b"\0"), 112, "GEN5_PROVEN"),
    }


def test_bad_strings_harm_nobody(store: WearerStore) -> None:
    """Each is counted by its reason, and the sound frames in front of a fault are kept."""
    torn = build_frame(GEN4, r24(5)) + build_frame(GEN4, r24(6))[:-1]
    report = push(
        store, "", " ", "abc", "zz", "ff00", None, 7, [], {"a": 1}, b"2f18", True,
        "2f" * 40_000, torn.hex(), r24(1).hex(), "aa0102",
    )  # fmt: skip
    assert report.received == 15
    assert report.new == 2
    assert report.rejected == {
        "empty": 2, "odd_length": 1, "not_hex": 1, "unknown_type": 1, "not_text": 6, "too_long": 1,
        "truncated": 1, "header_crc": 1,
    }  # fmt: skip


@given(st.lists(st.text(max_size=40) | st.none() | st.binary(max_size=30).map(bytes.hex)))
def test_no_content_raises(texts: list[str | None]) -> None:
    """Whatever is uploaded, it is counted."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(WearerStore.open(Path(folder) / "wearer.db")) as store,
    ):
        first = push(store, *texts)
        again = push(store, *texts)
        assert first.received == len(texts)
        assert again.new == 0
        assert again.duplicate == first.new + first.duplicate
        assert again.rejected == first.rejected


@given(st.lists(st.tuples(st.binary(max_size=150), st.sampled_from([GEN4, GEN5]), st.booleans())))
def test_no_frame_raises(frames: list[tuple[bytes, object, bool]]) -> None:
    """Rubbish is kept with its reason."""
    inners = [Inner(*frame) for frame in frames]  # type: ignore[arg-type]
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(WearerStore.open(Path(folder) / "wearer.db")) as store,
    ):
        report = ingest(store, inners, now=NOW, tz=TZ)
        identities = {inner.data.rstrip(b"\0") for inner in inners if inner.data}
        assert report.new == len(identities) == store.stats()["frames"]


def test_a_real_night_counts_once(store: WearerStore, shared_data: Path) -> None:
    """Nine minutes of a real strap: all decode, and no second swallows its neighbour."""
    frames = real_r24(shared_data)
    now = 1_775_396_000.0
    report = ingest(store, gen4(frames[200:]), now=now, tz=TZ)
    report += ingest(store, gen4(frames), now=now, tz=TZ)
    assert (report.received, report.new, report.duplicate) == (900, 550, 350)
    assert report.decoded == 900
    assert report.rejected == {}
    sums = store.minutes(0, 2**32)
    assert int(sums.records.sum()) == 550
    assert int(sums.records.max()) in (62, 63)


def test_reports_add_up() -> None:
    """Counts by sum, days by union, the newest time by its maximum."""
    one = IngestReport(3, 2, 1, 2, {"empty": 1}, 1, frozenset({DAY}), 5.0)
    other = IngestReport(1, 1, 0, 0, {"empty": 2, "sealed": 1}, 1, frozenset({date(2026, 1, 1)}))
    total = IngestReport(
        4, 3, 1, 2, {"empty": 3, "sealed": 1}, 2, frozenset({DAY, date(2026, 1, 1)}), 5.0
    )
    assert one + other == other + one == total
    assert sum([one, other], start=IngestReport()) == total
    assert (IngestReport() + IngestReport()).newest_ts is None


def test_two_threads_through_one_worker(store: WearerStore) -> None:
    """Two doors that push the same night at once, each waiting for its own answer."""
    frames = gen4(night(3000))
    reports: list[IngestReport] = []
    with ThreadPoolExecutor(max_workers=1) as worker:

        def door(order: int) -> None:
            for at in range(0, 3000, 100)[::order]:
                batch = frames[at : at + 150]
                job = worker.submit(ingest, store, batch, now=NOW, tz=TZ)
                reports.append(job.result(timeout=20))

        doors = [threading.Thread(target=door, args=(order,)) for order in (1, -1)]
        for one in doors:
            one.start()
        for one in doors:
            one.join()
    assert sum(report.new for report in reports) == 3000
    assert sum(report.duplicate for report in reports) == sum(r.received for r in reports) - 3000
    assert int(store.minutes(0, 2**32).records.sum()) == 3000


def test_a_failed_call_is_as_if_it_had_never_been(store: WearerStore) -> None:
    """Whoever uses the intake directly is safe too."""
    put(store, [r24(1)])
    before = store.dump()
    with pytest.raises(RuntimeError), store.intake(NOW, TZ) as intake:
        _set_and_fail(intake)
    assert store.dump() == before
    with pytest.raises(StoreError), store.intake(NOW, TZ):
        store.set_cursor("a", "b")  # a transaction within a transaction
    assert store.dump() == before
    assert put(store, [r24(1), r24(2)]).new == 1


def _set_and_fail(intake: Intake) -> None:
    intake.set_cursor("a", "b")
    raise RuntimeError
