"""A simulated band behind a simulated ESPHome proxy, in a process of its own."""

from contextlib import suppress
from pathlib import Path
import socket
import subprocess
import sys
import time
from typing import Final, Self

import aiohttp

from . import ROOT
from .child import end, launch
from .home_assistant_client import Client
from .real_home_assistant import HOST, RealHomeAssistant, StartError

BACKLOG_HOURS: Final = 24
NAME: Final = "WHOOP 4A0000001"
ADDRESS: Final = "C4:5A:10:00:00:01"
_READY_WITHIN: Final = 30.0  # s
_END_WITHIN: Final = 5.0  # s


class SimulatedBand:
    """The band that the demo wearer wears. As a context manager it leaves nothing running.

    Its records are a function of time alone, so one that is started anew begins with those
    that Home Assistant knows already, which then count once.
    """

    def __init__(
        self,
        log: Path,
        time_zone: str,
        *,
        backlog_hours: float = BACKLOG_HOURS,
        records_per_s: float | None = None,
        bonded_elsewhere: bool = False,
    ) -> None:
        """Take the file for what it prints, where its wearer sleeps, and what it is like."""
        self._log = log
        self._options = ["--time-zone", time_zone, "--backlog-hours", str(backlog_hours)]
        if records_per_s is not None:
            self._options += ["--records-per-s", str(records_per_s)]
        if bonded_elsewhere:
            self._options.append("--bonded-elsewhere")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            end(process, _END_WITHIN)

    def start(self, port: int) -> None:
        """Start, and return when the proxy answers on a port. Raises StartError."""
        module = ("-m", "tests.strap_sim", "--port", str(port))
        command = [sys.executable, *module, *self._options]
        self._process = launch(command, log=self._log, cwd=ROOT)
        deadline = time.monotonic() + _READY_WITHIN
        while not _answers(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = self._log.read_text(errors="replace").splitlines()[-5:]
                raise StartError("\n".join(("the simulated band did not start", *tail)))
            time.sleep(0.1)


async def add_proxy(home_assistant: RealHomeAssistant, token: str, port: int, known: bool) -> None:
    """Have Home Assistant use the proxy at a port, unless it is ``known`` to it already."""
    async with (
        aiohttp.ClientSession() as http,
        Client(home_assistant.url, http, token) as client,
    ):
        entries = await client.entries("esphome")
        if known and entries:
            return
        for entry in entries:
            await client.delete(f"/api/config/config_entries/entry/{entry['entry_id']}")
        await client.add_entry("esphome", {"host": HOST, "port": port})


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False
