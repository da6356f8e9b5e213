"""Looking for what happened, as after an analysis."""

from datetime import date, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.happening_finder import HappeningFinder
from custom_components.openstrap.happenings import Happening
from custom_components.openstrap.store import DayRow, WearerStore

from ..frames import inners, minute

DAY = date(2026, 1, 15)


def kinds(heard: list[Happening]) -> list[str]:
    """Name what was told, in order; nudges by their code."""
    return [str(one.data.get("code", one.kind)) for one in heard]


async def settle(home: HomeAssistant) -> None:
    """Let what runs come to its end."""
    await home.async_block_till_done(wait_background_tasks=True)


async def keep(coordinator: OpenStrapCoordinator, *rows: DayRow, reach_ts: float) -> None:
    """Have results on disk, and records up to a time."""
    await coordinator.async_ingest(inners(minute(int(reach_ts) - 60)))

    def job(store: WearerStore) -> None:
        for row in rows:
            store.save_day(row)

    await coordinator.worker.async_run(job)


async def look(home: HomeAssistant, coordinator: OpenStrapCoordinator) -> None:
    """Look once, as after an analysis, and stop."""
    stop = HappeningFinder(home, coordinator).async_start()
    await settle(home)
    stop()


async def pass_time(home: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    """Let time go by and what is due then be done."""
    freezer.tick(timedelta(**time))
    async_fire_time_changed(home)
    await settle(home)
