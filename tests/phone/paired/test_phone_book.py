"""Everything that ends a paired phone."""

import json
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap.diagnostics import async_get_config_entry_diagnostics
from custom_components.openstrap.phone.phone_book import (
    PhoneBook,
    async_phone_book,
    async_setup_phone_book,
)

from ..clients import Client
from ..signing import INVALID, REFRESH, SPENT, Tokens, get, post, sign_in, token_behind

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


async def out(phone: Client, tokens: Tokens) -> None:
    """Hold that a phone can do nothing any more."""
    assert await get(phone, "/profile", tokens.access) == INVALID
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT


async def test_revoked_in_the_profile(
    home: HomeAssistant, owner: Client, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """One of two: the other goes on, and the free name is given again."""
    other = await sign_in(owner, phone, loaded.entry_id)
    first, second = async_phone_book(home).async_of(loaded.entry_id)
    assert (first.name, second.name) == ("OpenStrap phone: Ada (1)", "OpenStrap phone: Ada (2)")
    token = home.auth.async_get_refresh_token(first.token_id)
    assert token is not None
    home.auth.async_remove_refresh_token(token)
    await out(phone, tokens)
    assert (await get(phone, "/profile", other.access))[0] == 200
    await sign_in(owner, phone, loaded.entry_id)
    names = [one.name for one in async_phone_book(home).async_of()]
    assert sorted(names) == ["OpenStrap phone: Ada (1)", "OpenStrap phone: Ada (2)"]


async def test_revoked_while_home_assistant_was_down(
    home: HomeAssistant, phone: Client, tokens: Tokens, hass_storage: dict[str, Any]
) -> None:
    """A record whose token is gone is not taken up."""
    kept = json.loads(json.dumps(hass_storage["openstrap.phones"]))
    home.auth.async_remove_refresh_token(token_behind(home))
    hass_storage["openstrap.phones"] = kept
    await async_setup_phone_book(home)
    assert async_phone_book(home).async_of() == []
    await out(phone, tokens)


async def test_a_user_who_is_taken_out(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """Also when put back in later: the phone has to be paired again."""
    users = loaded.data["users"]
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "users": ["other"]})
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "users": users})
    await out(phone, tokens)


@pytest.mark.parametrize("how", ["removed", "deactivated"])
async def test_a_user_who_is_gone(
    home: HomeAssistant, phone: Client, tokens: Tokens, hass_admin_user: User, how: str
) -> None:
    """Removed or switched off."""
    if how == "removed":
        await home.auth.async_remove_user(hass_admin_user)
    else:
        await home.auth.async_update_user(hass_admin_user, is_active=False)
    await home.async_block_till_done()
    await out(phone, tokens)
    assert async_phone_book(home).async_of() == []


@pytest.mark.parametrize("refresh_first", [True, False])
async def test_a_user_who_was_switched_off_behind_our_back(
    home: HomeAssistant,
    phone: Client,
    tokens: Tokens,
    hass_admin_user: User,
    refresh_first: bool,
) -> None:
    """Nothing was heard of it, but every request looks."""
    behind = token_behind(home)
    hass_admin_user.is_active = False
    if refresh_first:
        assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT
    else:
        assert await get(phone, "/profile", tokens.access) == INVALID
    assert home.auth.async_get_refresh_token(behind.id) is None


async def test_a_wearer_who_is_removed(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """Their phones go with them, and the tokens out of the user's list."""
    behind = token_behind(home)
    await home.config_entries.async_remove(loaded.entry_id)
    assert home.auth.async_get_refresh_token(behind.id) is None
    await out(phone, tokens)


async def test_a_wearer_who_is_down(
    home: HomeAssistant, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """503, and the phone stays paired."""
    await home.config_entries.async_unload(loaded.entry_id)
    status, answer = await get(phone, "/profile", tokens.access)
    assert (status, answer["error"]) == (503, "Wearer not ready")
    assert len(async_phone_book(home).async_of()) == 1


async def test_another_user_changes_nothing(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """Events of others pass by."""
    other = MockUser(name="Zoe").add_to_hass(home)
    await home.auth.async_remove_user(other)
    MockConfigEntry(domain="other").add_to_hass(home)
    await home.async_block_till_done()
    assert (await get(phone, "/profile", tokens.access))[0] == 200


async def test_diagnostics_count(
    home: HomeAssistant, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """One phone, and nothing of it."""
    found = await async_get_config_entry_diagnostics(home, loaded)
    assert found["entry"]["phones"] == 1
    [record] = async_phone_book(home).async_of()
    text = json.dumps(found)
    for secret in (record.email, record.token_id, record.secret, tokens.refresh, tokens.access):
        assert secret not in text


async def test_an_empty_book(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Revoking what is not there is nothing."""
    book = PhoneBook(home)
    await book.async_load()
    book.async_revoke("nobody")
    assert book.async_of() == []
