"""Pairing a phone with a real Home Assistant, over HTTP as people and phones do."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from homeassistant.auth.models import RefreshToken
from homeassistant.components.http.ban import KEY_FAILED_LOGIN_ATTEMPTS, KEY_LOGIN_THRESHOLD
from homeassistant.components.persistent_notification import _async_get_or_create_notifications
from homeassistant.core import HomeAssistant

from custom_components.openstrap.phone.phone_book import async_phone_book

from .clients import BASE, Client

FLOW = "/api/config/config_entries/options/flow"
EMAIL = "ada@example.org"
REGISTER, ASK, VERIFY = "/auth/register", "/auth/request-otp", "/auth/verify-otp"
REFRESH = "/auth/refresh"
INVALID = (401, {"error": "Invalid or missing token"})
SPENT = (401, {"error": "Invalid refresh token"})

type Reply = tuple[int, Any]


def count_failures(home: HomeAssistant) -> Mapping[IPv4Address | IPv6Address, int]:
    """Let failed log-ins be counted, as in homes that ban addresses; the counts."""
    home.http.app._state[KEY_LOGIN_THRESHOLD] = 1000
    failures = home.http.app[KEY_FAILED_LOGIN_ATTEMPTS]
    return failures  # noqa: RET504  mypy


async def post(client: Client, path: str, body: object, token: str | None = None) -> Reply:
    """Post JSON to a phone's route; status and answer."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = await client.post(f"{BASE}{path}", json=body, headers=headers)
    return answer.status, await answer.json()


async def get(client: Client, path: str, token: str | None = None) -> Reply:
    """Read a phone's route; status and answer."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = await client.get(f"{BASE}{path}", headers=headers)
    return answer.status, await answer.json()


async def patch_profile(client: Client, body: object, token: str) -> Reply:
    """Change the profile; status and answer."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = await client.patch(f"{BASE}/profile", json=body, headers=headers)
    return answer.status, await answer.json()


async def step(client: Client, entry_id: str, choice: str) -> dict[str, Any]:
    """Open the options of a wearer and choose from the menu."""
    answer = await client.post(FLOW, json={"handler": entry_id})
    menu = await answer.json()
    assert menu["type"] == "menu"
    return await go_on(client, menu, {"next_step_id": choice})


async def go_on(client: Client, flow: dict[str, Any], values: object) -> dict[str, Any]:
    """Fill in the form of a flow."""
    answer = await client.post(f"{FLOW}/{flow['flow_id']}", json=values)
    shown: dict[str, Any] = await answer.json()
    return shown


async def look(client: Client, flow: dict[str, Any]) -> dict[str, Any]:
    """Look at a flow again, as the page does when it is told to."""
    answer = await client.get(f"{FLOW}/{flow['flow_id']}")
    shown: dict[str, Any] = await answer.json()
    return shown


async def open_pairing(owner: Client, entry_id: str, email: str = EMAIL) -> dict[str, Any]:
    """Open a pairing; the page with the code."""
    page = await go_on(owner, await step(owner, entry_id, "pair"), {"email": email})
    assert page["type"] == "progress", page
    return page


def code_of(page: dict[str, Any]) -> str:
    """Read the code off the page."""
    return str(page["description_placeholders"]["code"])


def wrong(code: str, by: int = 1) -> str:
    """Give a code that is not it."""
    return f"{(int(code) + by) % 1_000_000:06}"


@dataclass
class Tokens:
    """What a phone holds."""

    access: str
    refresh: str
    user: dict[str, Any]


async def sign_in(owner: Client, phone: Client, entry_id: str, email: str = EMAIL) -> Tokens:
    """Pair a phone."""
    code = code_of(await open_pairing(owner, entry_id, email))
    assert await post(phone, ASK, {"email": email}) == (200, {"ok": True})
    status, answer = await post(phone, VERIFY, {"email": email, "code": code})
    assert status == 200, answer
    return Tokens(answer["access_jwt"], answer["refresh_token"], answer["user"])


async def refreshed(phone: Client, secret: str) -> Tokens:
    """Refresh, successfully."""
    status, answer = await post(phone, REFRESH, {"refresh_token": secret})
    assert status == 200
    assert set(answer) == {"access_jwt", "refresh_token"}
    return Tokens(answer["access_jwt"], answer["refresh_token"], {})


def token_behind(home: HomeAssistant) -> RefreshToken:
    """Give Home Assistant's token of the only phone."""
    [found] = async_phone_book(home).async_of()
    token = home.auth.async_get_refresh_token(found.token_id)
    assert token is not None
    return token


def notices(home: HomeAssistant) -> list[str]:
    """Read what Home Assistant shows to everybody."""
    return [one["message"] for one in _async_get_or_create_notifications(home).values()]


def asked(address: str | None) -> web.Request:
    """Give a request from an address."""
    return make_mocked_request("POST", "/").clone(remote=address or "")
