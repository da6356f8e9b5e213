"""What a bug report contains, and above all what it does not."""

from datetime import date, time
import json
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.diagnostics import async_get_config_entry_diagnostics
from custom_components.openstrap.engine.catalog import CATALOG
from custom_components.openstrap.engine.day import ALGORITHM_VERSION
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.store import DayRow, StoreError, WearerStore
from custom_components.openstrap.strap_view import AlarmView, LiveReading
from custom_components.openstrap.sweep_view import SweepPhase

from .fake_link import ADDRESS, FakeLink
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
        "state": "loaded",
        "kind": "phone",
        "users": 1,
        "devices": 1,
        "phones": 0,
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
    assert found["recorder"] is False
    assert found["analysis"].keys() == {
        "phase",
        "days_waiting",
        "succeeded",
        "last_duration_s",
        "last_error",
    }
    assert found["analysis"]["phase"] in set(SweepPhase)
    assert (found["analysis"]["days_waiting"], found["analysis"]["last_error"]) == (0, None)
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


PLANTED = {
    "address": ADDRESS,
    "serial": "4A7777123",
    "name": "Zaphod",
    "user": "f00dfeedf00dfeedf00dfeedf00dfeed",
    "device": "my-own-phone-42",
    "slug": "zaphod_b",
    "alarm": "05:55",
}


async def test_nothing_that_was_planted_comes_out(
    home: HomeAssistant,
    banded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Every metric, option and fact of the band has a value that can be looked for."""
    freezer.move_to("2026-01-15T15:00:00Z")
    home.config_entries.async_update_entry(
        banded,
        title=PLANTED["name"],
        data=banded.data
        | {
            "users": [PLANTED["user"]],
            "devices": [PLANTED["device"]],
            "serial": PLANTED["serial"],
            "slug": PLANTED["slug"],
        },
        options={
            "birth_year": 1971,
            "sex": "f",
            "height_cm": 171.375,
            "weight_kg": 71.625,
            "hr_max_bpm": 187,
            "step_goal": 7919,
            "sleep_need_min": 487.5,
            "night_start": "21:43:00",
            "night_end": "06:17:00",
            "raw_days": 21,
        },
    )
    planted = {key: 1000.0 + index + 0.1234 for index, key in enumerate(CATALOG)}
    details = {"naps": [[1_768_480_123.4, 1_768_483_321.4, 2999.4, 0.4321]]}
    result = DayResult(
        date(2026, 1, 15),
        "Europe/Berlin",
        ALGORITHM_VERSION,
        {
            key: spec.measured(planted[key], 0.8642, (), note="need_input:name=sex,have=0,need=1")
            if index % 2
            else spec.absent(f"need_baseline:have={planted[key]}")
            for index, (key, spec) in enumerate(CATALOG.items())
        },
        details=details,
    )
    row = DayRow(result.day, result.timezone, ALGORITHM_VERSION, True, 77_777, result.to_dict())
    with (
        patch("custom_components.openstrap.StrapLink", FakeLink),
        patch.multiple(FakeLink, create=True, sessions=3, faults={"lost": 2}),
    ):
        assert await home.config_entries.async_setup(banded.entry_id)
        await home.async_block_till_done()
        coordinator = banded.runtime_data
        coordinator.strap.show(
            serial=PLANTED["serial"],
            battery_percent=73.5,
            live=LiveReading(133, 1_768_489_111.5, True),
            last_sync_ts=1_768_488_222.5,
            alarm=AlarmView(wanted=time(5, 55)),
        )
        await coordinator.worker.async_run(WearerStore.save_day, row)
        await coordinator.async_load()
        found = await async_get_config_entry_diagnostics(home, banded)
        assert await home.config_entries.async_unload(banded.entry_id)
    text = json.dumps(found)
    assert found["metrics"]["day"]["rmssd_ms"] in {"present", "need_baseline"}
    assert found["strap"]["sessions"] == 3
    assert found["entry"]["options"] == {
        "step_goal": "set",
        "sleep_need_min": "set",
        "night_start": "set",
        "night_end": "set",
        "raw_days": 21,
    }
    for what, secret in PLANTED.items():
        assert secret.lower() not in text.lower(), what
    for number in (*planted.values(), 171.375, 71.625, 487.5, 73.5, 0.8642, 0.4321, 2999.4):
        assert str(number) not in text, number
    for number in (1971, 187, 7919, 133, 1768480, 1768483, 1768488, 1768489, 77777):
        assert str(number) not in text, number
    for words in ("21:43", "06:17", "Berlin", "2026-01"):
        assert words not in text


async def test_before_anything_came(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """An empty wearer has diagnostics too."""
    found = await async_get_config_entry_diagnostics(home, loaded)
    assert found["metrics"] == {"day": {}, "night": {}}
    assert found["since_start"] == {"received": 0, "rejected": {}, "failing_days": 0}


async def test_of_a_wearer_in_trouble(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Whose file cannot be read, or who does not come up: that is when they are asked for."""
    with patch.object(WearerStore, "stats", side_effect=StoreError("disk_full", "no room")):
        found = await async_get_config_entry_diagnostics(home, loaded)
    assert found["store"] == {"unreadable": "disk_full"}
    assert found["since_start"]["received"] == 0
    await loaded.runtime_data.worker.async_close()
    found = await async_get_config_entry_diagnostics(home, loaded)
    assert found["store"] == {"unreadable": "closed"}
    assert await home.config_entries.async_unload(loaded.entry_id)
    found = await async_get_config_entry_diagnostics(home, loaded)
    assert found["entry"]["state"] == "not_loaded"
    assert found.keys() == {"entry", "algorithm", "recorder"}
