"""Signing in by the code that Home Assistant shows, over real HTTP."""

import asyncio
from datetime import timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN, User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..clients import BASE, Client
from ..signing import (
    ASK,
    EMAIL,
    REFRESH,
    REGISTER,
    VERIFY,
    code_of,
    count_failures,
    get,
    look,
    notices,
    open_pairing,
    post,
    sign_in,
)

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]

HOW = "choose Pair a phone in the options of the wearer in Home Assistant"


async def test_the_whole_sign_in(
    home: HomeAssistant,
    *,
    owner: Client,
    phone: Client,
    loaded: MockConfigEntry,
    hass_admin_user: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Code in Home Assistant, tokens on the phone, a token in the user's list, and no traces."""
    caplog.set_level(logging.DEBUG)
    page = await open_pairing(owner, loaded.entry_id, " Ada@Example.org ")
    code = code_of(page)
    assert len(code) == 6
    assert code.isdigit()
    assert page["description_placeholders"]["email"] == EMAIL
    assert page["description_placeholders"]["url"].endswith(BASE)
    assert notices(home) == [], "shown beside the page only when a phone asks"
    reply = await post(phone, ASK, {"email": "ADA@example.org"})
    assert reply == (200, {"ok": True})
    [notice] = notices(home)
    assert code in notice
    assert EMAIL not in notice
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": f" {code} "})
    assert status == 200
    assert answer["user"] == {
        "id": loaded.entry_id,
        "email": EMAIL,
        "name": "Ada",
        "age": 36,
        "height_cm": None,
        "weight_kg": None,
        "sex": None,
    }
    assert notices(home) == []
    done = await look(owner, page)
    assert (done["type"], done["reason"]) == ("abort", "paired")
    status, profile = await get(phone, "/profile", answer["access_jwt"])
    assert (status, profile["email"]) == (200, EMAIL)
    [token] = [
        token
        for token in hass_admin_user.refresh_tokens.values()
        if token.token_type == TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
    ]
    assert token.client_name == "OpenStrap phone: Ada (1)"
    assert token.last_used_ip == "127.0.0.1"
    assert token.access_token_expiration == timedelta(hours=24)
    # In debug mode asyncio itself shows the arguments of what takes long; and what
    # stands for the disk in tests tells what is written.
    told = {"asyncio", "pytest_homeassistant_custom_component.common"}
    said = [one.getMessage() for one in caplog.records if one.name not in told]
    for secret in (code, answer["access_jwt"], answer["refresh_token"], EMAIL):
        assert not [line for line in said if secret in line]


async def test_a_code_is_good_once(owner: Client, phone: Client, loaded: MockConfigEntry) -> None:
    """Two phones with the same code at the same moment: one of them is paired."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    body = {"email": EMAIL, "code": code}
    replies = await asyncio.gather(*(post(phone, VERIFY, body) for _ in range(3)))
    assert sorted(status for status, _ in replies) == [200, 400, 400]
    refused = next(answer for status, answer in replies if status == 400)
    assert refused == {"error": "No pending code", "reason": HOW}


async def test_nothing_tells_who_is_known(
    owner: Client, phone: Client, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """An e-mail that is paired, one whose pairing is over, and one never heard of look alike."""
    await sign_in(owner, phone, loaded.entry_id)
    await open_pairing(owner, loaded.entry_id, "old@example.org")
    freezer.tick(601)
    for email in (EMAIL, "old@example.org", "who@example.org"):
        freezer.tick(3600)
        assert await post(phone, ASK, {"email": email}) == (
            404,
            {"error": "No account for that email", "reason": HOW},
        )
        assert await post(phone, REGISTER, {"email": email}) == (
            403,
            {"error": "Pairing is not open", "reason": HOW},
        )
        assert await post(phone, VERIFY, {"email": email, "code": "000000"}) == (
            400,
            {"error": "No pending code", "reason": HOW},
        )


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (REGISTER, "Valid email required"),
        (ASK, "Email required"),
        (VERIFY, "Email and code required"),
    ],
)
async def test_a_bad_body(phone: Client, path: str, error: str) -> None:
    """400 in the words of the contract, however often; never 500."""
    bodies: list[Any] = [
        {}, {"email": None}, {"email": 7}, {"email": ["a@b.de"]}, {"email": " "},
        {"email": "ada"}, {"email": "@example.org"}, {"email": "ada@home"},
        {"email": "a b@example.org"}, {"email": f"{'a' * 260}@example.org"},
    ]  # fmt: skip
    for body in bodies:
        status, answer = await post(phone, path, body | {"code": "123456"})
        assert (status, answer["error"]) == (400, error)
    for body in (b"", b"{", b"[]", b"\xff", b'"text"'):
        answer = await phone.post(f"{BASE}{path}", data=body)
        assert answer.status == 400
        assert (await answer.json())["error"] == "Invalid payload"
    answer = await phone.post(f"{BASE}{path}", data=b" " * 20_000)
    assert answer.status == 413
    assert "16 KiB" in (await answer.json())["reason"]


@pytest.mark.parametrize("code", [None, 123456, "", "  ", ["123456"]])
async def test_a_code_that_is_none(phone: Client, code: object) -> None:
    """Only a text can be a code: a number has lost its zeros."""
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert (status, answer["error"]) == (400, "Email and code required")


async def test_what_a_new_phone_tells_fills_gaps_only(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """Known fields stay, what is out of bounds is left out, and the options are not reloaded."""
    before = loaded.runtime_data
    code = code_of(await open_pairing(owner, loaded.entry_id))
    told = {
        "email": EMAIL,
        "name": "Somebody else",
        "age": 50,
        "height_cm": 171.5,
        "weight_kg": 4000,
        "sex": "f",
    }
    assert (await post(phone, REGISTER, told))[0] == 200
    assert loaded.options == {"birth_year": 1990}, "nothing before the code"
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert status == 200
    assert loaded.options == {"birth_year": 1990, "height_cm": 171.5, "sex": "f"}
    assert loaded.title == "Ada"
    assert loaded.runtime_data is before
    assert before.sweeper._profile.height_cm == 171.5
    assert (answer["user"]["height_cm"], answer["user"]["age"]) == (171.5, 36)


async def test_what_a_new_phone_tells_while_the_wearer_is_down(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """It is paired, and the profile is taken up when the wearer comes up."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    await post(phone, REGISTER, {"email": EMAIL, "age": 20, "weight_kg": 60})
    await home.config_entries.async_unload(loaded.entry_id)
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert status == 200
    assert loaded.options == {"birth_year": 1990, "weight_kg": 60}


async def test_a_store_that_fails_stops_no_pairing(
    home: HomeAssistant,
    *,
    owner: Client,
    phone: Client,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The options are kept; results follow when they can."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    await post(phone, REGISTER, {"email": EMAIL, "weight_kg": 61})

    async def fails(_profile: object) -> None:
        raise HomeAssistantError

    monkeypatch.setattr(loaded.runtime_data, "async_set_profile", fails)
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert (status, answer["user"]["weight_kg"]) == (200, 61)
    assert "could not be taken up" in caplog.text


async def test_nobody_is_banned(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """Wrong codes and tokens of all kinds are no failed log-ins."""
    failures = count_failures(home)
    await open_pairing(owner, loaded.entry_id)
    await post(phone, VERIFY, {"email": EMAIL, "code": "x"})
    await post(phone, REFRESH, {"refresh_token": "x"})
    await get(phone, "/profile", "a.b.c")
    assert not failures
