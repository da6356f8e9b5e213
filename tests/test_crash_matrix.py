"""A host that dies, or loses its link, anywhere between a record's arrival and its erasure.

The ledger of the simulated band says whether anything was erased that was not in the
wearer's real file, and the file is compared with one that was filled in peace.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import pytest
import pytest_socket

from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.strap import Committed

from .crash.disk import Disk
from .crash.in_process import Blow, Home
from .crash.killed import KilledHome
from .crash.pipe import FastLoop
from .crash.places import Place, Visit
from .strap_sim import Misconduct, Moment, StrapConfig
from .strap_sim.schedule import schedule
from .strap_sim.virtual import run

BLOCKS: Final = 10
MIXTURES: Final = 500
KILLS: Final = 120
FEW: Final = 23
"""Every so-many-th place is enough for the inner loop."""
SHORT_BURSTS: Final = StrapConfig(burst_pages=2)


def _small(path: Path) -> Home:
    """Make a home whose band has two short bursts to give."""
    return Home(path, backlog_s=45.0, config=SHORT_BURSTS)


async def _recorded(home: Home) -> list[Visit]:
    visits = await home.record_visits()
    assert len({one.token for one in home.strap.ledger.erasures}) > 1
    home.verify()
    home.strap.stop()
    return visits


@cache
def visits_of_two_bursts(folder: Path) -> dict[Place, list[Visit]]:
    """Give all places between the first record and the last erasure, with the visits to each."""

    async def main() -> list[Visit]:
        return await _recorded(_small(folder / "recorded.db"))

    by_place: dict[Place, list[Visit]] = {}
    for visit in run(main()):
        by_place.setdefault(visit.place, []).append(visit)
    return by_place


@cache
def visits_of_a_drain(folder: Path, generation: Generation) -> list[Visit]:
    """Give all visits in their order, of a longer drain."""

    async def main() -> list[Visit]:
        return await _recorded(Home(folder / f"{generation}.db", generation))

    return run(main())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a place for recordings."""
    return tmp_path_factory.mktemp("recorded")


def _each(
    schedules: Sequence[object], play: Callable[[object], Awaitable[None]], fast: bool = False
) -> None:
    """Play schedules one after the other; one that fails says which it was."""
    for one in schedules:
        try:
            if fast:
                with asyncio.Runner(loop_factory=FastLoop) as runner:
                    runner.run(_awaited(play(one)))
            else:
                run(_awaited(play(one)))
        except BaseException as err:
            err.add_note(f"schedule {one}")
            raise


async def _awaited(play: Awaitable[None]) -> None:
    await play


async def _nobody_lingers() -> None:
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1


# --- every place ------------------------------------------------------------------


def test_there_are_places_on_the_whole_way(folder: Path) -> None:
    """The matrix is empty no sooner than the code is: statements and awaits, radio to disk."""
    places = visits_of_two_bursts(folder)
    functions = {(place.file, place.function) for place in places}
    assert functions >= {
        ("strap/receiver.py", "Receiver.feed"),
        ("strap/collector.py", "Collector.mark"),
        ("strap/drain.py", "Drain.store"),
        ("strap/drain.py", "Drain._acknowledge"),
        ("strap/link.py", "Link.acknowledge"),
        ("ingest.py", "ingest"),
        ("store/intake.py", "Intake.finish"),
        ("store/wearer_store.py", "WearerStore.intake"),
    }
    assert len(places) > 500
    for kind in ("await", "after"):
        awaits = {place.function for place in places if place.kind == kind}
        assert {"Drain.store", "Link.acknowledge", "Link._write"} <= awaits


def _strike_everywhere(folder: Path, tmp_path: Path, blow: Blow, share: slice) -> None:
    dice = Random(0)
    chosen = [dice.choice(visits) for visits in visits_of_two_bursts(folder).values()][share]
    struck = 0

    async def play(visit: object) -> None:
        nonlocal struck
        assert isinstance(visit, Visit)
        home = _small(tmp_path / f"{chosen.index(visit)}.db")
        struck += await home.visit(blow, visit) is not None
        await home.drain()
        home.verify()
        home.strap.stop()
        await _nobody_lingers()

    _each(chosen, play)
    # A cut behind the last answer of a session changes nothing, and not every visit recurs.
    assert struck >= 0.8 * len(chosen)


@pytest.mark.parametrize(
    "blow", [Blow.DEATH, *(pytest.param(one, marks=pytest.mark.full) for one in [Blow.CUT])]
)
def test_some_places(folder: Path, tmp_path: Path, blow: Blow) -> None:
    """A share of the places, for the inner loop."""
    _strike_everywhere(folder, tmp_path, blow, slice(0, None, FEW))


@pytest.mark.full
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("blow", Blow)
def test_every_place(folder: Path, tmp_path: Path, blow: Blow, block: int) -> None:
    """Before every statement, and before and after every await."""
    _strike_everywhere(folder, tmp_path, blow, slice(block, None, BLOCKS))


# --- mixtures ---------------------------------------------------------------------


