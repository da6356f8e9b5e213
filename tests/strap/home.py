"""Home Assistant's side for tests: a disk, a listener, and whoever opens sessions."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from itertools import pairwise
import types
from typing import Any

from bleak import BleakClient
import pytest

from custom_components.openstrap.engine.protocol import Event, Generation, Inner, LiveHeartRate
from custom_components.openstrap.strap import (
    CommitFailed,
    Committed,
    FaultKind,
    Phase,
    Progress,
    SessionConfig,
    StrapError,
    StrapMemory,
    StrapSession,
    StrapState,
)
from tests.strap_sim import (
    GEN5,
    Host,
    LoopTime,
    SimClient,
    SimulatedStrap,
    StrapConfig,
    steady_source,
)
from tests.strap_sim.virtual import run

START_TS = 1_780_000_000.0
"""True time at which every test begins, epoch s."""

BOTH = pytest.mark.parametrize("generation", list(Generation))

HOLD = SessionConfig(hold=True)


class Heard:
    """A listener that writes down what it is told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.states: list[StrapState] = []
        self.events: list[tuple[Event, bool]] = []
        self.live: list[LiveHeartRate] = []
        self.progress: list[Progress] = []

    def on_state(self, state: StrapState) -> None:
        """See a new state."""
        self.states.append(state)

    def on_event(self, event: Event, fresh: bool) -> None:
        """See an event."""
        self.events.append((event, fresh))

    def on_live(self, live: LiveHeartRate) -> None:
        """See a live heart rate."""
        self.live.append(live)

    def on_progress(self, progress: Progress) -> None:
        """See progress."""
        self.progress.append(progress)

    def fresh(self, event_id: int) -> list[Event]:
        """Fresh events of a kind."""
        return [event for event, fresh in self.events if fresh and event.event_id == event_id]


class Home:
    """A disk that outlives sessions, and a strap that is found again and again."""

    def __init__(self, strap: SimulatedStrap, time: LoopTime) -> None:
        """Live with a strap whose ledger looks at this disk (see ``home``)."""
        self.strap = strap
        self.time = time
        self.disk: set[bytes] = set()
        self.host = Host()
        self.heard = Heard()
        self.memory = StrapMemory()
        self.commits = 0
        self.made = 0
        """Records that were made when it last connected."""
        self.before_commit: Callable[[int], Awaitable[None]] | None = None
        """Called with the number of a commit; may raise or take long."""
        self.after_commit: Callable[[int], Awaitable[None]] | None = None
        self.client: SimClient | None = None

    async def commit(self, frames: Sequence[Inner]) -> Committed:
        """Put frames on disk."""
        self.commits += 1
        number = self.commits
        if self.before_commit is not None:
            await self.before_commit(number)
        await asyncio.sleep(0.005)
        known = len(self.disk)
        self.disk.update(frame.data for frame in frames)
        await asyncio.sleep(0)
        if self.after_commit is not None:
            await self.after_commit(number)
        return Committed(stored=len(frames), new=len(self.disk) - known)

    async def session(self, config: SessionConfig | None = None) -> StrapSession:
        """Connect and make a session; raises BleakError when the strap is not there."""
        sessions: list[StrapSession] = []

        def disconnected(client: BleakClient) -> None:
            for one in sessions:
                one.disconnected(client)

        self.client = SimClient(self.strap, disconnected, host=self.host)
        await self.client.connect()
        self.made = len(self.strap.ledger.made)
        session = StrapSession(
            self.client,
            commit=self.commit,
            listener=self.heard,
            clock=self.time.now,
            config=config,
            memory=self.memory,
        )
        sessions.append(session)
        return session

    async def visit(self, config: SessionConfig | None = None) -> FaultKind | None:
        """Run one session to its end; gives why it ended, None when all went well."""
        session = await self.session(config)
        try:
            await session.run()
        except StrapError as err:
            return err.kind
        finally:
            self.memory = session.memory
            assert self.client is not None
            assert not self.client.is_connected
        return None

    async def drain(self, visits: int = 20, pause_s: float = 5.0) -> list[FaultKind]:
        """Visit until a session ends well; gives the faults on the way."""
        faults: list[FaultKind] = []
        while (kind := await self.visit()) is not None:
            faults.append(kind)
            assert len(faults) < visits, faults
            await asyncio.sleep(pause_s)
        return faults

    def verify(self) -> None:
        """Check that nothing was lost and nobody misbehaved."""
        ledger = self.strap.ledger
        ledger.verify()
        assert not ledger.unsafe

    def verify_drained(self) -> None:
        """Check that in addition all is here that had been recorded when it last connected."""
        self.verify()
        assert all(number >= self.made for number in self.strap.ledger.not_durable())


