"""A wearer who makes no frames: a fortnight that came at once, worked out in a real Home Assistant.

Unlike the demo wearer's, its memory and stalls are the analysis's own; and as after any restart
the integration was loaded while Home Assistant started.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
import time
from typing import Final

from openstrap.engine.protocol.hexline import Inner
from openstrap.ingest import ingest
from openstrap.store import WearerStore

from ..heartbeat import Beats, heartbeat
from ..home_assistant_client import Client, until
from ..phones import add_phone_wearer
from ..real_home_assistant import RealHomeAssistant
from .figure import Figure
from .frames import DAY, TZ, inners, recent
from .real import with_admin
from .weeks import progress, resident_mib

FORTNIGHT: Final = 14
CALL: Final = 5_000  # frames
QUIET_S: Final = 20.0


def backlog() -> list[Figure]:
    """Bring a fortnight in while Home Assistant is down, and see what it does when it is up.

    Then have the last night scored again, and all of it, as the nightly round does after an update.
    """
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        entry, alone = with_admin(home_assistant, partial(furnish, home_assistant))
        home_assistant.stop()
        path = home_assistant.storage / "openstrap" / f"{entry}.db"
        _fill(path, inners(recent(FORTNIGHT * DAY)))
        home_assistant.start()
        phases = with_admin(home_assistant, partial(_watch, home_assistant, path, entry))
    return [
        figure
        for name, phase in phases.items()
        for figure in (
            Figure(name, "s", (phase.seconds,), note=phase.about),
            Figure(
                f"{name}_stall",
                "ms",
                (phase.beats.longest,),
                budget=50,
                note=f"longest of {phase.beats.count} websocket pings; "
                f"99 % within {phase.beats.p99:.1f} ms",
            ),
            Figure(
                f"{name}_memory",
                "MiB",
                (phase.memory - alone,),
                budget=130,
                note=f"resident, beyond the {alone:.0f} MiB of Home Assistant alone",
            ),
        )
    ]


@dataclass(frozen=True, slots=True)
class Phase:
    """What one piece of work took."""

    about: str
    seconds: float
    memory: float
    beats: Beats


async def furnish(home_assistant: RealHomeAssistant, admin: Client) -> tuple[str, float]:
    """Weigh Home Assistant alone, then add the wearer; the entry's id, MiB."""
    await asyncio.sleep(QUIET_S)
    alone = resident_mib(home_assistant.pid)
    return await add_phone_wearer(admin, "Bench", [admin]), alone


def _fill(path: Path, frames: list[Inner]) -> None:
    store = WearerStore.open(path)
    try:
        for at in range(0, len(frames), CALL):
            ingest(store, frames[at : at + CALL], now=time.time(), tz=TZ)
    finally:
        store.close()


async def _watch(
    home_assistant: RealHomeAssistant, path: Path, entry: str, admin: Client
) -> dict[str, Phase]:
    """Look at one piece of work after the other."""
    device = await admin.device_id(entry)
    today = datetime.now(TZ).date()
    phases = {}
    for name, first, about in (
        ("backlog", None, f"{FORTNIGHT} days worked out and published"),
        ("waking", today, "today's night scored again"),
        ("nightly", today - timedelta(days=FORTNIGHT), "all days worked out again"),
    ):
        async with heartbeat(home_assistant.url, admin.token) as beats:
            begun = time.monotonic()
            if first is not None:
                await admin.post(
                    "/api/services/openstrap/recompute",
                    json={"device_id": device, "start_date": first.isoformat()},
                )

            async def done() -> bool | None:
                days, waiting = await asyncio.to_thread(progress, path)
                return True if days >= FORTNIGHT and not waiting else None

            await until(done, timeout=600, pause=2)
            seconds = time.monotonic() - begun
            await asyncio.sleep(QUIET_S)
        phases[name] = Phase(about, seconds, resident_mib(home_assistant.pid), beats)
    return phases
