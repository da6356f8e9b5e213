"""The demo wearer feeds itself, from where it stopped until now."""

from datetime import timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import demo_link
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.store import StoreError, WearerStore


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
async def test_three_days_at_once_with_nights_to_look_at(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """All of it, through the same door, computed as soon as it is in."""
    coordinator = await set_up(home, demo)
    assert coordinator.data.nights.night is None, "coming up does not wait for it"
    await home.async_block_till_done(wait_background_tasks=True)
    assert await counts(coordinator) > 2.5 * 86400
    assert float(home.states.get("sensor.demo_nightly_hrv").state) > 0  # type: ignore[union-attr]
    assert len(await coordinator.worker.async_run(WearerStore.latest_days, 9)) >= 3


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


async def test_unloading_in_the_middle_of_catching_up(
    home: HomeAssistant, demo: MockConfigEntry
) -> None:
    """It stops at once and says nothing."""
    await set_up(home, demo)
    assert await home.config_entries.async_unload(demo.entry_id)


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
