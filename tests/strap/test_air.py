"""What goes wrong on the air, and what the strap does wrong."""

import asyncio
from itertools import pairwise
import math

import pytest

from custom_components.openstrap.engine.protocol import Generation, Opcode
from custom_components.openstrap.engine.protocol.encode import encode_console, encode_marker
from custom_components.openstrap.strap import FaultKind, StrapError
from custom_components.openstrap.strap.policy.burst import LAST_TRY, LEARNT_AFTER
from tests.strap_sim import Moment, StrapConfig, history, steady_source
from tests.strap_sim.faults import (
    Corrupt,
    Fate,
    HoldUp,
    IgnoredAck,
    ReplyFault,
    WriteFate,
    failed,
    missing,
    wrong_echo,
)
from tests.strap_sim.virtual import run

from .home import BOTH, START_TS, commands, home, opcodes


@pytest.mark.full
@BOTH
@pytest.mark.parametrize("fate", [one for one in Fate if one is not Fate.PASS])
@pytest.mark.parametrize("times", [1, 3])
def test_an_acknowledgement_that_gets_lost(generation: Generation, fate: Fate, times: int) -> None:
    """Before or after it was obeyed, with or without the link."""

    async def main() -> None:
        at_home = home(generation)
        at_home.strap.add_fault(WriteFate(fate, nth=3, times=times))
        faults = await at_home.drain()
        at_home.verify_drained()
        assert len(faults) <= times
        if fate is Fate.FAILED and times == 1:
            assert not faults

    run(main())


@BOTH
@pytest.mark.parametrize("number", [1, 4])
@pytest.mark.parametrize("again", ["resend_burst", "repeat_end"])
def test_a_strap_that_repeats_itself(generation: Generation, number: int, again: str) -> None:
    """The burst, or only its END: everything is answered, and nothing counts twice."""

    async def main() -> None:
        at_home = home(generation)
        strap = at_home.strap

        def repeat() -> None:
            strap.soon(getattr(strap, again))

        strap.moments.at(Moment.END, number, repeat)
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


@BOTH
@pytest.mark.parametrize("only_end", [False, True])
def test_an_end_that_comes_again_after_its_acknowledgement(
    generation: Generation, only_end: bool
) -> None:
    """Is acknowledged again: the strap did not hear it."""

    async def main() -> None:
        at_home = home(generation)
        at_home.strap.add_fault(IgnoredAck(nth=2, only_end=only_end))
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


def test_a_strap_that_falls_silent() -> None:
    """Asked again after a minute, three times, and then given up."""

    async def main() -> None:
        at_home = home()
        at_home.strap.moments.at(Moment.BURST, 3, lambda: at_home.strap.mute(100_000.0))
        assert await at_home.visit() is FaultKind.STALLED
        asked = [ts for ts, _ in commands(at_home, Opcode.SEND_HISTORY)]
        assert len(asked) == 4
        assert all(later - sooner > 60.0 for sooner, later in pairwise(asked))
        assert opcodes(at_home).count(Opcode.ABORT_HISTORY) == 4
        at_home.verify()

    run(main())


def test_silence_that_ends() -> None:
    """One restart, and the drain goes on where it was."""

    async def main() -> None:
        at_home = home(backlog_s=3600.0)
        at_home.strap.moments.at(Moment.BURST, 3, lambda: at_home.strap.mute(30.0))
        assert await at_home.visit() is None
        at_home.verify_drained()
        assert opcodes(at_home).count(Opcode.SEND_HISTORY) == 2

    run(main())


@BOTH
def test_a_noisy_link(generation: Generation) -> None:
    """A bit in a hundred notifications, then one in ten: told, and nothing lost."""

    async def main() -> None:
        at_home = home(generation, backlog_s=1200.0)
        at_home.strap.add_fault(Corrupt(0.05, seed=3))
        await at_home.drain(visits=60)
        at_home.verify_drained()

    run(main())


def test_a_marginal_radio_is_told_once() -> None:
    """And raw streams are ended."""

    async def main() -> None:
        at_home = home(backlog_s=1200.0)
        at_home.strap.add_fault(Corrupt(0.5, seed=3))
        await at_home.visit()
        changes = [state.marginal_radio for state in at_home.heard.states]
        assert changes[-1] is True
        assert sorted(changes) == changes
        assert len(commands(at_home, Opcode.RAW_STREAM)) >= 1
        at_home.verify()

    run(main())


@pytest.mark.parametrize("change", [missing, failed, wrong_echo])
@BOTH
def test_no_reply_is_needed(generation: Generation, change: object) -> None:
    """Not one: the drain goes on without."""

    async def main() -> None:
        at_home = home(generation)
        for opcode in Opcode:
            at_home.strap.add_fault(ReplyFault(opcode, change, times=1000))  # type: ignore[arg-type]
        await at_home.visit()
        at_home.verify_drained()

    run(main())


