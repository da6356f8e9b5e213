"""What a band is told by a button, and what a button has computed again."""

from datetime import date
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import analysis
from custom_components.openstrap.engine.day import derive_day
from custom_components.openstrap.store import StoreError, WearerStore

from .fake_link import FakeLink
from .frames import night


async def press(home: HomeAssistant, name: str) -> None:
    """Press a button."""
    await home.services.async_call(
        "button", "press", {"entity_id": f"button.ada_{name}"}, blocking=True
    )


@pytest.mark.parametrize(("name", "told"), [("sync_now", "sync_now"), ("find_band", "find")])
async def test_a_button_does_one_thing(
    home: HomeAssistant, link: FakeLink, name: str, told: str
) -> None:
    """Once, and its state is the moment of that."""
    await press(home, name)
    assert link.told == [(told,)]
    state = home.states.get(f"button.ada_{name}")
    assert state is not None
    assert state.state != "unknown"


@pytest.mark.parametrize("name", ["sync_now", "find_band"])
async def test_an_absent_band_is_an_error_not_silence(
    home: HomeAssistant, link: FakeLink, name: str
) -> None:
    """Home Assistant does not press buttons that are unavailable, and says nothing: these are not."""
    link.refusal = HomeAssistantError("not there")
    with pytest.raises(HomeAssistantError, match="not there"):
        await press(home, name)


async def test_they_are_tools(
    home: HomeAssistant, link: FakeLink, entity_registry: er.EntityRegistry
) -> None:
    """Found among the diagnostics of the device."""
    for name in ("sync_now", "find_band"):
        entry = entity_registry.async_get(f"button.ada_{name}")
        assert entry is not None
        assert entry.entity_category is EntityCategory.DIAGNOSTIC


async def test_a_band_is_not_needed_for_what_is_known(
    home: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Without one there is nothing to fetch or to find."""
    found = {state.entity_id for state in home.states.async_all("button")}
    assert found == {"button.ada_compute_all_days_again", "button.ada_learn_sleep_need"}
    for name in found:
        entry = entity_registry.async_get(name)
        assert entry is not None
        assert entry.entity_category is EntityCategory.CONFIG


async def test_a_band_takes_nothing_away(home: HomeAssistant, link: FakeLink) -> None:
    """All four are there."""
    assert len(home.states.async_all("button")) == 4


@pytest.mark.full
async def test_all_days_are_computed_again_newest_first(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Once each, and with the same result."""
    freezer.move_to("2026-01-15T15:00:00Z")
    await home.config.async_update(time_zone="UTC")
    await home.async_block_till_done(wait_background_tasks=True)
    wearer = loaded.runtime_data
    days = [date(2026, 1, 15), date(2026, 1, 14)]
    await wearer.async_ingest(night(days[0]))
    await wearer.sweeper.async_sweep()
    before = await wearer.worker.async_run(WearerStore.latest_days, 10)
    assert [row.day for row in before] == days
    with patch.object(analysis, "derive_day", wraps=derive_day) as computed:
        await press(home, "compute_all_days_again")
        await home.async_block_till_done(wait_background_tasks=True)
        assert [call.args[0].day for call in computed.call_args_list] == days
    assert await wearer.worker.async_run(WearerStore.latest_days, 10) == before
    assert not await wearer.worker.async_run(WearerStore.dirty_days)


async def test_a_file_that_refuses_is_an_error(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """So is a wearer that is just going down."""
    with (
        patch.object(WearerStore, "recompute", side_effect=StoreError("disk_full")),
        pytest.raises(HomeAssistantError) as full,
    ):
        await press(home, "compute_all_days_again")
    assert full.value.translation_key == "store_failed"
    await loaded.runtime_data.worker.async_close()
    with pytest.raises(HomeAssistantError) as closed:
        await press(home, "compute_all_days_again")
    assert closed.value.translation_key == "wearer_not_ready"
