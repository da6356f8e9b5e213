"""A wearer with stored days, and how actions are called."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.coordinator import OpenStrapCoordinator

from ..stored_days import made_days, store_days
from . import TODAY, Ask, Store


@pytest.fixture
async def ask(home: HomeAssistant, freezer: FrozenDateTimeFactory, wearer: MockConfigEntry) -> Ask:
    """Call an action for a wearer who is set up; it is noon in Berlin."""
    await home.config.async_update(time_zone="Europe/Berlin")
    freezer.move_to("2026-06-10T10:00:00Z")
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.async_block_till_done()
    return Ask(home)


@pytest.fixture
async def stored(ask: Ask, wearer: MockConfigEntry) -> Store:
    """Give a way to the store, which has ten days in it."""
    coordinator: OpenStrapCoordinator = wearer.runtime_data
    run: Store = coordinator.worker.async_run
    await run(store_days, made_days(TODAY, 10))
    return run
