"""System health: how wearers are doing, in counts."""

from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.const import DOMAIN
from custom_components.openstrap.store import StoreError, WearerStore
from custom_components.openstrap.system_health import async_register

from .fake_link import ADDRESS, FakeLink
from .frames import inners, minute

NOW = 1_768_489_200


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time."""
    freezer.move_to("2026-01-15T15:00:00Z")


async def info(home: HomeAssistant) -> dict[str, Any]:
    """Ask as System health does."""
    registration = SystemHealthRegistration(home, "openstrap")
    async_register(home, registration)
    assert registration.info_callback is not None
    found: dict[str, Any] = await registration.info_callback(home)
    return found


async def test_a_wearer_with_records(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Counts of what is there; the day of the records waits."""
    await loaded.runtime_data.async_ingest(inners(minute(NOW - 3 * 3600)))
    found = await info(home)
    assert 0 < found.pop("stored_mb") < 10
    assert found == {
        "wearers": 1,
        "wearers_loaded": 1,
        "bands": 0,
        "bands_connected": 0,
        "phones": 0,
        "hours_since_last_record": 3,
        "waiting_days": 1,
        "failing_days": 0,
    }


async def test_a_band_that_was_ignored_is_no_wearer(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Home Assistant keeps an entry of it, so as not to offer it again."""
    MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE, unique_id=ADDRESS).add_to_hass(home)
    assert (await info(home))["wearers"] == 1


@pytest.mark.full
async def test_a_band(home: HomeAssistant, link: FakeLink) -> None:
    """Connected or not; nothing has come from it yet."""
    found = await info(home)
    assert (found["bands"], found["bands_connected"]) == (1, 0)
    assert found["hours_since_last_record"] == "unknown"
    link.show(connected=True)
    assert (await info(home))["bands_connected"] == 1


@pytest.mark.full
async def test_without_a_file_or_a_wearer(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Said with zeros, never a failure."""
    with patch.object(WearerStore, "stats", side_effect=StoreError("io_error")):
        assert (await info(home))["stored_mb"] == 0
    await home.config_entries.async_unload(loaded.entry_id)
    found = await info(home)
    assert (found["wearers"], found["wearers_loaded"], found["waiting_days"]) == (1, 0, 0)
