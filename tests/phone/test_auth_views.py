"""Signing in by the code that Home Assistant shows, over real HTTP."""

import asyncio
from datetime import timedelta
import logging
from typing import Any

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN, User
from homeassistant.components.persistent_notification import _async_get_or_create_notifications
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)

from custom_components.openstrap.phone.auth_views import Brake
from custom_components.openstrap.phone.pairing import async_setup_pairing
from custom_components.openstrap.phone.phone_book import async_phone_book
from custom_components.openstrap.phone.refusal import Refusal
from custom_components.openstrap.store import WearerStore

from .signing import (
    BASE,
    EMAIL,
    Client,
    Clients,
    code_of,
    count_failures,
    get,
    go_on,
    look,
    open_pairing,
    post,
    sign_in,
    step,
    wrong,
)

pytestmark = pytest.mark.full

REGISTER, ASK, VERIFY = "/auth/register", "/auth/request-otp", "/auth/verify-otp"
HOW = "choose Pair a phone in the options of the wearer in Home Assistant"


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time before tokens are made."""
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
async def owner(home: HomeAssistant, loaded: MockConfigEntry, hass_client: Clients) -> Client:
    """Give the browser of the wearer's owner."""
    assert await async_setup_component(home, "config", {})
    return await hass_client()


@pytest.fixture
async def phone(owner: Client, hass_client_no_auth: Clients) -> Client:
    """Give a phone that knows the address and nothing else."""
    return await hass_client_no_auth()


async def later(home: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass, with what is planned for it."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(home)
    await home.async_block_till_done()


def notices(home: HomeAssistant) -> list[str]:
    """Read what Home Assistant shows to everybody."""
    return [one["message"] for one in _async_get_or_create_notifications(home).values()]


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
    # In debug mode, as in tests, asyncio itself shows the arguments of what takes long; and what
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


async def test_guessing_ends_after_five(
    home: HomeAssistant,
    owner: Client,
    phone: Client,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Asking again gives neither another code nor more tries; the right code is late then."""
    page = await open_pairing(owner, loaded.entry_id)
    code = code_of(page)
    for by in range(1, 6):
        assert await post(phone, ASK, {"email": EMAIL}) == (200, {"ok": True})
        assert await post(phone, REGISTER, {"email": EMAIL}) == (200, {"ok": True})
        [notice] = notices(home)
        assert code in notice
        assert await post(phone, VERIFY, {"email": EMAIL, "code": wrong(code, by)}) == (
            400,
            {"error": "Incorrect code"},
        )
    assert notices(home) == []
    freezer.tick(61)  # the address may try again
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert (status, answer["error"]) == (429, "Too many attempts")
    assert (await post(phone, ASK, {"email": EMAIL}))[0] == 429, "the address has failed again"
    freezer.tick(61)
    assert (await post(phone, ASK, {"email": EMAIL}))[0] == 404
    await home.async_block_till_done()
    done = await look(owner, page)
    assert (done["type"], done["reason"]) == ("abort", "pairing_used_up")
    freezer.tick(600)
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert (status, answer["error"]) == (400, "No pending code")
    code = code_of(await open_pairing(owner, loaded.entry_id))
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert status == 200


async def test_an_address_that_fails_is_slowed_down(
    owner: Client, phone: Client, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Five failures at once, then one a minute, wherever they were; good requests are free."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    for _ in range(10):
        assert (await post(phone, ASK, {"email": EMAIL}))[0] == 200
    for path, email in zip((ASK, REGISTER, VERIFY, ASK, VERIFY), "abcde", strict=True):
        status, _ = await post(phone, path, {"email": f"{email}@example.org", "code": "1"})
        assert status in {400, 403, 404}
    freezer.tick(20)
    for path in (ASK, REGISTER, VERIFY):
        answer = await phone.post(f"{BASE}{path}", json={"email": EMAIL, "code": code})
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "40"
        assert await answer.json() == {"error": "Too many attempts"}
    freezer.tick(40)
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert status == 200


def asked(address: str | None) -> web.Request:
    """Give a request from an address."""
    return make_mocked_request("POST", "/").clone(remote=address or "")


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
        (None, "nonsense", "192.0.2.1"),
    ],
)
def test_what_counts_as_one_address(
    address: str | None, same: str, other: str, freezer: FrozenDateTimeFactory
) -> None:
    """Of IPv6 the half that a home is given; all that cannot be told apart is one."""
    brake = Brake()
    for _ in range(5):
        brake.check(asked(address))
        brake.failed(asked(address))
    with pytest.raises(Refusal) as refusal:
        brake.check(asked(same))
    assert (refusal.value.status, refusal.value.retry_after) == (429, 60)
    brake.check(asked(other))


def test_all_addresses_together(freezer: FrozenDateTimeFactory) -> None:
    """A hundred failures at once, then one a second, from wherever."""
    brake = Brake()
    for number in range(100):
        brake.failed(asked(f"192.0.2.{number}"))
    with pytest.raises(Refusal) as refusal:
        brake.check(asked("198.51.100.1"))
    assert refusal.value.retry_after == 1
    freezer.tick(1)
    brake.check(asked("198.51.100.1"))


async def test_a_code_is_good_for_ten_minutes(
    home: HomeAssistant,
    owner: Client,
    phone: Client,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Then the notification goes, the page says so, and only who knows the code is told why."""
    page = await open_pairing(owner, loaded.entry_id)
    code = code_of(page)
    await later(home, freezer, 599)
    assert await post(phone, ASK, {"email": EMAIL}) == (200, {"ok": True})
    assert notices(home)
    assert (await look(owner, page))["type"] == "progress"
    await later(home, freezer, 2)
    assert notices(home) == []
    done = await look(owner, page)
    assert (done["type"], done["reason"]) == ("abort", "pairing_expired")
    assert (await post(phone, ASK, {"email": EMAIL}))[0] == 404
    body = {"email": EMAIL, "code": wrong(code)}
    assert (await post(phone, VERIFY, body))[1]["error"] == "No pending code"
    body = {"email": EMAIL, "code": code}
    assert (await post(phone, VERIFY, body))[1]["error"] == "Code expired"


async def test_a_new_pairing_ends_the_old(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """One a wearer: the older page says that it is closed, and its code is wrong."""
    old = await open_pairing(owner, loaded.entry_id)
    new = await open_pairing(owner, loaded.entry_id)
    await home.async_block_till_done()
    done = await look(owner, old)
    assert (done["type"], done["reason"]) == ("abort", "pairing_closed")
    if code_of(old) != code_of(new):
        status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code_of(old)})
        assert status == 400
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code_of(new)})
    assert status == 200


