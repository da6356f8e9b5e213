"""Single jobs of a wearer's worker, on a real store."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
import zlib
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.day_window import window_of
from custom_components.openstrap.engine.metric_rows import ROW
from custom_components.openstrap.engine.metric_spec import TRENDS
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.engine.protocol.encode import encode_event, encode_v18
from custom_components.openstrap.engine.trends import COMPARABLE_ALGORITHM, DETAILS
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import DayRow, Retention, WearerStore

from .frames import inners, minute, night, record

AUCKLAND, BERLIN = ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Berlin")

THURSDAY = date(2026, 1, 15)
AFTERNOON = datetime(2026, 1, 15, 15, tzinfo=UTC).timestamp()
DAY_S = 86400
NOBODY = Profile()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give an empty store."""
    found = WearerStore.open(tmp_path / "wearer.db")
    yield found
    found.close()


def sweep(store: WearerStore, now: float, zone: tzinfo = UTC) -> list[date]:
    """Compute what is due; which days."""
    due = analysis.due_days(store, now, zone)
    for dirty in due:
        analysis.derive_dirty(store, dirty, now=now, zone=zone, profile=NOBODY)
    return [dirty.day for dirty in due]


def row_of(store: WearerStore, day: date) -> DayRow:
    """Read the result of a day."""
    [row] = store.days(day, day)
    return row


def own_of(row: DayRow) -> DayRow:
    """Leave out of a row what a day says of earlier ones."""
    result = DayResult.from_dict(row.result)
    own = {key: one for key, one in result.metrics.items() if CATALOG[key].kind not in TRENDS}
    details = {key: one for key, one in result.details.items() if key != DETAILS}
    return replace(row, result=replace(result, metrics=own, details=details).to_dict())


def value_of(rows: Mapping[str, list[Any]], key: str) -> float | None:
    """Read a value in stored rows of metrics."""
    found: float | None = rows[key][ROW.index("value")]
    return found


@pytest.mark.parametrize(
    ("zone", "last_moment"),
    [
        ("UTC", "2026-01-16T03:29:59+00:00"),
        ("Asia/Tokyo", "2026-01-15T18:29:59+00:00"),
        ("America/New_York", "2026-01-16T08:29:59+00:00"),
    ],
)
def test_a_day_is_final_at_half_past_three(zone: str, last_moment: str) -> None:
    """By the clock of the place."""
    last = datetime.fromisoformat(last_moment).timestamp()
    assert not analysis.is_final(THURSDAY, ZoneInfo(zone), last)
    assert analysis.is_final(THURSDAY, ZoneInfo(zone), last + 1)


def test_a_short_day_is_final_too() -> None:
    """In Berlin half past three came twice, or an hour sooner, in 2026."""
    berlin = ZoneInfo("Europe/Berlin")
    spring = datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp()
    assert analysis.is_final(date(2026, 3, 28), berlin, spring)
    assert not analysis.is_final(date(2026, 3, 28), berlin, spring - 1)
    autumn = datetime(2026, 10, 25, 2, 30, tzinfo=UTC).timestamp()
    assert analysis.is_final(date(2026, 10, 24), berlin, autumn)
    assert not analysis.is_final(date(2026, 10, 24), berlin, autumn - 1)


