"""A stranger who asks for a code as the phone does, over real HTTP."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..clients import Client
from ..signing import ASK, EMAIL, REGISTER, VERIFY, code_of, open_pairing, post

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("afternoon")]

STRANGER = (REGISTER, {"email": EMAIL, "weight_kg": 150, "sex": "m"})
NEW = (REGISTER, {"email": EMAIL, "weight_kg": 61, "sex": "f"})
KNOWN = (ASK, {"email": EMAIL})


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ([NEW], {"weight_kg": 61, "sex": "f"}),
        ([NEW, NEW], {"weight_kg": 61, "sex": "f"}),
        ([KNOWN], {}),
        ([KNOWN, STRANGER], {}),
        ([STRANGER, KNOWN], {}),
        ([NEW, STRANGER], {}),
        ([STRANGER, NEW], {}),
        ([NEW, STRANGER, NEW], {}),
    ],
)
async def test_a_stranger_slips_nothing_in(
    owner: Client,
    phone: Client,
    loaded: MockConfigEntry,
    asked: list[tuple[str, dict[str, object]]],
    kept: dict[str, object],
) -> None:
    """What is told of the wearer before the code counts where nobody told anything else."""
    code = code_of(await open_pairing(owner, loaded.entry_id))
    for path, body in asked:
        assert await post(phone, path, body) == (200, {"ok": True})
    status, _ = await post(phone, VERIFY, {"email": EMAIL, "code": code})
    assert status == 200
    assert loaded.options == {"birth_year": 1990, **kept}
