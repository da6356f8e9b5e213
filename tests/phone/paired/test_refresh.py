"""How the tokens of a paired phone are renewed."""

import asyncio
from datetime import timedelta
import json
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.phone_book import (
    MOST_SPENT,
    async_phone_book,
    async_setup_phone_book,
)

from ..clients import Client
from ..signing import INVALID, REFRESH, SPENT, Tokens, get, post, refreshed, token_behind

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


async def test_a_refresh_token_is_good_once(phone: Client, tokens: Tokens) -> None:
    """The access token of before stays good for its day."""
    fresh = await refreshed(phone, tokens.refresh)
    assert fresh.refresh != tokens.refresh
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT
    for access in (tokens.access, fresh.access):
        assert (await get(phone, "/profile", access))[0] == 200
    await refreshed(phone, fresh.refresh)


async def test_of_two_at_once_one_wins(home: HomeAssistant, phone: Client, tokens: Tokens) -> None:
    """And nothing is revoked for it."""
    body = {"refresh_token": tokens.refresh}
    replies = await asyncio.gather(*(post(phone, REFRESH, body) for _ in range(5)))
    assert sorted(status for status, _ in replies) == [200, 401, 401, 401, 401]
    assert len(async_phone_book(home).async_of()) == 1


async def test_it_is_on_disk_before_the_answer(
    home: HomeAssistant, phone: Client, tokens: Tokens, hass_storage: dict[str, Any]
) -> None:
    """Hashes only; a start from what is there knows the new secret, and that the old is spent."""
    held = hass_storage["openstrap.phones"]["data"]
    before = held[0]["secret"]
    fresh = await refreshed(phone, tokens.refresh)
    [record] = hass_storage["openstrap.phones"]["data"]
    assert record["secret"] != before
    assert list(record["spent"]) == [before]
    written = json.dumps(hass_storage["openstrap.phones"])
    for secret in (tokens.refresh, fresh.refresh, tokens.access, token_behind(home).token):
        assert secret not in written
    await async_setup_phone_book(home)  # as the start does
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT
    assert (await get(phone, "/profile", fresh.access))[0] == 200
    await refreshed(phone, fresh.refresh)


async def test_the_answer_waits_for_the_disk(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """Held up while it is written, the phone has no answer yet."""
    go, began = asyncio.Event(), asyncio.Event()
    write = Store.async_save

    async def slow(self: Store[Any], data: Any) -> None:
        began.set()
        await go.wait()
        await write(self, data)

    with patch.object(Store, "async_save", slow):
        asked = asyncio.ensure_future(post(phone, REFRESH, {"refresh_token": tokens.refresh}))
        await began.wait()
        for _ in range(100):  # the time stands still
            await asyncio.sleep(0)
        assert not asked.done()
        go.set()
        assert (await asked)[0] == 200


async def test_a_spent_token_that_comes_again_late(
    home: HomeAssistant,
    phone: Client,
    tokens: Tokens,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A copy is about: the whole phone is out, thief or not, and a repair issue says so."""
    second = await refreshed(phone, tokens.refresh)
    third = await refreshed(phone, second.refresh)
    freezer.tick(60)
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT
    assert (await get(phone, "/profile", third.access))[0] == 200, "a lost reply is no theft"
    freezer.tick(1)
    behind = token_behind(home)
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT
    assert await get(phone, "/profile", third.access) == INVALID
    assert await post(phone, REFRESH, {"refresh_token": third.refresh}) == SPENT
    assert home.auth.async_get_refresh_token(behind.id) is None
    issue = ir.async_get(home).async_get_issue("openstrap", f"phone_token_reused_{loaded.entry_id}")
    assert issue is not None
    assert (issue.is_fixable, issue.is_persistent) == (True, True)


async def test_what_is_remembered_of_the_past_is_bounded(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """However often it refreshes."""
    secret = tokens.refresh
    for _ in range(MOST_SPENT + 5):
        secret = (await refreshed(phone, secret)).refresh
    [found] = async_phone_book(home).async_of()
    assert len(found.spent) == MOST_SPENT


@pytest.mark.parametrize(
    "body", [{}, {"refresh_token": None}, {"refresh_token": ""}, {"refresh_token": 7}]
)
async def test_a_bad_refresh(phone: Client, body: object) -> None:
    """400; and 401 for a text that was never given out."""
    status, answer = await post(phone, REFRESH, body)
    assert (status, answer["error"]) == (400, "Refresh token required")
    assert await post(phone, REFRESH, {"refresh_token": "x" * 43}) == SPENT


async def test_thirty_days_of_silence(
    home: HomeAssistant, phone: Client, tokens: Tokens, freezer: FrozenDateTimeFactory
) -> None:
    """Each refresh begins them anew; then the phone goes, with Home Assistant's token."""
    freezer.tick(timedelta(days=29))
    fresh = await refreshed(phone, tokens.refresh)
    freezer.tick(timedelta(days=29))
    fresh = await refreshed(phone, fresh.refresh)
    behind = token_behind(home)
    freezer.tick(timedelta(days=30))
    assert await post(phone, REFRESH, {"refresh_token": fresh.refresh}) == SPENT
    assert async_phone_book(home).async_of() == []
    assert home.auth.async_get_refresh_token(behind.id) is None
