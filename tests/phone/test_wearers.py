"""Whose data a push is."""

from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.openstrap.phone.caller import Caller
from custom_components.openstrap.phone.refusal import Refusal
from custom_components.openstrap.phone.wearers import (
    ANONYMOUS_DEVICE,
    MAX_DEVICES,
    async_claim,
    async_find_wearer,
)

pytestmark = pytest.mark.full


@pytest.fixture
def second_user(home: HomeAssistant) -> User:
    """Give somebody else."""
    user: User = MockUser(name="Bob").add_to_hass(home)
    return user


async def add(home: HomeAssistant, title: str, users: list[User], **data: Any) -> MockConfigEntry:
    """Add and set up one more wearer."""
    entry = MockConfigEntry(
        domain="openstrap",
        title=title,
        unique_id=title,
        data={
            "kind": "phone",
            "users": [user.id for user in users],
            "devices": [],
            **data,
        },
    )
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    return entry


def refused(home: HomeAssistant, user: User, device: str) -> HTTPStatus:
    """Tell how a push is refused."""
    with pytest.raises(Refusal) as refusal:
        async_find_wearer(home, Caller(user), device)
    return refusal.value.status


async def test_the_only_wearer_claims_a_new_device_without_a_reload(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """The claim is kept with the entry, once."""
    coordinator = loaded.runtime_data
    for device in ("4A01", "4A01", "4A02"):
        assert async_find_wearer(home, Caller(hass_admin_user), device) is coordinator
        async_claim(coordinator, device)
        await home.async_block_till_done()
    assert loaded.data["devices"] == ["4A01", "4A02"]
    assert loaded.runtime_data is coordinator


async def test_a_stream_of_new_names_is_not_remembered(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """Its frames are taken in all the same: whose they are is plain."""
    for number in range(MAX_DEVICES + 5):
        async_claim(loaded.runtime_data, f"4A{number:04}")
    assert len(loaded.data["devices"]) == MAX_DEVICES
    assert async_find_wearer(home, Caller(hass_admin_user), "4A9999") is loaded.runtime_data


async def test_the_id_of_a_removed_wearer_is_nobodys(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """A phone that still pushes for them must not fill somebody else's nights."""
    gone = await add(home, "Gone", [hass_admin_user])
    await home.config_entries.async_remove(gone.entry_id)
    assert refused(home, hass_admin_user, gone.entry_id) is HTTPStatus.NOT_FOUND


async def test_the_id_of_the_wearer_is_a_device_of_its_own(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """It works with several wearers too, and is not claimed."""
    other = await add(home, "Other", [hass_admin_user])
    for entry in (loaded, other):
        found = async_find_wearer(home, Caller(hass_admin_user), entry.entry_id)
        assert found is entry.runtime_data
        async_claim(found, entry.entry_id)
        assert entry.data["devices"] == []


async def test_with_several_wearers_an_unknown_device_is_nobodys(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """A claimed one still finds its wearer."""
    async_claim(loaded.runtime_data, "4A01")
    await add(home, "Other", [hass_admin_user])
    assert async_find_wearer(home, Caller(hass_admin_user), "4A01") is loaded.runtime_data
    assert refused(home, hass_admin_user, "4A02") is HTTPStatus.NOT_FOUND


async def test_a_device_of_somebody_else_is_not_taken_over(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User, second_user: User
) -> None:
    """Neither a claimed device nor the wearer's id opens another person's wearer."""
    bobs = await add(home, "Bob", [second_user])
    async_claim(loaded.runtime_data, "4A01")
    assert refused(home, second_user, "4A01") is HTTPStatus.NOT_FOUND
    assert refused(home, second_user, loaded.entry_id) is HTTPStatus.NOT_FOUND
    assert bobs.data["devices"] == []


async def test_a_phone_that_does_not_know_its_band_claims_nothing(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User, second_user: User
) -> None:
    """Every phone says the same then, so each user's only wearer takes it."""
    bobs = await add(home, "Bob", [second_user])
    for user, entry in ((hass_admin_user, loaded), (second_user, bobs)):
        assert async_find_wearer(home, Caller(user), ANONYMOUS_DEVICE) is entry.runtime_data
        async_claim(entry.runtime_data, ANONYMOUS_DEVICE)
        assert entry.data["devices"] == []


async def test_a_user_whom_no_wearer_names_reaches_nobody(
    home: HomeAssistant, loaded: MockConfigEntry, second_user: User
) -> None:
    """Being able to log in is not enough."""
    assert refused(home, second_user, "4A01") is HTTPStatus.NOT_FOUND


async def test_the_demo_wearer_takes_no_phone(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """It does not count as a second wearer either, and has no id to push to."""
    with patch("custom_components.openstrap.demo_link.DemoLink.async_feed"):
        demo = await add(home, "Demo", [hass_admin_user], kind="demo")
    assert async_find_wearer(home, Caller(hass_admin_user), "4A01") is loaded.runtime_data
    assert refused(home, hass_admin_user, demo.entry_id) is HTTPStatus.NOT_FOUND


async def test_an_ignored_band_is_no_wearer(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """Entries of the ignore button hold nothing of ours."""
    MockConfigEntry(domain="openstrap", source="ignore", data={}).add_to_hass(home)
    assert async_find_wearer(home, Caller(hass_admin_user), "4A01") is loaded.runtime_data


async def test_a_wearer_that_is_down_keeps_its_phone_waiting(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: User
) -> None:
    """Not gone, only not ready; and nothing is claimed meanwhile."""
    await home.config_entries.async_unload(loaded.entry_id)
    assert refused(home, hass_admin_user, "4A01") is HTTPStatus.SERVICE_UNAVAILABLE
    assert loaded.data["devices"] == []
