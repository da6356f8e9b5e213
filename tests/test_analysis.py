"""Single jobs of a wearer's worker, on a real store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.day import DayResult, window_of
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import DayRow, Retention, WearerStore

from .frames import inners, minute, night

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


def sweep(store: WearerStore, now: float) -> list[date]:
    """Compute what is due; which days."""
    due = analysis.due_days(store, now, UTC)
    for dirty in due:
        analysis.derive_dirty(store, dirty, now=now, zone=UTC, profile=NOBODY)
    return [dirty.day for dirty in due]


def row_of(store: WearerStore, day: date) -> DayRow:
    """Read the result of a day."""
    [row] = store.days(day, day)
    return row


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


def test_computing_twice_gives_the_same_row(store: WearerStore) -> None:
    """A fixed point, and nothing waits afterwards."""
    ingest(store, night(THURSDAY), now=AFTERNOON, tz=UTC)
    assert sweep(store, AFTERNOON) == [THURSDAY, THURSDAY - timedelta(days=1)]
    first = row_of(store, THURSDAY)
    analysis.derive(store, THURSDAY, now=AFTERNOON, zone=UTC, profile=NOBODY)
    assert row_of(store, THURSDAY) == first
    assert sweep(store, AFTERNOON) == []
    assert analysis.load_nights(store).night == analysis.ShownDay(
        DayResult.from_dict(first.result), final=False
    )


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
