"""Fixtures of the blueprints' tests."""

from collections.abc import Iterator
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from . import shelf


@pytest.fixture(autouse=True)
def shown_by_the_test() -> Iterator[None]:
    """Leave the wearer's present to the test: nobody judges it anew while time passes."""
    with patch("custom_components.openstrap.LiveWatch.async_start", return_value=lambda: None):
        yield


@pytest.fixture(autouse=True)
async def late_evening(home: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, and lay the blueprints out."""
    freezer.move_to(f"{shelf.TODAY}T22:30:00Z")
    await home.config.async_update(time_zone="UTC")
    await shelf.lay_out(home)


@pytest.fixture
async def morning(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, late_evening: None
) -> FrozenDateTimeFactory:
    """Hold the time in the morning."""
    freezer.move_to(f"{shelf.TODAY}T06:30:00Z")
    return freezer


@pytest.fixture
def acted(home: HomeAssistant) -> list[ServiceCall]:
    """Give the calls of what a user would want done."""
    calls: list[ServiceCall] = async_mock_service(home, "test", "act")
    return calls


@pytest.fixture
async def bob(
    home: HomeAssistant, hass_admin_user: User, loaded: MockConfigEntry
) -> MockConfigEntry:
    """Give a second wearer."""
    entry = MockConfigEntry(
        domain="openstrap",
        title="Bob",
        unique_id="fedcba9876543210",
        data={"kind": "phone", "users": [hass_admin_user.id], "devices": []},
    )
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    return entry
