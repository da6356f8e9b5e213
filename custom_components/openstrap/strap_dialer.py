"""When to connect to a band, and through what: one try, or one session, at a time."""

import asyncio
from contextlib import suppress
from datetime import datetime
import logging
from random import random
from typing import Any, Final, Protocol

from bleak import BleakClient
from bleak.exc import BleakError
import bleak_retry_connector
from bleak_retry_connector import BleakOutOfConnectionSlotsError
from homeassistant.components import bluetooth
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .strap import Backoff, FaultKind, Phase, StrapError, StrapSession

_LOGGER = logging.getLogger(__name__)

AWAY_AFTER_S: Final = 195.0
"""Silence after which a band is taken to be away; Home Assistant's own measure."""
CALL_TIMEOUT_S: Final = 90.0
"""How long a person's wish waits for a connection: an attempt of the connector takes 60 s."""
STOP_TIMEOUT_S: Final = 5.0
"""Time for a session to end at a good point, before it is cut off."""

NO_SLOT: Final = "no_slot"
CONNECT_FAILED: Final = "connect_failed"

_ENDING: Final = (Phase.CLOSING, Phase.CLOSED)
CONNECT_ERRORS: Final = (BleakError, TimeoutError, OSError, EOFError)


class Host(Protocol):
    """What the dialer needs of the link that it dials for."""

    def make_session(self, client: BleakClient) -> StrapSession:
        """Begin a conversation over a connected client."""

    def on_dialer(self) -> None:
        """See that something about being connected has changed."""

    async def async_after(self, fault: str | None) -> None:
        """See that a try has ended, well (None) or for a reason, before the next one is planned."""

    def delay_s(self) -> float:
        """Tell how long to wait after a try that ended well, s."""


