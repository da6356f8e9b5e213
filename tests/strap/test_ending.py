"""How sessions end."""

import asyncio
import gc

import pytest

from custom_components.openstrap.engine.protocol import Generation, Opcode
from custom_components.openstrap.strap import FaultKind, SessionConfig, StrapError, StrapSession
from tests.strap_sim import Closer, Moment, SimClient
from tests.strap_sim.faults import HoldUp
from tests.strap_sim.virtual import run

from .home import BOTH, HOLD, home, opcodes, until_listening


@BOTH
def test_stopping_in_the_middle(generation: Generation) -> None:
    """The transfer is aborted, the link given back; the rest comes next time."""

    async def main() -> None:
        at_home = home(generation, backlog_s=7200.0)
        session = await at_home.session()
        task = asyncio.create_task(session.run())
        while session.state.frames_synced < 500:
            await asyncio.sleep(0.01)
        await session.stop()
        await task
        assert opcodes(at_home)[-1] == Opcode.ABORT_HISTORY
        assert at_home.strap.link is None
        assert 0 < at_home.strap.ledger.erased < len(at_home.strap.ledger.made)
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


def test_stopping_at_any_time_ends() -> None:
    """Before, during and after."""

    async def main(at_s: float) -> None:
        at_home = home(Generation.GEN5)
        session = await at_home.session(HOLD)
        await session.stop() if at_s < 0 else None
        task = asyncio.create_task(session.run())
        await asyncio.sleep(max(at_s, 0.0))
        await session.stop()
        await session.stop()
        await task
        assert at_home.strap.link is None
        at_home.verify()

    for at_s in (-1.0, 0.0, 0.3, 0.8, 1.2, 1.5, 30.0):
        run(main(at_s))


def test_two_cancellations() -> None:
    """The second one does not keep the link."""

    async def main() -> None:
        at_home = home()
        at_home.strap.add_fault(HoldUp("write", 0.5))
        session, task = await until_listening(at_home, SessionConfig(live=True))
        assert session.state.live
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(10.0)
        assert at_home.strap.link is None
        at_home.verify()
        assert len(asyncio.all_tasks()) == 1

    run(main())


def test_events_at_the_end_are_stored() -> None:
    """What came last and was not yet on disk."""

    async def main() -> None:
        at_home = home()
        session, task = await until_listening(at_home, HOLD)
        at_home.strap.double_tap()
        tap = at_home.strap.ledger.events[-1]
        await asyncio.sleep(0.01)
        assert tap not in at_home.disk
        await session.stop()
        await task
        assert tap in at_home.disk

    run(main())


def test_not_a_strap() -> None:
    """It is disconnected all the same."""

    async def main() -> None:
        at_home = home()
        session = await at_home.session()
        assert isinstance(at_home.client, SimClient)
        at_home.client.services.services.clear()
        with pytest.raises(StrapError) as ended:
            await session.run()
        assert ended.value.kind is FaultKind.NOT_A_STRAP
        assert at_home.strap.link is None
        await session.stop()

    run(main())


def test_a_strap_that_hangs_up() -> None:
    """At a burst: the session ends, the next goes on."""

    async def main() -> None:
        at_home = home(backlog_s=1200.0)
        at_home.strap.moments.at(Moment.BURST, 5, lambda: at_home.strap.drop(Closer.STRAP))
        assert await at_home.visit() is FaultKind.LINK_LOST
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


@pytest.mark.full
def test_two_hundred_visits() -> None:
    """Leave no task, no callback and no memory behind."""

    async def main() -> None:
        at_home = home(backlog_s=60.0)
        sizes = []
        for number in range(200):
            kind = await at_home.visit()
            assert kind is None
            await asyncio.sleep(120.0)
            assert len(asyncio.all_tasks()) == 1
            if number in (50, 199):
                gc.collect()
                sizes.append(sum(isinstance(one, StrapSession) for one in gc.get_objects()))
        assert sizes[1] <= sizes[0]
        assert len(at_home.memory.told_events) < 200
        at_home.verify_drained()

    run(main())
