"""Guessing the code that Home Assistant shows, over real HTTP."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.auth_views import Brake
from custom_components.openstrap.phone.refusal import Refusal

from ..clients import BASE, Client
from ..signing import (
    ASK,
    EMAIL,
    REGISTER,
    VERIFY,
    asked,
    code_of,
    look,
    notices,
    open_pairing,
    post,
    wrong,
)

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


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
