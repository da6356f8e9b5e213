"""The line of text on the screens of phones."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.openstrap.app_banner import async_banner

pytestmark = pytest.mark.full


async def show(home: HomeAssistant, user: str | None = None, **data: Any) -> Any:
    """Call the action."""
    assert await async_setup_component(home, "openstrap", {})
    return await home.services.async_call(
        "openstrap",
        "set_app_banner",
        data,
        blocking=True,
        return_response=True,
        context=Context(user_id=user),
    )


async def test_a_banner_is_shown_and_taken_away(home: HomeAssistant, hass_admin_user: User) -> None:
    """With what the phone's app reads; an empty text is none."""
    answer = await show(
        home, hass_admin_user.id, text=" Moving ", level="warn", url="https://a.b/c"
    )
    banner = await async_banner(home)
    assert banner is not None
    assert answer["banner"] == banner.to_dict()
    assert (banner.text, banner.level, banner.url) == ("Moving", "warn", "https://a.b/c")
    assert await show(home) == {"banner": None}
    assert await async_banner(home) is None


async def test_only_administrators(home: HomeAssistant) -> None:
    """Everybody reads it."""
    guest = MockUser(name="Guest").add_to_hass(home)
    with pytest.raises(Unauthorized):
        await show(home, guest.id, text="hello")
