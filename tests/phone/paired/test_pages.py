"""The pages in Home Assistant on which phones are paired and let go."""

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap.store import WearerStore

from ..clients import BASE, Client
from ..signing import EMAIL, REFRESH, VERIFY, code_of, get, go_on, open_pairing, post, sign_in, step

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


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
    assert (await post(phone, REFRESH, {"refresh_token": first.refresh}))[0] == 401
    assert (await get(phone, "/profile", second.access))[0] == 200
    assert home.auth.async_get_refresh_token(options[0]["value"]) is None
    counts = await loaded.runtime_data.worker.async_run(WearerStore.stats)
    assert counts["frames"] == 0
