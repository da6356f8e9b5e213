"""How long Home Assistant's event loop was busy with something else: measured from outside.

A process of its own asks for an answer over the websocket, again and again; each is given
by the event loop itself, so the longest wait is no shorter than the longest stall. What the
machine's scheduler adds is in it too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
import os
import sys
import time
from typing import Final

import aiohttp

from . import ROOT

PAUSE: Final = 0.005  # s between an answer and the next question
_KEY: Final = "OPENSTRAP_HEARTBEAT_TOKEN"


@dataclass(slots=True)
class Beats:
    """What was found, once the measurement is over; ms."""

    count: int = 0
    median: float = 0.0
    p99: float = 0.0
    longest: float = 0.0


@asynccontextmanager
async def heartbeat(url: str, token: str) -> AsyncIterator[Beats]:
    """Measure while the block runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        url,
        cwd=ROOT,
        env=os.environ | {_KEY: token},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    beats = Beats()
    try:
        await process.stdout.readline()
        yield beats
        found, _ = await process.communicate(b"\n")
        for name, value in json.loads(found).items():
            setattr(beats, name, value)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _measure(url: str, token: str) -> None:
    waits: list[float] = []
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{url}/api/websocket") as socket,
    ):
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": token})
        await socket.receive_json()
        print("ready", flush=True)
        while not over.done():
            begun = time.perf_counter()
            await socket.send_json({"id": len(waits) + 1, "type": "ping"})
            await socket.receive_json()
            waits.append((time.perf_counter() - begun) * 1e3)
            await asyncio.sleep(PAUSE)
    waits.sort()
    count = len(waits)
    found = {
        "count": count,
        "median": waits[count // 2],
        "p99": waits[count * 99 // 100],
        "longest": waits[-1],
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    asyncio.run(_measure(sys.argv[1], os.environ[_KEY]))
