"""What becomes of a phone while Home Assistant's disk takes no more."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import errno
import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import make_mocked_request
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.phone_book import (
    NOT_KEPT_RETRY,
    async_phone_book,
    async_setup_phone_book,
)
from custom_components.openstrap.phone.tokens import secret_hash

from ..clients import BASE, Client
from ..signing import (
    EMAIL,
    REFRESH,
    SPENT,
    VERIFY,
    Tokens,
    code_of,
    get,
    look,
    notices,
    open_pairing,
    post,
    refreshed,
    sign_in,
    token_behind,
)

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]

FILE = ".storage/openstrap.phones"


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Leave Home Assistant's storage on the disk, where it belongs."""
    return {}


@contextmanager
def full_disk(*, broken: bool = False) -> Iterator[None]:
    """Let the system refuse the file of the phones; ``broken``: nothing can be read there either."""
    rename = os.rename

    def refuse(source: str, target: str) -> None:
        if not str(target).endswith(FILE):
            rename(source, target)
            return
        if broken:
            Path(target).unlink()
            Path(target).mkdir()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with patch("os.rename", refuse):
        yield


def on_disk(home: HomeAssistant) -> list[str]:
    """Give the hashes that the next start will know."""
    held = json.loads(Path(home.config.path(FILE)).read_bytes())
    return [one["secret"] for one in held["data"]]


async def test_the_phone_keeps_what_it_has(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """It reads on, a start from what is on disk knows it, and it goes on once there is room."""
    with full_disk():
        kept = await refreshed(phone, tokens.refresh)
        assert kept.refresh == tokens.refresh
        assert (await get(phone, "/profile", kept.access))[0] == 200
        assert (await refreshed(phone, tokens.refresh)).refresh == tokens.refresh
        assert on_disk(home) == [secret_hash(tokens.refresh)]
        await async_setup_phone_book(home)  # as the start does
        assert (await get(phone, "/profile", kept.access))[0] == 200
        assert (await refreshed(phone, tokens.refresh)).refresh == tokens.refresh
    fresh = await refreshed(phone, tokens.refresh)
    assert fresh.refresh != tokens.refresh
    assert on_disk(home) == [secret_hash(fresh.refresh)]
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT


async def test_several_at_once(home: HomeAssistant, phone: Client, tokens: Tokens) -> None:
    """None is turned away because another one was about to get a new one."""
    with full_disk():
        replies = await asyncio.gather(*(refreshed(phone, tokens.refresh) for _ in range(5)))
    assert {reply.refresh for reply in replies} == {tokens.refresh}


async def test_a_disk_that_cannot_be_read(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """What cannot be seen there is not there."""
    with full_disk(broken=True):
        assert (await refreshed(phone, tokens.refresh)).refresh == tokens.refresh
    await home.async_add_executor_job(Path(home.config.path(FILE)).rmdir)
    assert (await refreshed(phone, tokens.refresh)).refresh != tokens.refresh


async def test_it_is_heard_of_all_the_same(
    home: HomeAssistant, phone: Client, tokens: Tokens, freezer: FrozenDateTimeFactory
) -> None:
    """The thirty days begin anew."""
    with full_disk():
        for _ in range(3):
            freezer.tick(20 * 86400)
            await refreshed(phone, tokens.refresh)


async def test_while_home_assistant_stops(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """A request that came just before: nothing is written until the end, then what the phone has."""
    home.set_state(CoreState.stopping)
    request = make_mocked_request("POST", REFRESH)
    kept = await async_phone_book(home).async_refresh(tokens.refresh, request)
    assert kept.refresh_token == tokens.refresh
    home.bus.async_fire_internal(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await home.async_block_till_done()
    home.set_state(CoreState.running)
    assert on_disk(home) == [secret_hash(tokens.refresh)]


async def test_one_that_is_revoked_meanwhile(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """It does not come back."""
    behind = token_behind(home)
    rename = os.rename

    def revoke(source: str, target: str) -> None:
        if str(target).endswith(FILE):
            home.loop.call_soon_threadsafe(home.auth.async_remove_refresh_token, behind)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rename(source, target)

    with patch("os.rename", revoke):
        await post(phone, REFRESH, {"refresh_token": tokens.refresh})
    assert async_phone_book(home).async_of() == []
    assert await post(phone, REFRESH, {"refresh_token": tokens.refresh}) == SPENT


async def test_pairing(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """Is refused, says why on both screens, and leaves nothing; with room it works."""
    before = await home.auth.async_get_users()
    page = await open_pairing(owner, loaded.entry_id)
    with full_disk():
        answer = await phone.post(f"{BASE}{VERIFY}", json={"email": EMAIL, "code": code_of(page)})
    assert (answer.status, answer.headers["Retry-After"]) == (503, str(NOT_KEPT_RETRY))
    told = await answer.json()
    assert told["error"] == "Pairing not kept"
    assert "disk" in told["reason"]
    await home.async_block_till_done()
    ended = await look(owner, page)
    assert (ended["type"], ended["reason"]) == ("abort", "pairing_not_kept")
    assert async_phone_book(home).async_of() == []
    users = await home.auth.async_get_users()
    assert users == before
    assert not [
        token
        for user in users
        for token in user.refresh_tokens.values()
        if (token.client_name or "").startswith("OpenStrap phone")
    ]
    assert notices(home) == []
    tokens = await sign_in(owner, phone, loaded.entry_id)
    assert (await get(phone, "/profile", tokens.access))[0] == 200
