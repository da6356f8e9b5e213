"""Simulated bands under Home Assistant's real bluetooth, with wearers and their real files."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.openstrap import database_path
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.strap_link import StrapLink
from custom_components.openstrap.strap_view import LinkPhase
from tests.strap_sim import LoopTime, SimScanner, SimulatedStrap, StrapConfig, steady_source
from tests.strap_sim.store_oracle import StoreOracle


async def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@dataclass
class Worn:
    """A wearer, the band, and the file."""

    hass: HomeAssistant
    entry: MockConfigEntry
    strap: SimulatedStrap

    @property
    def coordinator(self) -> OpenStrapCoordinator:
        """The wearer at run time."""
        found: OpenStrapCoordinator = self.entry.runtime_data
        return found

    @property
    def link(self) -> StrapLink:
        """The link at run time."""
        link = self.coordinator.strap
        assert link is not None
        return link

    @property
    def completed(self) -> float | None:
        """When history was last complete."""
        return self.link.snapshot.last_sync_ts

    def verify(self) -> None:
        """Check that nothing was erased that is not in the file, and nobody misbehaved."""
        self.strap.ledger.verify()
        assert not self.strap.ledger.unsafe

    def missing(self) -> list[int]:
        """List records that are not in the file, but for those of the last moments."""
        made = len(self.strap.ledger.made)
        return [number for number in self.strap.ledger.not_durable() if number < made - 10]


@dataclass
class Room:
    """A place with one proxy, where bands come and go."""

    hass: HomeAssistant
    scanner: SimScanner = field(default_factory=SimScanner)
    straps: list[SimulatedStrap] = field(default_factory=list)
    _stop: Callable[[], None] | None = None

    def open(self) -> None:
        """Let Home Assistant know of the proxy."""
        self._stop = self.scanner.register()

    def close(self) -> None:
        """Take the proxy away."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def band(
        self,
        entry: MockConfigEntry | None = None,
        *,
        config: StrapConfig | None = None,
        backlog_s: float = 600.0,
        seed: int = 0,
        **kwargs: Any,
    ) -> SimulatedStrap:
        """Bring a band into reach, whose ledger looks at the file of a wearer."""
        config = config or StrapConfig()
        oracle = StoreOracle(database_path(self.hass, entry)) if entry else lambda _: False
        strap = SimulatedStrap(
            steady_source(seed, config.generation),
            LoopTime(dt_util.utcnow().timestamp()),
            oracle,
            config=config,
            backlog_s=backlog_s,
            **kwargs,
        )
        self.straps.append(strap)
        self.scanner.add(strap)
        return strap

    def wearer(
        self,
        users: list[str],
        *,
        name: str = "Ada",
        options: dict[str, Any] | None = None,
        config: StrapConfig | None = None,
        **kwargs: Any,
    ) -> Worn:
        """Add a wearer with a band; not yet set up."""
        config = config or StrapConfig()
        entry = MockConfigEntry(
            domain="openstrap",
            title=name,
            unique_id=config.address,
            data={"kind": "band", "address": config.address, "users": users, "devices": []},
            options=options or {},
        )
        entry.add_to_hass(self.hass)
        return Worn(self.hass, entry, self.band(entry, config=config, **kwargs))

    async def up(self, worn: Worn) -> None:
        """Set a wearer up."""
        if worn.entry.state is ConfigEntryState.NOT_LOADED:
            assert await self.hass.config_entries.async_setup(worn.entry.entry_id)

    async def shout(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Let all bands advertise until something holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.scanner.advertise()
                await asyncio.sleep(0.03)

    async def visit(self, worn: Worn) -> None:
        """Let time pass until the next try, and wait for a visit that ends well."""
        before = worn.strap.ledger.connections
        self.later(worn)
        await self.shout(lambda: worn.strap.ledger.connections > before)
        await self.gone(worn)

    async def gone(self, worn: Worn) -> None:
        """Wait until the band is let go."""
        await until(
            lambda: (
                worn.link.snapshot.phase in (LinkPhase.WAITING, LinkPhase.AWAY)
                and worn.link.snapshot.next_try_ts is not None
            )
        )
        assert worn.strap.link is None

    def later(self, worn: Worn) -> None:
        """Let the time of the next try come."""
        due_ts = worn.link.snapshot.next_try_ts
        assert due_ts is not None
        now = dt_util.utcnow()
        wait = max(due_ts - now.timestamp(), 0) + 1
        async_fire_time_changed(self.hass, now + timedelta(seconds=wait), fire_all=True)
