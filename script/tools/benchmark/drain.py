"""Reading a simulated band in a real Home Assistant, through the proxy emulator."""

import asyncio
from functools import partial
import os
from pathlib import Path
from tempfile import TemporaryDirectory
import time

from openstrap.store import WearerStore

from ..band import BACKLOG_HOURS, SimulatedBand, add_proxy
from ..heartbeat import Beats, heartbeat
from ..home_assistant_client import Client, until
from ..real_home_assistant import TIME_ZONE, RealHomeAssistant, free_port
from .figure import Figure
from .real import with_admin

SLOW_HOURS = 1.0
TICKS = os.sysconf("SC_CLK_TCK")


def day() -> list[Figure]:
    """Read a day of backlog as fast as it goes."""
    return _drain("drain", BACKLOG_HOURS, None)


def slow() -> list[Figure]:
    """Read an hour over radios that carry as much as real ones."""
    return _drain("drain_35", SLOW_HOURS, 35.0) + _drain("drain_130", SLOW_HOURS, 130.0)


def _drain(name: str, hours: float, records_per_s: float | None) -> list[Figure]:
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        log, port = Path(folder) / "band.log", free_port()
        with SimulatedBand(
            log, TIME_ZONE, backlog_hours=hours, records_per_s=records_per_s
        ) as band:
            band.start(port)
            entry, seconds, spent, beats = with_admin(
                home_assistant, partial(_read, home_assistant, port)
            )
        store = WearerStore.open(home_assistant.storage / "openstrap" / f"{entry}.db")
        records = store.stats()["frames"]
        store.close()
    note = f"{records} frames, from the start of the link to the end of the transfer"
    return [
        Figure(name, "frames/s", (records / seconds,), note=note),
        Figure(f"{name}_cpu", "ms/frame", (spent * 1e3 / records,), note="all of Home Assistant"),
        Figure(
            f"{name}_stall",
            "ms",
            (beats.longest,),
            budget=50,
            note=f"longest of {beats.count} websocket pings from a process of its own",
        ),
    ]


async def _read(
    home_assistant: RealHomeAssistant, port: int, admin: Client
) -> tuple[str, float, float, Beats]:
    """Add the band that is discovered; entry, seconds of the read, processor seconds, stalls."""
    await add_proxy(home_assistant, admin.token, port, known=False)
    [flow] = await admin.discovered("openstrap")
    async with heartbeat(home_assistant.url, admin.token) as beats:
        wearer = {"name": "Bench", "users": [await admin.user_id()]}
        spent = cpu_s(home_assistant.pid)
        added = await admin.go_on(flow["flow_id"], wearer)
        entities = await admin.entity_ids(added["entry_id"])

        async def reached(key: str, *unwanted: str) -> bool | None:
            state = await admin.state(entities[key])
            return None if state is None or state["state"] in unwanted else True

        off = ("off", "unknown", "unavailable")
        await until(partial(reached, "connected", *off), pause=0.05)
        begun = time.monotonic()
        await until(partial(reached, "last_sync", *off), timeout=600, pause=0.05)
        seconds = time.monotonic() - begun
        spent = cpu_s(home_assistant.pid) - spent
        await asyncio.sleep(1)
    return added["entry_id"], seconds, spent, beats


def cpu_s(pid: int | None) -> float:
    """Give the processor time that a process has taken, s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
