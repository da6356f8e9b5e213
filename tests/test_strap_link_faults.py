"""What goes wrong with a band is told with what to do, and taken back."""

from datetime import timedelta
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap.const import DOMAIN, STRAP_ISSUES
from custom_components.openstrap.coordinator import IngestRefused
from custom_components.openstrap.ingest import IngestReport
from custom_components.openstrap.strap import StrapState
from custom_components.openstrap.strap_issues import StrapIssues
from tests.strap_sim import StrapConfig
from tests.strap_sim.sources import with_unknown_version

from .bands import Room, Worn, until


@pytest.fixture
def worn(room: Room, hass_admin_user: User) -> Worn:
    """Give a wearer whose band has a minute of records; not yet set up."""
    return room.wearer([hass_admin_user.id], backlog_s=60)


def told(hass: HomeAssistant) -> set[str]:
    """Kinds of the issues that are there."""
    registry = ir.async_get(hass)
    return {
        issue.translation_key or ""
        for (domain, _), issue in registry.issues.items()
        if domain == DOMAIN and issue.active
    }


async def fails(room: Room, worn: Worn, kind: str, times: int = 1) -> None:
    """Let tries fail for a reason."""
    for number in range(times):
        if number:
            room.later(worn)
        await room.shout(
            lambda number=number: worn.link.faults.get(kind, 0) > number  # type: ignore[misc]
        )
        await room.gone(worn)
    assert worn.link.snapshot.fault == kind


