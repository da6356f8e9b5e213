"""What a band is told by a button."""

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .fake_link import FakeLink


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


async def test_without_a_band_there_is_none(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nothing to press."""
    assert not home.states.async_all("button")