async def test_closing_the_page_closes_nothing(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """Whoever reads the code on the very phone has to leave the page."""
    page = await open_pairing(owner, loaded.entry_id)
    answer = await owner.delete(f"/api/config/config_entries/options/flow/{page['flow_id']}")
    assert answer.status == 200
    await home.async_block_till_done()
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code_of(page)})
    assert status == 200


async def test_a_reload_closes_no_pairing_and_a_restart_all(
    home: HomeAssistant,
    owner: Client,
    phone: Client,
    loaded: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """Nothing of a pairing is on disk."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    assert code not in str(hass_storage)
    assert await home.config_entries.async_reload(loaded.entry_id)
    assert await post(phone, ASK, {"email": EMAIL}) == (200, {"ok": True})
    async_setup_pairing(home)  # as the start does
    assert (await post(phone, VERIFY, {"email": EMAIL, "code": code}))[0] == 400


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


async def test_whom_the_pairing_was_for_is_gone(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """A user taken out since, or an entry removed: no account, and nothing is made."""
    page = await open_pairing(owner, loaded.entry_id)
    users = loaded.data["users"]
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "users": ["other"]})
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code_of(page)})
    assert (status, answer["error"]) == (404, "No account")
    await home.async_block_till_done()
    assert (await look(owner, page))["reason"] == "pairing_closed"
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "users": users})
    page = await open_pairing(owner, loaded.entry_id)
    await home.config_entries.async_remove(loaded.entry_id)
    status, answer = await post(phone, VERIFY, {"email": EMAIL, "code": code_of(page)})
    assert (status, answer["error"]) == (400, "No pending code")
    assert async_phone_book(home).async_of() == []


async def test_nobody_is_banned(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """Wrong codes and tokens of all kinds are no failed log-ins."""
    failures = count_failures(home)
    await open_pairing(owner, loaded.entry_id)
    await post(phone, VERIFY, {"email": EMAIL, "code": "x"})
    await post(phone, "/auth/refresh", {"refresh_token": "x"})
    await get(phone, "/profile", "a.b.c")
    assert not failures


# --- the pages in Home Assistant -------------------------------------------------


async def test_an_administrator_pairs_the_phone_of_a_wearers_user(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """The tokens are of the user who is chosen: nobody else can be, and whoever is not named is not."""
    zoe = await home.auth.async_create_user("Zoe", group_ids=[GROUP_ID_USER])
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "users": [zoe.id]})
    form = await step(owner, loaded.entry_id, "pair")
    email, whose = form["data_schema"]
    assert (email["name"], whose["name"], whose["default"]) == ("email", "user", zoe.id)
    assert [one["value"] for one in whose["selector"]["select"]["options"]] == [zoe.id]
    stranger = MockUser(name="Bob").add_to_hass(home)
    refused = await go_on(owner, form, {"email": EMAIL, "user": stranger.id})
    assert "errors" in refused
    page = await go_on(owner, form, {"email": EMAIL, "user": zoe.id})
    code = code_of(page)
    assert (await post(phone, VERIFY, {"email": EMAIL, "code": code}))[0] == 200
    [token] = zoe.refresh_tokens.values()
    assert token.client_name is not None
    assert token.client_name.startswith("OpenStrap phone")


async def test_a_wearer_whose_users_are_gone_pairs_no_phone(
    home: HomeAssistant, owner: Client, loaded: MockConfigEntry
) -> None:
    """There is nobody in whose name it could act."""
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "users": ["gone"]})
    page = await step(owner, loaded.entry_id, "pair")
    assert (page["type"], page["reason"]) == ("abort", "not_a_user")


async def test_a_flow_that_nobody_asked_for(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Started by code, there is no user whose phone it could be."""
    menu = await home.config_entries.options.async_init(loaded.entry_id)
    page = await home.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "pair"}
    )
    assert (page["type"], page["reason"]) == ("abort", "no_request")


