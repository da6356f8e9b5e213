"""A connection that is held: chores, refreshes, events and the live stream."""

import asyncio

import pytest

from custom_components.openstrap.engine.protocol import EventId, Generation, Opcode, Status
from custom_components.openstrap.engine.protocol.command import high_freq_enter
from custom_components.openstrap.strap import (
    FaultKind,
    Phase,
    SessionConfig,
    StrapError,
    StrapSession,
)
from tests.strap_sim import Moment
from tests.strap_sim.virtual import run

from .home import BOTH, HOLD, START_TS, Home, gaps, held, home, times

LIVE = SessionConfig(live=True)


@BOTH
def test_an_hour_of_holding(generation: Generation) -> None:
    """Kept alive each minute, drained every quarter, battery now and then, all erased."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        await asyncio.sleep(3600.0)
        assert times(at_home, Opcode.LINK_VALID)
        assert all(gap >= 59.0 for gap in gaps(times(at_home, Opcode.LINK_VALID)))
        drains = times(at_home, Opcode.SEND_HISTORY)
        assert len(drains) == 4
        assert all(gap == pytest.approx(900.0, abs=10.0) for gap in gaps(drains))
        assert 10 <= len(times(at_home, Opcode.GET_BATTERY)) <= 20
        assert session.state.last_record_ts is not None
        assert session.state.last_record_ts > START_TS + 2600
        assert session.state.phase is Phase.LISTENING

    held(scene, generation)


def test_nothing_is_sent_while_history_comes() -> None:
    """No keep-alive and no poll, however long it takes."""

    async def scene(at_home: Home, _: StrapSession) -> None:
        first = times(at_home, Opcode.SEND_HISTORY)[0]
        done = at_home.heard.states[-1].last_sync_ts
        assert done is not None and done - START_TS - first > 200.0
        between = [
            inner[2]
            for ts, inner in at_home.strap.ledger.commands
            if first < ts - START_TS < done - START_TS
        ]
        assert set(between) == {Opcode.HISTORY_RESULT}

    async def slow(_: int) -> None:
        await asyncio.sleep(20.0)

    async def main() -> None:
        at_home = home()
        at_home.before_commit = slow
        session = await at_home.session(HOLD)
        task = asyncio.create_task(session.run())
        while session.state.last_sync_ts is None:
            await asyncio.sleep(0.1)
        await scene(at_home, session)
        await session.stop()
        await task

    run(main())


def test_a_drain_on_demand() -> None:
    """At once, but not within 5 s of the last request."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        await asyncio.sleep(100.0)
        session.sync_now()
        await asyncio.sleep(1.0)
        assert len(times(at_home, Opcode.SEND_HISTORY)) == 2
        session.sync_now()
        await asyncio.sleep(10.0)
        drains = times(at_home, Opcode.SEND_HISTORY)
        assert len(drains) == 3
        assert drains[2] - drains[1] == pytest.approx(5.0, abs=0.1)

    held(scene)


def test_the_strap_may_prompt() -> None:
    """Not more often than every 90 s, and less when there is never anything."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        reply = await session.request(lambda seq: high_freq_enter(seq, 61, 7200))
        assert reply.status == Status.OK
        await asyncio.sleep(800.0)
        drains = times(at_home, Opcode.SEND_HISTORY)
        assert len(drains) > 5
        assert all(gap >= 90.0 for gap in gaps(drains))

    held(scene)


def test_a_strap_that_says_nothing_any_more() -> None:
    """Asked, and given up after two minutes."""

    async def main() -> None:
        at_home = home()
        session = await at_home.session(HOLD)
        task = asyncio.create_task(session.run())
        await asyncio.sleep(30.0)
        assert session.state.phase is Phase.LISTENING
        at_home.strap.mute(10_000.0)
        began = asyncio.get_running_loop().time()
        with pytest.raises(StrapError) as ended:
            await task
        assert ended.value.kind is FaultKind.LINK_SILENT
        assert 85.0 < asyncio.get_running_loop().time() - began < 160.0
        assert at_home.strap.link is None

    run(main())


def test_a_clock_that_gets_lost_is_set_at_once() -> None:
    """The strap says so."""

    async def scene(at_home: Home, _: StrapSession) -> None:
        await asyncio.sleep(50.0)
        at_home.strap.lose_clock()
        await asyncio.sleep(5.0)
        assert at_home.strap.clock_is_set

    held(scene)


@pytest.mark.full
def test_a_clock_that_drifts_is_set_after_hours() -> None:
    """By more than 2 s."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        await asyncio.sleep(6.2 * 3600.0)
        assert len(times(at_home, Opcode.SET_CLOCK)) == 2
        assert session.state.clock_drift_s == pytest.approx(0.0, abs=0.1)

    held(scene, drift_ppm=200.0)


