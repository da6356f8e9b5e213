"""Fixtures of the sweeper's tests."""

from collections.abc import Iterator
from unittest.mock import MagicMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import analysis
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.engine.day import derive_day


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time on the day whose night is used."""
    freezer.move_to("2026-01-15T15:00:00Z")


@pytest.fixture
def computed() -> Iterator[MagicMock]:
    """Watch the days that are computed."""
    with patch.object(analysis, "derive_day", wraps=derive_day) as watched:
        yield watched


@pytest.fixture
async def coordinator(home: HomeAssistant, loaded: MockConfigEntry) -> OpenStrapCoordinator:
    """Give the wearer at run time, living by UTC."""
    await home.config.async_update(time_zone="UTC")
    await home.async_block_till_done(wait_background_tasks=True)
    wearer: OpenStrapCoordinator = loaded.runtime_data
    return wearer
