"""When days are computed: after frames came, on the half hour, and after a restart."""

import asyncio
from datetime import date, timedelta
import threading
from unittest.mock import MagicMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import sweeper
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.profile import Profile
from custom_components.openstrap.profile_watch import follow_profile
from custom_components.openstrap.store import DayRow, WearerStore

from ..frames import inners, minute, night
from .sweeps import THURSDAY, WEDNESDAY, days_of, pass_time, rows


async def test_thirty_quiet_seconds_and_the_days_are_there(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each batch begins the wait anew; the newest day comes first."""
    half = len(night(THURSDAY)) // 2
    await coordinator.async_ingest(night(THURSDAY)[:half])
    await pass_time(home, freezer, seconds=20)
    await coordinator.async_ingest(night(THURSDAY)[half:])
    await pass_time(home, freezer, seconds=20)
    assert not computed.called
    assert home.states.get("sensor.ada_nightly_hrv").state == "unknown"  # type: ignore[union-attr]
    await pass_time(home, freezer, seconds=11)
    assert days_of(computed) == [THURSDAY, WEDNESDAY]
    hrv = home.states.get("sensor.ada_nightly_hrv")
    assert hrv is not None
    assert float(hrv.state) > 0
    assert hrv.attributes["day"] == "2026-01-15"
    assert not hrv.attributes["final"]


async def test_nothing_dirty_nothing_done(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Known frames dirty nothing, and sweeps over clean days compute nothing."""
    await coordinator.async_ingest(night(THURSDAY))
    await pass_time(home, freezer, seconds=31)
    computed.reset_mock()
    report = await coordinator.async_ingest(night(THURSDAY))
    assert report.new == 0
    await pass_time(home, freezer, minutes=31)
    await pass_time(home, freezer, minutes=31)
    await coordinator.sweeper.async_backstop()
    assert not computed.called


@pytest.mark.full
async def test_a_stream_that_never_pauses_is_swept_on_the_half_hour(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A phone that pushes every fifteen seconds is never quiet."""
    now = int(dt_util.utcnow().timestamp())
    for step in range(122):
        await coordinator.async_ingest(inners(minute(now - 9000 + 60 * step)))
        await pass_time(home, freezer, seconds=15)
        if computed.called:
            break
    assert 1790 <= dt_util.utcnow().timestamp() - now <= 1830


async def test_sweeps_that_are_asked_for_while_one_runs_are_one(
    home: HomeAssistant, coordinator: OpenStrapCoordinator
) -> None:
    """What comes while it runs is not left out, and nothing queues up."""
    go_on, began = threading.Event(), []

    def slow(store: WearerStore, profile: Profile) -> bool:
        began.append(profile)
        assert go_on.wait(5)
        return follow_profile(store, profile)

    with patch.object(sweeper, "follow_profile", slow):
        for _ in range(5):
            coordinator.sweeper.async_sweep_soon()
        go_on.set()
        await home.async_block_till_done(wait_background_tasks=True)
        assert len(began) == 2
        coordinator.sweeper.async_sweep_soon()
        await home.async_block_till_done(wait_background_tasks=True)
        assert len(began) == 3


async def test_a_sweep_that_is_given_up_while_it_waits_stops_no_other(
    home: HomeAssistant, coordinator: OpenStrapCoordinator, computed: MagicMock
) -> None:
    """Days are computed all the same."""
    await coordinator.async_ingest(night(THURSDAY))
    go_on = threading.Event()
    held = home.async_create_task(coordinator.worker.async_run(lambda _: go_on.wait(5)))
    first, second = (home.async_create_task(coordinator.sweeper.async_sweep()) for _ in range(2))
    second.cancel()
    first.cancel()
    go_on.set()
    await asyncio.gather(held, first, second, return_exceptions=True)
    assert first.cancelled()
    assert second.cancelled()
    assert not computed.called
    coordinator.sweeper.async_sweep_soon()
    await home.async_block_till_done(wait_background_tasks=True)
    assert days_of(computed) == [THURSDAY, WEDNESDAY]


@pytest.mark.full
async def test_days_that_waited_at_a_restart_are_computed_soon(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing new need come for it: a phone that repeats itself brings nothing new."""
    await coordinator.async_ingest(night(THURSDAY))
    assert await home.config_entries.async_reload(loaded.entry_id)
    assert not computed.called
    await pass_time(home, freezer, seconds=31)
    assert days_of(computed) == [THURSDAY, WEDNESDAY]


@pytest.mark.full
async def test_a_day_that_has_not_begun_waits(
    home: HomeAssistant,
    coordinator: OpenStrapCoordinator,
    computed: MagicMock,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An afternoon's records belong to the coming night too, but that is not a day yet."""
    now = int(dt_util.utcnow().timestamp())
    await coordinator.async_ingest(inners(minute(now - 60)))
    await coordinator.sweeper.async_sweep()
    assert days_of(computed) == [THURSDAY]
    freezer.move_to("2026-01-16T00:10:00Z")
    await coordinator.sweeper.async_sweep()
    assert days_of(computed) == [THURSDAY, date(2026, 1, 16)]
    assert set(await rows(coordinator)) == {THURSDAY}, "nothing is known of it: no row"
    await coordinator.sweeper.async_sweep()
    assert len(days_of(computed)) == 2


@pytest.mark.full
async def test_frames_that_come_while_a_day_is_computed_are_not_forgotten(
    coordinator: OpenStrapCoordinator,
) -> None:
    """The mark has moved, so the day stays dirty and is computed again."""
    half = len(night(THURSDAY)) // 2
    await coordinator.async_ingest(night(THURSDAY)[:half])
    store = coordinator.worker._store
    assert store is not None
    save_day = store.save_day

    def come_late(row: DayRow) -> bool:
        with patch.object(store, "save_day", save_day):
            from custom_components.openstrap.ingest import ingest

            ingest(
                store,
                night(THURSDAY)[half:],
                now=dt_util.utcnow().timestamp(),
                tz=dt_util.get_default_time_zone(),
            )
            return save_day(row)

    with patch.object(store, "save_day", come_late):
        await coordinator.sweeper.async_sweep()
    assert await coordinator.worker.async_run(WearerStore.dirty_days)
    await coordinator.sweeper.async_sweep()
    whole = (await rows(coordinator))[THURSDAY]
    assert whole.records > half


@pytest.mark.full
async def test_a_strap_whose_clock_was_ahead(
    coordinator: OpenStrapCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    """Its frames are kept, and count once their time has come."""
    now = int(dt_util.utcnow().timestamp())
    report = await coordinator.async_ingest(inners(minute(now + 3600)))
    assert report.rejected == {"time_future": 60}
    await coordinator.sweeper.async_sweep()
    assert not await rows(coordinator)
    freezer.tick(timedelta(hours=2))
    await coordinator.sweeper.async_backstop()
    assert (await rows(coordinator))[THURSDAY].records == 60


@pytest.mark.full
async def test_one_day_is_scored_ahead_of_the_others(
    coordinator: OpenStrapCoordinator, computed: MagicMock
) -> None:
    """Whoever has woken up does not wait for last week; a day that is clean costs nothing."""
    await coordinator.async_ingest(night(THURSDAY))
    await coordinator.sweeper.async_score(THURSDAY)
    assert days_of(computed) == [THURSDAY]
    assert coordinator.data.nights.night is not None
    assert coordinator.sweeper.view.days_waiting == 1
    await coordinator.sweeper.async_score(THURSDAY)
    assert len(days_of(computed)) == 1
