"""A phone that signs in with a code, and the browser of whoever owns the wearer."""

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..clients import Client, Clients
from ..signing import Tokens, sign_in


@pytest.fixture
async def owner(
    afternoon: None, home: HomeAssistant, loaded: MockConfigEntry, hass_client: Clients
) -> Client:
    """Give the browser of the wearer's owner."""
    assert await async_setup_component(home, "config", {})
    return await hass_client()


@pytest.fixture
async def phone(owner: Client, hass_client_no_auth: Clients) -> Client:
    """Give a phone that knows the address and nothing else."""
    return await hass_client_no_auth()


@pytest.fixture
async def tokens(owner: Client, phone: Client, loaded: MockConfigEntry) -> Tokens:
    """Pair the phone."""
    return await sign_in(owner, phone, loaded.entry_id)
