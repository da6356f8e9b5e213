"""A year of days that nobody was told of yet, as after an import: until graphs have them."""

import asyncio
from contextlib import closing
from functools import partial
from pathlib import Path
import sqlite3
from tempfile import TemporaryDirectory
import time
from typing import Final

from openstrap.store import WearerStore

from ..heartbeat import Beats, heartbeat
from ..home_assistant_client import Client, until
from ..real_home_assistant import RealHomeAssistant
from .backlog import furnish
from .drain import cpu_s
from .figure import Figure
from .history import fill_history
from .real import with_admin
from .weeks import QUIET_S, resident_mib

DAYS: Final = 365


def publish() -> list[Figure]:
    """Fill a wearer's file while Home Assistant is down, and see how the recorder gets it."""
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        entry, alone = with_admin(home_assistant, partial(furnish, home_assistant))
        home_assistant.stop()
        path = home_assistant.storage / "openstrap" / f"{entry}.db"
        fill_history(path, DAYS)
        home_assistant.start()
        seconds, cpu, memory, beats = with_admin(
            home_assistant, partial(_watch, home_assistant, path)
        )
        home_assistant.stop()
        rows = _rows(home_assistant.config / "home-assistant_v2.db")
    return [
        Figure("publish", "s", (seconds,), note=f"{DAYS} days, {rows} rows"),
        Figure("publish_cpu", "ms/row", (1e3 * cpu / rows,), note="all of Home Assistant"),
        Figure(
            "publish_stall",
            "ms",
            (beats.longest,),
            budget=50,
            note=f"longest of {beats.count} websocket pings; 99 % within {beats.p99:.1f} ms",
        ),
        Figure(
            "publish_memory",
            "MiB",
            (memory - alone,),
            budget=130,
            note=f"resident, beyond the {alone:.0f} MiB of Home Assistant alone",
        ),
    ]


async def _watch(
    home_assistant: RealHomeAssistant, path: Path, admin: Client
) -> tuple[float, float, float, Beats]:
    """Wait until nothing waits; seconds, processor seconds, MiB, stalls."""

    async def done() -> bool | None:
        return None if await asyncio.to_thread(_waiting, path) else True

    async with heartbeat(home_assistant.url, admin.token) as beats:
        begun, spent = time.monotonic(), cpu_s(home_assistant.pid)
        await until(done, timeout=1800, pause=1)
        seconds, spent = time.monotonic() - begun, cpu_s(home_assistant.pid) - spent
        await asyncio.sleep(QUIET_S)
    return seconds, spent, resident_mib(home_assistant.pid), beats


def _waiting(path: Path) -> int:
    with closing(WearerStore.open(path, read_only=True)) as store:
        return len(store.unpublished(1))


def _rows(path: Path) -> int:
    """Count what the recorder has of all wearers."""
    with closing(sqlite3.connect(path)) as conn:
        [(count,)] = conn.execute(
            "SELECT count(*) FROM statistics JOIN statistics_meta"
            " ON statistics_meta.id = metadata_id WHERE source = 'openstrap'"
        )
    return int(count)