def _mixtures(folder: Path, tmp_path: Path, seeds: range) -> None:
    deaths = 0

    async def play(seed: object) -> None:
        nonlocal deaths
        dice = Random(f"mixture {seed}")
        generation = dice.choice(tuple(Generation))
        home = Home(tmp_path / f"{seed}.db", generation, backlog_s=dice.choice((60.0, 150, 400)))
        schedule(home.strap, dice.randrange(1 << 30), dice.randrange(1, 4))
        for _ in range(dice.randrange(1, 4)):
            blow = dice.choice((Blow.DEATH, Blow.DEATH, Blow.CUT))
            fault = await home.visit(blow, dice.choice(visits_of_a_drain(folder, generation)))
            await asyncio.sleep(dice.choice((5.0, 60.0)))
            if fault is None:
                break
        await home.drain()
        home.verify()
        home.strap.stop()
        await _nobody_lingers()
        deaths += home.deaths

    for generation in Generation:
        visits_of_a_drain(folder, generation)  # a loop of its own: not from within another
    _each(seeds, play)
    assert deaths >= len(seeds) // 2


@pytest.mark.full
def test_some_mixtures(folder: Path, tmp_path: Path) -> None:
    """Deaths, cuts, and everything that the simulator can do to a link and a band."""
    _mixtures(folder, tmp_path, range(12))


@pytest.mark.full
@pytest.mark.parametrize("block", range(BLOCKS))
def test_many_mixtures(folder: Path, tmp_path: Path, block: int) -> None:
    """Five hundred of them."""
    size = MIXTURES // BLOCKS
    _mixtures(folder, tmp_path, range(1000 + block * size, 1000 + (block + 1) * size))


# --- processes --------------------------------------------------------------------


_MOMENTS: Final = (Moment.BURST, Moment.RECORD, Moment.END, Moment.ACK)


async def _kill_one(home: KilledHome, dice: Random, visits: list[Visit]) -> str | None:
    """Let a process live and be killed somehow."""
    kind = dice.choice(("place", "place", "place", "moment", "moment", "time"))
    if kind == "place":
        return await home.visit(at=dice.choice(visits))
    if kind == "moment":
        moment = dice.choice(_MOMENTS)
        number = dice.randrange(1, 120 if moment is Moment.RECORD else 3)
        return await home.visit(moment=(moment, number), link_first=dice.random() < 0.5)
    return await home.visit(after_s=dice.uniform(0.05, 0.5))


@pytest.fixture
def local_sockets(socket_enabled: None) -> None:
    """Allow the sockets by which processes are started, which the test plugin forbids."""
    pytest_socket.socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)


def _kills(folder: Path, tmp_path: Path, seeds: range) -> None:
    visits = {generation: visits_of_a_drain(folder, generation) for generation in Generation}
    kills = 0

    async def play(seed: object) -> None:
        nonlocal kills
        dice = Random(f"kill {seed}")
        generation = dice.choice((Generation.GEN4, Generation.GEN4, Generation.GEN5))
        home = KilledHome(tmp_path / f"{seed}.db", generation)
        schedule(home.strap, dice.randrange(1 << 30), dice.randrange(3))
        for _ in range(dice.randrange(1, 4)):
            fault = await _kill_one(home, dice, visits[generation])
            await asyncio.sleep(5.0)
            if fault is None:
                break
        await home.drain()
        home.verify()
        home.strap.stop()
        kills += home.kills

    _each(seeds, play, fast=True)
    assert kills >= len(seeds) // 2


@pytest.mark.full
@pytest.mark.usefixtures("local_sockets")
def test_some_killed_processes(folder: Path, tmp_path: Path) -> None:
    """A process that holds session and file is killed by SIGKILL; the band is another process's."""
    _kills(folder, tmp_path, range(4))


@pytest.mark.full
@pytest.mark.usefixtures("local_sockets")
@pytest.mark.parametrize("block", range(BLOCKS))
def test_many_killed_processes(folder: Path, tmp_path: Path, block: int) -> None:
    """The same, mixed with the simulator's faults."""
    size = KILLS // BLOCKS
    _kills(folder, tmp_path, range(1000 + block * size, 1000 + (block + 1) * size))


@pytest.mark.full
@pytest.mark.usefixtures("local_sockets")
def test_processes_share_what_makes_an_old_clock_believed(tmp_path: Path) -> None:
    """Records from before the clock was set get through though every session has its own host."""

    async def main() -> None:
        home = KilledHome(tmp_path / "wearer.db", backlog_s=0.0)
        home.strap.lose_clock()
        # More than a burst takes, so that the first holds nothing else.
        await asyncio.sleep(200.0)
        assert "implausible" in await home.drain()
        home.verify()
        home.strap.stop()

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        runner.run(main())


# --- the matrix itself ------------------------------------------------------------


def test_a_hasty_host_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that answers before its frames are on disk does not get through."""
    honest = Disk.commit

    async def hasty(self: Disk, frames: Sequence[Inner]) -> Committed:
        late = asyncio.get_running_loop().call_later
        late(1.0, lambda: asyncio.ensure_future(honest(self, frames)))
        return Committed(stored=len(frames), new=len(frames))

    async def main() -> None:
        monkeypatch.setattr(Disk, "commit", hasty)
        home = _small(tmp_path / "wearer.db")
        await home.visit()
        home.strap.stop()
        assert home.strap.ledger.misdeeds_of(Misconduct.UNSAFE_ERASE)
        with pytest.raises(AssertionError):
            home.verify()

    run(main())
