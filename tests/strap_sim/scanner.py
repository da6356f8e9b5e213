"""The strap behind habluetooth's manager: a scanner that hears it and a way to connect."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, override

from bluetooth_data_tools import monotonic_time_coarse
from habluetooth import BaseHaRemoteScanner, HaBluetoothConnector, get_manager

from .advert import RANDOM_ADDRESS, advertisement
from .client import SimBackend
from .link import Host
from .strap import SimulatedStrap


class SimScanner(BaseHaRemoteScanner):
    """An adapter with so many connection slots and the straps in its reach."""

    def __init__(
        self,
        straps: Iterable[SimulatedStrap] = (),
        *,
        source: str = "02:00:00:00:00:09",
        name: str = "sim-scanner",
        slots: int = 3,
        rssi: int = -60,
    ) -> None:
        """Take the straps; the manager must be there, so inside Home Assistant's bluetooth."""
        self.straps = {strap.config.address: strap for strap in straps}
        self.host = Host(source)
        self.slots, self.rssi = slots, rssi
        client: Any = partial(SimBackend, straps=self.straps, host=self.host)
        connector = HaBluetoothConnector(client, source, lambda: self.slots_used < self.slots)
        super().__init__(source, name, connector, True)

    @property
    def slots_used(self) -> int:
        """How many links go through it."""
        links = (strap.link for strap in self.straps.values())
        return sum(link is not None and link.transport.host is self.host for link in links)

    @override
    def get_allocations(self) -> Any:
        return None

    def register(self) -> Callable[[], None]:
        """Make it known to the manager; returns what undoes that."""
        undo = get_manager().async_register_scanner(self, self.slots)
        stop = self.async_setup()

        def unregister() -> None:
            stop()
            undo()

        return unregister

    def add(self, strap: SimulatedStrap) -> None:
        """Bring a strap into reach."""
        self.straps[strap.config.address] = strap

    def advertise(self, *, with_name: bool = True) -> None:
        """Hear every strap once that nobody is connected to."""
        for address, strap in self.straps.items():
            if strap.advertises:
                self._async_on_raw_advertisement(
                    address,
                    self.rssi,
                    advertisement(strap, with_name=with_name),
                    {"address_type": RANDOM_ADDRESS},
                    monotonic_time_coarse(),
                )
