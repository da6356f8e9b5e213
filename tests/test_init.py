"""A wearer comes up, goes down, and is removed."""

from collections.abc import Callable, Coroutine
from datetime import date
import sqlite3
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import analysis, database_path
from custom_components.openstrap.app_banner import Banner, async_banner, async_set_banner
from custom_components.openstrap.const import DOMAIN
from custom_components.openstrap.coordinator import IngestRefused
from custom_components.openstrap.engine.day import derive_day
from custom_components.openstrap.store import StoreDamaged, StoreError
from custom_components.openstrap.store.schema import STEPS

from .frames import hexed, inners, minute, night

DAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def afternoon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time on the day whose night is used."""
    freezer.move_to("2026-01-15T15:00:00Z")


def states(home: HomeAssistant) -> dict[str, tuple[str, dict[str, Any]]]:
    """Give what all sensors show, but for what the analysis is at just now."""
    return {
        state.entity_id: (state.state, dict(state.attributes))
        for state in home.states.async_all("sensor")
        if state.entity_id != "sensor.ada_analysis"
    }


def worker_threads() -> list[threading.Thread]:
    """Find the threads of wearers."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("openstrap")]


async def feed_a_night(wearer: MockConfigEntry) -> None:
    """Let a night in and have it computed."""
    await wearer.runtime_data.async_ingest(night(DAY))
    await wearer.runtime_data.sweeper.async_sweep()