def test_a_ring_that_ran_over_is_told() -> None:
    """By the wrap count, against the last session."""

    async def main() -> None:
        at_home = home()
        assert await at_home.visit() is None
        assert not at_home.heard.states[-1].overwritten
        at_home.strap.flash.wrap_count += 1
        assert await at_home.visit() is None
        assert at_home.heard.states[-1].overwritten

    run(main())


# --- events and the live stream -------------------------------------------------


@BOTH
def test_events_are_told_once(generation: Generation) -> None:
    """Though they come live, with the next burst, and again at every connection."""

    async def main() -> None:
        at_home = home(generation)
        assert await at_home.visit() is None
        at_home.strap.double_tap()
        await asyncio.sleep(10.0)
        for _ in range(3):
            assert await at_home.visit() is None
        (tap,) = at_home.heard.fresh(EventId.DOUBLE_TAP)
        assert START_TS <= tap.epoch <= at_home.time.now()
        await asyncio.sleep(3600.0)
        assert await at_home.visit() is None
        assert len(at_home.heard.fresh(EventId.DOUBLE_TAP)) == 1
        old = [event for event, fresh in at_home.heard.events if not fresh]
        assert any(event.event_id == EventId.DOUBLE_TAP for event in old)
        assert set(at_home.strap.ledger.events) - at_home.disk <= {at_home.strap.ledger.events[-1]}

    run(main())


def test_state_follows_the_newest_time_and_not_the_last_word() -> None:
    """A replay ends with what is true."""

    async def main() -> None:
        at_home = home()
        strap = at_home.strap
        for worn in (False, True, False):
            strap.set_worn(worn)
            await asyncio.sleep(20.0)
        strap.battery.set_charging(True)
        assert await at_home.visit() is None
        state = at_home.heard.states[-1]
        assert (state.worn, state.charging) == (False, True)
        strap.set_worn(True)
        strap.battery.set_charging(False)
        await asyncio.sleep(4 * 3600.0)
        for _ in range(2):
            assert await at_home.visit() is None
            state = at_home.heard.states[-1]
            assert (state.worn, state.charging) == (True, False)

    run(main())


@BOTH
def test_the_live_heart_rate(generation: Generation) -> None:
    """Comes every second while it is on, is not stored, and is off at the end."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        assert session.state.live
        await asyncio.sleep(30.0)
        assert 28 <= len(at_home.heard.live) <= 32
        assert all(live.usable_hr_bpm for live in at_home.heard.live)
        assert session.state.worn is True
        await session.set_live(False)
        assert not session.state.live
        seen = len(at_home.heard.live)
        await asyncio.sleep(30.0)
        assert len(at_home.heard.live) <= seen + 1
        await session.set_live(True)
        await asyncio.sleep(30.0)
        assert len(at_home.heard.live) > seen + 25
        assert not [data for data in at_home.disk if data[0] == 0x28]

    held(scene, generation, LIVE)


def test_live_goes_on_through_a_drain() -> None:
    """And its packets do not keep a stalled drain alive."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        at_home.strap.moments.at(Moment.RECORD, 2, at_home.strap.stall_history)
        session.sync_now()
        seen = len(at_home.heard.live)
        await asyncio.sleep(200.0)
        assert len(at_home.heard.live) > seen + 150
        assert Opcode.ABORT_HISTORY in [inner[2] for _, inner in at_home.strap.ledger.commands]

    held(scene, config=LIVE)
