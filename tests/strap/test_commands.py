"""What people ask of a band: alarms, buzzes, questions."""

import asyncio

import pytest

from custom_components.openstrap.engine.protocol import (
    CommandRefused,
    EventId,
    Generation,
    Opcode,
    Status,
)
from custom_components.openstrap.engine.protocol.command import (
    get_body_location,
    get_pack_info,
    send_history,
)
from custom_components.openstrap.strap import (
    Buzz,
    CommandFailed,
    FaultKind,
    Phase,
    StrapError,
    StrapSession,
)
from tests.strap_sim.faults import ReplyFault, failed, missing
from tests.strap_sim.virtual import run

from .home import BOTH, HOLD, Home, held, home, times


@pytest.mark.full
@BOTH
def test_the_alarm(generation: Generation) -> None:
    """Set on the strap's clock, read back, and rung; or cleared."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        at = round(at_home.time.now()) + 3600.0
        setting = await session.set_alarm(at)
        assert setting is not None and setting.active
        assert setting.ts == pytest.approx(at, abs=0.01)
        assert session.state.alarm == setting
        await asyncio.sleep(3700.0)
        assert at_home.strap.haptics.rings == 1
        assert at_home.heard.fresh(EventId.ALARM_FIRED)
        await session.set_alarm(at_home.time.now() + 3600.0)
        cleared = await session.disable_alarm()
        assert cleared is not None and not cleared.active
        await asyncio.sleep(3700.0)
        assert at_home.strap.haptics.rings == 1

    held(scene, generation)


def test_an_alarm_allows_for_the_drift() -> None:
    """That is left when the clock is not set."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        at = round(at_home.time.now()) + 3600.0
        await session.set_alarm(at)
        alarm = at_home.strap.haptics.alarm
        assert alarm is not None
        assert alarm[1] == pytest.approx(at + 1.5, abs=0.1)

    held(scene, Generation.GEN5, clock_offset_s=1.5)


def test_an_alarm_that_is_refused() -> None:
    """With the strap's own word for why."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        with pytest.raises(CommandFailed) as refused:
            await session.set_alarm(at_home.time.now() - 10.0)
        assert refused.value.kind is FaultKind.REFUSED
        assert "bad_time" in str(refused.value)

    held(scene)


@pytest.mark.parametrize(
    ("generation", "pattern", "count"),
    [
        (Generation.GEN4, Buzz.QUICK, 1),
        (Generation.GEN4, Buzz.DOUBLE, 2),
        (Generation.GEN4, Buzz.LONG, 5),
        (Generation.GEN5, Buzz.QUICK, 1),
        (Generation.GEN5, Buzz.LONG, 1),
    ],
)
def test_buzzing(generation: Generation, pattern: Buzz, count: int) -> None:
    """One command for each pulse on gen4, one for all of them on gen5."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        await session.buzz(pattern)
        assert len(times(at_home, Opcode.BUZZ_GEN4, Opcode.BUZZ_GEN5)) == count
        assert at_home.strap.haptics.buzzes == count

    held(scene, generation)


@BOTH
def test_buzzing_until_it_is_tapped(generation: Generation) -> None:
    """Or until half a minute is over; the motor is stopped either way."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        loop.call_later(10.0, at_home.strap.double_tap)
        await session.buzz(Buzz.UNTIL_TAPPED)
        assert 10.0 <= loop.time() - began < 13.0
        began = loop.time()
        await session.buzz(Buzz.UNTIL_TAPPED)
        assert 30.0 <= loop.time() - began < 33.0
        assert len(times(at_home, Opcode.STOP_HAPTICS)) == 2

    held(scene, generation)


def test_a_cancelled_buzz_stops() -> None:
    """So does one that the session's end overtakes."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        task = asyncio.create_task(session.buzz(Buzz.UNTIL_TAPPED))
        await asyncio.sleep(5.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(times(at_home, Opcode.STOP_HAPTICS)) == 1

    held(scene)


def test_what_replies_become() -> None:
    """No, never heard of it, and nothing at all."""

    async def scene(at_home: Home, session: StrapSession) -> None:
        reply = await session.request(get_body_location)
        assert reply.status == Status.OK
        strap = at_home.strap
        strap.add_fault(ReplyFault(Opcode.BODY_LOCATION, failed))
        with pytest.raises(CommandFailed) as refused:
            await session.request(get_body_location)
        assert refused.value.kind is FaultKind.REFUSED
        strap.add_fault(ReplyFault(Opcode.BODY_LOCATION, missing))
        with pytest.raises(CommandFailed) as silent:
            await session.request(get_body_location)
        assert silent.value.kind is FaultKind.NO_REPLY
        strap.add_fault(
            ReplyFault(Opcode.BODY_LOCATION, lambda inner: inner[:4] + b"\3" + inner[5:])
        )
        with pytest.raises(CommandFailed) as unknown:
            await session.request(get_body_location)
        assert unknown.value.kind is FaultKind.NOT_SUPPORTED

    held(scene)


def test_what_may_not_be_asked_for() -> None:
    """The session's own commands, what the generation has not, what is not on the list."""

    async def scene(_: Home, session: StrapSession) -> None:
        for build in (
            lambda seq: send_history(Generation.GEN4, seq),
            lambda seq: get_pack_info(Generation.GEN4, seq),
            lambda seq: bytes((0x23, seq, 0x19)) + b"\xfe" * 8,
            lambda seq: bytes((0x23, seq, 0x17, 1)) + bytes(8),
            lambda seq: b"",
        ):
            with pytest.raises(CommandRefused):
                await session.request(build)

    held(scene)


def test_commands_wait_for_the_start_and_fail_after_the_end() -> None:
    """With an error of their own."""

    async def main() -> None:
        at_home = home(Generation.GEN5)
        session = await at_home.session(HOLD)
        task = asyncio.create_task(session.run())
        await session.buzz()
        assert session.state.phase in (Phase.DRAINING, Phase.LISTENING)
        await session.stop()
        await task
        with pytest.raises(CommandFailed) as late:
            await session.buzz()
        assert late.value.kind is FaultKind.NOT_READY

    run(main())


def test_a_command_on_a_link_that_drops() -> None:
    """Ends with it, and does not wait for an answer."""

    async def main() -> None:
        at_home = home()
        at_home.strap.add_fault(ReplyFault(Opcode.BODY_LOCATION, missing))
        session = await at_home.session(HOLD)
        task = asyncio.create_task(session.run())
        await asyncio.sleep(20.0)
        asking = asyncio.create_task(session.request(get_body_location))
        await asyncio.sleep(1.0)
        at_home.strap.drop()
        with pytest.raises(StrapError) as ended:
            await asking
        assert ended.value.kind is FaultKind.LINK_LOST
        with pytest.raises(StrapError):
            await task
        assert asyncio.get_running_loop().time() < 22.0

    run(main())


def test_commands_during_a_drain() -> None:
    """Do not disturb it."""

    async def main() -> None:
        at_home = home(backlog_s=7200.0)
        session = await at_home.session()
        task = asyncio.create_task(session.run())
        await session.buzz()
        await session.set_live(True)
        assert session.state.phase is Phase.DRAINING
        await task
        at_home.verify_drained()

    run(main())
