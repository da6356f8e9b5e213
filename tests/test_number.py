"""What a wearer aims at."""

from datetime import date
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.store import StoreError, WearerStore

from .fake_link import FakeLink
from .frames import night

STEPS, NEED = "number.ada_step_goal", "number.ada_own_sleep_need"
NEED_TONIGHT = "sensor.ada_sleep_need_tonight"
KEPT = {"step_goal": 8500, "sleep_need_min": 450.0}


async def choose(home: HomeAssistant, name: str, value: float) -> None:
    """Set a number."""
    await home.services.async_call(
        "number", "set_value", {"entity_id": name, "value": value}, blocking=True
    )


async def learn(home: HomeAssistant) -> None:
    """Press the way back."""
    await home.services.async_call(
        "button", "press", {"entity_id": "button.ada_learn_sleep_need"}, blocking=True
    )


def shown(home: HomeAssistant, name: str) -> str:
    """Give a state."""
    state = home.states.get(name)
    assert state is not None
    return state.state


async def test_nothing_is_assumed(
    home: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Until it is set there is no goal, and the need is learnt; the bounds are told."""
    for name, bounds in ((STEPS, (0, 50000, 500)), (NEED, (4, 12, 0.25))):
        state = home.states.get(name)
        assert state is not None
        assert state.state == "unknown"
        assert tuple(state.attributes[key] for key in ("min", "max", "step")) == bounds
        entry = entity_registry.async_get(name)
        assert entry is not None
        assert entry.entity_category is EntityCategory.CONFIG


async def test_a_number_is_kept_without_a_reload(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Beside the other options, whole where it counts steps and in minutes where it is time."""
    wearer = loaded.runtime_data
    await choose(home, STEPS, 8500)
    await choose(home, NEED, 7.5)
    await home.async_block_till_done()
    assert loaded.options == {"birth_year": 1990, **KEPT}
    assert isinstance(loaded.options["step_goal"], int)
    assert loaded.runtime_data is wearer
    assert float(shown(home, STEPS)) == 8500
    assert float(shown(home, NEED)) == 7.5
    assert await home.config_entries.async_reload(loaded.entry_id)
    assert float(shown(home, STEPS)) == 8500
    assert float(shown(home, NEED)) == 7.5


async def test_no_goal_is_a_choice_too(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Zero steps are none to aim at, and nothing is kept."""
    await choose(home, STEPS, 8500)
    await choose(home, STEPS, 0)
    await home.async_block_till_done()
    assert "step_goal" not in loaded.options
    assert shown(home, STEPS) == "unknown"


async def test_what_nobody_needs_is_refused(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """And nothing is kept of it."""
    for name, value in ((STEPS, -500), (STEPS, 50500), (NEED, 3.75), (NEED, 12.25)):
        with pytest.raises(ServiceValidationError):
            await choose(home, name, value)
    assert loaded.options == {"birth_year": 1990}


async def test_the_way_back_is_a_button(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Pressed twice it is the same."""
    await choose(home, NEED, 9)
    for _ in range(2):
        await learn(home)
        assert loaded.options == {"birth_year": 1990}
        assert shown(home, NEED) == "unknown"


@pytest.mark.full
async def test_the_need_of_tonight_follows(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """There and back, without a frame and without a reload; the note says whose word it is."""
    freezer.move_to("2026-01-15T15:00:00Z")
    await home.config.async_update(time_zone="UTC")
    await home.async_block_till_done(wait_background_tasks=True)
    wearer = loaded.runtime_data
    await wearer.async_ingest(night(date(2026, 1, 15)))
    await wearer.sweeper.async_sweep()
    await home.async_block_till_done()
    assert shown(home, NEED_TONIGHT) == "unknown"
    await choose(home, NEED, 8)
    await home.async_block_till_done(wait_background_tasks=True)
    state = home.states.get(NEED_TONIGHT)
    assert state is not None
    assert float(state.state) >= 8.0
    assert "own_need" in state.attributes["note"]
    await learn(home)
    await home.async_block_till_done(wait_background_tasks=True)
    assert shown(home, NEED_TONIGHT) == "unknown"


@pytest.mark.full
async def test_a_file_that_refuses_is_told(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The number is kept all the same: results follow with the next day."""
    freezer.move_to("2026-01-15T15:00:00Z")
    await loaded.runtime_data.async_ingest(night(date(2026, 1, 15)))
    await loaded.runtime_data.sweeper.async_sweep()
    with (
        patch.object(WearerStore, "review", side_effect=StoreError("disk_full")),
        pytest.raises(HomeAssistantError) as error,
    ):
        await choose(home, NEED, 8)
    assert error.value.translation_key == "store_failed"
    assert loaded.options["sleep_need_min"] == 480.0


async def test_forms_keep_what_they_do_not_ask_for(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Of the options, and of the wearer."""
    home.config_entries.async_update_entry(loaded, options={**loaded.options, **KEPT})
    form = await home.config_entries.options.async_init(loaded.entry_id)
    form = await home.config_entries.options.async_configure(
        form["flow_id"], {"next_step_id": "settings"}
    )
    done = await home.config_entries.options.async_configure(
        form["flow_id"],
        {"raw_days": 20, "keep_raw": False, "minute_days": 12, "keep_minutes": False},
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await home.async_block_till_done()
    assert loaded.options["raw_days"] == 20
    assert loaded.options.items() >= KEPT.items()
    form = await loaded.start_reconfigure_flow(home)
    await home.config_entries.flow.async_configure(
        form["flow_id"],
        {"name": "Ada", "users": loaded.data["users"], "birth_year": 1985},
    )
    await home.async_block_till_done()
    assert loaded.options["birth_year"] == 1985
    assert loaded.options.items() >= KEPT.items()
    assert float(shown(home, NEED)) == 7.5


async def test_a_wearer_with_a_band_aims_too(home: HomeAssistant, link: FakeLink) -> None:
    """The numbers are the wearer's, not the band's."""
    assert len(home.states.async_all("number")) == 2
