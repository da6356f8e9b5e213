"""What the app asks besides its pages."""

import gzip
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.app_banner import Banner, async_set_banner
from custom_components.openstrap.issues import async_file_damaged, async_phone_reused

from .clients import BASE, Client, Clients
from .signing import get

pytestmark = pytest.mark.full


@pytest.fixture
async def phone(loaded: MockConfigEntry, hass_client_no_auth: Clients) -> Client:
    """Give a phone without a token."""
    return await hass_client_no_auth()


async def test_status_without_news(phone: Client) -> None:
    """Whole, so that the app finds what it reads."""
    assert await get(phone, "/app/status") == (
        200,
        {"update": None, "banner": None, "terms": None},
    )


async def test_a_banner_that_was_set(home: HomeAssistant, phone: Client) -> None:
    """Comes before trouble."""
    banner = Banner("Charge your bands", "info", "Hello", "https://example.org/")
    await async_set_banner(home, banner)
    _, answer = await get(phone, "/app/status")
    assert answer["banner"] == banner.to_dict()


async def test_trouble_is_mirrored_without_a_word_of_whom(
    home: HomeAssistant, phone: Client, loaded: MockConfigEntry
) -> None:
    """Anybody may ask: no name, no kind, no id; another trouble is another banner."""

    async def shown() -> Any:
        return (await get(phone, "/app/status"))[1]["banner"]

    ir.async_create_issue(
        home, "other", "broken", is_fixable=False, severity=ir.IssueSeverity.ERROR,
        translation_key="broken",
    )  # fmt: skip
    assert await shown() is None
    async_file_damaged(home, loaded, "secret-file.db")
    first = await shown()
    assert set(first) == {"id", "title", "text", "level", "action_url"}
    assert (first["level"], first["action_url"]) == ("warn", None)
    for word in ("Ada", "secret-file", "damaged", loaded.entry_id):
        assert word not in str(first)
    async_phone_reused(home, loaded)
    assert (await shown())["id"] != first["id"]
    ir.async_delete_issue(home, "openstrap", f"phone_token_reused_{loaded.entry_id}")
    assert await shown() == first
    ir.async_ignore_issue(home, "openstrap", f"database_damaged_{loaded.entry_id}", True)
    assert await shown() is None


@pytest.mark.parametrize("path", ["/consent", "/telemetry", "//consent/"])
async def test_what_nobody_wants_to_know(phone: Client, path: str) -> None:
    """Any body of a fair size is answered with 200; a larger one is not read."""
    for body in (b"", b"{", b"\xff", b'{"granted": true}', b"x" * 256 * 1024):
        answer = await phone.post(f"{BASE}{path}", data=body)
        assert (answer.status, await answer.json()) == (200, {"ok": True})
    bomb = gzip.compress(b"x" * 300_000)
    for body, headers in ((b"x" * 300_000, {}), (bomb, {"Content-Encoding": "gzip"})):
        answer = await phone.post(f"{BASE}{path}", data=body, headers=headers)
        assert answer.status == 413
        assert (await answer.json())["error"] == "Body too large"