class Dialer:
    """Watches for one band and holds at most one conversation with it."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], address: str, host: Host
    ) -> None:
        """Prepare to dial an address."""
        self._hass = hass
        self._entry = entry
        self._address = address
        self._host = host
        self._backoff = Backoff(random)
        self._wake = asyncio.Event()
        self._due = False
        self._timer: CALLBACK_TYPE | None = None
        self._task: asyncio.Task[None] | None = None
        self._client: BleakClient | None = None
        self._stopping = False
        self._heard_at: float | None = None
        self._waiting: set[asyncio.Future[StrapSession]] = set()
        self.failing = False
        """The last try failed, and the next one waits for that reason."""
        self.session: StrapSession | None = None
        self.connecting = False
        self.signal: int | None = None
        self.scanner = ""
        """Name of the adapter or proxy that was last dialled through."""
        self.next_try_ts: float | None = None

    @property
    def near(self) -> bool:
        """Whether the band was heard a short while ago, or is connected."""
        if self.session is not None:
            return True
        heard = self._heard_at
        return heard is not None and self._hass.loop.time() - heard < AWAY_AFTER_S

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Listen for the band; returns the end of that. Nothing is dialled before `async_plan`."""
        if info := bluetooth.async_last_service_info(self._hass, self._address, True):
            self._heard(info)
        unsub = bluetooth.async_register_advertisement_callback(
            self._hass, self._heard, self._address
        )
        self._task = self._entry.async_create_background_task(
            self._hass, self._run(), "openstrap strap"
        )
        return unsub

    async def async_stop(self) -> None:
        """End the session in good order, then everything else. The slot is free afterwards."""
        self._stopping = True
        self._cancel_timer()
        self._wake.set()
        if (task := self._task) is None:
            return
        self._task = None
        if self.session is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await self.session.stop()
        elif self.connecting:
            task.cancel()
        _, late = await asyncio.wait([task], timeout=STOP_TIMEOUT_S)
        if late:
            task.cancel()
            await asyncio.wait([task])
        self._refuse_waiting("band_away")

    # --- when -----------------------------------------------------------------

    @callback
    def async_plan(self, delay_s: float) -> None:
        """Dial after a while, as soon as the band is heard then."""
        self._cancel_timer()
        self.next_try_ts = dt_util.utcnow().timestamp() + delay_s
        self._due = delay_s <= 0
        if self._due:
            self._wake.set()
        else:
            self._timer = async_call_later(self._hass, delay_s, self._on_timer)
        self._host.on_dialer()

    @callback
    def _on_timer(self, _now: datetime) -> None:
        self._timer = None
        self._due = True
        self._wake.set()

    @callback
    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None

    @callback
    def _heard(self, info: bluetooth.BluetoothServiceInfoBleak) -> None:
        """Take an advertisement: there are several a second."""
        was_near = self.near
        self._heard_at = self._hass.loop.time()
        self.signal = info.rssi
        if self._due:
            # The manager notes it after this call, and only then can it be dialled.
            self._wake.set()
        if not was_near:
            self._host.on_dialer()

    async def async_session(self) -> StrapSession:
        """Give the session that is on, or begin one now. Raises HomeAssistantError."""
        if self.session is not None and self.session.state.phase not in _ENDING:
            return self.session
        if self._task is None or not self.near:
            raise self._error("band_away")
        future: asyncio.Future[StrapSession] = self._hass.loop.create_future()
        self._waiting.add(future)
        if not self.connecting:
            self.async_plan(0)
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                return await future
        except TimeoutError as err:
            raise self._error("band_away") from err
        finally:
            self._waiting.discard(future)

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for a session."""
        return any(not future.done() for future in self._waiting)

    def _error(self, key: str) -> HomeAssistantError:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"name": self._entry.title},
        )

    @callback
    def _refuse_waiting(self, key: str) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_exception(self._error(key))

    # --- one after the other --------------------------------------------------

    async def _run(self) -> None:
        while True:
            while not self._stopping and not (self._due and self._reachable()):
                self._wake.clear()
                await self._wake.wait()
            if self._stopping:
                return
            self._due = False
            self._cancel_timer()
            self.next_try_ts = None
            fault = await self._try()
            if fault is not None:
                self._refuse_waiting("band_unreachable")
            await self._host.async_after(fault)
            self._plan_after(fault)

    def _reachable(self) -> bool:
        device = bluetooth.async_ble_device_from_address(self._hass, self._address, True)
        return device is not None

    @callback
    def _plan_after(self, fault: str | None) -> None:
        if self._stopping:
            return
        self.failing = fault is not None
        if fault is None:
            self.async_plan(self._host.delay_s())
            return
        known = fault in FaultKind
        delay_s = self._backoff.failure(FaultKind(fault) if known else FaultKind.LINK_LOST)
        # Somebody may have asked again since.
        self.async_plan(0 if self.awaited else delay_s)

    @callback
    def async_succeeded(self) -> None:
        """Forget failures: all history is here."""
        self._backoff.success()
        self.failing = False

    async def _try(self) -> str | None:
        """Connect and converse; gives why it ended, None when all was well."""
        try:
            await self._converse(await self._connect())
        except BleakOutOfConnectionSlotsError:
            return NO_SLOT
        except StrapError as err:
            _LOGGER.debug("A session ended: %s", err)
            return err.kind
        except CONNECT_ERRORS as err:
            # The words of it hold the address.
            _LOGGER.debug("Connecting failed: %s", type(err).__name__)
            return CONNECT_FAILED
        except Exception:
            _LOGGER.exception("A session failed; it is tried again")
            return FaultKind.LINK_LOST
        else:
            return None
        finally:
            self.session = self._client = None
            self.connecting = False
            # It advertises the same as before, which would not count as news, and what was
            # heard before the try does not tell that it is still there.
            bluetooth.async_clear_advertisement_history(self._hass, self._address)
            self._host.on_dialer()

    async def _connect(self) -> BleakClient:
        self.connecting = True
        self._host.on_dialer()
        paths = bluetooth.async_scanner_devices_by_address(self._hass, self._address, True)
        best = max(paths, key=lambda path: path.advertisement.rssi, default=None)
        self.scanner = best.scanner.name if best else ""
        device = bluetooth.async_ble_device_from_address(self._hass, self._address, True)
        if device is None:
            raise BleakError("gone")
        return await bleak_retry_connector.establish_connection(
            bleak_retry_connector.BleakClientWithServiceCache,
            device,
            self._entry.title,
            disconnected_callback=self._disconnected,
        )

    async def _converse(self, client: BleakClient) -> None:
        session = self._host.make_session(client)
        self._client, self.session = client, session
        self.connecting = False
        self._host.on_dialer()
        for future in self._waiting:
            if not future.done():
                future.set_result(session)
        try:
            await session.run()
        finally:
            # After a cancellation, the end of the session goes on behind its back.
            await session.stop()
        self._heard_at = self._hass.loop.time()

    @callback
    def _disconnected(self, client: BleakClient) -> None:
        # That of an earlier connection may come late.
        if self.session is not None and client is self._client:
            self.session.disconnected(client)
