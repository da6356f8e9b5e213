"""Fixtures of the history's tests."""

from collections.abc import Iterator
import logging
from unittest.mock import MagicMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import statistics_book

from .history import BERLIN, settle


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time in the afternoon of a day, and keep the recorder from telling its every word."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    freezer.move_to("2026-06-20T13:00:00Z")


@pytest.fixture
async def wearer_kept(
    recorder_mock: Recorder, home: HomeAssistant, wearer: MockConfigEntry
) -> MockConfigEntry:
    """Give a wearer beside a recorder, in Berlin; not yet set up."""
    await home.config.async_update(time_zone=BERLIN)
    return wearer


@pytest.fixture
async def kept(wearer_kept: MockConfigEntry, home: HomeAssistant) -> MockConfigEntry:
    """Give the wearer, set up."""
    assert await home.config_entries.async_setup(wearer_kept.entry_id)
    await settle(home)
    return wearer_kept


@pytest.fixture
def written() -> Iterator[MagicMock]:
    """Watch what the recorder is given."""
    with patch.object(
        statistics_book, "async_add_external_statistics", wraps=async_add_external_statistics
    ) as watched:
        yield watched
