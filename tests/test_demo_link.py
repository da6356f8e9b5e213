"""The demo wearer feeds itself: today as it goes on, and the weeks before."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import demo_link
from custom_components.openstrap.coordinator import IngestRefused, OpenStrapCoordinator
from custom_components.openstrap.store import StoreError, WearerStore
from custom_components.openstrap.sweeper import Sweeper


@pytest.fixture
def demo(
    home: HomeAssistant, hass_admin_user: User, freezer: FrozenDateTimeFactory
) -> MockConfigEntry:
    """Give the demo wearer; not yet set up."""
    freezer.move_to("2026-01-15T15:00:00Z")
    entry = MockConfigEntry(
        domain="openstrap",
        title="Demo",
        unique_id="demo",
        data={"kind": "demo", "users": [hass_admin_user.id], "devices": []},
    )
    entry.add_to_hass(home)
    return entry


async def set_up(home: HomeAssistant, demo: MockConfigEntry) -> OpenStrapCoordinator:
    """Set the demo wearer up, without waiting for it to catch up."""
    assert await home.config_entries.async_setup(demo.entry_id)
    coordinator: OpenStrapCoordinator = demo.runtime_data
    return coordinator


async def counts(coordinator: OpenStrapCoordinator) -> int:
    """Count stored frames."""
    found: int = (await coordinator.worker.async_run(WearerStore.stats))["frames"]
    return found


@pytest.mark.full
async def test_the_newest_night_first_and_then_the_weeks_before(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """All of it, through the same door, computed as soon as it is in."""
    seen: list[list[date]] = []
    sweep = Sweeper.async_sweep

    async def look(sweeper: Sweeper) -> None:
        await sweep(sweeper)
        rows = await coordinator.worker.async_run(WearerStore.latest_days, 99)
        seen.append([row.day for row in rows])

    with (
        patch.object(demo_link, "BACKFILL", timedelta(days=9)),
        patch.object(Sweeper, "async_sweep", look),
    ):
        coordinator = await set_up(home, demo)
        assert coordinator.data.nights.night is None, "coming up does not wait for it"
        await home.async_block_till_done(wait_background_tasks=True)
    assert await counts(coordinator) > 8.8 * 86400 * 26 / 25
    assert [len(days) for days in seen] == [3, 8, 10]
    assert all(days[0] == date(2026, 1, 15) for days in seen)
    for name in ("nightly_hrv", "recovery"):
        state = home.states.get(f"sensor.demo_{name}")
        assert state is not None
        assert float(state.state) > 0


@pytest.mark.full
async def test_a_restart_in_the_middle_of_the_weeks_before(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """They go on where they stopped, nothing is missing and nothing comes twice."""
    with patch.object(demo_link, "BACKFILL", timedelta(hours=5)):
        with patch.object(demo_link.DemoLink, "_async_bring", side_effect=IngestRefused("x", 1)):
            await set_up(home, demo)
            await home.async_block_till_done(wait_background_tasks=True)
        bring = demo_link.DemoLink._async_bring

        async def tired(link: demo_link.DemoLink, *args: Any) -> None:
            if await counts(link._coordinator) > 7000:
                raise IngestRefused("x", 1)
            await bring(link, *args)

        with patch.object(demo_link.DemoLink, "_async_bring", tired):
            assert await home.config_entries.async_reload(demo.entry_id)
            await home.async_block_till_done(wait_background_tasks=True)
        half: OpenStrapCoordinator = demo.runtime_data
        assert 7000 < await counts(half) < 8000
        assert await home.config_entries.async_reload(demo.entry_id)
        await home.async_block_till_done(wait_background_tasks=True)
    again: OpenStrapCoordinator = demo.runtime_data
    assert again.received + half.received == await counts(again)
    assert await counts(again) == pytest.approx(5 * 3744, abs=2)


@pytest.mark.full
async def test_today_goes_on_while_the_weeks_before_come_in(
    home: HomeAssistant, demo: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody waits for last month to see the present."""
    brought: list[tuple[float, float]] = []
    bring = demo_link.DemoLink._async_bring

    async def slow(link: demo_link.DemoLink, start: float, end: float, cursors: Any) -> None:
        brought.append((start, end))
        freezer.tick(timedelta(minutes=3))
        await bring(link, start, end, cursors)

    with (
        patch.object(demo_link, "BACKFILL", timedelta(hours=1)),
        patch.object(demo_link.DemoLink, "_async_bring", slow),
    ):
        await set_up(home, demo)
        await home.async_block_till_done(wait_background_tasks=True)
    begun = brought[0][1]
    forward = [span for span in brought if span[0] >= begun]
    assert forward[0][0] == begun
    assert [end - start for start, end in forward] == [360.0, 360.0, 360.0]
    assert sum(end - start for start, end in brought if end <= begun) == 3600.0


