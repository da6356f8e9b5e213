"""What the first weeks of a wearer ask of a real Home Assistant: time, memory, the event loop."""

import asyncio
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
import time
from typing import Final
from zoneinfo import ZoneInfo

from openstrap import analysis
from openstrap.store import WearerStore

from ..heartbeat import Beats, heartbeat
from ..home_assistant_client import Client, until
from ..real_home_assistant import TIME_ZONE, RealHomeAssistant
from .figure import Figure
from .real import with_admin

DAYS: Final = 60
"""What the demo wearer brings, with every day worked out and in the statistics."""
QUIET_S: Final = 20.0
"""Time without a new day or a new row after which all is done."""


def weeks() -> list[Figure]:
    """Add the demo wearer; until all its days are worked out and published."""
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        seconds, before, after, beats = with_admin(home_assistant, partial(_add, home_assistant))
    note = f"{DAYS} days: frames made and taken in, worked out, statistics written"
    return [
        Figure("weeks", "s", (seconds,), note=note),
        Figure(
            "weeks_stall",
            "ms",
            (beats.longest,),
            budget=50,
            note=f"longest of {beats.count} websocket pings; 99 % within {beats.p99:.1f} ms",
        ),
        Figure(
            "weeks_memory",
            "MiB",
            (after - before,),
            budget=130,
            note=f"resident, beyond the {before:.0f} MiB of Home Assistant alone",
        ),
    ]


async def _add(
    home_assistant: RealHomeAssistant, admin: Client
) -> tuple[float, float, float, Beats]:
    """Add the wearer; seconds, MiB before and after, stalls."""
    await asyncio.sleep(QUIET_S)
    before = resident_mib(home_assistant.pid)
    async with heartbeat(home_assistant.url, admin.token) as beats:
        begun = time.monotonic()
        entry = await admin.add_entry("openstrap", {"next_step_id": "demo"}, {})
        path = home_assistant.storage / "openstrap" / f"{entry['entry_id']}.db"

        async def done() -> bool | None:
            days, waiting = await asyncio.to_thread(progress, path)
            return True if days >= DAYS and not waiting else None

        await until(done, timeout=1200, pause=2)
        seconds = time.monotonic() - begun
        await asyncio.sleep(QUIET_S)
    return seconds, before, resident_mib(home_assistant.pid), beats


def progress(path: Path) -> tuple[int, int]:
    """Days that are worked out, and those that wait for anything.

    The afternoon's frames also touch tomorrow, which waits until it has begun.
    """
    store = WearerStore.open(path, read_only=True)
    try:
        due = analysis.due_days(store, time.time(), ZoneInfo(TIME_ZONE))
        return len(store.latest_days(10 * DAYS)), len(store.unpublished(1)) + len(due)
    finally:
        store.close()


def resident_mib(pid: int | None) -> float:
    """Give what a process has in memory, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process does not say how much memory it has")