async def test_a_bond_is_refused_until_pairing_mode(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Told at once, with what to do; gone when it has worked."""
    worn = room.wearer([hass_admin_user.id], config=StrapConfig(bonded_elsewhere=True))
    await room.up(worn)
    await fails(room, worn, "bond_refused")
    assert told(hass) == {"strap_bond_refused"}
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"strap_bond_refused_{worn.entry.entry_id}")
    assert issue is not None
    assert issue.translation_placeholders == {
        "name": "Ada",
        "scanner": "sim-scanner (02:00:00:00:00:09)",
    }
    due_ts = worn.link.snapshot.next_try_ts
    assert due_ts is not None
    assert 45 < due_ts - dt_util.utcnow().timestamp() <= 72, "a minute, more or less"
    worn.strap.bonding.start_pairing_mode()
    await room.visit(worn)
    assert worn.completed
    assert not told(hass)
    assert room.scanner.slots_used == 0
    worn.verify()


async def test_no_free_slot(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """Slots come and go: told after three tries in a row."""
    room.scanner.slots = 0
    await room.up(worn)
    await fails(room, worn, "no_slot", 2)
    assert not told(hass)
    room.later(worn)
    await fails(room, worn, "no_slot", 1)
    await room.shout(lambda: worn.link.faults["no_slot"] == 3)
    await room.gone(worn)
    assert told(hass) == {"strap_no_slot"}
    room.scanner.slots = 3
    await room.visit(worn)
    assert not told(hass)


async def test_a_store_that_refuses_acknowledges_nothing(room: Room, worn: Worn) -> None:
    """The band keeps all; when the disk is well again, all comes."""
    await room.up(worn)
    refused = IngestRefused("store_failed", 60, name="Ada", reason="disk full")
    with patch.object(worn.coordinator, "async_ingest", side_effect=refused):
        await fails(room, worn, "commit_failed")
        assert worn.strap.ledger.erased == 0
        assert room.scanner.slots_used == 0
    await room.visit(worn)
    assert not worn.missing()
    worn.verify()


async def test_another_band_at_the_same_address(
    hass: HomeAssistant, room: Room, worn: Worn
) -> None:
    """Nothing is taken from it."""
    hass.config_entries.async_update_entry(
        worn.entry, data={**worn.entry.data, "serial": "4A9999999"}
    )
    await room.up(worn)
    await fails(room, worn, "other_strap")
    assert told(hass) == {"strap_other"}
    assert worn.strap.ledger.erased == 0
    assert worn.entry.data["serial"] == "4A9999999"


async def test_a_host_whose_clock_is_wrong(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """The band is days ahead, so hands off, and the user is told."""
    worn = room.wearer([hass_admin_user.id], backlog_s=60, clock_offset_s=3 * 86400)
    await room.up(worn)
    await fails(room, worn, "clock_ahead")
    assert told(hass) == {"strap_clock_ahead"}
    assert worn.strap.ledger.erased == 0


async def test_a_clock_that_does_not_take_the_time(
    hass: HomeAssistant, room: Room, worn: Worn
) -> None:
    """Told after the drain, and taken back when it does."""
    worn.strap.lose_clock()
    worn.strap.stubborn_clock = 99
    await room.up(worn)
    await room.shout(lambda: told(hass) == {"strap_clock_lost"}, 30)


async def test_new_firmware_is_told_until_it_was_read(
    hass: HomeAssistant, room: Room, worn: Worn
) -> None:
    """With both versions, over a restart, and not the first one ever seen."""
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    assert not told(hass)
    worn.strap.update_firmware((41, 18, 0, 0))
    await room.visit(worn)
    assert told(hass) == {"strap_firmware"}
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"strap_firmware_{worn.entry.entry_id}")
    assert issue is not None
    assert issue.is_fixable
    assert issue.is_persistent
    assert issue.translation_placeholders == {
        "name": "Ada", "before": "41.17.6.0", "now": "41.18.0.0",
    }  # fmt: skip


async def test_unknown_records_pile_up(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """They are kept and acknowledged; readable ones again end it."""
    worn = room.wearer([hass_admin_user.id], backlog_s=600)
    worn.strap.source = with_unknown_version(worn.strap.source, 1, 99)
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    assert told(hass) == {"strap_unknown_records"}
    assert worn.strap.ledger.erased > 500
    assert not worn.missing()
    worn.verify()


async def test_issues_of_time(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """No data for three days; a band that is only heard by what cannot connect."""
    issues = StrapIssues(hass, worn.entry)
    issues.async_minute(data_age_s=3 * 86400 - 1, heard_in_vain=False)
    assert not told(hass)
    issues.async_minute(data_age_s=4.5 * 86400, heard_in_vain=False)
    assert told(hass) == {"strap_no_data"}
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"strap_no_data_{worn.entry.entry_id}")
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Ada", "days": "4"}
    for _ in range(4):
        issues.async_minute(data_age_s=0, heard_in_vain=True)
    assert not told(hass)
    issues.async_minute(data_age_s=0, heard_in_vain=True)
    assert told(hass) == {"strap_no_path"}
    issues.async_minute(data_age_s=0, heard_in_vain=False)
    assert not told(hass)


async def test_a_band_without_data_for_days(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """Seen by the look around of every minute; an entry that is new is given time."""
    worn.strap.in_range = False
    await room.up(worn)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    assert not told(hass)
    object.__setattr__(worn.entry, "created_at", dt_util.utcnow() - timedelta(days=5))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=122))
    assert told(hass) == {"strap_no_data"}


async def test_a_poor_radio(hass: HomeAssistant, worn: Worn) -> None:
    """Told as soon as it shows, and taken back by a visit without it."""
    issues = StrapIssues(hass, worn.entry)
    issues.async_marginal("proxy")
    assert told(hass) == {"strap_radio"}
    issues.async_synced(StrapState(marginal_radio=True))
    assert told(hass) == {"strap_radio"}
    issues.async_synced(StrapState())
    assert not told(hass)


async def test_readable_records_outweigh(hass: HomeAssistant, worn: Worn) -> None:
    """A few unknown ones among many are normal."""
    issues = StrapIssues(hass, worn.entry)
    for _ in range(100):
        issues.async_frames(IngestReport(received=1000, decoded=950, rejected={"too_short": 50}))
    assert not told(hass)
    issues.async_frames(IngestReport(received=300, rejected={"unknown_version": 300}))
    assert told(hass) == {"strap_unknown_records"}
    issues.async_frames(IngestReport(received=9000, decoded=9000))
    assert not told(hass)


async def test_a_removed_wearer_leaves_no_issue(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """Also none about the band."""
    worn = room.wearer([hass_admin_user.id], config=StrapConfig(bonded_elsewhere=True))
    await room.up(worn)
    await fails(room, worn, "bond_refused")
    assert told(hass)
    await hass.config_entries.async_remove(worn.entry.entry_id)
    await until(lambda: not told(hass))
    assert len(STRAP_ISSUES) == 12
