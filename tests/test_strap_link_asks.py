"""What people ask of a band, and what it tells of itself."""

import asyncio
from datetime import time
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.openstrap.engine.protocol import EventId
from custom_components.openstrap.engine.protocol.encode import encode_event
from custom_components.openstrap.strap_view import LinkPhase
from tests.strap_sim import faults

from .bands import Room, Worn, until


@pytest.fixture
def worn(room: Room, hass_admin_user: User) -> Worn:
    """Give a wearer whose band has a minute of records; not yet set up."""
    return room.wearer([hass_admin_user.id], backlog_s=60)


async def seen(room: Room, worn: Worn) -> None:
    """Bring the wearer up, and let a first drain be done."""
    await room.up(worn)
    await room.shout(lambda: worn.completed)
    await room.gone(worn)


async def held(room: Room, worn: Worn) -> None:
    """Bring the wearer up with the link held."""
    await room.up(worn)
    await worn.link.async_set_live_mode("always")
    await room.shout(lambda: worn.link.snapshot.phase is LinkPhase.LISTENING)


@pytest.mark.parametrize("wish", ["buzz", "find", "sync"])
async def test_a_band_that_is_away_does_nothing(room: Room, worn: Worn, wish: str) -> None:
    """And the user is told so."""
    worn.strap.in_range = False
    await room.up(worn)
    asks = {
        "buzz": worn.link.async_buzz,
        "find": worn.link.async_find,
        "sync": worn.link.async_sync_now,
    }
    with pytest.raises(HomeAssistantError) as err:
        await asks[wish]()
    assert err.value.translation_key == "band_away"
    assert err.value.translation_placeholders == {"name": "Ada"}


async def test_a_band_that_is_near_is_called(room: Room, worn: Worn) -> None:
    """A connection is made for it, and ended after it."""
    await seen(room, worn)
    task = asyncio.create_task(worn.link.async_buzz("double"))
    await room.shout(task.done)
    await task
    await room.gone(worn)
    assert worn.strap.ledger.connections == 2
    assert sum(inner[2] == 0x4F for _, inner in worn.strap.ledger.commands) == 2
    worn.verify()


async def test_a_band_that_does_not_answer_a_call(room: Room, worn: Worn) -> None:
    """The failure is told, not waited for."""
    await seen(room, worn)
    worn.strap.held_by_phone = True
    task = asyncio.create_task(worn.link.async_buzz())
    await asyncio.sleep(0.05)
    worn.strap.held_by_phone = False
    room.scanner.advertise()
    worn.strap.held_by_phone = True
    with pytest.raises(HomeAssistantError) as err:
        await task
    assert err.value.translation_key == "band_unreachable"
    worn.strap.held_by_phone = False


async def test_a_band_that_refuses_its_bond_when_called(room: Room, worn: Worn) -> None:
    """Connected, but never ready."""
    await seen(room, worn)
    worn.strap.bonding.refusals = 1
    room.scanner.host.keys.clear()
    task = asyncio.create_task(worn.link.async_buzz())
    await room.shout(task.done)
    with pytest.raises(HomeAssistantError) as err:
        await task
    assert err.value.translation_key == "band_unreachable"


async def test_called_while_it_is_just_hanging_up(room: Room, worn: Worn) -> None:
    """It is called anew."""
    await room.up(worn)
    tasks: list[asyncio.Task[None]] = []

    def listen() -> None:
        if worn.link.snapshot.phase is LinkPhase.CLOSING and not tasks:
            tasks.append(asyncio.create_task(worn.link.async_buzz()))

    worn.link.async_listen(listen)
    await room.shout(lambda: tasks and tasks[0].done())
    await tasks[0]
    await room.gone(worn)
    assert worn.strap.ledger.connections == 2


async def test_found_by_a_tap(room: Room, worn: Worn) -> None:
    """It vibrates until it is tapped."""
    await held(room, worn)
    task = asyncio.create_task(worn.link.async_find())
    await until(lambda: any(inner[2] == 0x4F for _, inner in worn.strap.ledger.commands))
    worn.strap.double_tap()
    await asyncio.wait_for(task, 5)


async def test_a_command_that_the_band_refuses(room: Room, worn: Worn) -> None:
    """Told with the reason."""
    await held(room, worn)
    worn.strap.add_fault(faults.ReplyFault(0x4F, faults.failed))
    with pytest.raises(HomeAssistantError) as err:
        await worn.link.async_buzz()
    assert err.value.translation_key == "band_command_failed"
    assert err.value.translation_placeholders == {"name": "Ada", "reason": "refused"}


