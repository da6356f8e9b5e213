"""Results go by the profile, whenever it was told."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import analysis, database_path
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.engine.trends import HISTORY_DAYS
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.profile_watch import follow_profile
from custom_components.openstrap.store import CHANGED_CURSOR, DayRow, WearerStore

from .frames import night
from .made_days import keep, made_day

# A night is derived for each, or Home Assistant runs.
pytestmark = pytest.mark.full

DAY = date(2026, 1, 15)
NIGHTS = [DAY - timedelta(days=ago) for ago in (4, 3, 1, 0)]
AFTERNOON = datetime(2026, 1, 15, 15, tzinfo=UTC).timestamp()
LEARNT = Profile(birth_year=1990)
OWN = replace(LEARNT, sleep_need_min=540.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WearerStore]:
    """Give an empty store."""
    with closing(WearerStore.open(tmp_path / "wearer.db")) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make a wearer's file with four nights, of whom nothing is told but the year of birth."""
    path = tmp_path_factory.mktemp("nights") / "wearer.db"
    with closing(WearerStore.open(path)) as opened:
        for day in NIGHTS:
            ingest(opened, night(day), now=AFTERNOON, tz=UTC)
        sweep(opened, LEARNT)
    return path.read_bytes()


@pytest.fixture
def nights(tmp_path: Path, file: bytes) -> Iterator[WearerStore]:
    """Give a file of one's own with the four nights."""
    path = tmp_path / "nights.db"
    path.write_bytes(file)
    with closing(WearerStore.open(path)) as opened:
        yield opened


def sweep(store: WearerStore, profile: Profile) -> list[date]:
    """Analyse as the sweeper does; the days whose trends were looked at anew."""
    about: dict[str, Any] = {"now": AFTERNOON, "profile": profile}
    follow_profile(store, profile)
    for dirty in analysis.due_days(store, AFTERNOON, UTC):
        analysis.derive_dirty(store, dirty, zone=UTC, **about)
    mark, days = analysis.trends_due(store)
    for day in days:
        analysis.renew_trends(store, day, **about)
    if mark is not None:
        analysis.trends_done(store, mark)
    return days


def rows(store: WearerStore) -> list[DayRow]:
    """Give all results."""
    return store.days(date.min, date.max)


def value_of(row: DayRow, key: str) -> float | None:
    """Give a value that a result tells."""
    return DayResult.from_dict(row.result).metrics[key].value


def need_of(row: DayRow) -> float | None:
    """Give the need that a result tells."""
    return value_of(row, "sleep_need_min")


def test_when_it_was_told_leaves_no_trace(nights: WearerStore, store: WearerStore) -> None:
    """All days are as if it had been told before the first night; taken back, as if never."""
    learnt = rows(nights)
    assert sweep(nights, OWN) == [row.day for row in learnt], "none of them needs its frames"
    told = rows(nights)
    assert all((need_of(row) or 0.0) >= 540.0 for row in told)
    assert sweep(nights, OWN) == [], "once"
    for day in NIGHTS:
        ingest(store, night(day), now=AFTERNOON, tz=UTC)
        sweep(store, OWN)
    assert rows(store) == told
    sweep(nights, LEARNT)
    assert rows(nights) == learnt


def test_as_far_back_as_trends_look(store: WearerStore) -> None:
    """Older days keep what they said; a store without days has nothing to look at."""
    assert not follow_profile(store, LEARNT)
    assert not follow_profile(store, OWN)
    assert store.cursor(CHANGED_CURSOR) is None
    for ago in (0, 1, HISTORY_DAYS - 1, HISTORY_DAYS, HISTORY_DAYS + 1, 400):
        keep(store, made_day(DAY - timedelta(days=ago), {}))
    assert follow_profile(store, LEARNT)
    _, days = analysis.trends_due(store)
    assert days == [DAY - timedelta(days=ago) for ago in (HISTORY_DAYS, HISTORY_DAYS - 1, 1, 0)]


def test_a_file_that_does_not_say_goes_by_what_is_told(store: WearerStore) -> None:
    """One of an earlier version: its results were computed with this profile."""
    keep(store, made_day(DAY, {}))
    assert not follow_profile(store, OWN)
    assert analysis.trends_due(store) == (None, [])
    assert follow_profile(store, LEARNT)
    assert not follow_profile(store, LEARNT)


def test_what_a_day_says_of_the_body_itself_needs_its_frames(nights: WearerStore) -> None:
    """Days that have them are derived again, the others are looked at anew all the same."""
    older = replace(LEARNT, birth_year=1950)
    young = rows(nights)
    assert follow_profile(nights, older)
    assert {one.day for one in nights.dirty_days()} == {row.day for row in young}
    sweep(nights, older)
    aged = rows(nights)
    changed = [
        row.day
        for row, before in zip(aged, young, strict=True)
        if value_of(row, "arousal_score") != value_of(before, "arousal_score")
    ]
    assert set(NIGHTS) >= set(changed) != set()
    sweep(nights, LEARNT)
    assert rows(nights) == young


@pytest.fixture
async def slept(
    home: HomeAssistant, wearer: MockConfigEntry, file: bytes, freezer: FrozenDateTimeFactory
) -> OpenStrapCoordinator:
    """Give the wearer with the four nights, set up."""
    freezer.move_to("2026-01-15T15:00:00Z")
    await home.config.async_update(time_zone="UTC")
    path = database_path(home, wearer)
    path.parent.mkdir(parents=True)
    path.write_bytes(file)
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.async_block_till_done(wait_background_tasks=True)
    coordinator: OpenStrapCoordinator = wearer.runtime_data
    return coordinator


async def needs(coordinator: OpenStrapCoordinator) -> list[float]:
    """Give the need that each stored day tells, 0 for none."""
    return [need_of(row) or 0.0 for row in await coordinator.worker.async_run(rows)]


async def test_a_number_changes_all_nights(
    home: HomeAssistant, slept: OpenStrapCoordinator
) -> None:
    """Not only the one that is shown."""
    assert min(await needs(slept)) < 540.0
    await home.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.ada_own_sleep_need", "value": 9},
        blocking=True,
    )
    await home.async_block_till_done(wait_background_tasks=True)
    assert min(await needs(slept)) >= 540.0


async def test_what_is_told_in_a_form_does_too(
    home: HomeAssistant, wearer: MockConfigEntry, slept: OpenStrapCoordinator
) -> None:
    """That reloads the wearer: the first analysis after it finds another profile."""
    options = dict(wearer.options) | {"sleep_need_min": 540.0}
    home.config_entries.async_update_entry(wearer, options=options)
    assert await home.config_entries.async_reload(wearer.entry_id)
    coordinator: OpenStrapCoordinator = wearer.runtime_data
    assert min(await needs(coordinator)) < 540.0
    await coordinator.sweeper.async_sweep()
    assert min(await needs(coordinator)) >= 540.0


async def test_another_word_meanwhile_is_not_lost(
    home: HomeAssistant, slept: OpenStrapCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The days that were looked at before it are looked at again."""
    renew = analysis.renew_trends
    later = replace(OWN, sleep_need_min=600.0)
    changed: list[date] = []

    def interrupted(store: WearerStore, day: date, **about: Any) -> bool:
        done = renew(store, day, **about)
        if not changed:
            changed.append(day)
            slept.sweeper.async_set_profile(later)
            follow_profile(store, later)
        return done

    monkeypatch.setattr(analysis, "renew_trends", interrupted)
    slept.sweeper.async_set_profile(OWN)
    await slept.sweeper.async_sweep()
    assert changed
    await slept.sweeper.async_sweep()
    assert min(await needs(slept)) >= 600.0
