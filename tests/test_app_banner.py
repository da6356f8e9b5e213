"""The banner of the phone app, kept over restarts."""

from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.openstrap.app_banner import _HELD, Banner, async_banner, async_set_banner

BANNER = Banner("Moving tonight", "critical", "News", "https://a.b/c")


async def test_it_is_kept(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    """On the disk, and read again after a restart; none leaves no file."""
    assert await async_banner(hass) is None
    await async_set_banner(hass, BANNER)
    del hass.data[_HELD]
    assert await async_banner(hass) == BANNER
    assert hass_storage["openstrap.app_banner"]["data"]["id"] == BANNER.id
    await async_set_banner(hass, None)
    assert "openstrap.app_banner" not in hass_storage


def test_its_id_is_what_it_says() -> None:
    """Another text is another banner: one that was dismissed shows again when it changes."""
    assert Banner("Moving tonight").id == Banner("Moving tonight").id
    assert Banner("Moving tonight").id != BANNER.id
    assert BANNER.to_dict()["action_url"] == "https://a.b/c"