@pytest.mark.full
async def test_numbers_survive_a_restart_without_being_computed_again(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What was shown before a reload is shown after it, from disk."""
    with patch.object(analysis, "derive_day", wraps=derive_day) as computed:
        await feed_a_night(loaded)
        await home.async_block_till_done()
        before = states(home)
        assert computed.call_count == 2, "the evening's day and the night's"
        assert before["sensor.ada_rest_onset"][0].startswith("2026-01-1")
        assert float(before["sensor.ada_nightly_hrv"][0]) > 0
        assert await home.config_entries.async_reload(loaded.entry_id)
        await home.async_block_till_done(wait_background_tasks=True)
        assert states(home) == before
        assert computed.call_count == 2


async def test_unloading_ends_the_thread_and_closes_the_file(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Nothing is left that could still write; sensors are unavailable."""
    path = database_path(home, loaded)
    assert len(worker_threads()) == 1
    await loaded.runtime_data.async_ingest(inners(minute(1_768_480_000)))
    assert path.with_name(path.name + "-wal").exists()
    coordinator = loaded.runtime_data
    assert await home.config_entries.async_unload(loaded.entry_id)
    assert worker_threads() == []
    assert path.exists()
    assert not path.with_name(path.name + "-wal").exists()
    assert {state for state, _ in states(home).values()} == {"unavailable"}
    with pytest.raises(IngestRefused) as refused:
        await coordinator.async_ingest(inners(minute(1_768_480_000)))
    assert refused.value.translation_key == "wearer_not_ready"


@pytest.mark.full
async def test_unloading_in_the_middle_of_a_sweep(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The day at hand is finished or not, and nothing is broken after coming up again."""
    await loaded.runtime_data.async_ingest(night(DAY))
    freezer.tick(31)
    async_fire_time_changed(home)
    assert await home.config_entries.async_reload(loaded.entry_id)
    await loaded.runtime_data.sweeper.async_sweep()
    assert float(states(home)["sensor.ada_nightly_hrv"][0]) > 0


async def test_removing_deletes_everything(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Data of a person who left do not stay behind, damaged files neither.

    That a band of somebody else was ignored makes nobody stay.
    """
    MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE, unique_id="band").add_to_hass(home)
    path = database_path(home, loaded)
    other = path.with_name("somebody.db")
    other.touch()
    aside = path.with_name(f"{path.name}.damaged-1")
    aside.touch()
    await loaded.runtime_data.async_ingest(inners(minute(1_768_480_000)))
    await async_set_banner(home, Banner("Moving tonight"))
    await home.config_entries.async_remove(loaded.entry_id)
    assert list(path.parent.iterdir()) == [other]
    assert await async_banner(home) is None


@pytest.mark.full
async def test_a_file_from_a_newer_version_is_shown_and_not_touched(
    home: HomeAssistant, loaded: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    """Stored days are there, frames stay with their sender, and an issue says why."""
    await feed_a_night(loaded)
    await home.async_block_till_done()
    before = states(home)
    await home.config_entries.async_unload(loaded.entry_id)
    path = database_path(home, loaded)
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA user_version = 99")
    conn.close()
    content = path.read_bytes()
    assert await home.config_entries.async_setup(loaded.entry_id)
    await home.async_block_till_done()
    assert states(home) == before
    issue = issue_registry.async_get_issue(DOMAIN, f"database_too_new_{loaded.entry_id}")
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Ada"}
    with pytest.raises(IngestRefused, match="newer version") as refused:
        await loaded.runtime_data.async_ingest_hex(hexed(minute(1_768_480_000)))
    assert refused.value.retry_after == 3600
    await home.config_entries.async_unload(loaded.entry_id)
    assert path.read_bytes() == content

    with sqlite3.connect(path) as conn:
        conn.execute(f"PRAGMA user_version = {len(STEPS)}")
    conn.close()
    assert await home.config_entries.async_setup(loaded.entry_id)
    assert not issue_registry.issues
    report = await loaded.runtime_data.async_ingest_hex(hexed(minute(1_768_480_000)))
    assert report.new == 60


async def test_a_newer_file_that_cannot_be_read_at_all(
    home: HomeAssistant, wearer: MockConfigEntry
) -> None:
    """Tables of a later version may look different: tried again, never a crash."""
    path = database_path(home, wearer)
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA user_version = 99")
    conn.close()
    assert not await home.config_entries.async_setup(wearer.entry_id)
    assert wearer.state is ConfigEntryState.SETUP_RETRY
    assert wearer.error_reason_translation_key == "store_failed"
    assert worker_threads() == []


async def test_a_damaged_file_is_set_aside_and_told(
    home: HomeAssistant,
    wearer: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    hass_client: Callable[..., Coroutine[Any, Any, Any]],
) -> None:
    """A fresh one is in use; the message stays until somebody has read it."""
    path = database_path(home, wearer)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"This is no database." * 500)
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.async_block_till_done()
    issue_id = f"database_damaged_{wearer.entry_id}"
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.is_persistent
    assert issue.translation_placeholders is not None
    aside = path.with_name(issue.translation_placeholders["file"])
    assert aside.read_bytes() == b"This is no database." * 500
    report = await wearer.runtime_data.async_ingest(inners(minute(1_768_480_000)))
    assert report.new == 60

    assert await async_setup_component(home, "repairs", {})
    await home.async_block_till_done()
    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    step = await answer.json()
    assert step["step_id"] == "confirm"
    assert step["description_placeholders"] == {"name": "Ada", "file": aside.name}
    answer = await client.post(f"/api/repairs/issues/fix/{step['flow_id']}", json={})
    assert (await answer.json())["type"] == "create_entry"
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    assert aside.exists()


@pytest.mark.full
async def test_a_file_found_damaged_while_in_use_is_opened_again(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Closing and opening is what sets it aside; the phone keeps its rows meanwhile."""
    coordinator = loaded.runtime_data
    with (
        patch(
            "custom_components.openstrap.coordinator.ingest_hex", side_effect=StoreDamaged("bits")
        ),
        pytest.raises(IngestRefused),
    ):
        await coordinator.async_ingest_hex(["2f"])
    await home.async_block_till_done(wait_background_tasks=True)
    assert loaded.state is ConfigEntryState.LOADED
    assert loaded.runtime_data is not coordinator


async def test_a_file_that_is_damaged_beyond_opening_makes_no_loop(
    home: HomeAssistant, wearer: MockConfigEntry
) -> None:
    """Coming up fails once and is tried again later; it does not spin."""
    with (
        patch(
            "custom_components.openstrap.coordinator.load_nights", side_effect=StoreDamaged("bits")
        ) as tried,
    ):
        assert not await home.config_entries.async_setup(wearer.entry_id)
        await home.async_block_till_done(wait_background_tasks=True)
    assert tried.call_count == 1
    assert wearer.state is ConfigEntryState.SETUP_RETRY
    assert worker_threads() == []


async def test_a_folder_that_cannot_be_used(home: HomeAssistant, wearer: MockConfigEntry) -> None:
    """Tried again later, and no thread is left."""
    folder = database_path(home, wearer).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()
    assert not await home.config_entries.async_setup(wearer.entry_id)
    assert wearer.state is ConfigEntryState.SETUP_RETRY
    assert worker_threads() == []


async def test_stopping_home_assistant_closes_the_file(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Everything is in the one file then, and unloading afterwards does no harm."""
    path = database_path(home, loaded)
    await loaded.runtime_data.async_ingest(inners(minute(1_768_480_000)))
    home.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await home.async_block_till_done(wait_background_tasks=True)
    assert not path.with_name(path.name + "-wal").exists()
    assert worker_threads() == []
    assert await home.config_entries.async_unload(loaded.entry_id)


@pytest.mark.full
async def test_a_file_that_cannot_be_closed_cleanly(
    home: HomeAssistant, loaded: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the thread ends all the same."""
    store = loaded.runtime_data.worker._store
    with patch.object(store, "close", side_effect=StoreError("io_error")):
        assert await home.config_entries.async_unload(loaded.entry_id)
    store.close()
    assert "could not be closed cleanly" in caplog.text
    assert worker_threads() == []


async def test_files_without_a_wearer_are_told_of_and_kept(
    home: HomeAssistant, wearer: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Home Assistant was killed before it remembered whose they are."""
    own = database_path(home, wearer)
    lost = own.with_name("lost.db")
    own.parent.mkdir(parents=True)
    lost.touch()
    assert await home.config_entries.async_setup(wearer.entry_id)
    assert caplog.text.count("1 files in") == 1
    assert lost.exists()