def home(
    generation: Generation = Generation.GEN4,
    *,
    backlog_s: float = 600.0,
    config: StrapConfig | None = None,
    source: Any = None,
    **kwargs: Any,
) -> Home:
    """Make a strap with a backlog and a home for it. To be called inside the loop."""
    time = LoopTime(START_TS)
    homes: list[Home] = []
    if config is None:
        config = GEN5 if generation is Generation.GEN5 else StrapConfig()
    strap = SimulatedStrap(
        source or steady_source(0, config.generation),
        time,
        lambda inner: inner in homes[0].disk,
        config=config,
        backlog_s=backlog_s,
        **kwargs,
    )
    homes.append(Home(strap, time))
    return homes[0]


async def refuse_commit(_: int) -> None:
    """Let a commit fail."""
    raise CommitFailed("the disk is full")


@types.coroutine
def disturbed[T](
    main: Awaitable[T], at: int, disturb: Callable[[], object], steps: list[int]
) -> Generator[Any, Any, T]:
    """Await something, and do something else when it is suspended for the so-many-th time.

    How often it was suspended is added to ``steps``.
    """
    inner = main.__await__()
    count = 0
    sent: Any = None
    thrown: BaseException | None = None
    try:
        while True:
            try:
                waiting = inner.send(sent) if thrown is None else inner.throw(thrown)
            except StopIteration as done:
                value: T = done.value
                return value
            count += 1
            if count == at:
                disturb()
            thrown = None
            try:
                sent = yield waiting
            except BaseException as err:  # noqa: BLE001
                sent, thrown = None, err
    finally:
        steps.append(count)


def opcodes(at_home: Home) -> list[int]:
    """Give opcodes in the order in which they came to the strap."""
    return [inner[2] for _, inner in at_home.strap.ledger.commands]


def commands(at_home: Home, opcode: int) -> list[tuple[float, bytes]]:
    """Give times and inner payloads of the commands of a kind."""
    return [one for one in at_home.strap.ledger.commands if one[1][2] == opcode]


async def until_listening(
    at_home: Home, config: SessionConfig
) -> tuple[StrapSession, asyncio.Task[None]]:
    """Start a session that is held, and wait until it listens."""
    session = await at_home.session(config)
    task = asyncio.create_task(session.run())
    while session.state.phase is not Phase.LISTENING:
        await asyncio.sleep(0.1)
        assert not task.done(), task
    return session, task


def held(
    scene: Callable[[Home, StrapSession], Awaitable[None]],
    generation: Generation = Generation.GEN4,
    config: SessionConfig = HOLD,
    **kwargs: object,
) -> None:
    """Play a scene on a connection that is held, and end it in good order."""

    async def main() -> None:
        at_home = home(generation, **kwargs)  # type: ignore[arg-type]
        session = await at_home.session(config)
        task = asyncio.create_task(session.run())
        while session.state.phase is not Phase.LISTENING:
            await asyncio.sleep(0.1)
            assert not task.done(), task
        await scene(at_home, session)
        await session.stop()
        await task
        at_home.verify()
        assert at_home.strap.link is None
        at_home.strap.stop()
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    run(main())


def times(at_home: Home, *wanted: int) -> list[float]:
    """Tell when commands came, s from the start."""
    return [ts - START_TS for ts, inner in at_home.strap.ledger.commands if inner[2] in wanted]


def gaps(moments: list[float]) -> list[float]:
    """Give the seconds between moments."""
    return [later - sooner for sooner, later in pairwise(moments)]
