"""The simulated band behind Home Assistant's real bluetooth: its manager, and the esphome integration."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import signal
import subprocess
import sys
import time

import bleak
from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
import bleak_retry_connector
from homeassistant.components import bluetooth
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.engine.protocol import Generation
from tests.conftest import ROOT
from tests.strap_sim import (
    GEN5,
    WITHOUT_PAIRING,
    LoopTime,
    ProxyEmulator,
    SimScanner,
    SimulatedStrap,
    StrapConfig,
    steady_source,
)
from tests.strap_sim.reference_client import ReferenceClient

pytestmark = pytest.mark.full  # of the simulator itself, which changes rarely

GEN4 = Generation.GEN4


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def make(saved: set[bytes], config: StrapConfig | None = None) -> SimulatedStrap:
    """Make a strap with ten minutes of records."""
    config = config or StrapConfig()
    source = steady_source(1, config.generation)
    return SimulatedStrap(
        source, LoopTime(time.time()), saved.__contains__, config=config, backlog_s=600
    )


async def found(hass: HomeAssistant, strap: SimulatedStrap) -> BLEDevice:
    """Wait until it is found."""
    address = strap.config.address
    await until(lambda: bluetooth.async_ble_device_from_address(hass, address, True))
    device = bluetooth.async_ble_device_from_address(hass, address, True)
    assert device is not None
    return device


async def connect(
    hass: HomeAssistant, strap: SimulatedStrap, *, pair: bool = False, attempts: int = 2
) -> BleakClient:
    """Connect as an integration does."""
    device = await found(hass, strap)
    return await bleak_retry_connector.establish_connection(
        bleak_retry_connector.BleakClientWithServiceCache,
        device,
        strap.config.name,
        max_attempts=attempts,
        pair=pair,
    )


async def drain(client: BleakClient, strap: SimulatedStrap, saved: set[bytes]) -> None:
    """Drain over a client, and disconnect it."""
    reference = ReferenceClient(client, strap.generation, saved.update)
    await reference.listen()
    await reference.drain()
    await client.disconnect()
    assert strap.ledger.erased >= 600 and saved == set(strap.ledger.made)
    strap.ledger.verify()


async def test_through_the_manager(hass: HomeAssistant, enable_bluetooth: None) -> None:
    """Found, connected, drained; without a free slot there is no way to it."""
    saved: set[bytes] = set()
    strap = make(saved)
    scanner = SimScanner([strap], slots=1)
    unregister = scanner.register()
    scanner.advertise()
    client = await connect(hass, strap)
    assert scanner.slots_used == 1
    scanner.slots = 0
    with pytest.raises(BleakError, match="slot"):
        await bleak.BleakClient(await found(hass, strap)).connect()
    scanner.slots = 1
    await drain(client, strap, saved)
    assert scanner.slots_used == 0
    strap.stop()
    unregister()


@pytest.fixture
async def proxy(socket_enabled: None) -> AsyncGenerator[ProxyEmulator]:
    """Give a proxy with one connection slot that listens."""
    emulator = ProxyEmulator(slots=1, advertise_every_s=0.05)
    await emulator.start()
    yield emulator
    await emulator.stop()
    for strap in emulator.straps.values():
        strap.stop()


async def add(hass: HomeAssistant, emulator: ProxyEmulator) -> MockConfigEntry:
    """Have the esphome integration use the proxy."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry = MockConfigEntry(
        domain="esphome",
        unique_id=emulator.mac,
        data={
            "host": "127.0.0.1",
            "port": emulator.port,
            "password": "",
            "device_name": emulator.name,
            "noise_psk": "",
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


async def test_through_esphome(
    hass: HomeAssistant, enable_bluetooth: None, mock_async_zeroconf: None, proxy: ProxyEmulator
) -> None:
    """Two bands at one proxy with one slot: one after the other, then the power fails."""
    disks: list[set[bytes]] = [set(), set()]
    straps = [make(disks[0]), make(disks[1], GEN5)]
    for strap in straps:
        proxy.add(strap)
    entry = await add(hass, proxy)
    client = await connect(hass, straps[0], pair=True)
    assert client.mtu_size == 247
    assert await client.read_gatt_char("2a29") == b"WHOOP Inc."
    with pytest.raises(BleakError, match="slot"):
        await bleak.BleakClient(await found(hass, straps[1])).connect()
    await drain(client, straps[0], disks[0])
    await until(lambda: not proxy.links)
    await drain(await connect(hass, straps[1]), straps[1], disks[1])

    client = await connect(hass, straps[0])
    await client.pair()  # the proxy has the key
    straps[0].walk_away(0.3)
    await until(lambda: not client.is_connected)
    client = await connect(hass, straps[0], attempts=5)
    proxy.unplug()
    await until(lambda: not client.is_connected)
    assert straps[0].link is None
    await proxy.replug()
    await until(lambda: proxy.sessions, 60)
    client = await connect(hass, straps[0])
    proxy.drop_sessions()
    await until(lambda: not client.is_connected)
    assert straps[0].advertises
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_proxy_that_cannot_pair(
    hass: HomeAssistant, enable_bluetooth: None, mock_async_zeroconf: None, proxy: ProxyEmulator
) -> None:
    """It connects, but a bond cannot be asked for; a refused one is an error."""
    strap = make(set())
    proxy.add(strap)
    proxy.features = WITHOUT_PAIRING
    entry = await add(hass, proxy)
    client = await connect(hass, strap)
    with pytest.raises(NotImplementedError):
        await client.pair()
    await client.disconnect()
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_bond_that_is_refused(
    hass: HomeAssistant, enable_bluetooth: None, mock_async_zeroconf: None, proxy: ProxyEmulator
) -> None:
    """Subscribing without it is an error as well."""
    strap = make(set(), StrapConfig(bonded_elsewhere=True))
    proxy.add(strap)
    entry = await add(hass, proxy)
    client = await connect(hass, strap)
    with pytest.raises(BleakError, match="Pairing failed"):
        await client.pair()
    with pytest.raises(BleakError, match="Insufficient authentication"):
        await client.start_notify("61080005-8d6d-82b8-614a-1c8cb0f8dcc6", lambda *_: None)
    strap.bonding.start_pairing_mode()
    await client.pair()
    await client.disconnect()
    assert await hass.config_entries.async_unload(entry.entry_id)


def test_it_can_be_served_by_hand() -> None:
    """As script/develop does: it tells where it listens, and ends when asked to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.strap_sim", "--port", "0", "--backlog-hours", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        assert "WHOOP 4A0000001 behind bedroom-proxy on port" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
