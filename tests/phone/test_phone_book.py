"""Paired phones: what their tokens open, how they are renewed, and everything that ends them."""

import asyncio
from base64 import urlsafe_b64encode
from datetime import timedelta
import json
import time
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import RefreshToken, User
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
from hypothesis import given, strategies as st
import jwt
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap.diagnostics import async_get_config_entry_diagnostics
from custom_components.openstrap.phone.phone_book import (
    MOST_SPENT,
    PhoneBook,
    async_phone_book,
    async_setup_phone_book,
)
from custom_components.openstrap.phone.tokens import token_of

from ..frames import hexed, minute
from .signing import BASE, Client, Clients, Tokens, count_failures, get, post, sign_in

pytestmark = pytest.mark.full

REFRESH = "/auth/refresh"
INVALID = (401, {"error": "Invalid or missing token"})
SPENT = (401, {"error": "Invalid refresh token"})


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time before tokens are made."""
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
async def owner(home: HomeAssistant, loaded: MockConfigEntry, hass_client: Clients) -> Client:
    """Give the browser of the wearer's owner."""
    assert await async_setup_component(home, "config", {})
    for component in ("api", "auth", "websocket_api"):
        assert await async_setup_component(home, component, {})
    return await hass_client()


@pytest.fixture
async def phone(owner: Client, hass_client_no_auth: Clients) -> Client:
    """Give the phone's way in."""
    return await hass_client_no_auth()


@pytest.fixture
async def tokens(owner: Client, phone: Client, loaded: MockConfigEntry) -> Tokens:
    """Pair a phone."""
    return await sign_in(owner, phone, loaded.entry_id)


def token_behind(home: HomeAssistant) -> RefreshToken:
    """Give Home Assistant's token of the only phone."""
    [found] = async_phone_book(home).async_of()
    token = home.auth.async_get_refresh_token(found.token_id)
    assert token is not None
    return token


async def refreshed(phone: Client, secret: str) -> Tokens:
    """Refresh, successfully."""
    status, answer = await post(phone, REFRESH, {"refresh_token": secret})
    assert status == 200
    assert set(answer) == {"access_jwt", "refresh_token"}
    return Tokens(answer["access_jwt"], answer["refresh_token"], {})


# --- what a token opens ----------------------------------------------------------


async def test_it_reads_and_pushes(phone: Client, tokens: Tokens, loaded: MockConfigEntry) -> None:
    """For its wearer, whatever the device is called."""
    records = hexed(minute(1_768_489_200 - 90))
    body = {"device_id": "4A0123456", "records": records}
    status, answer = await post(phone, "/ingest/batch", body, tokens.access)
    assert (status, answer["new"]) == (200, len(records))
    assert (await get(phone, "/profile", tokens.access))[1]["id"] == loaded.entry_id


