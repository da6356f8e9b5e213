"""An ESPHome Bluetooth proxy that is not there: it speaks the native API, in plain text.

Home Assistant's own ``esphome`` integration connects to it as to a real one, hears the
straps and opens links to them.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Final

from aioesphomeapi import BluetoothProxyFeature

from .link import Closer, Host, Link
from .proxy_session import Session
from .strap import SimulatedStrap

ALL_FEATURES: Final = sum(BluetoothProxyFeature)
WITHOUT_PAIRING: Final = ALL_FEATURES & ~BluetoothProxyFeature.PAIRING
"""As before ESPHome 2024.3."""
PASSIVE_ONLY: Final = ALL_FEATURES & ~(
    BluetoothProxyFeature.ACTIVE_CONNECTIONS | BluetoothProxyFeature.PAIRING
)
"""As a proxy that was told not to connect."""


class ProxyEmulator:
    """One proxy, with its straps in reach and its own keys."""

    def __init__(
        self,
        straps: Iterable[SimulatedStrap] = (),
        *,
        name: str = "bedroom-proxy",
        mac: str = "02:00:00:00:00:01",
        bluetooth_mac: str = "02:00:00:00:00:03",
        slots: int = 3,
        features: int = ALL_FEATURES,
        advertise_every_s: float = 1.0,
        rssi: int = -60,
    ) -> None:
        """Take the straps in reach; nothing listens before ``start``."""
        self.straps: dict[int, SimulatedStrap] = {}
        for strap in straps:
            self.add(strap)
        self.name, self.mac, self.bluetooth_mac = name, mac, bluetooth_mac
        self.slots, self.features, self.rssi = slots, int(features), rssi
        self.advertise_every_s = advertise_every_s
        self.host = Host(bluetooth_mac)
        self.links: dict[int, Link] = {}
        """Links by the numbers of the straps' addresses."""
        self.requests: Counter[str] = Counter()
        """How often each kind of message came."""
        self.sessions: set[Session] = set()
        self.port = 0
        self._server: asyncio.Server | None = None
        self._address = "127.0.0.1"

    def add(self, strap: SimulatedStrap) -> None:
        """Bring a strap into reach."""
        self.straps[int(strap.config.address.replace(":", ""), 16)] = strap

    async def start(self, port: int = 0, address: str = "127.0.0.1") -> int:
        """Listen; gives the port (any free one for 0)."""
        self._address = address
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), address, port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Stop listening and end all that is connected, orderly."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self.drop_sessions(abort=False)
        if server is not None:
            await server.wait_closed()

    def drop_sessions(self, *, abort: bool = True) -> None:
        """Break the network under every API connection; the proxy stays up."""
        for session in list(self.sessions):
            session.break_off(abort=abort)

    def unplug(self) -> None:
        """Cut the power: network and links end at once, and nobody listens any more."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self.drop_sessions()
        self.drop_links()

    async def replug(self) -> None:
        """Give it power again, at the same port."""
        await self.start(self.port, self._address)

    def drop_links(self) -> None:
        """Let all straps go out of reach for a moment."""
        for link in list(self.links.values()):
            link.close(Closer.AIR)
