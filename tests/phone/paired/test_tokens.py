"""What the tokens of a paired phone open, and what is none."""

from base64 import urlsafe_b64encode
from datetime import timedelta
import json
import time
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from hypothesis import given, strategies as st
import jwt
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.phone_book import async_phone_book
from custom_components.openstrap.phone.tokens import token_of

from ...frames import hexed, minute
from ..clients import BASE, Client
from ..signing import INVALID, REFRESH, Tokens, count_failures, get, post, refreshed, token_behind

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


async def test_it_reads_and_pushes(phone: Client, tokens: Tokens, loaded: MockConfigEntry) -> None:
    """For its wearer, whatever the device is called."""
    records = hexed(minute(1_768_489_200 - 90))
    body = {"device_id": "4A0123456", "records": records}
    status, answer = await post(phone, "/ingest/batch", body, tokens.access)
    assert (status, answer["new"]) == (200, len(records))
    assert (await get(phone, "/profile", tokens.access))[1]["id"] == loaded.entry_id


@pytest.fixture
async def whole(home: HomeAssistant) -> None:
    """Serve Home Assistant's own ways in."""
    for component in ("api", "auth", "websocket_api"):
        assert await async_setup_component(home, component, {})


@pytest.mark.usefixtures("whole")
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

    assert token_of(Nobody, text) is None  # type: ignore[arg-type]  # all of it that is asked for


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
