"""What a bug report contains, and above all what it does not."""

from datetime import date
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.diagnostics import async_get_config_entry_diagnostics
from custom_components.openstrap.engine.catalog import CATALOG

from .frames import night


def numbers(tree: Any) -> set[float]:
    """Collect all numbers and texts that look like one."""
    if isinstance(tree, dict):
        return set().union(*(numbers(value) for value in tree.values()))
    if isinstance(tree, list):
        return set().union(*(numbers(value) for value in tree))
    if isinstance(tree, bool) or not isinstance(tree, int | float):
        return set()
    return {float(tree)}


@pytest.mark.full
async def test_counts_and_no_readings(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Sizes, settings and reasons; no value, name, id, device, or time of the wearer."""
    freezer.move_to("2026-01-15T15:00:00Z")
    home.config_entries.async_update_entry(loaded, data={**loaded.data, "devices": ["4A0123456"]})
    coordinator = loaded.runtime_data
    await coordinator.async_ingest(night(date(2026, 1, 15)))
    await coordinator.async_ingest_hex(["xx"])
    await coordinator.sweeper.async_sweep()
    found = await async_get_config_entry_diagnostics(home, loaded)
    text = json.dumps(found)
    assert found["entry"] == {
        "kind": "phone",
        "users": 1,
        "devices": 1,
        "profile": {
            "birth_year": True,
            "sex": False,
            "height_cm": False,
            "weight_kg": False,
            "hr_max_bpm": False,
        },
        "options": {},
    }
    assert found["since_start"]["rejected"] == {"not_hex": 1}
    assert found["since_start"]["received"] == len(night(date(2026, 1, 15))) + 1
    assert found["read_only"] is False
    assert found["strap"] is None
    assert set(found["metrics"]["night"]) == set(CATALOG)
    assert found["metrics"]["night"]["rmssd_ms"] == "present"
    for secret in ("Ada", "1990", "4A0123456", loaded.entry_id, *loaded.data["users"], "2026"):
        assert secret not in text, secret
    night_shown = coordinator.data.nights.night
    assert night_shown is not None
    # Whole numbers may be the same as a size by chance; those with a fraction are the wearer's.
    values = {
        metric.value
        for metric in night_shown.result.metrics.values()
        if metric.value is not None and metric.value % 1
    }
    assert values
    assert not values & numbers(found)


async def test_before_anything_came(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """An empty wearer has diagnostics too."""
    found = await async_get_config_entry_diagnostics(home, loaded)
    assert found["metrics"] == {"day": {}, "night": {}}
    assert found["since_start"] == {"received": 0, "rejected": {}, "failing_days": 0}
