"""Bands and a proxy in a thread of their own, for a real Home Assistant to find."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
import threading
import time
from typing import Any, Self

from custom_components.openstrap.engine.protocol import Inner
from custom_components.openstrap.ingest import ingest
from custom_components.openstrap.store import WearerStore
from script.tools.home_assistant_client import Client, until
from script.tools.real_home_assistant import HOST, RealHomeAssistant
from tests.strap_sim import LoopTime, ProxyEmulator, SimulatedStrap, StrapConfig, demo_source
from tests.strap_sim.store_oracle import StoreOracle

from .night import TZ


class Disk:
    """Looks into the file of a wearer, who is not there yet when the band is made."""

    def __init__(self) -> None:
        """Begin without one: nothing is safe."""
        self._oracle: StoreOracle | None = None

    def of(self, path: Path) -> None:
        """Look into this file from now on."""
        self._oracle = StoreOracle(path)

    def refresh(self) -> None:
        """Look again."""
        if self._oracle is not None:
            self._oracle.refresh()

    def is_durable(self, inner: bytes) -> bool:
        """Tell whether a record is safe."""
        return self._oracle is not None and self._oracle.is_durable(inner)


class Band:
    """One band, and the wearer it was given to."""

    def __init__(self, strap: SimulatedStrap, disk: Disk) -> None:
        """Take the band and what its ledger looks at."""
        self.strap, self.disk = strap, disk
        self.entry_id = ""
        self.path = Path()
        self.backlog = len(strap.ledger.made)

    def belongs_to(self, home: RealHomeAssistant, entry_id: str) -> None:
        """Be given to a wearer."""
        self.entry_id = entry_id
        self.path = home.storage / "openstrap" / f"{entry_id}.db"
        self.disk.of(self.path)

    def speed(self) -> float:
        """Tell how many records of the backlog were erased in a second."""
        old = [one for one in self.strap.ledger.erasures if one.end <= self.backlog]
        # From the first acknowledgement, which erases several pages at once, to the last.
        first = max(one.end for one in old if one.ts == old[0].ts)
        return (old[-1].end - first) / (old[-1].ts - old[0].ts)

    def verify(self, folder: Path) -> None:
        """Check that nothing is lost, nothing is another's, and nothing counted twice."""
        ledger = self.strap.ledger
        ledger.verify()
        assert not ledger.unsafe
        missing = set(ledger.not_durable())
        assert all(number >= self.backlog for number in missing)
        there = [
            Inner(inner, self.strap.generation, True)
            for number, inner in enumerate(ledger.made)
            if number not in missing
        ]
        peace = WearerStore.open(folder / f"{self.entry_id}.db")
        found = WearerStore.open(self.path, read_only=True)
        try:
            ingest(peace, there, now=time.time(), tz=TZ)
            assert found.dump()["minutes"] == peace.dump()["minutes"]
        finally:
            peace.close()
            found.close()


class Radio:
    """A proxy and bands in reach of it. Everything that touches them is done in their own loop."""

    def __init__(self, **proxy: Any) -> None:
        """Take what the proxy is like."""
        self._options = proxy
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="radio")
        self.proxy: ProxyEmulator

    def __enter__(self) -> Self:
        """Start the proxy."""
        self._thread.start()
        self.proxy = ProxyEmulator(advertise_every_s=0.2, **self._options)
        self.run(self.proxy.start())
        return self

    def __exit__(self, *_: object) -> None:
        """End all of it."""
        self.run(self.proxy.stop())
        for strap in self.proxy.straps.values():
            self.do(strap.stop)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Do something that takes a while."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def do[T](self, work: Callable[[], T]) -> T:
        """Do something at once."""

        async def once() -> T:
            return work()

        return self.run(once())

    def band(self, number: int, backlog_s: float, *faults: Any, **kwargs: Any) -> Band:
        """Bring a band into reach."""

        def make() -> Band:
            disk = Disk()
            config = StrapConfig(
                address=f"C4:5A:10:00:01:{number:02X}",
                name=f"WHOOP 4A00000{number:02}",
                serial=f"4A00000{number:02}",
                **kwargs,
            )
            strap = SimulatedStrap(
                demo_source(number, TZ),
                LoopTime(time.time()),
                disk,
                config=config,
                backlog_s=backlog_s,
            )
            for fault in faults:
                strap.add_fault(fault)
            strap.recorder.grow()
            self.proxy.add(strap)
            return Band(strap, disk)

        return self.do(make)

    async def join(self, owner: Client) -> str:
        """Have Home Assistant use the proxy, and no other; the entry's id."""
        for other in await owner.entries("esphome"):
            await owner.delete(f"/api/config/config_entries/entry/{other['entry_id']}")
        entry = await owner.add_entry("esphome", {"host": HOST, "port": self.proxy.port})
        return str(entry["entry_id"])


async def adopt(
    owner: Client, home: RealHomeAssistant, band: Band, name: str, **profile: Any
) -> str:
    """Give a band that was discovered to a new wearer, through the flow; the entry's id."""
    address = band.strap.config.address

    async def shown() -> dict[str, Any] | None:
        flows = await owner.discovered("openstrap")
        return next((flow for flow in flows if flow["context"]["unique_id"] == address), None)

    flow = await until(shown)
    answer = {"name": name, "users": [await owner.user_id()]} | profile
    # Where there are wearers already, it asks first whether it is one of theirs.
    menu = [{"next_step_id": "band"}] if flow["step_id"] == "found" else []
    entry = await owner.go_on(flow["flow_id"], *menu, answer)
    band.belongs_to(home, entry["entry_id"])
    return str(entry["entry_id"])


async def synced(owner: Client, entry_id: str, timeout: float) -> dict[str, str]:
    """Wait until all history is here; the entities' ids by their keys."""
    entities = await owner.entity_ids(entry_id)

    async def done() -> bool | None:
        state = await owner.state(entities["last_sync"])
        return True if state and state["state"] not in {"unknown", "unavailable"} else None

    await until(done, timeout=timeout)
    return entities


async def states(owner: Client, entities: dict[str, str], *keys: str) -> dict[str, str]:
    """Read the states of some entities."""
    found = {key: await owner.state(entities[key]) for key in keys}
    return {key: state["state"] for key, state in found.items() if state}


async def leave(owner: Client, *entries: str) -> None:
    """Remove entries."""
    for entry in entries:
        await owner.delete(f"/api/config/config_entries/entry/{entry}")
