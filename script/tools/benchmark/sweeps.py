"""A hundred sweeps of a wearer without a band: whether memory stays where the first ones left it.

Between two sweeps a phone pushes some records, so that each has something to derive, to show and
to write into the statistics; then all days of which there are frames are computed again.
"""

import asyncio
from collections.abc import Iterable
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
from ..phones import Phones, add_phone_wearer, add_users
from ..real_home_assistant import TIME_ZONE, RealHomeAssistant
from .figure import Figure
from .frames import DAY, recent
from .history import fill_history
from .real import with_admin
from .weeks import QUIET_S, resident_mib

DAYS: Final = 2
"""Of frames, which every sweep computes again."""
HISTORY: Final = 60
"""Days with results before them: what looks back finds something."""
SWEEPS: Final = 100
PUSHED: Final = 60
"""Records between two sweeps: about a minute. The store remembers which it has had, a day's."""
WARM: Final = SWEEPS // 2
"""By then every import was made, and the caches of Home Assistant and its recorder are full."""
WEIGHED: Final = (1, 10, WARM, SWEEPS)
"""Sweeps after which memory is looked at."""
GROWTH_MIB: Final = 10
"""Resident memory wavers by so much between two sweeps, by the holes that each leaves behind."""
PAUSE_S: Final = 0.1
LOOKS: Final = 10
"""Half a second apart: the least counts, for pictures are drawn and memory given back meanwhile."""


def sweeps() -> list[Figure]:
    """Sweep a hundred times, in a Home Assistant that was just started."""
    frames = recent(DAYS * DAY)
    known, pushed = frames[: -SWEEPS * PUSHED], frames[-SWEEPS * PUSHED :]
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        entry, tokens, alone = with_admin(home_assistant, partial(_furnish, home_assistant))
        home_assistant.stop()
        fill_history(home_assistant.storage / "openstrap" / f"{entry}.db", HISTORY, known)
        home_assistant.start()

        async def watch(admin: Client) -> tuple[list[float], dict[int, float], Beats]:
            phones = Phones([admin.as_user(token) for token in tokens], entry)
            batches = (pushed[at : at + PUSHED] for at in range(0, len(pushed), PUSHED))
            return await _watch(home_assistant, admin, entry, phones, batches)

        spent, weights, beats = with_admin(home_assistant, watch)
    weighed = ", ".join(f"{weight - alone:.1f} after {at}" for at, weight in weights.items())
    # Python looks through all objects of Home Assistant now and then; with so many sweeps one of
    # those falls into them, so the longest stall is told, and judged by ``backlog``.
    return [
        Figure("sweeps", "s", tuple(spent), note=f"{DAYS} days again, shown and published"),
        Figure(
            "sweeps_memory",
            "MiB",
            (weights[SWEEPS] - alone,),
            budget=130,
            note=f"resident, beyond the {alone:.0f} MiB of Home Assistant alone: {weighed}",
        ),
        Figure(
            "sweeps_growth",
            "MiB",
            (weights[SWEEPS] - weights[WARM],),
            budget=GROWTH_MIB,
            note=f"from sweep {WARM} to sweep {SWEEPS}",
        ),
        Figure(
            "sweeps_stall",
            "ms",
            (beats.longest,),
            note=f"longest of {beats.count} websocket pings; 99 % within {beats.p99:.1f} ms",
        ),
    ]


async def _furnish(
    home_assistant: RealHomeAssistant, admin: Client
) -> tuple[str, list[str], float]:
    """Weigh Home Assistant alone, then add the wearer; its entry, tokens of phones, MiB."""
    await asyncio.sleep(QUIET_S)
    alone = resident_mib(home_assistant.pid)
    users = await add_users(admin, SWEEPS)
    entry = await add_phone_wearer(admin, "Bench", users, birth_year=1990, sex="f")
    return entry, [user.token for user in users], alone


async def _watch(
    home_assistant: RealHomeAssistant,
    admin: Client,
    entry: str,
    phones: Phones,
    batches: Iterable[list[bytes]],
) -> tuple[list[float], dict[int, float], Beats]:
    """Sweep after each batch; seconds of each sweep, MiB by number of sweeps, stalls."""
    path = home_assistant.storage / "openstrap" / f"{entry}.db"
    again = (await admin.entity_ids(entry))["recompute"]

    async def done() -> bool | None:
        return None if await asyncio.to_thread(_waits, path) else True

    # What was brought in while Home Assistant was down.
    await until(done, timeout=300, pause=PAUSE_S)
    spent: list[float] = []
    weights: dict[int, float] = {}
    async with heartbeat(home_assistant.url, admin.token) as beats:
        for number, batch in enumerate(batches, 1):
            await phones.push(batch)
            begun = time.monotonic()
            await admin.post("/api/services/button/press", json={"entity_id": again})
            await until(done, timeout=120, pause=PAUSE_S)
            spent.append(time.monotonic() - begun)
            if number in WEIGHED:
                weights[number] = await _weigh(home_assistant)
    return spent, weights, beats


async def _weigh(home_assistant: RealHomeAssistant) -> float:
    found = []
    for _ in range(LOOKS):
        await asyncio.sleep(0.5)
        found.append(resident_mib(home_assistant.pid))
    return min(found)


def _waits(path: Path) -> bool:
    """Tell whether a day waits to be computed, or to be told to the recorder."""
    store = WearerStore.open(path, read_only=True)
    try:
        return bool(
            store.unpublished(1) or analysis.due_days(store, time.time(), ZoneInfo(TIME_ZONE))
        )
    finally:
        store.close()
