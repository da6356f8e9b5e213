"""A wearer's link to a band: the one place that platforms and flows talk to."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, time, timedelta
import logging
from typing import Any, Final

from bleak import BleakClient
from homeassistant.components import bluetooth
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .const import CONF_ADDRESS, CONF_DRAIN_MINUTES, CONF_LIVE_MODE, DEFAULT_DRAIN_MINUTES, DOMAIN
from .coordinator import OpenStrapCoordinator
from .engine.protocol import CommandRefused
from .strap import Buzz, FaultKind, Phase, SessionConfig, StrapError, StrapSession
from .strap_alarm import AlarmWish, StrapAlarm
from .strap_board import Board
from .strap_dialer import AWAY_AFTER_S, CONNECT_FAILED, NO_SLOT, Dialer
from .strap_intake import EventCallback, StrapIntake
from .strap_issues import StrapIssues
from .strap_live import live_mode, live_wanted
from .strap_view import LinkPhase, LinkSnapshot, LiveMode

_LOGGER = logging.getLogger(__name__)

LOOK_AROUND: Final = timedelta(minutes=1)
"""How often the hour, and what only time tells, are looked at."""

_PHASES: Final = {
    Phase.DRAINING: LinkPhase.DRAINING,
    Phase.LISTENING: LinkPhase.LISTENING,
    Phase.CLOSING: LinkPhase.CLOSING,
    Phase.CLOSED: LinkPhase.CLOSING,
}


class StrapLink:
    """Connects to one wearer's band when it is time, and takes in what comes.

    Commands need a band that is connected, or near enough to connect at once; otherwise they
    raise a translated HomeAssistantError. Only the alarm waits for the next connection.
    """

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], coordinator: OpenStrapCoordinator
    ) -> None:
        """Prepare for the band in the entry's data (`address`); `async_load` must follow."""
        self._hass = hass
        self._entry = entry
        self._coordinator = coordinator
        self._board = Board(hass)
        self._issues = StrapIssues(hass, entry)
        self._alarm = StrapAlarm(AlarmWish())
        self._dialer = Dialer(hass, entry, self.address, self)
        self._intake = StrapIntake(
            hass,
            entry,
            coordinator,
            board=self._board,
            issues=self._issues,
            alarm=self._alarm,
            on_phase=self._on_phase,
        )
        self._users = 0
        self._stops: list[CALLBACK_TYPE] = []
        self._started_at = hass.loop.time()
        self._told_reachable: bool | None = None
        self._arming = asyncio.Lock()
        self._unarmed: StrapSession | None = None
        """Session in which the band did not take the alarm: asked again a minute later."""
        self._changed = asyncio.Condition()
        self.faults: Counter[str] = Counter()
        """How often tries have failed since the start, by reason: for diagnostics."""
        self.sessions = 0
        """How often it was connected since the start."""

    # --- life -----------------------------------------------------------------

    async def async_load(self) -> None:
        """Read what is remembered of the band. Raises StoreError."""
        await self._intake.async_load()
        self._refresh()

    @callback
    def async_start(self) -> Callable[[], Coroutine[Any, Any, None]]:
        """Begin to watch for the band; returns what stops that and ends a session in good order."""
        self._stops = [
            self._dialer.async_start(),
            async_track_time_interval(
                self._hass, self._look_around, LOOK_AROUND, name="openstrap strap"
            ),
            async_at_started(self._hass, self._on_started),
        ]
        self._refresh()
        return self.async_stop

    async def async_stop(self) -> None:
        """Stop watching, end a session in good order, and remember what it learnt."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        await self._dialer.async_stop()
        self._board.async_stop()
        await self._intake.async_remember()

    @callback
    def _on_started(self, _hass: HomeAssistant) -> None:
        self._dialer.async_plan(self.delay_s())

    @callback
    def _look_around(self, _now: datetime) -> None:
        """See what the passing of time has changed."""
        self._adjust()
        self._unarmed = None
        self._arm()
        self._refresh()
        if not self._dialer.near and self._hass.loop.time() - self._started_at >= AWAY_AFTER_S:
            self._reachable(False)
        connectable = bluetooth.async_address_present(self._hass, self.address, True)
        heard = bluetooth.async_address_present(self._hass, self.address, False)
        newest = max(
            self._coordinator.data.latest.record_ts or 0.0,
            self._intake.memory.last_record_ts or 0.0,
            self._entry.created_at.timestamp(),
        )
        self._issues.async_minute(
            data_age_s=dt_util.utcnow().timestamp() - newest,
            heard_in_vain=heard and not connectable and self._dialer.session is None,
        )

    # --- what is shown --------------------------------------------------------

    @property
    def snapshot(self) -> LinkSnapshot:
        """What is known now."""
        return self._board.snapshot

    @property
    def address(self) -> str:
        """Address of the band."""
        address: str = self._entry.data[CONF_ADDRESS]
        return address

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Have `listener` called in the loop after each change of `snapshot`; returns its end.

        What changes all the time, such as the live heart rate, is told at most every 5 s.
        """
        return self._board.async_listen(listener)

    @callback
    def async_listen_events(self, listener: EventCallback) -> CALLBACK_TYPE:
        """Have `listener(kind, ts, data)` called for each fresh event, once; returns its end."""
        return self._intake.async_listen_events(listener)

    @callback
    def _refresh(self) -> None:
        """Show what can be seen without the band saying anything."""
        dialer, session, shown = self._dialer, self._dialer.session, self._board.snapshot
        if session is not None:
            phase = _PHASES.get(session.state.phase, LinkPhase.OPENING)
        elif dialer.connecting:
            phase = LinkPhase.CONNECTING
        else:
            phase = LinkPhase.WAITING if dialer.near else LinkPhase.AWAY
        self._board.update(
            connected=session is not None,
            phase=phase,
            signal=dialer.signal if dialer.near else None,
            next_try_ts=dialer.next_try_ts,
            backlog_eta_s=shown.backlog_eta_s if phase is LinkPhase.DRAINING else None,
            live=shown.live if session is not None and session.state.live else None,
            live_wanted=self._live_wanted(),
            alarm=self._alarm.view(dt_util.utcnow(), dt_util.get_default_time_zone()),
        )

    @callback
    def _reachable(self, reachable: bool) -> None:
        """Log when the band gets out of reach, and when it is back."""
        if reachable is self._told_reachable:
            return
        if not reachable:
            _LOGGER.info("The band of entry %s is out of reach", self._entry.entry_id)
        elif self._told_reachable is False:
            _LOGGER.info("The band of entry %s is back", self._entry.entry_id)
        self._told_reachable = reachable

    # --- the dialer's host ----------------------------------------------------

    @callback
    def make_session(self, client: BleakClient) -> StrapSession:
        """Begin a conversation over a connected client."""
        self.sessions += 1
        session = StrapSession(
            client,
            commit=self._intake.async_commit,
            listener=self._intake,
            clock=lambda: dt_util.utcnow().timestamp(),
            # Held until nobody needs it: by then a wish for more may have come.
            config=SessionConfig(hold=True, live=self._live_wanted(), refresh_s=self._interval_s),
            memory=self._intake.memory,
        )
        self._intake.attach(session, self._dialer.scanner)
        return session

    @callback
    def on_dialer(self) -> None:
        """See that something about being connected has changed."""
        self._refresh()

    async def async_after(self, fault: str | None) -> None:
        """See how a try has ended."""
        self._issues.async_fault(fault, self._dialer.scanner)
        if fault is not None:
            self.faults[fault] += 1
            if fault in (CONNECT_FAILED, NO_SLOT):
                self._reachable(False)
        self._board.update(fault=fault)
        await self._intake.async_remember()
        await self._async_notify()

    def delay_s(self) -> float:
        """Tell how long to wait for the next try: none where the link is to be held."""
        completed_ts = self._intake.completed_ts
        if completed_ts is None or self._live_wanted() or self._dialer.awaited:
            return 0.0
        age_s = dt_util.utcnow().timestamp() - completed_ts
        # A clock that was put back must not hold it off for longer than the interval.
        return min(max(self._interval_s - age_s, 0.0), self._interval_s)

    @callback
    def _on_phase(self, phase: Phase) -> None:
        """See where the session is."""
        if phase in (Phase.DRAINING, Phase.LISTENING):
            self._reachable(True)
            self._arm()
        if phase is Phase.LISTENING:
            self._dialer.async_succeeded()
            self._adjust()
            self._background(self._async_notify(), "notify")
        self._refresh()

    async def _async_notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    @callback
    def _background(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        self._entry.async_create_background_task(self._hass, work, f"openstrap {name}")

    # --- holding the link -----------------------------------------------------

    @property
    def _interval_s(self) -> float:
        minutes: int = self._entry.options.get(CONF_DRAIN_MINUTES, DEFAULT_DRAIN_MINUTES)
        return minutes * 60.0

    @property
    def live_mode(self) -> LiveMode:
        """When the link is held for live values."""
        return live_mode(self._entry.options)

    async def async_set_live_mode(self, mode: LiveMode | str) -> None:
        """Choose when the link is held; kept with the entry's options, works at once."""
        self._hass.config_entries.async_update_entry(
            self._entry, options={**self._entry.options, CONF_LIVE_MODE: LiveMode(mode).value}
        )
        self._adjust()
        self._refresh()

    def _live_wanted(self) -> bool:
        return live_wanted(self._entry.options, dt_util.now().time())

    @callback
    def _adjust(self) -> None:
        """Bring the link in line with what is wanted of it now."""
        session, wanted = self._dialer.session, self._live_wanted()
        if session is None:
            if wanted and self._stops and not self._dialer.failing and not self._dialer.connecting:
                self._dialer.async_plan(0)
        elif session.state.phase is Phase.LISTENING:
            if not wanted and not self._users:
                self._background(session.stop(), "hang up")
            elif wanted is not session.state.live:
                self._background(self._async_stream(session, wanted), "live")

    async def _async_stream(self, session: StrapSession, on: bool) -> None:
        with suppress(StrapError):
            await session.set_live(on)

    # --- what people ask for --------------------------------------------------

    async def _async_ask[T](self, ask: Callable[[StrapSession], Awaitable[T]]) -> T:
        """Ask the band something. Raises HomeAssistantError."""
        self._users += 1
        try:
            session = await self._dialer.async_session()
            return await ask(session)
        except StrapError as err:
            if err.kind is FaultKind.NOT_READY:
                raise self._error("band_unreachable") from err
            raise self._error("band_command_failed", reason=err.kind) from err
        finally:
            self._users -= 1
            self._adjust()

    def _error(self, key: str, **placeholders: str) -> HomeAssistantError:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"name": self._entry.title, **placeholders},
        )

    async def async_sync_now(self) -> None:
        """Drain now, and return when history is complete. Raises HomeAssistantError."""

        async def sync(session: StrapSession) -> None:
            before = self._intake.completed_ts
            session.sync_now()
            async with self._changed:
                await self._changed.wait_for(
                    lambda: (
                        self._intake.completed_ts != before or self._dialer.session is not session
                    )
                )
            if self._intake.completed_ts == before:
                raise self._error("band_sync_failed")

        await self._async_ask(sync)

    async def async_find(self) -> None:
        """Let the band vibrate until it is tapped, 30 s at most. Raises HomeAssistantError."""
        await self.async_buzz(Buzz.UNTIL_TAPPED)

    async def async_buzz(self, pattern: Buzz | str = Buzz.QUICK) -> None:
        """Let the band vibrate in a pattern of `strap.Buzz`. Raises HomeAssistantError."""
        wanted = Buzz(pattern)
        await self._async_ask(lambda session: session.buzz(wanted))

    async def async_set_alarm(
        self, wanted: time | None = None, enabled: bool | None = None
    ) -> None:
        """Change the daily alarm: local time of day, on or off; None leaves as it is.

        Kept at once, and armed on the band now or at the next connection. Raises
        HomeAssistantError when it is switched on without ever having had a time.
        """
        if enabled and wanted is None and self._alarm.wish.wanted is None:
            raise self._error("alarm_without_time")
        self._alarm.change(wanted, enabled)
        await self._intake.async_remember()
        self._refresh()
        self._unarmed = None
        self._arm()

    @callback
    def _arm(self) -> None:
        """Bring the band's alarm in line, if it can be told now and is not being told already."""
        session = self._dialer.session
        if session is None or session is self._unarmed or self._arming.locked():
            return
        due = self._alarm.due(dt_util.utcnow(), dt_util.get_default_time_zone())
        if due and session.state.phase in (Phase.DRAINING, Phase.LISTENING):
            self._background(self._async_arm(session), "alarm")

    async def _async_arm(self, session: StrapSession) -> None:
        async with self._arming:
            try:
                await self._alarm.async_apply(
                    session, dt_util.utcnow(), dt_util.get_default_time_zone()
                )
            except (StrapError, CommandRefused) as err:
                _LOGGER.debug("The alarm was not armed: %s", err)
                self._unarmed = session
                return
        await self._intake.async_remember()
        self._refresh()
        self._arm()
