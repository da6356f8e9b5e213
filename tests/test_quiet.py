"""When all is well the log is quiet, and what is removed leaves nothing behind."""

from datetime import date, timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import backup, database_path
from custom_components.openstrap.const import DOMAIN, QUIET_SECONDS
from custom_components.openstrap.issues import async_file_damaged, async_file_too_new, issue_id

from .frames import night

OURS = "custom_components.openstrap"


def said(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """Give what we wrote to the log from a level on, and what Home Assistant wrote of us."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= level
        # The clock is moved by hand here, which asyncio takes for a slow task.
        and record.name != "asyncio"
        and (record.name.startswith(OURS) or "openstrap" in record.getMessage().lower())
    ]


@pytest.mark.full
async def test_a_day_in_the_life_of_a_wearer(
    home: HomeAssistant,
    wearer: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Up, a night, a sweep, the upkeep, a backup, a reload, and down: not a word above debug.

    Home Assistant itself says that a custom integration was found, and that is all.
    """
    caplog.set_level(logging.DEBUG)
    freezer.move_to("2026-01-15T15:00:00Z")
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.async_block_till_done()
    coordinator = wearer.runtime_data
    await coordinator.async_ingest(night(date(2026, 1, 15)))
    freezer.tick(timedelta(seconds=QUIET_SECONDS + 1))
    async_fire_time_changed(home)
    await home.async_block_till_done(wait_background_tasks=True)
    assert coordinator.data.nights.night is not None
    await coordinator.sweeper.async_backstop()
    await backup.async_pre_backup(home)
    await backup.async_post_backup(home)
    assert await home.config_entries.async_reload(wearer.entry_id)
    await home.async_block_till_done(wait_background_tasks=True)
    assert await home.config_entries.async_unload(wearer.entry_id)
    await home.async_block_till_done(wait_background_tasks=True)
    of_ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(OURS) and record.levelno > logging.DEBUG
    ]
    assert of_ours == []
    told = said(caplog, logging.WARNING)
    assert len(told) == 1
    assert "custom integration" in told[0]
    # Readings and names are in nothing that we write, whatever the level.
    assert not any(
        "Ada" in record.getMessage() for record in caplog.records if record.name.startswith(OURS)
    )


async def test_removing_takes_every_issue_back(
    home: HomeAssistant, loaded: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    """Also one of a kind that this part knows nothing of; those of others stay."""
    other = MockConfigEntry(domain=DOMAIN, title="Bob")
    async_file_too_new(home, loaded, too_new=True)
    async_file_damaged(home, loaded, "x.damaged-1")
    async_file_damaged(home, other, "y.damaged-1")
    ir.async_create_issue(
        home,
        DOMAIN,
        f"of_tomorrow_{loaded.entry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="many_rejected",
    )
    await home.config_entries.async_remove(loaded.entry_id)
    assert set(issue_registry.issues) == {(DOMAIN, issue_id("database_damaged", other))}
    assert not list(database_path(home, loaded).parent.iterdir())


async def test_an_entry_of_a_later_version_is_left_alone(
    home: HomeAssistant, wearer: MockConfigEntry
) -> None:
    """After a downgrade nothing is read wrongly; a later minor version is understood."""
    home.config_entries.async_update_entry(wearer, minor_version=9)
    assert await home.config_entries.async_setup(wearer.entry_id)
    await home.config_entries.async_unload(wearer.entry_id)
    home.config_entries.async_update_entry(wearer, version=2)
    before = dict(wearer.data)
    assert not await home.config_entries.async_setup(wearer.entry_id)
    assert wearer.state is ConfigEntryState.MIGRATION_ERROR
    assert dict(wearer.data) == before
