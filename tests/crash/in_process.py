"""Hosts that die within the test's own process: fast enough for every place, in simulated time.

Nothing that a dead host still does reaches the band or the file: its link is gone without
a word, its file is let go of in whatever state it is, and its memory is forgotten.
"""

import asyncio
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
import threading
from typing import Final

from bleak import BleakClient
from bleak.exc import BleakError

from custom_components.openstrap.engine.protocol import Generation, Inner
from custom_components.openstrap.strap import (
    CommitFailed,
    Committed,
    FaultKind,
    StrapError,
    StrapMemory,
    StrapSession,
)
from tests.strap.home import START_TS, Heard
from tests.strap_sim import (
    GEN5,
    Closer,
    Host,
    LoopTime,
    Moment,
    SimClient,
    SimulatedStrap,
    StrapConfig,
    steady_source,
)
from tests.strap_sim.store_oracle import StoreOracle

from .disk import Disk, minutes_on_disk, undisturbed_minutes
from .places import Visit, Watch

TRIES: Final = 60
"""Connections after which a drain that has not ended never will."""
LAST_TIMERS_S: Final = 15.0
"""What a session may have put off when its host died: rests and time limits of its end."""
DIED: Final = "died"
UNREACHABLE: Final = "unreachable"


class HostDied(BaseException):
    """Raised in the host's thread where it dies."""


class Blow(Enum):
    """What happens at a place."""

    DEATH = auto()
    """The process is gone: nothing more is written, and only the file survives."""
    CUT = auto()
    """The link drops."""


class Process:
    """One run of the host's process, and its one session."""

    def __init__(self, home: Home) -> None:
        """Start: open the file."""
        self._home = home
        self._thread = threading.get_ident()
        self.disk = Disk(home.path, home.time.now)
        self.client: SimClient | None = None
        self.session: StrapSession | None = None
        self.dead = False
        self._over = False
        self._died = asyncio.Event()

    async def commit(self, frames: Sequence[Inner]) -> Committed:
        """Put frames on disk, unless dead."""
        if self.dead:
            raise CommitFailed("the host is dead")
        try:
            return await self.disk.commit(frames)
        except HostDied:
            self.die()
            raise

    def strike(self, blow: Blow) -> None:
        """Take a blow, in whichever thread the place is. Raises HostDied in that of the file."""
        if self._over:
            return
        if blow is Blow.CUT:
            self._home.loop.call_soon_threadsafe(self._home.strap.drop, Closer.AIR)
            return
        if threading.get_ident() != self._thread:
            self.dead = True
            raise HostDied
        self.die()

    def die(self) -> None:
        """Be gone."""
        self.dead = True
        self._died.set()
        if self.client is not None:
            self.client.vanish()
        self._home.memory = StrapMemory()

    async def live(self) -> FaultKind | str | None:
        """Live for one session, at most; why that ended, None when it ended well."""
        session = asyncio.create_task(self.converse())
        death = asyncio.create_task(self._died.wait())
        await asyncio.wait({session, death}, return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        if self.dead:
            session.cancel()
            await asyncio.wait({session})
        self._over = True
        self.disk.let_go()
        error = None if session.cancelled() else session.exception()
        if self.dead:
            # What its session had put off (a rest before a retry, say) dies with it.
            await asyncio.sleep(LAST_TIMERS_S)
            return DIED
        if isinstance(error, (BleakError, TimeoutError)):
            return UNREACHABLE
        return session.result()

    async def converse(self) -> FaultKind | None:
        """Connect and have a session; why it ended, None when it ended well. Raises BleakError."""
        home = self._home

        def disconnected(_client: BleakClient) -> None:
            if self.session is not None:
                self.session.disconnected()

        self.client = SimClient(home.strap, disconnected, host=home.host)
        await self.client.connect()
        home.made = len(home.strap.ledger.made)
        self.session = StrapSession(
            self.client,
            commit=self.commit,
            listener=Heard(),
            clock=home.time.now,
            memory=home.memory,
        )
        try:
            await self.session.run()
        except StrapError as err:
            return err.kind
        finally:
            if not self.dead:
                home.memory = self.session.memory
        return None


class Home:
    """A band, a file that outlives hosts, and hosts that come one after the other."""

    def __init__(
        self,
        path: Path,
        generation: Generation = Generation.GEN4,
        *,
        backlog_s: float = 150.0,
        config: StrapConfig | None = None,
    ) -> None:
        """Begin inside a running loop, with records of a while in the band."""
        self.loop = asyncio.get_running_loop()
        self.path = path
        self.generation = generation
        self.time = LoopTime(START_TS)
        self.strap = SimulatedStrap(
            steady_source(0, generation),
            self.time,
            StoreOracle(path),
            config=config or (GEN5 if generation is Generation.GEN5 else StrapConfig()),
            backlog_s=backlog_s,
        )
        self.host = Host()
        self.memory = StrapMemory()
        self.made = 0
        """Records that were made when it last connected."""
        self.deaths = 0

    async def visit(
        self, blow: Blow | None = None, at: Visit | None = None
    ) -> FaultKind | str | None:
        """Let a host live for one session; why it ended, None when all history came.

        ``blow`` strikes ``at`` a visit to a place, counted from the first record of a burst on.
        """
        host = Process(self)

        def on_visit(visit: Visit) -> None:
            if visit == at and blow is not None:
                watch.on = False
                host.strike(blow)

        watch = Watch(on_visit, on=False)
        self.strap.moments.at(
            Moment.RECORD, self.strap.moments.seen[Moment.RECORD] + 1, lambda: _turn_on(watch)
        )
        if blow is None:
            return await host.live()
        with watch:
            fault = await host.live()
        self.deaths += fault == DIED
        return fault

    async def record_visits(self) -> list[Visit]:
        """Let a host have one session in peace; the visits from the first record to the end."""
        host = Process(self)
        visits: list[Visit] = []
        watch = Watch(visits.append, on=False)
        self.strap.moments.at(Moment.RECORD, 1, lambda: _turn_on(watch))
        with watch:
            assert await host.live() is None
        return visits

    async def drain(self, pause_s: float = 5.0) -> list[FaultKind | str]:
        """Visit until all history is here, as a person would have it; the faults on the way."""
        faults: list[FaultKind | str] = []
        while (fault := await self.visit()) is not None:
            faults.append(fault)
            assert len(faults) < TRIES, faults
            if fault in (FaultKind.BOND_REFUSED, FaultKind.KEYS_LOST):
                self.host.keys.clear()  # the person removes the bond, and pairs anew
            await asyncio.sleep(pause_s * min(len(faults), 12))
        return faults

    def verify(self) -> None:
        """Check the ledger and the file."""
        verify(self.strap, self.path, self.made, self.time.now())


def verify(strap: SimulatedStrap, path: Path, made: int, now: float) -> None:
    """Check that nothing was erased before it was on disk, nothing lost, and nothing counted twice.

    ``made`` records were made when the last host connected; what came later may wait.
    """
    ledger = strap.ledger
    ledger.verify()
    assert not ledger.unsafe
    missing = set(ledger.not_durable())
    assert all(number >= made for number in missing), (sorted(missing)[:5], made)
    there = [inner for number, inner in enumerate(ledger.made) if number not in missing]
    expected = undisturbed_minutes(path.with_suffix(".peace"), there, strap.generation, now)
    assert minutes_on_disk(path, now) == expected
    assert expected or not there


def _turn_on(watch: Watch) -> None:
    watch.on = True