@pytest.mark.parametrize("operation", ["pair", "subscribe", "write"])
def test_an_operation_that_hangs(operation: str) -> None:
    """Ends the session in time, and the link with it."""

    async def main() -> None:
        at_home = home()
        at_home.strap.add_fault(HoldUp(operation, 10_000.0))
        assert await at_home.visit() is not None
        assert asyncio.get_running_loop().time() < 120.0
        assert at_home.strap.link is None

    run(main())


def test_a_client_that_is_already_gone() -> None:
    """The link may end between connecting and the session."""

    async def main() -> None:
        at_home = home()
        session = await at_home.session()
        at_home.strap.drop()
        with pytest.raises(StrapError) as ended:
            await session.run()
        assert ended.value.kind is FaultKind.LINK_LOST

    run(main())


# --- straps that are strange ----------------------------------------------------


@pytest.mark.full
@BOTH
@pytest.mark.parametrize("misfit", [-2, -1, 1, 2])
def test_a_strap_that_miscounts(
    generation: Generation, misfit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Costs some repeats, and neither the records nor the drain."""

    def marker(*args: object, expected_count: int = 0, **fields: object) -> bytes:
        return encode_marker(*args, expected_count=expected_count + misfit, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "encode_marker", marker)

    async def main() -> None:
        at_home = home(generation, backlog_s=1200.0)
        assert await at_home.visit() is None
        at_home.verify_drained()
        assert at_home.memory.burst.proofs[misfit] >= LEARNT_AFTER
        # Once it is known for harmless, nothing comes twice any more.
        assert at_home.heard.progress[-1].frames < 3 * at_home.heard.progress[-1].new

    run(main())


def test_a_count_that_binds_and_never_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given up after fifteen tries, with the transfer aborted and nothing erased."""

    def marker(*args: object, expected_count: int = 0, **fields: object) -> bytes:
        return encode_marker(*args, expected_count=expected_count + 9, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "encode_marker", marker)

    async def main() -> None:
        at_home = home(Generation.GEN5)
        assert await at_home.visit() is FaultKind.DAMAGED
        assert at_home.strap.ledger.failed_results == LAST_TRY - 1
        assert at_home.strap.ledger.erased == 0
        assert opcodes(at_home)[-1] == Opcode.ABORT_HISTORY
        at_home.verify()

    run(main())


@pytest.mark.full
@pytest.mark.parametrize("grows", [True, False])
def test_a_strap_that_promises_more_than_it_has(grows: bool) -> None:
    """Asked a few times in each session; after ten minutes of nothing it is pushed and bounced."""

    def promise(reply: bytes) -> bytes:
        newest = int.from_bytes(reply[62:66], "little") + 3600
        return reply[:62] + newest.to_bytes(4, "little") + reply[66:]

    async def main() -> None:
        steady = steady_source(0)
        at_home = home(source=lambda a, b: steady(a, b if grows else min(b, START_TS)))
        at_home.strap.add_fault(ReplyFault(Opcode.GET_DATA_RANGE, promise, times=10_000))
        assert await at_home.visit() is None
        assert 5 <= opcodes(at_home).count(Opcode.SEND_HISTORY) <= 8
        asked = [ts for ts, _ in commands(at_home, Opcode.SEND_HISTORY)]
        assert all(later - sooner >= 5.0 for sooner, later in pairwise(asked))
        while (kind := await at_home.visit()) is None and at_home.time.now() - START_TS < 7200.0:
            await asyncio.sleep(60.0)
        at_home.verify()
        if grows:
            assert kind is None
        else:
            assert kind is FaultKind.STUCK
            assert {Opcode.HIGH_FREQ_EXIT, Opcode.SET_CLOCK} <= set(opcodes(at_home)[-6:])

    run(main())


def test_a_strap_that_sends_nothing_but_its_log() -> None:
    """Three drains in a row: its clock is lost, and is set."""

    def log(start_ts: float, end_ts: float) -> list[bytes]:
        return [
            encode_console(second, f"line {second}")
            for second in range(math.ceil(start_ts), math.ceil(end_ts))
        ]

    async def main() -> None:
        at_home = home(source=log, config=StrapConfig(console_per_burst=0))
        at_home.strap.take_history_events = list  # type: ignore[method-assign]
        kinds = []
        for _ in range(3):
            kinds.append(await at_home.visit())
            await asyncio.sleep(300.0)
        assert kinds == [None, None, FaultKind.CLOCK_LOST]
        assert Opcode.SET_CLOCK in opcodes(at_home)[-3:]

    run(main())
