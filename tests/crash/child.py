"""What runs in the process that is killed: one host, one session, the real file."""

import asyncio
from multiprocessing.connection import Connection
import os
from pathlib import Path
import signal
import threading
from typing import Final

from bleak.exc import BleakError

from custom_components.openstrap.strap import StrapError, StrapMemory, StrapSession
from tests.strap.home import Heard

from .disk import Disk
from .pipe import FastLoop, PipeClient, as_socket
from .places import Visit, Watch

CONNECT_WITHIN_S: Final = 90.0
KEPT: Final = ("early_drops", "past_rounds")
"""Of a session's memory. Without the second, records from before the clock was set are
refused by every new host for ever."""


def live(
    end: Connection, path: Path, since: float, kill_at: Visit | None, kept: dict[str, int]
) -> None:
    """Have one session over a socket, and die at a visit to a place, by SIGKILL.

    ``since`` is the true time (epoch s) of the loop's zero. ``kept`` is what a host that goes
    on living would remember of its last sessions (fields of ``StrapMemory``).
    """
    memory = StrapMemory(
        early_drops=kept.get("early_drops", 0), past_rounds=kept.get("past_rounds", 0)
    )

    def on_visit(visit: Visit) -> None:
        if visit == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
            threading.Event().wait()  # no other statement is run by this thread

    watch = Watch(on_visit, on=False)
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        if kill_at is None:
            runner.run(_session(end, path, since, watch, memory))
        else:
            with watch:
                runner.run(_session(end, path, since, watch, memory))


async def _session(
    end: Connection, path: Path, since: float, watch: Watch, memory: StrapMemory
) -> None:
    loop = asyncio.get_running_loop()

    def now() -> float:
        return since + loop.time()

    def arm() -> None:
        watch.on = True

    disk = Disk(path, now)
    client = PipeClient(as_socket(end))
    client.on_data = arm
    fault: str | None = None
    try:
        async with asyncio.timeout(CONNECT_WITHIN_S):
            await client.connect()
        session = StrapSession(
            client, commit=disk.commit, listener=Heard(), clock=now, memory=memory
        )
        client.on_disconnected = session.disconnected
        try:
            await session.run()
        finally:
            memory = session.memory
    except StrapError as err:
        fault = err.kind
    except BleakError, TimeoutError:
        fault = "unreachable"
    disk.let_go()
    await client.end(fault, {name: getattr(memory, name) for name in KEPT})
