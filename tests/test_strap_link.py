"""A band is connected when it is time, drained, and let go."""

import asyncio
from datetime import timedelta
import gc
import json
import logging
import threading
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util
import psutil
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.openstrap.diagnostics import async_get_config_entry_diagnostics
from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.strap import Phase
from custom_components.openstrap.strap_view import LinkPhase, LiveMode
from tests.strap_sim import GEN5, StrapConfig
from tests.strap_sim.faults import SlowLink

from .bands import Room, Worn, until

OTHER = StrapConfig(address="C4:5A:10:00:00:02", name="WHOOP 4A0000002", serial="4A0000002")


@pytest.fixture
def worn(room: Room, hass_admin_user: User) -> Worn:
    """Give a wearer whose band has ten minutes of records; not yet set up."""
    return room.wearer([hass_admin_user.id])


def minute_passes(hass: HomeAssistant) -> None:
    """Let the link look around."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))


async def test_a_backlog_is_drained_whole(room: Room, worn: Worn) -> None:
    """Found, connected, everything stored before it is erased, let go."""
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    worn.verify()
    assert worn.strap.ledger.erased > 500
    assert not worn.missing()
    snapshot = worn.link.snapshot
    assert snapshot.phase is LinkPhase.WAITING
    assert snapshot.records_synced >= worn.strap.ledger.erased
    assert (snapshot.state.serial, snapshot.state.firmware) == ("4A0000001", "41.17.6.0")
    assert snapshot.backlog_pages == 0
    assert snapshot.backlog_eta_s is None
    assert worn.entry.data["serial"] == "4A0000001"


async def test_gen5_is_drained_by_the_same_link(room: Room, hass_admin_user: User) -> None:
    """Its own order of bonding and subscribing, its own records."""
    worn = room.wearer([hass_admin_user.id], config=GEN5)
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    worn.verify()
    assert not worn.missing()
    assert worn.link.snapshot.state.generation is Generation.GEN5


async def test_the_next_drain_waits_for_its_time(room: Room, worn: Worn) -> None:
    """However often the band is heard meanwhile; then only what is new is fetched."""
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    due_ts = worn.link.snapshot.next_try_ts
    assert due_ts is not None
    assert 290 < due_ts - dt_util.utcnow().timestamp() <= 300
    synced = worn.link.snapshot.records_synced
    for _ in range(10):
        room.scanner.advertise()
        await asyncio.sleep(0.02)
    assert worn.strap.ledger.connections == 1
    await room.visit(worn)
    assert worn.strap.ledger.connections == 2
    worn.verify()
    assert worn.link.snapshot.records_synced < synced + 30


async def test_nothing_is_dialled_before_home_assistant_has_started(
    hass: HomeAssistant, room: Room, worn: Worn
) -> None:
    """And a band that is not heard is not dialled either."""
    hass.set_state(CoreState.starting)
    await room.up(worn)
    for _ in range(5):
        room.scanner.advertise()
        await asyncio.sleep(0.02)
    assert worn.strap.ledger.connections == 0
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    room.later(worn)
    await asyncio.sleep(0.1)
    assert worn.strap.ledger.connections == 1, "not heard since the last visit"


async def test_live_mode_holds_the_link(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """A heart rate while it is held, at most one in 5 s; switched off, the slot is free at once."""
    await room.up(worn)
    told: list[float] = []

    def listen() -> None:
        live = worn.link.snapshot.live
        if live is not None and (not told or told[-1] != live.ts):
            told.append(live.ts)

    unsub = worn.link.async_listen(listen)
    await worn.link.async_set_live_mode("always")
    assert worn.link.live_mode is LiveMode.ALWAYS
    await room.shout(lambda: worn.link.snapshot.live)
    assert worn.link.snapshot.phase is LinkPhase.LISTENING
    assert worn.link.snapshot.live_wanted
    assert room.scanner.slots_used == 1
    first = len(told)
    await asyncio.sleep(2.5)
    assert len(told) == first == 1, "readings come every second, and are shown every fifth"
    live = worn.link.snapshot.live
    assert live is not None
    assert live.hr_bpm is not None
    await worn.link.async_set_live_mode(LiveMode.NEVER)
    await room.gone(worn)
    assert worn.link.snapshot.live is None
    assert room.scanner.slots_used == 0
    assert worn.entry.options["live_mode"] == "never"
    worn.verify()
    unsub()


@pytest.mark.parametrize(
    ("start_h", "end_h", "held"), [(-1, 1, True), (1, 2, False), (1, -1, False), (-1, -2, True)]
)
async def test_the_link_is_held_at_night(
    room: Room, hass_admin_user: User, start_h: int, end_h: int, held: bool
) -> None:
    """Between two local times, of which the second may be on the next day."""
    now = dt_util.now()
    window = [(now + timedelta(hours=hours)).strftime("%H:%M:%S") for hours in (start_h, end_h)]
    options = {"live_mode": "night", "night_start": window[0], "night_end": window[1]}
    worn = room.wearer([hass_admin_user.id], options=options)
    await room.up(worn)
    assert worn.link.snapshot.live_wanted is held


async def test_the_link_is_let_go_when_the_night_is_over(
    hass: HomeAssistant, room: Room, worn: Worn
) -> None:
    """Looked at every minute."""
    await room.up(worn)
    await worn.link.async_set_live_mode("always")
    await room.shout(lambda: worn.link.snapshot.live)
    hass.config_entries.async_update_entry(worn.entry, options={"live_mode": "never"})
    minute_passes(hass)
    await room.gone(worn)
    worn.verify()


async def in_the_middle(room: Room, worn: Worn) -> None:
    """Bring a wearer up, and let it fetch something, but not all."""
    worn.strap.add_fault(SlowLink(800))
    await room.up(worn)
    await room.shout(lambda: worn.strap.ledger.erased)
    assert worn.link.snapshot.phase is LinkPhase.DRAINING


async def test_unloaded_in_the_middle_of_a_drain(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """The slot is given back, nothing is lost, and the next start goes on from there."""
    worn = room.wearer([hass_admin_user.id], backlog_s=3600)
    await in_the_middle(room, worn)
    assert await hass.config_entries.async_unload(worn.entry.entry_id)
    assert room.scanner.slots_used == 0
    assert worn.strap.link is None
    assert worn.missing(), "it was in the middle"
    worn.verify()
    worn.strap.faults.clear()
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    worn.verify()
    assert not worn.missing()


async def test_home_assistant_stops_in_the_middle_of_a_drain(
    hass: HomeAssistant, room: Room, hass_admin_user: User
) -> None:
    """The band is let go in good order, and the file is closed."""
    worn = room.wearer([hass_admin_user.id], backlog_s=3600)
    await in_the_middle(room, worn)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await until(lambda: room.scanner.slots_used == 0)
    await hass.async_block_till_done()
    assert worn.strap.link is None
    assert worn.missing(), "it was in the middle"
    worn.verify()


async def test_what_is_known_survives_a_reload(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """Battery, firmware, counts; an event that was told is not told again."""
    await room.up(worn)
    told: list[str] = []
    worn.link.async_listen_events(lambda kind, ts, data: told.append(kind))
    worn.strap.double_tap()
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    assert told == ["double_tap"]
    before = worn.link.snapshot
    assert await hass.config_entries.async_reload(worn.entry.entry_id)
    after = worn.link.snapshot
    assert after.records_synced == before.records_synced
    assert after.state.battery_percent == before.state.battery_percent is not None
    assert after.state.firmware == before.state.firmware
    assert after.last_sync_ts == before.last_sync_ts
    assert after.next_try_ts is not None
    assert after.next_try_ts > dt_util.utcnow().timestamp() + 250, "it was drained a moment ago"
    worn.link.async_listen_events(lambda kind, ts, data: told.append(kind))
    await room.visit(worn)
    assert told == ["double_tap"]


async def test_out_of_reach_and_back_is_said_once(
    hass: HomeAssistant, room: Room, worn: Worn, caplog: pytest.LogCaptureFixture
) -> None:
    """One line each way, however long it lasts."""
    caplog.set_level(logging.INFO)

    def ours() -> str:
        return "\n".join(
            record.getMessage() for record in caplog.records if "openstrap" in record.name
        )

    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    worn.strap.in_range = False
    with (
        patch("custom_components.openstrap.strap_dialer.AWAY_AFTER_S", 0.05),
        patch("custom_components.openstrap.strap_link.AWAY_AFTER_S", 0.05),
    ):
        await asyncio.sleep(0.1)
        for _ in range(3):
            minute_passes(hass)
            await hass.async_block_till_done()
    assert ours().count("out of reach") == 1
    assert worn.strap.config.serial not in ours()
    worn.strap.in_range = True
    await room.visit(worn)
    await room.visit(worn)
    assert ours().count("is back") == 1
    assert ours().count("out of reach") == 1


async def test_a_proxy_that_is_unplugged(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """The session ends, entities follow, and it goes on by itself when the proxy is back."""
    worn.strap.add_fault(SlowLink(800))
    await room.up(worn)
    await room.shout(lambda: worn.strap.ledger.erased)
    room.close()
    worn.strap.drop()
    await room.gone(worn)
    assert worn.link.snapshot.fault == "link_lost"
    worn.strap.faults.clear()
    room.open()
    await room.visit(worn)
    assert worn.link.snapshot.fault is None
    worn.verify()
    assert not worn.missing()


async def test_two_bands_of_two_wearers(room: Room, hass_admin_user: User) -> None:
    """At the same time, through one proxy; nothing mixed."""
    ada = room.wearer([hass_admin_user.id], seed=1)
    bob = room.wearer([hass_admin_user.id], name="Bob", config=OTHER, seed=2)
    await room.up(ada)
    await room.up(bob)
    await room.shout(lambda: ada.completed and bob.completed)
    for worn in (ada, bob):
        await room.gone(worn)
        worn.verify()
        assert not worn.missing()
        assert worn.link.snapshot.state.serial == worn.strap.config.serial


async def test_a_phone_pushes_the_same_frames_meanwhile(room: Room, worn: Worn) -> None:
    """Every record once, whoever brought it first."""
    await room.up(worn)
    pushed = [inner.hex() for inner in worn.strap.ledger.made]

    async def push() -> int:
        new = 0
        for at in range(0, len(pushed), 50):
            report = await worn.coordinator.async_ingest_hex(pushed[at : at + 50])
            new += report.new
        return new

    async def drain() -> None:
        await room.shout(lambda: worn.completed)
        await room.gone(worn)

    new, _ = await asyncio.gather(push(), drain())
    worn.verify()
    assert not worn.missing()
    report = await worn.coordinator.async_ingest_hex(pushed)
    assert (report.new, report.duplicate) == (0, len(pushed))
    assert new + worn.link.snapshot.records_synced >= len(worn.strap.ledger.made)


ROUNDS = 200
WARM_ROUNDS = 10  # what is made once is made by then
GROWTH_LIMIT = 16 * 1024 * 1024  # bytes; a session that stayed in memory would show many times over


async def test_two_hundred_rounds_leave_nothing_behind(
    hass: HomeAssistant, room: Room, worn: Worn
) -> None:
    """Connected, drained and let go, as in a day: no task, no thread, no file and no slot."""
    process = psutil.Process()
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)
    await hass.async_block_till_done()
    tasks, threads = len(asyncio.all_tasks()), threading.active_count()
    for _ in range(WARM_ROUNDS):
        await room.visit(worn)
    gc.collect()
    files, memory = process.num_fds(), process.memory_info().rss
    for _ in range(ROUNDS - WARM_ROUNDS):
        await room.visit(worn)
    await hass.async_block_till_done()
    gc.collect()
    assert room.scanner.slots_used == 0
    await until(lambda: len(asyncio.all_tasks()) <= tasks)  # a sweep may still be at it
    assert threading.active_count() <= threads + 1
    assert process.num_fds() <= files
    assert process.memory_info().rss - memory < GROWTH_LIMIT
    assert worn.strap.ledger.connections == ROUNDS + 1
    worn.verify()


async def test_progress_is_shown(room: Room, hass_admin_user: User) -> None:
    """Pages that are left, and how long it will take."""
    worn = room.wearer([hass_admin_user.id], backlog_s=7200)
    worn.strap.add_fault(SlowLink(3000))
    await room.up(worn)
    await room.shout(lambda: worn.link.snapshot.backlog_eta_s)
    snapshot = worn.link.snapshot
    assert snapshot.state.phase is Phase.DRAINING
    assert snapshot.backlog_pages
    assert snapshot.backlog_eta_s is not None
    assert 0 < snapshot.backlog_eta_s < 10


async def test_diagnostics_name_nobody(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """Counts and reasons; no serial, address, name, hour of night or reading."""
    hass.config_entries.async_update_entry(
        worn.entry, options={"live_mode": "never", "night_start": "21:17:00"}
    )
    await room.up(worn)
    worn.strap.bonding.refusals = 1
    await room.shout(lambda: worn.link.faults)
    await room.gone(worn)
    await room.visit(worn)
    found = await async_get_config_entry_diagnostics(hass, worn.entry)
    assert found["strap"]["sessions"] == 2
    assert found["strap"]["faults"] == {"bond_refused": 1}
    assert found["strap"]["firmware"] == "41.17.6.0"
    assert found["strap"]["synced_ever"] is True
    text = json.dumps(found)
    for secret in (worn.strap.config.serial, worn.strap.config.address, "Ada", "21:17", "87.3"):
        assert secret not in text, secret
