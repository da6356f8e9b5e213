"""Dialling a band that is gone, a host that fails, and an end in the middle of it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import AsyncMock, patch

from bleak.exc import BleakError
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import strap_dialer as module
from custom_components.openstrap.strap import FaultKind
from custom_components.openstrap.strap_dialer import CONNECT_FAILED, Dialer

from .fake_link import ADDRESS

DEVICE = "custom_components.openstrap.strap_dialer.bluetooth.async_ble_device_from_address"
HEARD = "custom_components.openstrap.strap_dialer.bluetooth.async_last_service_info"
CONNECT = "bleak_retry_connector.establish_connection"


class Host:
    """A link that notes what it is told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.after: asyncio.Queue[str | None] = asyncio.Queue()
        self.changes = 0
        self.session: Any = None

    def make_session(self, _client: Any) -> Any:
        """Give a session, or fail."""
        if isinstance(self.session, Exception):
            raise self.session
        return self.session

    def on_dialer(self) -> None:
        """Count."""
        self.changes += 1

    async def async_after(self, fault: str | None) -> None:
        """Note how a try ended."""
        self.after.put_nowait(fault)

    def delay_s(self) -> float:
        """Wait long after a good one."""
        return 3600.0


@pytest.fixture
def host() -> Host:
    """Give the link."""
    return Host()


@pytest.fixture
async def dialer(
    home: HomeAssistant, banded: MockConfigEntry, host: Host
) -> AsyncGenerator[Dialer]:
    """Give a dialer that listens, beside a Bluetooth without adapters."""
    from homeassistant.setup import async_setup_component

    assert await async_setup_component(home, "bluetooth", {})
    dialer = Dialer(home, banded, ADDRESS, host)
    unsub = dialer.async_start()
    yield dialer
    unsub()
    await dialer.async_stop()


async def test_a_band_that_is_gone_when_it_is_dialled(dialer: Dialer, host: Host) -> None:
    """A failure like any other of connecting, and tried again later."""
    with patch(DEVICE, side_effect=[object(), None]):
        dialer.async_plan(0)
        assert await host.after.get() == CONNECT_FAILED
    await asyncio.sleep(0)
    assert dialer.failing
    assert dialer.next_try_ts is not None
    assert not dialer.connecting


async def test_a_fault_of_our_own_is_told_and_tried_again(
    dialer: Dialer, host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    """It must not end the dialling for good."""
    host.session = RuntimeError("a bug")
    with patch(DEVICE, return_value=object()), patch(CONNECT, AsyncMock()):
        dialer.async_plan(0)
        assert await host.after.get() == FaultKind.LINK_LOST
    assert caplog.text.count("A session failed; it is tried again") == 1
    await asyncio.sleep(0)
    assert dialer.next_try_ts is not None


async def test_an_end_while_it_is_connecting(dialer: Dialer) -> None:
    """The attempt is cut off at once, not waited for."""
    begun, cut = asyncio.Event(), asyncio.Event()

    async def forever(*_args: Any, **_more: Any) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()

    with patch(DEVICE, return_value=object()), patch(CONNECT, forever):
        dialer.async_plan(0)
        await begun.wait()
        assert dialer.connecting
        await dialer.async_stop()
    assert cut.is_set()
    assert not dialer.connecting


async def test_a_wish_that_waits_too_long(home: HomeAssistant, dialer: Dialer) -> None:
    """Somebody who presses a button is told, even when the radio says nothing."""
    dialer._heard_at = home.loop.time()
    with (
        patch.object(module, "CALL_TIMEOUT_S", 0.01),
        patch(DEVICE, return_value=None),
        pytest.raises(HomeAssistantError) as refused,
    ):
        await dialer.async_session()
    assert refused.value.translation_key == "band_away"
    assert not dialer.awaited


async def test_a_session_that_does_not_end_is_cut_off(dialer: Dialer, host: Host) -> None:
    """Neither its own end nor the task's is waited for longer than a few seconds."""
    begun = asyncio.Event()

    class Stuck:
        state = None

        async def run(self) -> None:
            begun.set()
            await asyncio.Event().wait()

        async def stop(self) -> None:
            await asyncio.sleep(0)

    host.session = Stuck()
    with (
        patch.object(module, "STOP_TIMEOUT_S", 0.01),
        patch(DEVICE, return_value=object()),
        patch(CONNECT, AsyncMock()),
    ):
        dialer.async_plan(0)
        await begun.wait()
        await dialer.async_stop()
    assert dialer.session is None


async def test_a_band_that_was_heard_before(
    home: HomeAssistant, dialer: Dialer, banded: MockConfigEntry, host: Host
) -> None:
    """Home Assistant remembers what it heard, so the band is near from the start."""
    assert not dialer.near

    class Info:
        rssi = -61

    second = Dialer(home, banded, ADDRESS, host)
    with patch(HEARD, return_value=Info()):
        unsub = second.async_start()
    assert second.near
    assert second.signal == -61
    unsub()
    await second.async_stop()


async def test_a_link_that_is_lost_while_connecting(dialer: Dialer, host: Host) -> None:
    """An error of the radio is no fault of ours, and says no address."""
    with (
        patch(DEVICE, return_value=object()),
        patch(CONNECT, AsyncMock(side_effect=BleakError("lost C4:5A"))),
    ):
        dialer.async_plan(0)
        assert await host.after.get() == CONNECT_FAILED
