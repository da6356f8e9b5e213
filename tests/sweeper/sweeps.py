"""Days of a wearer who is analysed, and time that passes."""

from datetime import date, timedelta
from unittest.mock import MagicMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.store import DayRow, WearerStore

THURSDAY = date(2026, 1, 15)
WEDNESDAY = date(2026, 1, 14)
BERLIN = "Europe/Berlin"


def days_of(computed: MagicMock) -> list[date]:
    """Tell which days were computed, in their order."""
    return [call.args[0].day for call in computed.call_args_list]


async def pass_time(home: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    """Let time go by and what is due then be done."""
    freezer.tick(timedelta(**time))
    async_fire_time_changed(home)
    await home.async_block_till_done(wait_background_tasks=True)


async def rows(coordinator: OpenStrapCoordinator) -> dict[date, DayRow]:
    """Read the stored results."""
    found = await coordinator.worker.async_run(WearerStore.latest_days, 100)
    return {row.day: row for row in found}
