"""A night told otherwise and taken back, from frames to stored rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import DayRow, Retention, WearerStore

from .frames import night

DAY = date(2026, 1, 15)
EVE, NEXT = DAY - timedelta(days=1), DAY + timedelta(days=1)
AFTERNOON = datetime(2026, 1, 16, 15, tzinfo=UTC).timestamp()
PROFILE = Profile(birth_year=1990)


def sweep(store: WearerStore, profile: Profile = PROFILE, now: float = AFTERNOON) -> None:
    """Compute what is due, and what later days say of it."""
    about: dict[str, Any] = {"now": now, "profile": profile}
    for dirty in analysis.due_days(store, now, UTC):
        analysis.derive_dirty(store, dirty, zone=UTC, **about)
    mark, days = analysis.trends_due(store)
    for day in days:
        analysis.renew_trends(store, day, **about)
    if mark is not None:
        analysis.trends_done(store, mark)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a wearer's file with two nights."""
    path = tmp_path_factory.mktemp("told") / "wearer.db"
    store = WearerStore.open(path)
    for day in (DAY, NEXT):
        ingest(store, night(day), now=AFTERNOON, tz=UTC)
    sweep(store)
    store.close()
    return path


@pytest.fixture
def store(file: Path, tmp_path: Path) -> Iterator[WearerStore]:
    """Give a file of one's own."""
    path = tmp_path / "wearer.db"
    path.write_bytes(file.read_bytes())
    opened = WearerStore.open(path)
    yield opened
    opened.close()


def rows(store: WearerStore) -> list[DayRow]:
    """Give all results."""
    return store.days(date.min, date.max)


def result(store: WearerStore, day: date) -> DayResult:
    """Give the result of a day."""
    [row] = store.days(day, day)
    return DayResult.from_dict(row.result)


def window(store: WearerStore, day: date) -> tuple[float, float]:
    """Give the night's rest."""
    metrics = result(store, day).metrics
    bed, rise = metrics["rest_onset"].value, metrics["rest_offset"].value
    assert bed is not None
    assert rise is not None
    return bed, rise


@pytest.mark.full
def test_a_night_taken_back_is_the_one_that_was_found(store: WearerStore) -> None:
    """Rows are the same to the bit, and nothing waits any more; twice over."""
    before = rows(store)
    assert {row.day for row in before} >= {DAY, NEXT}
    bed, rise = window(store, DAY)
    for _ in range(2):
        told = bed + 3600.0, rise - 1800.0
        store.edit_sleep(DAY, told, tz=UTC)
        sweep(store)
        assert window(store, DAY) == told
        assert window(store, NEXT) == window_of(before, NEXT)
        store.edit_sleep(DAY, None, tz=UTC)
        sweep(store)
        assert rows(store) == before
        assert store.dirty_days() == []
    sweep(store)
    assert rows(store) == before


def window_of(rows: list[DayRow], day: date) -> tuple[float | None, float | None]:
    """Give the night's rest among stored rows."""
    [row] = [row for row in rows if row.day == day]
    metrics = DayResult.from_dict(row.result).metrics
    return metrics["rest_onset"].value, metrics["rest_offset"].value


@pytest.mark.full
def test_later_days_follow(store: WearerStore) -> None:
    """What the next day says of its history knows of the edit, and of its end."""
    assert dict(result(store, NEXT).metrics["sleep_performance"].drivers) == {}
    profile = replace(PROFILE, sleep_need_min=480.0)
    store.review(EVE)
    sweep(store, profile)
    before = result(store, NEXT).metrics["sleep_performance"]
    debt = dict(before.drivers)["need_min"]
    bed, rise = window(store, DAY)
    store.edit_sleep(DAY, (bed, bed + 0.5 * (rise - bed)), tz=UTC)
    sweep(store, profile)
    slept = result(store, DAY).metrics["sleep_min"].value
    assert slept is not None
    facts = result(store, DAY).facts
    assert facts is not None
    assert facts.tst_min == slept
    store.edit_sleep(DAY, None, tz=UTC)
    sweep(store, profile)
    after = result(store, NEXT).metrics["sleep_performance"]
    assert after == before
    assert dict(after.drivers)["need_min"] == debt


@pytest.mark.full
def test_a_told_need_is_that_of_every_result_that_is_renewed(store: WearerStore) -> None:
    """Without a frame; taken back, the rows are what they were."""
    before = rows(store)
    store.review(EVE)
    sweep(store, replace(PROFILE, sleep_need_min=500.0))
    need = result(store, NEXT).metrics["sleep_need_min"]
    assert need.value is not None
    assert need.value >= 500.0
    assert "own_need" in (need.note or "").split(";")
    store.review(EVE)
    sweep(store)
    assert rows(store) == before


@pytest.mark.full
def test_a_workout_of_the_evening_is_of_two_days(store: WearerStore) -> None:
    """The next day begins with that evening: nothing is left for computing all anew to find.

    Started and ended, changed, deleted; then the rows are what they were, to the bit.
    """
    before = rows(store)
    bed, _ = window(store, NEXT)
    assert datetime.fromtimestamp(bed + 1800.0, UTC).date() == DAY, "it is over before midnight"

    def settled() -> list[DayRow]:
        sweep(store)
        found = rows(store)
        assert store.recompute() != []
        sweep(store)
        assert rows(store) == found
        return found

    store.start_workout("a", bed, "yoga", now=bed + 60.0, tz=UTC)
    store.end_workout("a", bed + 1200.0, now=bed + 1200.0, tz=UTC)
    ended = settled()
    assert track_of(ended) != track_of(before), "who trained was not at rest"
    store.save_workout("a", (bed + 300.0, bed + 1800.0), "yoga", now=AFTERNOON, tz=UTC)
    assert track_of(settled()) not in (track_of(ended), track_of(before))
    store.delete_workout("a", UTC)
    assert settled() == before


def track_of(rows: list[DayRow]) -> object:
    """Give what the day after the evening knows of its minutes, among stored rows."""
    [row] = [row for row in rows if row.day == NEXT]
    return row.result["details"]["track"]


@pytest.mark.full
def test_an_edited_day_is_not_pruned_before_it_is_derived(store: WearerStore) -> None:
    """And keeps what was told when its frames are gone."""
    bed, rise = window(store, DAY)
    store.edit_sleep(DAY, (bed + 600.0, rise), tz=UTC)
    late = AFTERNOON + 30 * 86400.0
    keep = Retention(raw_days=3)
    analysis.finalise(store, late, UTC)
    while store.prune(keep, now=late, tz=UTC):
        pass
    sweep(store, now=late)
    assert window(store, DAY) == (bed + 600.0, rise)
    analysis.finalise(store, late, UTC)
    while store.prune(keep, now=late, tz=UTC):
        pass
    assert store.is_sealed(bed, bed + 3600.0)
    assert store.recompute([DAY]) == []
    sweep(store, now=late)
    assert window(store, DAY) == (bed + 600.0, rise)
