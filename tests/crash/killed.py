"""Hosts in processes of their own that are killed; the band goes on in this one."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
import multiprocessing
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
import signal
from typing import Final

from custom_components.openstrap.engine.protocol import Generation
from custom_components.openstrap.strap import FaultKind
from tests.strap.home import START_TS
from tests.strap_sim import GEN5, Host, LoopTime, Moment, SimulatedStrap, StrapConfig, steady_source
from tests.strap_sim.store_oracle import StoreOracle

from . import child
from .in_process import DIED, TRIES, verify
from .pipe import SPEED, Air, as_socket
from .places import Visit

SESSION_WITHIN_S: Final = 60.0
"""Real seconds after which a process counts as hanging."""


def processes() -> ForkServerContext:
    """Give what starts a process that has imported everything already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([child.__name__])
    return context


class KilledHome:
    """A band here, and hosts elsewhere, one after the other."""

    def __init__(
        self, path: Path, generation: Generation = Generation.GEN4, *, backlog_s: float = 150.0
    ) -> None:
        """Begin inside a running ``FastLoop``."""
        loop = asyncio.get_running_loop()
        self.path = path
        self.since = START_TS - loop.time()
        self.time = LoopTime(START_TS)
        self.strap = SimulatedStrap(
            steady_source(0, generation),
            self.time,
            StoreOracle(path),
            config=GEN5 if generation is Generation.GEN5 else StrapConfig(),
            backlog_s=backlog_s,
        )
        self.host = Host()
        self.made = 0
        self.kills = 0
        self._kept: Mapping[str, int] = {}
        self._context = processes()

    async def visit(
        self,
        *,
        at: Visit | None = None,
        moment: tuple[Moment, int] | None = None,
        after_s: float | None = None,
        link_first: bool = False,
    ) -> str | None:
        """Let a host live for one session; why that ended, None when all history came.

        It is killed ``at`` a place, or when the band comes to a moment (counted from now) or
        after so many real seconds from here; ``link_first`` then ends the link at once, else
        what is on its way still arrives.
        """
        mine, others = self._context.Pipe()  # a pair of sockets, which a process can be handed
        process = self._context.Process(
            target=child.live,
            args=(others, self.path, self.since, at, dict(self._kept)),
            daemon=True,
        )
        process.start()
        others.close()

        over = False

        def kill() -> None:
            if not over:
                process.kill()
                if link_first:
                    self.strap.drop()

        loop = asyncio.get_running_loop()
        if moment is not None:
            kind, number = moment
            self.strap.moments.at(kind, self.strap.moments.seen[kind] + number, kill)
        timer = None if after_s is None else loop.call_later(after_s * SPEED, kill)
        air = Air(self.strap, self.host, as_socket(mine))
        try:
            async with asyncio.timeout(SESSION_WITHIN_S * SPEED):
                await air.serve()
                await _end_of(process)
        finally:
            over = True
            if timer is not None:
                timer.cancel()
            process.kill()
            process.join()
        self.made = max(self.made, air.made)
        killed = process.exitcode == -signal.SIGKILL
        process.close()
        self.kills += killed
        self._kept = air.kept or self._kept
        if killed:
            return DIED
        assert air.ended
        return air.fault

    async def drain(self) -> list[str]:
        """Visit until all history is here; the faults on the way."""
        faults: list[str] = []
        while (fault := await self.visit()) is not None:
            faults.append(fault)
            assert len(faults) < TRIES, faults
            if fault in (FaultKind.BOND_REFUSED, FaultKind.KEYS_LOST):
                self.host.keys.clear()
            await asyncio.sleep(5.0 * min(len(faults), 12))
        return faults

    def verify(self) -> None:
        """Check the ledger and the file."""
        verify(self.strap, self.path, self.made, self.time.now())


async def _end_of(process: ForkServerProcess) -> None:
    """Wait until a process has ended."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        with suppress(ValueError):
            loop.remove_reader(process.sentinel)