async def test_the_form_of_the_e_mail(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """What is no e-mail is told; the last one is filled in; two wearers cannot share one."""
    form = await step(owner, loaded.entry_id, "pair")
    assert (form["type"], form["step_id"]) == ("form", "pair")
    form = await go_on(owner, form, {"email": "ada"})
    assert form["errors"] == {"email": "not_an_email"}
    page = await go_on(owner, form, {"email": EMAIL})
    assert page["type"] == "progress"
    other = MockConfigEntry(
        domain="openstrap", title="Bea", unique_id="bea", data=dict(loaded.data), options={}
    )
    other.add_to_hass(home)
    form = await step(owner, other.entry_id, "pair")
    form = await go_on(owner, form, {"email": EMAIL})
    assert form["errors"] == {"email": "email_taken"}
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code_of(page)})
    assert status == 200
    form = await step(owner, loaded.entry_id, "pair")
    [field] = form["data_schema"]
    assert field["description"] == {"suggested_value": EMAIL}
    form = await step(owner, other.entry_id, "pair")
    assert (await go_on(owner, form, {"email": EMAIL}))["type"] == "progress"


@pytest.mark.parametrize(
    ("external", "internal", "action", "url"),
    [
        ("https://ha.example.org", None, "waiting", "https://ha.example.org"),
        (None, "http://ha.local:8123", "waiting_home", "http://ha.local:8123"),
        (None, None, "waiting_unknown", ""),
    ],
)
async def test_the_address_to_type(
    home: HomeAssistant,
    *,
    owner: Client,
    loaded: MockConfigEntry,
    external: str | None,
    internal: str | None,
    action: str,
    url: str,
) -> None:
    """Of the internet if there is one, else at home with a warning, else none."""
    await home.config.async_update(external_url=external, internal_url=internal)
    home.config.api = None
    page = await open_pairing(owner, loaded.entry_id)
    assert page["progress_action"] == action
    assert page["description_placeholders"]["url"] == f"{url}{BASE}"


async def test_phones_are_listed_and_let_go(
    home: HomeAssistant, owner: Client, phone: Client, loaded: MockConfigEntry
) -> None:
    """None, then two; the one that is chosen gets 401 from then on, the other stays."""
    page = await step(owner, loaded.entry_id, "phones")
    assert (page["type"], page["reason"]) == ("abort", "no_phones")
    first = await sign_in(owner, phone, loaded.entry_id)
    second = await sign_in(owner, phone, loaded.entry_id, "bob@example.org")
    form = await step(owner, loaded.entry_id, "phones")
    [field] = form["data_schema"]
    options = field["selector"]["select"]["options"]
    assert [one["label"] for one in options] == [
        "OpenStrap phone: Ada (1), 2026-01-15",
        "OpenStrap phone: Ada (2), 2026-01-15",
    ]
    page = await go_on(owner, form, {"phones": []})
    assert (page["type"], page["reason"]) == ("abort", "phones_kept")
    form = await step(owner, loaded.entry_id, "phones")
    page = await go_on(owner, form, {"phones": [options[0]["value"]]})
    assert (page["type"], page["reason"]) == ("abort", "phones_revoked")
    assert (await get(phone, "/profile", first.access))[0] == 401
    assert (await post(phone, "/auth/refresh", {"refresh_token": first.refresh}))[0] == 401
    assert (await get(phone, "/profile", second.access))[0] == 200
    assert home.auth.async_get_refresh_token(options[0]["value"]) is None
    counts = await loaded.runtime_data.worker.async_run(WearerStore.stats)
    assert counts["frames"] == 0
