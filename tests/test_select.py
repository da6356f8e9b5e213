"""How close Home Assistant stays to a band."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .fake_link import FakeLink


async def choose(home: HomeAssistant, option: str) -> None:
    """Choose a live mode."""
    await home.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.ada_live_mode", "option": option},
        blocking=True,
    )


def mode(home: HomeAssistant) -> str:
    """Give the mode that is shown."""
    state = home.states.get("select.ada_live_mode")
    assert state is not None
    assert state.attributes["options"] == ["always", "night", "never"]
    return state.state


async def test_a_mode_is_kept_and_shown(home: HomeAssistant, link: FakeLink) -> None:
    """Each of the three, at once."""
    assert mode(home) == "never"
    for option in ("always", "night", "never"):
        await choose(home, option)
        assert mode(home) == option
    assert link.told == [("live_mode", one) for one in ("always", "night", "never")]


async def test_what_is_no_mode_or_cannot_be_kept_changes_nothing(
    home: HomeAssistant, link: FakeLink
) -> None:
    """An error, and the old mode."""
    with pytest.raises(ServiceValidationError):
        await choose(home, "sometimes")
    link.refusal = HomeAssistantError("disk full")
    with pytest.raises(HomeAssistantError, match="disk full"):
        await choose(home, "always")
    assert mode(home) == "never"
    assert not link.told


async def test_without_a_band_there_is_none(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nothing to hold."""
    assert not home.states.async_all("select")