@pytest.mark.parametrize("expected_lingering_timers", [True])  # of the websocket that is refused
async def test_home_assistant_itself_does_not_take_it(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """Neither over HTTP nor over its websocket; there it is a failed log-in like any other."""
    failures = count_failures(home)
    headers = {"Authorization": f"Bearer {tokens.access}"}
    for secret in (tokens.access, tokens.refresh):
        assert home.auth.async_validate_access_token(secret) is None
        assert home.auth.async_get_refresh_token_by_token(secret) is None
    for path in ("/api/", "/api/states", "/api/config", "/api/config/config_entries/entry"):
        answer = await phone.get(path, headers=headers)
        assert answer.status == 401, path
    assert sum(failures.values()) == 4
    socket = await phone.ws_connect("/api/websocket")
    assert (await socket.receive_json())["type"] == "auth_required"
    await socket.send_json({"type": "auth", "access_token": tokens.access})
    assert (await socket.receive_json())["type"] == "auth_invalid"
    await socket.close()
    assert sum(failures.values()) == 5
    assert (await get(phone, "/profile", tokens.access))[0] == 200
    assert sum(failures.values()) == 5
    answer = await phone.post(
        "/auth/token",
        data={"grant_type": "refresh_token", "refresh_token": tokens.refresh},
    )
    assert (answer.status, await answer.json()) == (400, {"error": "invalid_grant"})


async def test_home_assistants_own_tokens_go_on(owner: Client, loaded: MockConfigEntry) -> None:
    """They name no e-mail."""
    status, answer = await get(owner, "/profile")
    assert (status, answer["email"], answer["name"]) == (200, None, "Ada")


async def test_it_is_bound_to_one_wearer(
    home: HomeAssistant, owner: Client, phone: Client, tokens: Tokens, loaded: MockConfigEntry
) -> None:
    """Although its user may see another one too."""
    other = MockConfigEntry(
        domain="openstrap", title="Bea", unique_id="bea", data=dict(loaded.data), options={}
    )
    other.add_to_hass(home)
    assert await home.config_entries.async_setup(other.entry_id)
    await home.async_block_till_done(wait_background_tasks=True)
    assert (await get(owner, f"/profile?wearer={other.entry_id}"))[0] == 200
    status, answer = await get(phone, f"/profile?wearer={other.entry_id}", tokens.access)
    assert (status, answer["error"]) == (404, "No wearer")
    assert (await get(phone, "/profile", tokens.access))[1]["name"] == "Ada"


async def test_a_user_who_only_reads(
    home: HomeAssistant, phone: Client, tokens: Tokens, hass_admin_user: User
) -> None:
    """The phone may do what its user may do now, not when it was paired."""
    group = await home.auth.async_get_group(GROUP_ID_READ_ONLY)
    assert group is not None
    hass_admin_user.groups = [group]
    hass_admin_user.invalidate_cache()
    assert (await get(phone, "/profile", tokens.access))[0] == 200
    answer = await phone.patch(
        f"{BASE}/profile", json={}, headers={"Authorization": f"Bearer {tokens.access}"}
    )
    assert answer.status == 403


async def test_a_user_for_the_home_network(
    home: HomeAssistant, phone: Client, tokens: Tokens, hass_admin_user: User
) -> None:
    """From elsewhere it is 403, by which the phone keeps its tokens."""
    hass_admin_user.local_only = True
    assert (await get(phone, "/profile", tokens.access))[0] == 200
    with patch("homeassistant.components.http.auth_util.is_local", return_value=False):
        status, answer = await get(phone, "/profile", tokens.access)
        assert (status, answer) == (403, {"error": "Only from the home network"})
        status, _ = await post(phone, REFRESH, {"refresh_token": tokens.refresh})
        assert status == 403
    await refreshed(phone, tokens.refresh)


# --- tokens that are none --------------------------------------------------------


def forged(home: HomeAssistant, **claims: Any) -> str:
    """Sign claims with the right key."""
    token = token_behind(home)
    now = int(time.time())
    good = {"iss": token.id, "aud": "openstrap", "iat": now, "exp": now + 60}
    told = {key: value for key, value in (good | claims).items() if value is not None}
    # The library refuses to sign some of what is to be shown.
    payload = json.dumps(told).encode()
    return jwt.api_jws.encode(payload, token.jwt_key, algorithm="HS256")


async def test_only_a_whole_token_is_one(
    home: HomeAssistant, phone: Client, tokens: Tokens
) -> None:
    """Garbage, another key, audience or algorithm, expired, not yet: 401 JSON, no ban, no log."""
    failures = count_failures(home)
    token = token_behind(home)
    now = int(time.time())
    assert (await get(phone, "/profile", forged(home)))[0] == 200, "the others differ in one thing"
    claims = {"iss": token.id, "aud": "openstrap", "iat": now, "exp": now + 60}
    header, payload, signature = tokens.access.split(".")
    none = urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    bad = [
        "", "x", "a.b.!!!", "a.b.c", "...", "..", f"{header}.{payload}.", f"{header}.{payload}",
        f"{none}.{payload}.", f"{none}.{payload}.{signature}", f"{header}.e30.{signature}",
        "x" * 5000, f"{header}.{'A' * 5000}.{signature}", tokens.refresh, tokens.access[:-4],
        jwt.encode(claims, "another key, which is just as long as it has to be"),
        jwt.encode(claims, token.jwt_key, algorithm="HS512"),
        forged(home, aud="other"), forged(home, aud=["other"]), forged(home, aud=7),
        forged(home, exp=now - 11), forged(home, exp=None), forged(home, exp="soon"),
        forged(home, iat=now + 3600), forged(home, iat=None), forged(home, iss=None),
        forged(home, iss="nobody"), forged(home, iss=7), forged(home, iss={}),
        forged(home, nbf=now + 60),
    ]  # fmt: skip
    for text in bad:
        if text != forged(home, iss={}):
            assert await get(phone, "/profile", text) == INVALID, text
        assert async_phone_book(home).async_phone(text) is None, text
    for scheme in ("", "Basic ", "bearer ", "Bearer"):
        answer = await phone.get(
            f"{BASE}/profile", headers={"Authorization": f"{scheme}{tokens.access}"}
        )
        assert answer.status == 401, scheme
    assert not failures


async def test_a_token_of_home_assistant_that_is_no_phone(
    home: HomeAssistant, phone: Client, tokens: Tokens, hass_admin_user: User
) -> None:
    """Signed rightly with the audience, but nobody has paired it."""
    other = await home.auth.async_create_refresh_token(hass_admin_user, client_id="https://a.b/")
    now = int(time.time())
    claims = {"iss": other.id, "aud": "openstrap", "iat": now, "exp": now + 60}
    assert await get(phone, "/profile", jwt.encode(claims, other.jwt_key)) == INVALID


@given(
    st.text() | st.text(alphabet="abcABC0123_-.=").map(lambda text: f"eyJhbGciOiJub25lIn0.{text}")
)
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is sent, it is a token or it is none."""

    class Nobody:
        class auth:
            """A Home Assistant without tokens."""

            @staticmethod
            def async_get_refresh_token(_token_id: str) -> None:
                return None

    assert token_of(Nobody, text) is None  # type: ignore[arg-type]


async def test_it_ends_after_a_day(
    phone: Client, tokens: Tokens, freezer: FrozenDateTimeFactory
) -> None:
    """Give and take the ten seconds that Home Assistant allows its own."""
    freezer.tick(timedelta(hours=24, seconds=9))
    assert (await get(phone, "/profile", tokens.access))[0] == 200
    freezer.tick(2)
    assert await get(phone, "/profile", tokens.access) == INVALID
    fresh = await refreshed(phone, tokens.refresh)
    assert (await get(phone, "/profile", fresh.access))[0] == 200


# --- refreshing ------------------------------------------------------------------


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


# --- what ends a phone -----------------------------------------------------------


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
