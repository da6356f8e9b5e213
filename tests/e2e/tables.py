"""What stands in a wearer's file, whether Home Assistant runs or not."""

import asyncio
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from custom_components.openstrap.store import DirtyDay, WearerStore
from script.tools.home_assistant_client import until
from script.tools.real_home_assistant import RealHomeAssistant

from .night import TZ

type Tables = dict[str, list[Any]]

RECORDS = 2  # column of the minute table


def logical_content(home: RealHomeAssistant, entry_id: str) -> Tables:
    """Read every table in a fixed order; how it came to be does not show.

    Cursors are left out: they tell how far the upkeep has got.
    """
    with closing(WearerStore.open(_path(home, entry_id), read_only=True)) as store:
        return {name: rows for name, rows in store.dump().items() if name != "cursors"}


def _path(home: RealHomeAssistant, entry_id: str) -> Path:
    return home.storage / "openstrap" / f"{entry_id}.db"


def counted(tables: Tables) -> int:
    """Add up the records that minutes were made of."""
    return sum(row[RECORDS] for row in tables["minutes"])


async def worked_out(home: RealHomeAssistant, entry_id: str) -> None:
    """Wait until no day waits to be worked out.

    An afternoon's records also touch tomorrow, which waits until it has begun.
    """

    def waiting() -> list[DirtyDay]:
        with closing(WearerStore.open(_path(home, entry_id), read_only=True)) as store:
            return store.dirty_days()

    async def none_waits() -> bool | None:
        today = datetime.now(TZ).date()
        return None if any(one.day <= today for one in await asyncio.to_thread(waiting)) else True

    await until(none_waits, timeout=240, pause=1)


async def settled(home: RealHomeAssistant, entry_id: str) -> Tables:
    """Wait until no day waits to be worked out; what stands in the file then."""
    await worked_out(home, entry_id)
    return await asyncio.to_thread(logical_content, home, entry_id)