@pytest.mark.full
def test_computing_twice_gives_the_same_row(store: WearerStore) -> None:
    """A fixed point, and nothing waits afterwards."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    assert sweep(store, AFTERNOON) == [THURSDAY, THURSDAY - timedelta(days=1)]
    trends(store)
    first = row_of(store, THURSDAY)
    analysis.derive(store, THURSDAY, now=AFTERNOON, zone=UTC, profile=NOBODY)
    assert row_of(store, THURSDAY) == first
    assert sweep(store, AFTERNOON) == []
    assert analysis.load_nights(store, THURSDAY).night == analysis.ShownDay(
        DayResult.from_dict(first.result), final=False
    )


@pytest.mark.full
def test_a_finished_day_outlives_its_frames(store: WearerStore) -> None:
    """Late frames of a day whose frames were let go change nothing of its result."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    before = row_of(store, THURSDAY)
    later = AFTERNOON + 30 * DAY_S
    assert analysis.finalise(store, later, UTC) == 1, "the evening's day was over before"
    assert analysis.finalise(store, later, UTC) == 0
    ingest(store, inners(minute(int(later) - 600)), now=later, tz=UTC)
    sweep(store, later)
    while store.prune(Retention(), now=later, tz=UTC):
        pass
    assert store.is_sealed(*window_of(THURSDAY, UTC))
    # Of an hour that nothing was in, so that it is taken and dirties the day.
    late = int(datetime(2026, 1, 15, 20, tzinfo=UTC).timestamp())
    assert ingest(store, inners(minute(late)), now=later, tz=UTC).new == 60
    assert THURSDAY in sweep(store, later)
    after = row_of(store, THURSDAY)
    assert (after.result, after.final) == (before.result, True)
    assert THURSDAY not in {dirty.day for dirty in store.dirty_days()}


@pytest.mark.full
def test_a_dirty_day_is_not_closed(store: WearerStore) -> None:
    """What waits to be computed is not finished, however old."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    late = int(datetime(2026, 1, 15, 10, tzinfo=UTC).timestamp())
    later = AFTERNOON + 5 * DAY_S
    ingest(store, inners(minute(late)), now=later, tz=UTC)
    assert analysis.finalise(store, later, UTC) == 0
    assert not row_of(store, THURSDAY).final
    sweep(store, later)
    assert row_of(store, THURSDAY).final, "computed after its time: final at once"


type Step = tuple[list[Inner], tzinfo]


def days_after(path: Path, steps: list[Step], now: float, *, between: bool) -> list[DayRow]:
    """Let frames in step by step, computing between the steps or only at the end."""
    with closing(WearerStore.open(path)) as store:
        for frames, zone in steps:
            ingest(store, frames, now=now, tz=zone)
            if between:
                sweep(store, now, zone)
        sweep(store, now, steps[-1][1])
        trends(store)
        return store.latest_days(10)


def pulses(start: float, count: int) -> list[bytes]:
    """Make gen5 records, one a second."""
    return [encode_v18(at, int(start) + at, 0, 60, [1000]) for at in range(count)]


MORNING = datetime(2026, 1, 15, 4, tzinfo=UTC).timestamp()


@pytest.mark.full
@pytest.mark.parametrize("share", [1, 2])
def test_better_evidence_gives_the_day_that_it_gives_at_once(tmp_path: Path, share: int) -> None:
    """Records that turn out to be unreadable leave a day of fewer of them, or none."""
    frames = pulses(MORNING, 7200)
    seemed = [Inner(frame, Generation.GEN5, proven=False) for frame in frames]
    proven = [Inner(frame, Generation.GEN4, proven=True) for frame in frames[::share]]
    steps: list[Step] = [(seemed, UTC), (proven, UTC)]
    found = days_after(tmp_path / "between", steps, AFTERNOON, between=True)
    assert found == days_after(tmp_path / "once", steps, AFTERNOON, between=False)
    assert len(found) == share - 1
    assert days_after(tmp_path / "before", steps[:1], AFTERNOON, between=True)


@pytest.mark.full
def test_a_move_gives_the_day_of_the_new_place(tmp_path: Path) -> None:
    """Though its window now holds fewer records than before, or others."""
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC).timestamp()
    evening = datetime(2026, 1, 14, 2, 30, tzinfo=UTC).timestamp()
    morning = datetime(2026, 1, 15, 5, tzinfo=UTC).timestamp()
    early = inners([record(int(evening) + at) for at in range(9 * 3600)])
    late = inners([record(int(morning) + at) for at in range(6 * 3600)])
    steps: list[Step] = [(early, AUCKLAND), (late, BERLIN)]
    moved = days_after(tmp_path / "a", steps, noon, between=True)
    [found] = [row for row in moved if row.day == THURSDAY]
    once = days_after(tmp_path / "b", steps, noon, between=False)
    [other] = [row for row in once if row.day == THURSDAY]
    # The day before stays one of the place where it was lived, so what looks back may differ.
    assert own_of(found) == own_of(other)
    assert DayResult.from_dict(found.result).metrics["worn_min"].value == pytest.approx(360, abs=1)


@pytest.mark.full
def test_a_day_with_a_broken_block_stays(store: WearerStore) -> None:
    """What it knew cannot be computed again, however much came since."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    before = row_of(store, THURSDAY)
    late = int(datetime(2026, 1, 15, 11, tzinfo=UTC).timestamp())
    ingest(store, inners(minute(late)), now=AFTERNOON, tz=UTC)
    with store._writing() as conn:
        conn.execute("UPDATE blocks SET packed = x'00' WHERE id = (SELECT min(id) FROM blocks)")
    assert THURSDAY in sweep(store, AFTERNOON)
    assert row_of(store, THURSDAY) == before
    assert store.dirty_days() == []