async def test_sync_now(room: Room, worn: Worn) -> None:
    """Returns when all is here, over a new connection as over one that is held."""
    await seen(room, worn)
    task = asyncio.create_task(worn.link.async_sync_now())
    await room.shout(task.done)
    await task
    assert worn.strap.ledger.connections == 2
    await room.gone(worn)
    await worn.link.async_set_live_mode("always")
    await room.shout(lambda: worn.link.snapshot.phase is LinkPhase.LISTENING)
    before = worn.completed
    await asyncio.wait_for(worn.link.async_sync_now(), 10)
    assert before is not None
    assert worn.completed is not None
    assert worn.completed > before
    assert worn.strap.ledger.connections == 3
    assert not worn.missing()
    worn.verify()


async def test_sync_now_that_is_cut_off(room: Room, worn: Worn) -> None:
    """What was asked for did not happen, and that is said."""
    await held(room, worn)
    task = asyncio.create_task(worn.link.async_sync_now())
    await asyncio.sleep(0)
    worn.strap.drop()
    with pytest.raises(HomeAssistantError) as err:
        await asyncio.wait_for(task, 5)
    assert err.value.translation_key == "band_sync_failed"


async def test_fresh_events_are_told_once(room: Room, worn: Worn) -> None:
    """With the band's time; replayed ones and old ones are no news."""
    told: list[tuple[str, float, Any]] = []
    now = int(dt_util.utcnow().timestamp())
    worn.strap._log.append(encode_event(EventId.DOUBLE_TAP, now - 7200, 0, b"", sequence=1))
    await room.up(worn)
    unsub = worn.link.async_listen_events(lambda *what: told.append(what))
    await worn.link.async_set_live_mode("always")
    await room.shout(lambda: worn.link.snapshot.phase is LinkPhase.LISTENING)
    assert not told, "of two hours ago"
    worn.strap.double_tap()
    worn.strap.set_worn(False)
    worn.strap.battery.set_charging(True)
    await until(lambda: len(told) == 3)
    assert [kind for kind, _, _ in told] == ["double_tap", "wrist_off", "charging_on"]
    assert all(abs(ts - now) < 30 for _, ts, _ in told)
    await until(lambda: worn.link.snapshot.state.worn is False)
    await until(lambda: worn.link.snapshot.state.charging is True)
    await worn.link.async_set_live_mode("never")
    await room.gone(worn)
    await room.visit(worn)
    assert len(told) == 3
    unsub()
    worn.strap.double_tap()
    await room.visit(worn)
    assert len(told) == 3


async def test_an_alarm_waits_for_the_band(hass: HomeAssistant, room: Room, worn: Worn) -> None:
    """Kept at once and over a restart, armed at the next connection, changed, cleared."""
    await room.up(worn)
    with pytest.raises(HomeAssistantError) as err:
        await worn.link.async_set_alarm(enabled=True)
    assert err.value.translation_key == "alarm_without_time"
    await worn.link.async_set_alarm(time(7, 30), enabled=True)
    alarm = worn.link.snapshot.alarm
    assert (alarm.wanted, alarm.enabled, alarm.armed) == (time(7, 30), True, False)
    assert alarm.next_ts is not None
    assert dt_util.as_local(dt_util.utc_from_timestamp(alarm.next_ts)).time() == time(7, 30)
    assert await hass.config_entries.async_reload(worn.entry.entry_id)
    assert worn.link.snapshot.alarm == alarm
    await room.shout(lambda: worn.link.snapshot.alarm.armed)
    await room.gone(worn)
    assert worn.strap.haptics.alarm is not None
    assert abs(worn.strap.haptics.alarm[1] - alarm.next_ts) < 2
    await worn.link.async_set_alarm(time(8))
    assert not worn.link.snapshot.alarm.armed
    await room.visit(worn)
    assert worn.link.snapshot.alarm.armed
    await worn.link.async_set_alarm(enabled=False)
    await room.visit(worn)
    assert worn.strap.haptics.alarm is None
    assert worn.link.snapshot.alarm.wanted == time(8)
    assert worn.link.snapshot.alarm.next_ts is None
    worn.verify()


async def test_an_alarm_is_armed_at_once_over_a_link_that_is_held(room: Room, worn: Worn) -> None:
    """And again when the band has lost the time."""
    await held(room, worn)
    await worn.link.async_set_alarm(time(7, 30), enabled=True)
    await until(lambda: worn.link.snapshot.alarm.armed)
    sent = sum(inner[2] == 0x42 for _, inner in worn.strap.ledger.commands)
    assert sent == 1
    worn.strap.lose_clock()
    await until(lambda: sum(inner[2] == 0x42 for _, inner in worn.strap.ledger.commands) > sent)
    await until(lambda: worn.link.snapshot.alarm.armed)
