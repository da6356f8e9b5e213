"""What stands in a wearer's file, whether Home Assistant runs or not."""

import asyncio
from datetime import datetime
from typing import Any

from custom_components.openstrap.store import WearerStore
from script.tools.home_assistant_client import until
from script.tools.real_home_assistant import RealHomeAssistant

from .night import TZ

type Tables = dict[str, list[Any]]

RECORDS = 2  # column of the minute table


def logical_content(home: RealHomeAssistant, entry_id: str) -> Tables:
    """Read every table in a fixed order; how it came to be does not show.

    Cursors are left out: they tell how far the upkeep has got.
    """
    path = home.storage / "openstrap" / f"{entry_id}.db"
    store = WearerStore.open(path, read_only=True)
    try:
        return {name: rows for name, rows in store.dump().items() if name != "cursors"}
    finally:
        store.close()


def counted(tables: Tables) -> int:
    """Add up the records that minutes were made of."""
    return sum(row[RECORDS] for row in tables["minutes"])


async def settled(home: RealHomeAssistant, entry_id: str) -> Tables:
    """Wait until no day waits to be worked out.

    An afternoon's records also touch tomorrow, which waits until it has begun.
    """

    async def nothing_waits() -> Tables | None:
        tables = await asyncio.to_thread(logical_content, home, entry_id)
        today = datetime.now(TZ).date().isoformat()
        return None if any(day <= today for (day,) in tables["dirty"]) else tables

    return await until(nothing_waits, timeout=120, pause=2)
