"""Blueprints on the shelf, automations made of them, and what these wait for."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
import shutil
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.entity import wearer_id
from custom_components.openstrap.happenings import Happening, HappeningKind
from custom_components.openstrap.live_view import LiveView
from custom_components.openstrap.store import DayRow, WearerStore

from ..conftest import ROOT

SHELF = ROOT / "blueprints" / "automation" / "openstrap"
NAMES = sorted(path.stem for path in SHELF.glob("*.yaml"))
ACT = {"action": "test.act", "data": {"message": "{{ message | default }}"}}
OTHERWISE = {"action": "test.otherwise"}
LIGHT = {"entity_id": ["light.bedroom"]}
TODAY = "2026-01-15"


async def lay_out(home: HomeAssistant) -> None:
    """Put the blueprints where Home Assistant looks for them."""
    folder = Path(home.config.path("blueprints", "automation", "openstrap"))
    await home.async_add_executor_job(shutil.copytree, SHELF, folder)


def device_of(home: HomeAssistant, entry: MockConfigEntry) -> str:
    """Give the id of a wearer's device."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(home), entry.entry_id)
    return device.id


def entity_of(home: HomeAssistant, entry: MockConfigEntry, platform: str, key: str) -> str:
    """Give the id of a wearer's entity."""
    unique_id = f"{wearer_id(entry)}_{key}"
    found = er.async_get(home).async_get_entity_id(platform, "openstrap", unique_id)
    assert found is not None, key
    return found


async def use(home: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation of a blueprint, as the user interface does."""
    config = {
        "id": name,
        "alias": name,
        "use_blueprint": {"path": f"openstrap/{name}.yaml", "input": inputs},
    }
    assert await async_setup_component(home, "automation", {"automation": [config]})
    await home.async_block_till_done()
    state = home.states.get(f"automation.{name}")
    assert state is not None
    assert state.state == "on"


async def settle() -> None:
    """Let all run until it is done or waits for time to pass."""
    for _ in range(30):
        await asyncio.sleep(0)


async def tell(
    home: HomeAssistant,
    entry: MockConfigEntry,
    kind: HappeningKind,
    /,
    *,
    ago_min: int = 0,
    **data: Any,
) -> None:
    """Let something happen to a wearer, and the automation do what it does at once."""
    ts = dt_util.utcnow().timestamp() - ago_min * 60
    coordinator: OpenStrapCoordinator = entry.runtime_data
    coordinator.happenings.async_tell(Happening(kind, ts, late=ago_min > 60, data=data))
    await settle()


async def show(
    home: HomeAssistant, entry: MockConfigEntry, asleep: bool | None, in_bed: bool | None = None
) -> None:
    """Show whether a wearer sleeps; who does is in bed."""
    coordinator: OpenStrapCoordinator = entry.runtime_data
    now = dt_util.utcnow().timestamp()
    coordinator.async_show_live(LiveView(now, asleep=asleep, in_bed=in_bed or asleep))
    await settle()


async def pass_time(home: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    """Let time go by."""
    freezer.tick(timedelta(**time))
    async_fire_time_changed(home)
    await settle()


async def plan_bed(home: HomeAssistant, entry: MockConfigEntry, at: str | None) -> None:
    """Let last night's result say when to go to bed this evening."""
    day = date.fromisoformat(TODAY)
    moments = {"rest_onset": f"{TODAY}T00:10", "bedtime": at and f"{TODAY}T{at}"}
    metrics = {key: spec.absent("no_sleep") for key, spec in CATALOG.items()}
    for key, moment in moments.items():
        if moment is not None:
            ts = datetime.fromisoformat(f"{moment}:00+00:00").timestamp()
            metrics[key] = CATALOG[key].measured(ts, 0.8, ["night"])
    result = DayResult(day, "UTC", ALGORITHM_VERSION, metrics)
    coordinator: OpenStrapCoordinator = entry.runtime_data
    await coordinator.worker.async_run(
        WearerStore.save_day,
        DayRow(day, "UTC", ALGORITHM_VERSION, True, 100, result.to_dict()),
    )
    await coordinator.async_load()
    await settle()
