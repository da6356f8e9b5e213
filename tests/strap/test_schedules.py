"""Cuts, cancellations and deaths at every await, and seeded mixtures of faults."""

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.strap import CommitFailed, StrapError, StrapMemory
from tests.strap_sim import Closer
from tests.strap_sim.faults import (
    Corrupt,
    DropAfterBytes,
    Duplicate,
    Fate,
    HoldUp,
    Interleave,
    LateReply,
    Lose,
    ReplyFault,
    SlowLink,
    SmallMtu,
    Split,
    WriteFate,
    failed,
    garbled,
    missing,
    truncated,
    wrong_echo,
    wrong_opcode,
)
from tests.strap_sim.virtual import run

from .home import BOTH, Home, disturbed, home

pytestmark = pytest.mark.full  # a schedule for every await


def _small(generation: Generation) -> Home:
    """Make a home with three bursts to drain."""
    return home(generation, backlog_s=150.0)


def _cancel(_: Home, task: asyncio.Task[None]) -> None:
    task.cancel()


def _cut(at_home: Home, _: asyncio.Task[None]) -> None:
    at_home.strap.drop()


def _hang_up(at_home: Home, _: asyncio.Task[None]) -> None:
    at_home.strap.drop(Closer.STRAP)


def _die(at_home: Home, task: asyncio.Task[None]) -> None:
    """Kill the process: nothing more reaches the strap, and only the disk survives."""
    assert at_home.client is not None
    at_home.client.vanish()
    at_home.memory = StrapMemory()
    task.cancel()


async def _disturbed_drain(
    at_home: Home, at: int, disturb: Callable[[Home, asyncio.Task[None]], None]
) -> int:
    """Disturb one session at a step, then drain in peace; gives the steps of the session."""
    session = await at_home.session()
    steps: list[int] = []

    async def once() -> None:
        task = asyncio.current_task()
        assert task is not None
        await disturbed(session.run(), at, lambda: disturb(at_home, task), steps)

    task = asyncio.create_task(once())
    await asyncio.wait({task})
    if not task.cancelled() and (err := task.exception()) is not None:
        assert isinstance(err, StrapError), err
    if disturb is not _die:
        at_home.memory = session.memory
    await asyncio.sleep(15.0)
    assert at_home.strap.link is None
    await at_home.drain(pause_s=1.0)
    at_home.verify_drained()
    at_home.strap.stop()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1
    return steps[0]


@BOTH
@pytest.mark.parametrize("disturb", [_cancel, _cut, _hang_up, _die])
def test_every_await_may_be_the_last(
    generation: Generation, disturb: Callable[[Home, asyncio.Task[None]], None]
) -> None:
    """Whatever happens wherever, nothing is lost, and the next session ends the drain."""

    async def main(at: int) -> int:
        return await _disturbed_drain(_small(generation), at, disturb)

    total = run(main(0))
    assert total > 40
    for at in range(1, total + 1):
        run(main(at))


# --- mixtures ----------------------------------------------------------------


def _faults(dice: Random) -> list[object]:
    opcodes = (0x0A, 0x0B, 0x14, 0x16, 0x17, 0x1A, 0x22, 0x23, 0x91, 0x4C, 0x8D)
    seed = dice.getrandbits(32)
    kinds: list[Callable[[], object]] = [
        lambda: Corrupt(dice.choice((0.002, 0.02, 0.1)), seed),
        lambda: Lose(dice.choice((0.002, 0.02, 0.1)), seed),
        lambda: Split(0.3, seed),
        lambda: Duplicate(0.05, seed),
        lambda: Interleave(0.2, seed),
        lambda: SmallMtu(dice.choice((23, 23, 64, 185))),
        lambda: SlowLink(dice.choice((35.0, 130.0))),
        lambda: DropAfterBytes(dice.randrange(1, 40_000), dice.randrange(1, 4)),
        lambda: WriteFate(
            dice.choice([one for one in Fate if one is not Fate.PASS]),
            dice.choice((0x17, 0x17, *opcodes)),
            dice.randrange(1, 6),
            dice.randrange(1, 4),
        ),
        lambda: ReplyFault(
            dice.choice(opcodes),
            dice.choice((missing, wrong_echo, wrong_opcode, failed, truncated, garbled)),
            times=dice.randrange(1, 5),
        ),
        lambda: LateReply(dice.choice(opcodes), dice.choice((0.5, 4.0, 12.0))),
        lambda: HoldUp(
            dice.choice(("pair", "write", "subscribe")),
            dice.choice((0.1, 5.0, 40.0)),
            nth=dice.randrange(1, 20),
        ),
    ]
    return [dice.choice(kinds)() for _ in range(dice.randrange(0, 4))]


async def _mixture(seed: int) -> None:
    dice = Random(seed)
    generation = dice.choice(tuple(Generation))
    at_home = home(
        generation,
        backlog_s=dice.choice((60.0, 300.0, 900.0)),
        clock_offset_s=dice.choice((0.0, 0.0, 30.0, -4000.0)),
        drift_ppm=dice.choice((0.0, 50.0)),
    )
    strap = at_home.strap
    for fault in _faults(dice):
        strap.add_fault(fault)  # type: ignore[arg-type]

    async def shaky_disk(_: int) -> None:
        chance = dice.random()
        if chance < 0.01:
            raise CommitFailed("the disk is full")
        if chance < 0.05:
            await asyncio.sleep(dice.choice((1.0, 70.0)))

    if dice.random() < 0.5:
        at_home.before_commit = shaky_disk
    if dice.random() < 0.3:
        at_home.after_commit = shaky_disk
    disturb = dice.choice((_cancel, _cut, _die))
    session = await at_home.session()

    async def once() -> None:
        task = asyncio.current_task()
        assert task is not None
        await disturbed(session.run(), dice.randrange(1, 600), lambda: disturb(at_home, task), [])

    task = asyncio.create_task(once())
    await asyncio.wait({task})
    if not task.cancelled() and (err := task.exception()) is not None:
        assert isinstance(err, StrapError), err
    await asyncio.sleep(20.0)
    if disturb is not _die:
        at_home.memory = session.memory
    for _ in range(40):
        if await at_home.visit() is None:
            break
        await asyncio.sleep(dice.choice((1.0, 60.0)))
        if dice.random() < 0.1:
            strap.faults.clear()
    else:
        strap.faults.clear()
        at_home.before_commit = at_home.after_commit = None
        await at_home.drain()
    at_home.verify_drained()
    strap.stop()


@pytest.mark.parametrize("block", range(10))
def test_mixtures_of_faults(block: int) -> None:
    """Seeded schedules of faults, cuts and a bad disk: nothing is lost, and the drain ends."""
    for seed in range(block * 10, block * 10 + 10):
        try:
            run(_mixture(seed))
        except BaseException as err:
            err.add_note(f"seed {seed}")
            raise


@pytest.mark.full
@pytest.mark.parametrize("block", range(10))
def test_many_mixtures_of_faults(block: int) -> None:
    """The same for many more seeds."""
    for seed in range(1000 + block * 100, 1000 + block * 100 + 100):
        try:
            run(_mixture(seed))
        except BaseException as err:
            err.add_note(f"seed {seed}")
            raise
