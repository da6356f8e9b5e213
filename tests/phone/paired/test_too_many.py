"""What is said to who has guessed too often, and who is held for the same."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.phone.auth_views import Brake
from custom_components.openstrap.phone.refusal import Refusal

from ..clients import BASE, Client
from ..signing import EMAIL, VERIFY, asked, code_of, open_pairing, post, wrong

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]


async def test_a_used_up_pairing_says_how_long_it_stays_so(
    owner: Client, phone: Client, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Also to an address that may ask again."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    for by in range(1, 6):
        await post(phone, VERIFY, {"email": EMAIL, "code": wrong(code, by)})
    freezer.tick(100)
    answer = await phone.post(f"{BASE}{VERIFY}", json={"email": EMAIL, "code": code})
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "500"
    told = await answer.json()
    assert told["error"] == "Too many attempts"
    assert "Pair a phone" in told["reason"]


def test_an_address_of_ipv4_is_one_however_it_is_written() -> None:
    """They would all be one home otherwise: one who fails would lock everybody out."""
    brake = Brake()
    for _ in range(5):
        brake.failed(asked("::ffff:192.0.2.1"))
    with pytest.raises(Refusal):
        brake.check(asked("192.0.2.1"))
    brake.check(asked("::ffff:192.0.2.2"))
