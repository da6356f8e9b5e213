"""Sessions with the simulated band: how they start, and that everything gets across."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest

from custom_components.openstrap.engine.protocol import Generation, Inner, Opcode
from custom_components.openstrap.strap import Committed, FaultKind, Phase
from tests.strap_sim import StrapConfig, steady_source, with_raw, with_unknown_version
from tests.strap_sim.virtual import run

from .home import BOTH, START_TS, commands, home, opcodes, refuse_commit


@BOTH
def test_a_plain_drain(generation: Generation) -> None:
    """Everything is stored, erased and told; the link is given back with nothing left on."""

    async def main() -> None:
        at_home = home(generation, backlog_s=3600.0)
        assert await at_home.visit() is None
        at_home.verify_drained()
        ledger, state = at_home.strap.ledger, at_home.heard.states[-1]
        assert ledger.erased == len(ledger.made) > 3000
        assert ledger.failed_results == ledger.repeated_acks == 0
        assert state.phase is Phase.CLOSED
        assert state.generation is generation
        assert state.serial == at_home.strap.config.serial == at_home.memory.serial
        assert state.name == at_home.strap.config.name
        assert state.firmware == ".".join(map(str, at_home.strap.config.firmware))
        assert state.battery_percent == pytest.approx(87.3, abs=1)
        assert state.backlog_pages == 0
        assert state.last_record_ts == at_home.memory.last_record_ts
        assert state.last_record_ts is not None and START_TS - state.last_record_ts < 3
        assert state.last_sync_ts is not None
        assert state.frames_synced >= len(ledger.made)
        assert state.clock_drift_s == pytest.approx(0.0, abs=0.1)
        assert at_home.heard.progress[-1].bursts == len(at_home.heard.progress)
        assert at_home.strap.link is None

    run(main())


def test_the_start_of_gen4() -> None:
    """Clock, then the five questions with 0 to 4, 120 ms apart."""

    async def main() -> None:
        at_home = home()
        await at_home.visit()
        assert opcodes(at_home)[:4] == [
            Opcode.GET_CLOCK,
            Opcode.SET_CLOCK,
            Opcode.GET_CLOCK,
            Opcode.RAW_STREAM,
        ]
        start = at_home.strap.ledger.commands[4:9]
        assert [(inner[1], inner[2]) for _, inner in start] == [
            (0, Opcode.GET_HELLO_GEN4),
            (1, Opcode.GET_NAME_GEN4),
            (2, Opcode.GET_DATA_RANGE),
            (3, Opcode.GET_ALARM),
            (4, Opcode.SEND_HISTORY),
        ]
        times = [ts for ts, _ in start]
        gaps = [later - sooner for sooner, later in pairwise(times)]
        assert gaps == [pytest.approx(0.12, abs=0.01)] * 4

    run(main())


def test_the_start_of_gen5() -> None:
    """HELLO first, which tells the clock; the clock is set only when it is off."""

    async def main(offset_s: float) -> list[int]:
        at_home = home(Generation.GEN5, clock_offset_s=offset_s)
        times: list[float] = []
        await at_home.visit()
        times = [ts for ts, _ in at_home.strap.ledger.commands]
        assert times[0] - START_TS >= 1.099  # rests after the bond and after subscribing
        at_home.verify_drained()
        return opcodes(at_home)

    right = run(main(1.0))
    assert right[:6] == [
        Opcode.GET_HELLO_GEN5,
        Opcode.RAW_STOP,
        Opcode.IMU_STREAM,
        Opcode.GET_NAME_GEN5,
        Opcode.GET_DATA_RANGE,
        Opcode.SEND_HISTORY,
    ]
    assert Opcode.SET_CLOCK not in right
    off = run(main(-30.0))
    assert off[:3] == [Opcode.GET_HELLO_GEN5, Opcode.SET_CLOCK, Opcode.GET_CLOCK]


@pytest.mark.full
@BOTH
def test_acknowledgements_have_numbers_of_their_own(generation: Generation) -> None:
    """From 5 to 0x9F and round again, everything else above."""

    async def main() -> None:
        at_home = home(generation, backlog_s=10_000.0)
        await at_home.visit()
        acks = [inner[1] for _, inner in commands(at_home, Opcode.HISTORY_RESULT)]
        assert acks[:155] == list(range(5, 0xA0))
        assert acks[155] == 5
        others = [
            inner[1]
            for _, inner in at_home.strap.ledger.commands
            if inner[2] != Opcode.HISTORY_RESULT and inner[1] > 4
        ]
        assert all(0xA0 <= seq <= 0xFF for seq in others)

    run(main())


def test_what_an_earlier_connection_left_on_is_ended() -> None:
    """A raw stream empties the battery in a day."""

    async def main() -> None:
        for generation in Generation:
            at_home = home(generation)
            at_home.strap.streams.flags["raw"] = True
            assert await at_home.visit() is None
            at_home.verify_drained()
            assert not any(at_home.strap.streams.flags.values())

    run(main())


@pytest.mark.parametrize("kind", ["raw", "unknown"])
def test_any_record_is_stored(kind: str) -> None:
    """Large ones, and those that nobody can read."""

    async def main() -> None:
        source = steady_source(0)
        source = with_raw(source) if kind == "raw" else with_unknown_version(source, 3)
        at_home = home(source=source, backlog_s=300.0)
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


def test_bursts_of_any_size() -> None:
    """A burst of a whole night is stored in slices before its END."""

    async def main() -> None:
        at_home = home(config=StrapConfig(burst_pages=5000), backlog_s=30_000.0)
        sizes = []
        commit = at_home.commit

        async def measured(frames: Sequence[Inner]) -> Committed:
            sizes.append(len(frames))
            return await commit(frames)

        at_home.commit = measured  # type: ignore[method-assign]
        assert await at_home.visit() is None
        at_home.verify_drained()
        assert len(commands(at_home, Opcode.HISTORY_RESULT)) == 1
        assert len(sizes) > 14 and max(sizes) <= 2500

    run(main())


@BOTH
def test_a_full_disk_acknowledges_nothing(generation: Generation) -> None:
    """And the next session finds everything still there."""

    async def main() -> None:
        at_home = home(generation)
        at_home.before_commit = refuse_commit
        assert await at_home.visit() is FaultKind.COMMIT_FAILED
        assert not commands(at_home, Opcode.HISTORY_RESULT)
        assert at_home.strap.ledger.erased == 0
        assert opcodes(at_home)[-1] == Opcode.ABORT_HISTORY
        at_home.before_commit = None
        assert await at_home.visit() is None
        at_home.verify_drained()

    run(main())


@pytest.mark.parametrize("lie", ["fewer", "never", "raises"])
def test_a_commit_that_is_not_one(lie: str) -> None:
    """Fewer frames stored than given, no answer at all, any other error: no acknowledgement."""

    async def main() -> None:
        at_home = home()

        async def commit(frames: Sequence[Inner]) -> Committed:
            if lie == "fewer":
                return Committed(stored=len(frames) - 1, new=0)
            if lie == "never":
                await asyncio.sleep(3600.0)
            raise OSError(5, "input/output error")

        at_home.commit = commit  # type: ignore[method-assign]
        if lie == "raises":
            with pytest.raises(OSError, match="input/output"):
                await at_home.visit()
        else:
            assert await at_home.visit() is FaultKind.COMMIT_FAILED
        assert not commands(at_home, Opcode.HISTORY_RESULT)
        assert at_home.strap.link is None
        at_home.verify()

    run(main())


def test_a_slow_disk_is_no_stall() -> None:
    """Each commit takes longer than the watchdog."""

    async def main() -> None:
        at_home = home(backlog_s=200.0)

        async def slow(number: int) -> None:
            await asyncio.sleep(100.0 if number < 4 else 0.0)

        at_home.before_commit = slow
        assert await at_home.visit() is None
        at_home.verify_drained()
        assert Opcode.ABORT_HISTORY not in opcodes(at_home)

    run(main())
