"""Fixtures of the calendar's tests."""

from collections.abc import Callable, Coroutine
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.store import DayRow, WearerStore


@pytest.fixture(autouse=True)
async def afternoon(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Live in Berlin, on the day after the night that is used."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
def keep(loaded: MockConfigEntry) -> Callable[..., Coroutine[Any, Any, None]]:
    """Give what stores results and shows them."""

    async def keep(*rows: DayRow) -> None:
        coordinator = loaded.runtime_data
        for row in rows:
            assert await coordinator.worker.async_run(WearerStore.save_day, row)
        await coordinator.async_load()
        await coordinator.hass.async_block_till_done()

    return keep