@pytest.mark.full
def test_a_day_that_has_not_begun_here_is_not_shown(store: WearerStore) -> None:
    """After a move to the west."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    shown = analysis.load_nights(store, THURSDAY - timedelta(days=1))
    assert shown.day is not None
    assert shown.day.result.day == THURSDAY - timedelta(days=1)
    assert shown.night is None


@pytest.mark.full
@pytest.mark.parametrize("harm", ["{}", "[]", '{"day": "2026-01-15"}', "null"])
def test_a_result_that_makes_no_sense_is_computed_again(
    store: WearerStore, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    """It is left out until then, and told once."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    trends(store)
    before = row_of(store, THURSDAY)
    store._conn.execute(
        "UPDATE days SET facts = NULL, result = ? WHERE day = ?",
        (zlib.compress(harm.encode()), THURSDAY.isoformat()),
    )
    for _ in range(2):
        assert analysis.load_nights(store, THURSDAY).night is None
    assert caplog.text.count("cannot be read") == 1
    assert sweep(store, AFTERNOON) == [THURSDAY]
    assert row_of(store, THURSDAY) == before
    assert analysis.load_nights(store, THURSDAY).night is not None


@pytest.mark.full
def test_an_older_result_shows_what_it_has(store: WearerStore) -> None:
    """A metric that is new since is absent."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    row = row_of(store, THURSDAY)
    metrics = {key: one for key, one in row.result["metrics"].items() if key != "rmssd_ms"}
    store.save_day(replace(row, result={**row.result, "metrics": metrics}))
    shown = analysis.load_nights(store, THURSDAY).night
    assert shown is not None
    assert shown.result.metrics["rmssd_ms"].value is None


def test_a_wrist_event_changes_the_wear_of_its_day(store: WearerStore) -> None:
    """Whenever it comes."""
    start = int(MORNING)
    frames = [one for at in range(0, 7200, 60) for one in minute(start + at)]
    ingest(store, inners(frames), now=AFTERNOON, tz=UTC)
    sweep(store, AFTERNOON)
    events = [encode_event(10, start + 600), encode_event(9, start + 4200)]
    ingest(store, inners(events), now=AFTERNOON, tz=UTC)
    assert sweep(store, AFTERNOON) == [THURSDAY]
    worn = DayResult.from_dict(row_of(store, THURSDAY).result).metrics["worn_min"]
    assert worn.value == pytest.approx(60, abs=0.1)


def trends(store: WearerStore) -> list[date]:
    """Renew what is due; which days."""
    mark, days = analysis.trends_due(store)
    for day in days:
        analysis.renew_trends(store, day, now=AFTERNOON + 30 * DAY_S, profile=NOBODY)
    if mark is not None:
        analysis.trends_done(store, mark)
    return days


def week_of_nights(store: WearerStore, order: list[int]) -> None:
    """Take in and compute six nights, one after the other, in an order."""
    later = AFTERNOON + 6 * DAY_S
    for number in order:
        ingest(store, night(THURSDAY + timedelta(days=number)), now=later, tz=UTC)
        sweep(store, later)
        trends(store)


@pytest.mark.full
def test_nights_in_any_order_leave_the_same_results(tmp_path: Path) -> None:
    """What later days say of a late one is worked out again: no order of arrival is left over."""
    found = []
    for name, order in (("a", [0, 1, 2, 3, 4, 5]), ("b", [5, 3, 0, 4, 2, 1])):
        with closing(WearerStore.open(tmp_path / f"{name}.db")) as store:
            week_of_nights(store, order)
            assert trends(store) == [], "nothing waits"
            found.append({row.day: row.result for row in store.days(date.min, date.max)})
    assert found[0] == found[1]
    last = found[0][THURSDAY + timedelta(days=5)]["metrics"]
    assert value_of(last, "resting_hr_deviation") is not None
    assert value_of(last, "timing_consistency") is not None


@pytest.mark.full
def test_a_day_that_did_not_change_wakes_no_other(store: WearerStore) -> None:
    """Its facts are the same, so nobody has to look again."""
    week_of_nights(store, [0, 1])
    analysis.derive(store, THURSDAY, now=AFTERNOON + 6 * DAY_S, zone=UTC, profile=NOBODY)
    assert analysis.trends_due(store) == (None, [])


@pytest.mark.full
def test_a_change_that_comes_during_the_renewal_is_not_lost(store: WearerStore) -> None:
    """The mark has moved, so all of it is done once more."""
    week_of_nights(store, [0, 1])
    later = AFTERNOON + 6 * DAY_S
    ingest(store, night(THURSDAY + timedelta(days=2)), now=later, tz=UTC)
    sweep(store, later)
    mark, _ = analysis.trends_due(store)
    assert mark is not None
    ingest(store, night(THURSDAY + timedelta(days=3)), now=later, tz=UTC)
    sweep(store, later)
    analysis.trends_done(store, mark)
    assert analysis.trends_due(store)[0] not in (None, mark)


@pytest.mark.full
def test_trends_of_another_algorithm_stay(store: WearerStore) -> None:
    """Such a day is computed again as a whole."""
    week_of_nights(store, [0, 1])
    row = row_of(store, THURSDAY + timedelta(days=1))
    store.save_trends(replace(row, algorithm=1, result={**row.result, "algorithm": 1}))
    assert not analysis.renew_trends(store, row.day, now=AFTERNOON, profile=NOBODY)


@pytest.mark.full
def test_days_whose_frames_are_gone_still_look_back(store: WearerStore) -> None:
    """Their own numbers stay, what they say of other days may change."""
    week_of_nights(store, [0, 1, 2, 4, 5])
    later = AFTERNOON + 30 * DAY_S
    analysis.finalise(store, later, UTC)
    gone = THURSDAY + timedelta(days=5)
    before = row_of(store, gone)
    late = THURSDAY + timedelta(days=3)
    ingest(store, night(late), now=later, tz=UTC)
    with closing(store._conn.cursor()):
        pass
    sweep(store, later)
    assert gone in trends(store)
    after = row_of(store, gone)
    assert after.result != before.result
    assert after.final


@pytest.mark.full
def test_nights_of_an_older_algorithm_are_no_baseline(store: WearerStore) -> None:
    """Their numbers were estimated in another way."""
    week_of_nights(store, [0, 1, 2, 3, 4])
    last = THURSDAY + timedelta(days=4)
    metrics = row_of(store, last).result["metrics"]
    assert value_of(metrics, "resting_hr_deviation") is not None
    for number in range(4):
        row = row_of(store, THURSDAY + timedelta(days=number))
        store.save_trends(replace(row, algorithm=COMPARABLE_ALGORITHM - 1))
    assert analysis.renew_trends(store, last, now=AFTERNOON, profile=NOBODY)
    assert value_of(row_of(store, last).result["metrics"], "resting_hr_deviation") is None
