"""One connection to the proxy emulator: the messages of the native API that a proxy answers."""

import asyncio
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, override
from uuid import UUID

from bleak.assigned_numbers import CHARACTERISTIC_PROPERTIES

from .advert import RANDOM_ADDRESS, advertisement
from .gatt import CCCD, GattTable
from .link import (
    Closer,
    ConnectRefused,
    GattError,
    Host,
    Link,
    LinkLost,
    PairingRefused,
    Unanswered,
)
from .proxy_wire import ApiConnection, pb

if TYPE_CHECKING:
    from .proxy import ProxyEmulator
    from .strap import SimulatedStrap

_BITS: Final[dict[str, int]] = {name: bit for bit, name in CHARACTERISTIC_PROPERTIES.items()}
_NOT_CONNECTED: Final = -1
_NO_ANSWER: Final = 0x85
_PAIRING_REFUSED: Final = 0x52
_REASON: Final = {Closer.HOST: 0, Closer.STRAP: 0x13, Closer.AIR: 0x08}
_API_VERSION: Final = (1, 12)
_ESPHOME_VERSION: Final = "2026.10.0"


def _words(uuid: str) -> list[int]:
    number = UUID(uuid).int
    return [number >> 64, number & (1 << 64) - 1]


@lru_cache
def _service_messages(table: GattTable, address: int) -> list[Any]:
    found = []
    for service in table.services:
        message = pb.BluetoothGATTGetServicesResponse(address=address)
        shown = message.services.add(uuid=_words(service.uuid), handle=service.handle)
        for one in service.characteristics:
            bits = sum(_BITS[name] for name in one.properties)
            char = shown.characteristics.add(
                uuid=_words(one.uuid), handle=one.handle, properties=bits
            )
            if one.cccd is not None:
                char.descriptors.add(uuid=_words(CCCD), handle=one.cccd)
        found.append(message)
    return found


class _ProxyLink:
    """The proxy's side of a link, as a transport for it."""

    def __init__(self, session: Session, address: int) -> None:
        self._session, self._address = session, address

    @property
    def host(self) -> Host:
        return self._session.proxy.host

    def deliver(self, handle: int, data: bytes) -> None:
        self._session.send(
            pb.BluetoothGATTNotifyDataResponse(address=self._address, handle=handle, data=data)
        )

    def closed(self, closer: Closer) -> None:
        self._session.link_closed(self._address, closer)

    def ready(self) -> bool:
        return self._session.writable


