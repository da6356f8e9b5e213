"""A message that is felt."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.strap import Buzz

from .fake_link import FakeLink


async def send(home: HomeAssistant, message: str) -> None:
    """Send a message to the band."""
    await home.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.ada_buzz", "message": message},
        blocking=True,
    )


@pytest.mark.parametrize("message", ["The washing is done", "until_tapped", ""])
async def test_any_message_vibrates_alike(
    home: HomeAssistant, link: FakeLink, message: str
) -> None:
    """A text that happens to name a pattern is a text."""
    await send(home, message)
    assert link.told == [("buzz", Buzz.DOUBLE)]
    state = home.states.get("notify.ada_buzz")
    assert state is not None
    assert state.state != "unknown"


async def test_an_absent_band_is_an_error(home: HomeAssistant, link: FakeLink) -> None:
    """And the message does not count as sent."""
    link.refusal = HomeAssistantError("not there")
    with pytest.raises(HomeAssistantError, match="not there"):
        await send(home, "Hello")
    state = home.states.get("notify.ada_buzz")
    assert state is not None
    assert state.state == "unknown"


async def test_without_a_band_there_is_none(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nobody to feel it."""
    assert not home.states.async_all("notify")
