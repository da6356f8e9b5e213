"""Files are whole in a backup, and frames go on coming in meanwhile."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
import shutil
import sqlite3
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.backup import async_get_manager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import backup, database_path
from custom_components.openstrap.store import StoreError, WearerStore

from .frames import inners, minute

pytestmark = pytest.mark.full

START = 1_768_480_020


@pytest.fixture(autouse=True)
async def nothing_left(hass: HomeAssistant) -> AsyncGenerator[None]:
    """End a backup that a test has left open."""
    yield
    await backup.async_post_backup(hass)


async def take_in(wearer: MockConfigEntry, number: int) -> None:
    """Let one minute of frames in."""
    report = await wearer.runtime_data.async_ingest(inners(minute(START + 60 * number)))
    assert report.new == 60


def journal_of(path: Path) -> Path:
    """Give the file in which SQLite keeps what was written last."""
    return path.with_name(f"{path.name}-wal")


def copy_of(path: Path, to: Path) -> dict[str, int]:
    """Copy as a backup does, without the ``-shm``, and count what a copy holds."""
    to.mkdir()
    for file in sorted(path.parent.iterdir()):
        if file.suffix != ".db-shm":
            shutil.copy(file, to / file.name)
    return counts(to / path.name)


def counts(path: Path) -> dict[str, int]:
    """Check that a file is sound, and open it as the integration does."""
    with sqlite3.connect(path) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()
    store = WearerStore.open(path)
    try:
        assert store.opened.set_aside is None
        found = store.stats()
    finally:
        store.close()
    return {key: found[key] for key in ("frames", "minutes")}


async def test_a_copy_while_frames_come_in_is_whole(
    home: HomeAssistant, loaded: MockConfigEntry, tmp_path: Path
) -> None:
    """All that was there before is in it; nothing is lost, and nothing waits."""
    path = database_path(home, loaded)
    for number in range(5):
        await take_in(loaded, number)
    await backup.async_pre_backup(home)
    before = path.read_bytes()

    copied = home.async_add_executor_job(copy_of, path, tmp_path / "during")
    for number in range(5, 25):
        await take_in(loaded, number)
    found = await copied
    assert 5 <= found["minutes"] <= 25
    assert found["frames"] == 60 * found["minutes"]

    # The main file has not moved, so it is whole with the journal, and also without.
    assert path.read_bytes() == before
    alone = tmp_path / "alone.db"
    alone.write_bytes(before)
    assert await home.async_add_executor_job(counts, alone) == {"frames": 300, "minutes": 5}

    await backup.async_post_backup(home)
    await take_in(loaded, 25)
    await home.config_entries.async_unload(loaded.entry_id)
    assert await home.async_add_executor_job(counts, path) == {"frames": 1560, "minutes": 26}


async def test_a_torn_journal_costs_only_what_came_after(
    home: HomeAssistant, loaded: MockConfigEntry, tmp_path: Path
) -> None:
    """A copy of the journal that ends anywhere, or is garbled from there on, does no harm."""
    path = database_path(home, loaded)
    await take_in(loaded, 0)
    await backup.async_pre_backup(home)
    for number in range(1, 4):
        await take_in(loaded, number)
    main, journal = path.read_bytes(), journal_of(path).read_bytes()
    minutes = []
    for part in range(9):
        copy = tmp_path / f"{part}.db"
        copy.write_bytes(main)
        cut = len(journal) * part // 8
        copy.with_name(f"{part}.db-wal").write_bytes(journal[:cut] + b"\xff" * (len(journal) - cut))
        found = await home.async_add_executor_job(counts, copy)
        assert found["frames"] == 60 * found["minutes"]
        minutes.append(found["minutes"])
    assert minutes == sorted(minutes)
    assert (minutes[0], minutes[-1]) == (1, 4)


async def test_going_down_and_coming_up_in_a_backup(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Closing leaves the main file alone too, and who comes up joins in."""
    path = database_path(home, loaded)
    await take_in(loaded, 0)
    await backup.async_pre_backup(home)
    before = path.read_bytes()
    await take_in(loaded, 1)
    assert await home.config_entries.async_reload(loaded.entry_id)
    await take_in(loaded, 2)
    assert path.read_bytes() == before
    await backup.async_post_backup(home)
    assert await home.config_entries.async_unload(loaded.entry_id)
    assert await home.async_add_executor_job(counts, path) == {"frames": 180, "minutes": 3}


async def test_a_backup_that_never_ends(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After an hour files are written to as ever."""
    path = database_path(home, loaded)
    await backup.async_pre_backup(home)
    before = path.read_bytes()
    await take_in(loaded, 0)
    freezer.tick(timedelta(seconds=backup.FROZEN_FOR + 1))
    async_fire_time_changed(home, dt_util.utcnow())
    await home.async_block_till_done()
    assert "has not come to an end" in caplog.text
    await loaded.runtime_data.worker.async_run(WearerStore.checkpoint)
    assert path.read_bytes() != before
    await home.config_entries.async_unload(loaded.entry_id)
    assert not journal_of(path).exists()


async def test_nothing_that_goes_wrong_ends_the_backup(
    home: HomeAssistant, loaded: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that cannot be written, a worker that is busy, a wearer that has gone."""
    with patch.object(WearerStore, "freeze", side_effect=StoreError("io_error")):
        await backup.async_pre_backup(home)
    assert caplog.text.count("may be in two parts") == 1
    go_on = asyncio.Event()

    def busy(_store: WearerStore) -> None:
        asyncio.run_coroutine_threadsafe(go_on.wait(), home.loop).result()

    work = home.async_create_task(loaded.runtime_data.worker.async_run(busy))
    with patch.object(backup, "PATIENCE", 0.01):
        await backup.async_pre_backup(home)
        await backup.async_post_backup(home)
    assert caplog.text.count("may be in two parts") == 3
    go_on.set()
    await work
    await take_in(loaded, 0)
    await loaded.runtime_data.worker.async_close()
    await backup.async_pre_backup(home)
    await backup.async_post_backup(home)
    assert caplog.text.count("may be in two parts") == 3


async def test_home_assistants_own_backup_calls_it(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The platform is found, and both of its functions are."""
    assert await async_setup_component(home, "backup", {})
    await home.async_block_till_done()
    manager = async_get_manager(home)
    assert "openstrap" in manager.platforms
    path = database_path(home, loaded)
    await take_in(loaded, 0)
    assert journal_of(path).stat().st_size > 0
    await manager.async_pre_backup_actions()
    assert journal_of(path).stat().st_size == 0
    await manager.async_post_backup_actions()
    await home.config_entries.async_unload(loaded.entry_id)
    assert not journal_of(path).exists()


async def test_a_file_of_a_newer_version_is_left_alone(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """It is only read, so there is nothing to hold."""
    await home.config_entries.async_unload(loaded.entry_id)
    path = database_path(home, loaded)
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA user_version = 99")
    conn.close()
    before = path.read_bytes()
    assert await home.config_entries.async_setup(loaded.entry_id)
    await backup.async_pre_backup(home)
    await backup.async_post_backup(home)
    assert path.read_bytes() == before
