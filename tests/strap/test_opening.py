"""Bonds, identity and the clock, before anything is drained."""

import asyncio
from dataclasses import replace

import pytest

from custom_components.openstrap.engine.protocol import Generation, Opcode
from custom_components.openstrap.strap import FaultKind, StrapError
from custom_components.openstrap.strap.policy.burst import BELIEVE_PAST_AFTER
from tests.strap_sim import GEN5, Host, StrapConfig
from tests.strap_sim.faults import Fate, ReplyFault, WriteFate, missing
from tests.strap_sim.virtual import run

from .home import BOTH, START_TS, commands, home, opcodes


@BOTH
def test_a_bond_that_is_refused(generation: Generation) -> None:
    """Until someone puts the band into pairing mode."""

    async def main() -> None:
        config = GEN5 if generation is Generation.GEN5 else StrapConfig()
        at_home = home(config=replace(config, bonded_elsewhere=True))
        for _ in range(2):
            assert await at_home.visit() is FaultKind.BOND_REFUSED
        at_home.strap.bonding.start_pairing_mode()
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


@BOTH
def test_lost_keys(generation: Generation) -> None:
    """Twice in a row the link dies after the bond: then the bond is to be removed."""

    async def main() -> None:
        at_home = home(generation)
        assert await at_home.visit() is None
        at_home.strap.bonding.forget()
        assert await at_home.visit() is FaultKind.LINK_LOST
        assert await at_home.visit() is FaultKind.KEYS_LOST
        at_home.host = Host()
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


def test_a_link_that_was_heard_has_its_keys() -> None:
    """Early cuts by the radio are no lost keys."""

    async def main() -> None:
        at_home = home()
        at_home.strap.add_fault(WriteFate(Fate.LOST, Opcode.GET_DATA_RANGE, times=3))
        for _ in range(3):
            assert await at_home.visit() is FaultKind.LINK_LOST
        assert at_home.memory.early_drops == 0

    run(main())


def test_a_proxy_that_cannot_pair() -> None:
    """Says so by an error of its own."""

    async def main() -> None:
        at_home = home()
        session = await at_home.session()
        assert at_home.client is not None

        async def pair(*_: object, **__: object) -> None:
            raise NotImplementedError

        at_home.client.backend.pair = pair  # type: ignore[method-assign]
        with pytest.raises(StrapError) as ended:
            await session.run()
        assert ended.value.kind is FaultKind.PAIRING_UNSUPPORTED
        assert at_home.strap.link is None

    run(main())


def test_another_strap_is_not_drained() -> None:
    """It belongs to another wearer."""

    async def main() -> None:
        for generation in Generation:
            at_home = home(generation)
            at_home.memory = replace(at_home.memory, serial="4A0000099")
            assert await at_home.visit() is FaultKind.OTHER_STRAP
            assert Opcode.SEND_HISTORY not in opcodes(at_home)

    run(main())


def test_gen5_without_hello() -> None:
    """The serial comes from elsewhere; after five sessions the bond is suspected."""

    async def main() -> None:
        at_home = home(Generation.GEN5)
        at_home.strap.add_fault(ReplyFault(Opcode.GET_HELLO_GEN5, missing, times=6))
        for _ in range(4):
            assert await at_home.visit() is None
        assert at_home.memory.serial == at_home.strap.config.serial
        assert await at_home.visit() is FaultKind.KEYS_LOST
        assert await at_home.visit() is None
        assert await at_home.visit() is None
        assert at_home.memory.hello_failures == 0
        at_home.verify_drained()

    run(main())


@pytest.mark.full
@BOTH
def test_a_strap_that_is_ahead_is_left_alone(generation: Generation) -> None:
    """Neither set nor drained, until the host has insisted for twelve hours."""

    async def main() -> None:
        at_home = home(generation, clock_offset_s=3 * 86_400.0)
        assert await at_home.visit() is FaultKind.CLOCK_AHEAD
        await asyncio.sleep(6 * 3600.0)
        assert await at_home.visit() is FaultKind.CLOCK_AHEAD
        assert not set(opcodes(at_home)) & {Opcode.SET_CLOCK, Opcode.SEND_HISTORY}
        await asyncio.sleep(6 * 3600.0)
        kind = await at_home.visit()
        assert Opcode.SET_CLOCK in opcodes(at_home)
        # What it recorded in the future is kept, and is not let go while it is the future.
        assert kind is FaultKind.IMPLAUSIBLE
        assert at_home.strap.ledger.erased == 0
        at_home.verify()

    run(main())


@BOTH
def test_records_from_before_the_clock_was_set(generation: Generation) -> None:
    """They are kept, and let go after some sessions: what follows them waits behind."""

    async def main() -> None:
        at_home = home(generation, backlog_s=150.0, clock_offset_s=31_536_000.0 - START_TS)
        faults = await at_home.drain()
        assert faults == [FaultKind.IMPLAUSIBLE] * BELIEVE_PAST_AFTER
        assert at_home.memory.past_rounds >= 0
        at_home.verify_drained()
        assert at_home.strap.ledger.erased > 100

    run(main())


def test_a_clock_that_takes_the_second_or_the_unpadded_try() -> None:
    """Read back each time; after the last form it is told and left."""

    async def main(stubborn: int) -> tuple[int, bool | None]:
        at_home = home(clock_offset_s=-1000.0)
        at_home.strap.stubborn_clock = stubborn
        assert await at_home.visit() is None
        state = at_home.heard.states[-1]
        return len(commands(at_home, Opcode.SET_CLOCK)), state.clock_latches

    assert run(main(0)) == (1, True)
    assert run(main(2)) == (3, True)
    assert run(main(9)) == (4, False)


def test_without_an_answer_the_clock_is_not_touched() -> None:
    """HELLO tells it then; if that fails too, the drain goes on without."""

    async def main(hello: bool) -> list[int]:
        at_home = home(clock_offset_s=-1000.0)
        at_home.strap.add_fault(ReplyFault(Opcode.GET_CLOCK, missing))
        if not hello:
            at_home.strap.add_fault(ReplyFault(Opcode.GET_HELLO_GEN4, missing))
        assert await at_home.visit() is None
        at_home.verify_drained()
        return opcodes(at_home)

    assert Opcode.SET_CLOCK in run(main(True))
    assert Opcode.SET_CLOCK not in run(main(False))


def test_the_serial_is_the_same_after_a_rename() -> None:
    """Names are not identity."""

    async def main() -> None:
        at_home = home(config=replace(StrapConfig(), name="My band"))
        assert await at_home.visit() is None
        assert at_home.heard.states[-1].name == "My band"
        assert at_home.memory.serial == StrapConfig().serial

    run(main())