class Session(ApiConnection):
    """One API connection to a proxy."""

    def __init__(self, proxy: ProxyEmulator) -> None:
        """Belong to a proxy."""
        super().__init__()
        self.proxy = proxy
        self._mode = pb.BLUETOOTH_SCANNER_MODE_PASSIVE
        self._advertising: asyncio.TimerHandle | None = None
        self._wants_slots = False

    # --- the connection -------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.proxy.sessions.add(self)

    @override
    def ended(self) -> None:
        self.proxy.sessions.discard(self)
        self._stop_advertising()
        if not self.proxy.sessions:
            self.proxy.drop_links()

    @override
    def drained(self) -> None:
        for link in self.proxy.links.values():
            link.resume()

    @override
    def handle(self, name: str, parse: Callable[[], Any]) -> None:
        self.proxy.requests[name] += 1
        if (handler := getattr(self, f"_on_{name}", None)) is not None:
            handler(parse())

    # --- the device -----------------------------------------------------------

    def _on_HelloRequest(self, _message: Any) -> None:
        major, minor = _API_VERSION
        self.send(
            pb.HelloResponse(
                api_version_major=major,
                api_version_minor=minor,
                server_info="simulated",
                name=self.proxy.name,
            )
        )

    def _on_AuthenticationRequest(self, _message: Any) -> None:
        self.send(pb.AuthenticationResponse())

    def _on_DisconnectRequest(self, _message: Any) -> None:
        self.send(pb.DisconnectResponse())
        self.break_off(abort=False)

    def _on_PingRequest(self, _message: Any) -> None:
        self.send(pb.PingResponse())

    def _on_DeviceInfoRequest(self, _message: Any) -> None:
        proxy = self.proxy
        self.send(
            pb.DeviceInfoResponse(
                name=proxy.name,
                friendly_name=proxy.name.replace("-", " ").capitalize(),
                mac_address=proxy.mac,
                bluetooth_mac_address=proxy.bluetooth_mac,
                esphome_version=_ESPHOME_VERSION,
                model="emulator",
                manufacturer="OpenStrap",
                bluetooth_proxy_feature_flags=proxy.features,
            )
        )

    def _on_ListEntitiesRequest(self, _message: Any) -> None:
        self.send(pb.ListEntitiesDoneResponse())

    # --- scanning -------------------------------------------------------------

    def _on_SubscribeBluetoothLEAdvertisementsRequest(self, _message: Any) -> None:
        self._tell_scanner_state()
        if self._advertising is None:
            self._advertise()

    def _on_UnsubscribeBluetoothLEAdvertisementsRequest(self, _message: Any) -> None:
        self._stop_advertising()

    def _on_BluetoothScannerSetModeRequest(self, message: Any) -> None:
        self._mode = message.mode
        self._tell_scanner_state()

    def _tell_scanner_state(self) -> None:
        self.send(
            pb.BluetoothScannerStateResponse(
                state=pb.BLUETOOTH_SCANNER_STATE_RUNNING,
                mode=self._mode,
                configured_mode=pb.BLUETOOTH_SCANNER_MODE_ACTIVE,
            )
        )

    def _advertise(self) -> None:
        batch = pb.BluetoothLERawAdvertisementsResponse()
        active = self._mode == pb.BLUETOOTH_SCANNER_MODE_ACTIVE
        for address, strap in self.proxy.straps.items():
            if strap.advertises:
                batch.advertisements.add(
                    address=address,
                    rssi=self.proxy.rssi,
                    address_type=RANDOM_ADDRESS,
                    data=advertisement(strap, with_name=active),
                )
        if batch.advertisements:
            self.send(batch)
        loop = asyncio.get_running_loop()
        self._advertising = loop.call_later(self.proxy.advertise_every_s, self._advertise)

    def _stop_advertising(self) -> None:
        if self._advertising is not None:
            self._advertising.cancel()
            self._advertising = None

    # --- links ----------------------------------------------------------------

    def _on_SubscribeBluetoothConnectionsFreeRequest(self, _message: Any) -> None:
        self._wants_slots = True
        self._tell_slots()

    def _tell_slots(self) -> None:
        if self._wants_slots:
            links = self.proxy.links
            free = self.proxy.slots - len(links)
            self.send(
                pb.BluetoothConnectionsFreeResponse(
                    free=free, limit=self.proxy.slots, allocated=list(links)
                )
            )

    def _on_BluetoothDeviceRequest(self, message: Any) -> None:
        address, kind = message.address, message.request_type
        if kind in (
            pb.BLUETOOTH_DEVICE_REQUEST_TYPE_CONNECT_V3_WITH_CACHE,
            pb.BLUETOOTH_DEVICE_REQUEST_TYPE_CONNECT_V3_WITHOUT_CACHE,
        ):
            strap = self.proxy.straps.get(address)
            if strap is None:
                self._tell_connection(address, error=_NO_ANSWER)
            else:
                self._held_up(strap, "connect", partial(self._connect, address, strap))
        elif kind == pb.BLUETOOTH_DEVICE_REQUEST_TYPE_DISCONNECT:
            if (link := self.proxy.links.get(address)) is not None:
                link.close(Closer.HOST)
            self.link_closed(address, Closer.HOST)
        elif kind == pb.BLUETOOTH_DEVICE_REQUEST_TYPE_CLEAR_CACHE:
            self.send(pb.BluetoothDeviceClearCacheResponse(address=address, success=True))
        elif kind == pb.BLUETOOTH_DEVICE_REQUEST_TYPE_PAIR:
            self._ask(address, 0, "pair", self._pair)
        elif kind == pb.BLUETOOTH_DEVICE_REQUEST_TYPE_UNPAIR:
            if (strap := self.proxy.straps.get(address)) is not None:
                self.proxy.host.keys.pop(strap.config.address, None)
            self.send(pb.BluetoothDeviceUnpairingResponse(address=address, success=True))

    def _connect(self, address: int, strap: SimulatedStrap) -> None:
        proxy = self.proxy
        if len(proxy.links) >= proxy.slots or not self.is_open:
            self._tell_connection(address, error=_NO_ANSWER)
            return
        try:
            link = strap.connect(_ProxyLink(self, address))
        except ConnectRefused:
            self._tell_connection(address, error=_NO_ANSWER)
            return
        proxy.links[address] = link
        self._tell_slots()
        self._tell_connection(address, mtu=link.mtu)

    def _tell_connection(self, address: int, mtu: int = 0, error: int = 0) -> None:
        self.send(
            pb.BluetoothDeviceConnectionResponse(
                address=address, connected=bool(mtu), mtu=mtu, error=error
            )
        )

    def link_closed(self, address: int, closer: Closer) -> None:
        """Tell that a link is gone, and give its slot back."""
        self.proxy.links.pop(address, None)
        self._tell_connection(address, error=_REASON[closer])
        self._tell_slots()

    def _held_up(self, strap: SimulatedStrap, operation: str, action: Callable[[], None]) -> None:
        delay = sum(fault.delay_s(operation) for fault in strap.faults)
        if delay:
            strap.soon(action, delay)
        else:
            action()

    def _ask(
        self, address: int, handle: int, operation: str, question: Callable[[Link], Any]
    ) -> None:
        """Ask a strap something and send the message that the question gives, or an error."""

        def ask() -> None:
            link = self.proxy.links.get(address)
            error = _NOT_CONNECTED
            if link is not None:
                try:
                    answer = question(link)
                except LinkLost, Unanswered:
                    return  # the end of the link was or will be told
                except GattError as err:
                    error = err.code
                else:
                    if answer is not None:
                        self.send(answer)
                    return
            self.send(pb.BluetoothGATTErrorResponse(address=address, handle=handle, error=error))

        strap = self.proxy.straps.get(address)
        if strap is not None:
            self._held_up(strap, operation, ask)
        else:
            ask()

    def _pair(self, link: Link) -> Any:
        address = int(link.strap.config.address.replace(":", ""), 16)
        try:
            link.pair()
        except PairingRefused:
            return pb.BluetoothDevicePairingResponse(
                address=address, paired=False, error=_PAIRING_REFUSED
            )
        return pb.BluetoothDevicePairingResponse(address=address, paired=True)

    # --- GATT -----------------------------------------------------------------

    def _on_BluetoothGATTGetServicesRequest(self, message: Any) -> None:
        def services(link: Link) -> Any:
            for one in _service_messages(link.strap.gatt, message.address):
                self.send(one)
            return pb.BluetoothGATTGetServicesDoneResponse(address=message.address)

        self._ask(message.address, 0, "read", services)

    def _on_BluetoothGATTReadRequest(self, message: Any) -> None:
        address, handle = message.address, message.handle
        self._ask(
            address,
            handle,
            "read",
            lambda link: pb.BluetoothGATTReadResponse(
                address=address, handle=handle, data=link.read(handle)
            ),
        )

    def _on_BluetoothGATTNotifyRequest(self, message: Any) -> None:
        address, handle = message.address, message.handle

        def notify(link: Link) -> Any:
            # Only the descriptor reaches the strap; this is the proxy's own list.
            if not message.enable:
                link.unsubscribe(handle)
                return None
            return pb.BluetoothGATTNotifyResponse(address=address, handle=handle)

        self._ask(address, handle, "notify", notify)

    def _on_BluetoothGATTWriteDescriptorRequest(self, message: Any) -> None:
        address, handle = message.address, message.handle

        def write(link: Link) -> Any:
            value = link.strap.gatt.by_cccd[handle].handle
            if message.data[:1] == b"\0":
                link.unsubscribe(value)
            else:
                link.subscribe(value)
            return pb.BluetoothGATTWriteResponse(address=address, handle=handle)

        self._ask(address, handle, "subscribe", write)

    def _on_BluetoothGATTWriteRequest(self, message: Any) -> None:
        address, handle = message.address, message.handle

        def write(link: Link) -> Any:
            link.write(handle, message.data, response=message.response)
            if not message.response:
                return None
            return pb.BluetoothGATTWriteResponse(address=address, handle=handle)

        self._ask(address, handle, "write", write)

    def _on_BluetoothSetConnectionParamsRequest(self, message: Any) -> None:
        self.send(pb.BluetoothSetConnectionParamsResponse(address=message.address))
