"""What ends a pairing, and what does not."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap.phone.pairing import async_setup_pairing
from custom_components.openstrap.phone.phone_book import async_phone_book

from ..clients import Client
from ..signing import ASK, EMAIL, VERIFY, code_of, look, notices, open_pairing, post, wrong

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


async def later(home: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass, with what is planned for it."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(home)
    await home.async_block_till_done()


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
