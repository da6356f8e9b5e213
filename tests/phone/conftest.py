"""Fixtures of the phone's tests.

A token is not valid before the moment at which it was made: what holds the time comes first.
"""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.day_result import DayResult

from ..actions import Ask, Store
from ..stored_days import store_days
from .both_sides import NOON_TEXT, BothSides
from .clients import BASE, Client, Clients
from .reads import Get, Keep


@pytest.fixture
async def berlin(hass: HomeAssistant) -> None:
    """Live in Berlin."""
    await hass.config.async_set_time_zone("Europe/Berlin")


@pytest.fixture
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at four in the afternoon of a winter's day in Berlin."""
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
def noon(berlin: None, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at noon of a summer's day in Berlin."""
    freezer.move_to(NOON_TEXT)


@pytest.fixture
async def phone(loaded: MockConfigEntry, hass_client: Clients) -> Client:
    """Give a phone with the admin's token, and a wearer that names the admin."""
    return await hass_client()


@pytest.fixture
async def sides(
    noon: None,
    *,
    home: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    hass_client: Clients,
) -> BothSides:
    """Give both sides of a wearer, at noon in Berlin."""
    run: Store = loaded.runtime_data.worker.async_run
    return BothSides(home, loaded, await hass_client(), Ask(home), run, freezer)


@pytest.fixture
async def get(phone: Client) -> Get:
    """Ask a route; its answer, of status 200 unless another is expected."""

    async def ask(path: str, expect: int = 200, **query: Any) -> Any:
        query = {name.rstrip("_"): str(value) for name, value in query.items()}
        reply = await phone.get(f"{BASE}{path}", params=query)
        assert reply.status == expect, await reply.text()
        return await reply.json()

    return ask


@pytest.fixture
def keep(loaded: MockConfigEntry) -> Keep:
    """Store made-up days for the wearer."""

    async def store(days: list[DayResult]) -> None:
        await loaded.runtime_data.worker.async_run(store_days, days)

    return store