@pytest.mark.full
async def test_the_story_stays_the_same(
    home: HomeAssistant, demo: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It ends on the local day on which the wearer was added, also weeks later."""
    with patch.object(demo_link, "BACKFILL", timedelta(hours=1)):
        coordinator = await set_up(home, demo)
        await home.async_block_till_done(wait_background_tasks=True)
        told = demo_link.DemoLink(home, coordinator).story_end
        assert told == dt_util.as_local(demo.created_at).date()
        freezer.tick(timedelta(days=20))
        with patch.object(demo_link, "demo_frames", return_value=[]) as made:
            assert await home.config_entries.async_reload(demo.entry_id)
            await home.async_block_till_done(wait_background_tasks=True)
        assert {call.args[-1] for call in made.call_args_list} == {told}


@pytest.mark.full
async def test_it_goes_on_where_it_stopped(
    home: HomeAssistant, demo: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Every few minutes a little; after a restart no frame comes twice."""
    with patch.object(demo_link, "BACKFILL", timedelta(hours=2)):
        coordinator = await set_up(home, demo)
        await home.async_block_till_done(wait_background_tasks=True)
        begun = await counts(coordinator)
        assert 7000 < begun < 8000
        freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        assert 250 < await counts(coordinator) - begun < 330
        received = coordinator.received
        assert received == await counts(coordinator), "nothing came twice"
        freezer.tick(timedelta(minutes=3))
        assert await home.config_entries.async_reload(demo.entry_id)
        await home.async_block_till_done(wait_background_tasks=True)
        again: OpenStrapCoordinator = demo.runtime_data
        assert 150 < again.received < 200
        assert await counts(again) == received + again.received


@pytest.mark.full
async def test_it_waits_for_home_assistant_to_be_up(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """Start-up has better things to do."""
    home.set_state(CoreState.starting)
    with patch.object(demo_link, "BACKFILL", timedelta(hours=1)):
        coordinator = await set_up(home, demo)
        await home.async_block_till_done(wait_background_tasks=True)
        assert await counts(coordinator) == 0
        home.set_state(CoreState.running)
        home.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await home.async_block_till_done(wait_background_tasks=True)
        assert await counts(coordinator) > 3000


@pytest.mark.full
async def test_a_full_disk_is_told_and_tried_again(
    home: HomeAssistant,
    demo: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The cursor stands still, so nothing is left out."""
    with patch.object(demo_link, "BACKFILL", timedelta(hours=1)):
        with patch(
            "custom_components.openstrap.coordinator.ingest", side_effect=StoreError("disk_full")
        ):
            coordinator = await set_up(home, demo)
            await home.async_block_till_done(wait_background_tasks=True)
        assert "were not taken in" in caplog.text
        assert await counts(coordinator) == 0
        freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(home)
        await home.async_block_till_done(wait_background_tasks=True)
        assert await counts(coordinator) > 3000


@pytest.mark.full
async def test_unloading_in_the_middle_of_catching_up(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """It stops at once and says nothing."""
    await set_up(home, demo)
    assert await home.config_entries.async_unload(demo.entry_id)


@pytest.mark.full
async def test_a_feed_that_is_still_busy_is_not_doubled(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """A slow machine falls behind, it does not pile up."""
    with patch.object(demo_link, "BACKFILL", timedelta(hours=1)):
        coordinator = await set_up(home, demo)
        await home.async_block_till_done(wait_background_tasks=True)
        link = demo_link.DemoLink(home, coordinator)
        async with link._busy:
            with patch.object(coordinator, "async_ingest") as ingest:
                await link.async_feed()
        assert not ingest.called
