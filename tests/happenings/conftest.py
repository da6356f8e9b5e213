"""Fixtures of what is told of a wearer."""

from collections.abc import AsyncGenerator
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.happenings import Happening

from .looks import settle


@pytest.fixture
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, and live by UTC."""
    await hass.config.async_update(time_zone="UTC")
    freezer.move_to("2026-01-15T09:00:00Z")


@pytest.fixture
async def still(
    morning: None, home: HomeAssistant, coordinator: OpenStrapCoordinator
) -> AsyncGenerator[None]:
    """Let no day be computed, so that results made by hand stay; what began has ended.

    Another time zone lets everybody look again, so that comes first.
    """
    with (
        patch.object(coordinator.sweeper, "async_sweep"),
        patch.object(coordinator.sweeper, "async_backstop"),
    ):
        await settle(home)
        yield


@pytest.fixture
def heard(coordinator: OpenStrapCoordinator) -> list[Happening]:
    """Note what is told."""
    told: list[Happening] = []
    coordinator.happenings.async_listen(told.append)
    return told
