"""What becomes of everything a band sends: frames, its state, events, the live heart rate."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import CONF_SERIAL, PUBLISH_SECONDS
from .coordinator import IngestRefused, OpenStrapCoordinator
from .engine.protocol import Event, EventId, Inner, LiveHeartRate, clock_is_set
from .engine.protocol.base import SUBSEC_PER_S
from .store import StoreError, WearerStore
from .strap import CommitFailed, Committed, Phase, Progress, StrapMemory, StrapSession, StrapState
from .strap_alarm import CURSOR as ALARM_CURSOR, AlarmWish, StrapAlarm
from .strap_board import Board
from .strap_issues import StrapIssues
from .strap_memory import CURSOR, Remembered, carried, from_text, to_text
from .strap_view import LinkEvent, LiveReading
from .worker import WorkerClosed

_LOGGER = logging.getLogger(__name__)

type EventCallback = Callable[[LinkEvent, float, Mapping[str, Any]], None]
"""Kind, time by the band's clock (epoch s), further facts (JSON-able, may be empty)."""

_EVENTS: Final[Mapping[int, LinkEvent]] = {
    EventId.DOUBLE_TAP: LinkEvent.DOUBLE_TAP,
    EventId.WRIST_ON: LinkEvent.WRIST_ON,
    EventId.WRIST_OFF: LinkEvent.WRIST_OFF,
    EventId.CHARGING_ON: LinkEvent.CHARGING_ON,
    EventId.CHARGING_OFF: LinkEvent.CHARGING_OFF,
    EventId.RTC_LOST: LinkEvent.CLOCK_LOST,
    EventId.ALARM_FIRED: LinkEvent.ALARM_FIRED,
}
_ALARM_VOID: Final = (EventId.BOOT, EventId.RTC_LOST)


class StrapIntake:
    """The listener of all sessions of a link, one after the other, and their disk."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        coordinator: OpenStrapCoordinator,
        *,
        board: Board,
        issues: StrapIssues,
        alarm: StrapAlarm,
        on_phase: Callable[[Phase], None],
    ) -> None:
        """Prepare; `on_phase` is called when a session enters a phase, or must be looked at."""
        self._hass = hass
        self._entry = entry
        self._coordinator = coordinator
        self._board = board
        self._issues = issues
        self._alarm = alarm
        self._on_phase = on_phase
        self._left = Remembered()
        self._session: StrapSession | None = None
        self._scanner = ""
        self._drain_from: tuple[float, int] | None = None
        self._live_at = 0.0
        self._event_listeners: list[EventCallback] = []

    @property
    def memory(self) -> StrapMemory:
        """What the next session is to be given."""
        return self._left.memory

    @property
    def completed_ts(self) -> float | None:
        """When a session last had all history, epoch s."""
        return self._left.completed_ts

    @callback
    def async_listen_events(self, listener: EventCallback) -> CALLBACK_TYPE:
        """Have a listener called for each fresh event, once; returns the end of it."""
        self._event_listeners.append(listener)
        return lambda: self._event_listeners.remove(listener)

    @callback
    def attach(self, session: StrapSession, scanner: str) -> None:
        """Begin to listen to a session, which goes through an adapter or proxy."""
        self._session, self._scanner = session, scanner
        self._drain_from = None

    # --- memory ---------------------------------------------------------------

    async def async_load(self) -> None:
        """Read what is remembered of the band. Raises StoreError."""

        def read(store: WearerStore) -> tuple[str | None, str | None]:
            return store.cursor(CURSOR), store.cursor(ALARM_CURSOR)

        strap, alarm = await self._coordinator.worker.async_run(read)
        self._left = from_text(strap, self._entry.data.get(CONF_SERIAL))
        wish = AlarmWish.from_text(alarm)
        if self._left.completed_ts is None:
            # Another band than the one that was told.
            wish = replace(wish, armed_ts=None)
        self._alarm.wish = wish
        state = self._left.state
        self._board.update(
            state=state,
            last_sync_ts=state.last_sync_ts,
            backlog_pages=state.backlog_pages,
            records_synced=self._left.records,
        )

    async def async_remember(self) -> None:
        """Write down what is known of the band and of the alarm."""
        text, wish = to_text(self._left), self._alarm.wish.to_text()

        def write(store: WearerStore) -> None:
            store.set_cursor(CURSOR, text)
            store.set_cursor(ALARM_CURSOR, wish)

        with suppress(WorkerClosed):
            try:
                await self._coordinator.worker.async_run(write)
            except StoreError as err:
                _LOGGER.debug("What is known of the band could not be kept: %s", err)

    @callback
    def _remember_soon(self) -> None:
        self._entry.async_create_background_task(
            self._hass, self.async_remember(), "openstrap strap memory"
        )

    # --- frames ---------------------------------------------------------------

    async def async_commit(self, frames: Sequence[Inner]) -> Committed:
        """Put frames on disk, with what is known of the band. Raises CommitFailed."""
        try:
            report = await self._coordinator.async_ingest(
                frames, cursors={CURSOR: to_text(self._left)}
            )
        except IngestRefused as err:
            raise CommitFailed(str(err)) from err
        self._left = replace(self._left, records=self._left.records + report.new)
        self._issues.async_frames(report)
        self._board.update(records_synced=self._left.records)
        # What retention has sealed is refused, and counts: its day is final.
        return Committed(stored=report.received, new=report.new)

    # --- the session's listener -----------------------------------------------

    @callback
    def on_state(self, state: StrapState) -> None:
        """See a new state of the session."""
        if self._session is None:
            return
        before = self._left.state
        state = carried(before, state)
        self._left = replace(self._left, state=state, memory=self._session.memory)
        if state.marginal_radio and not before.marginal_radio:
            self._issues.async_marginal(self._scanner)
        if before.firmware and state.firmware and before.firmware != state.firmware:
            self._issues.async_firmware(before.firmware, state.firmware)
        if state.serial and state.serial != self._entry.data.get(CONF_SERIAL):
            self._hass.config_entries.async_update_entry(
                self._entry, data={**self._entry.data, CONF_SERIAL: state.serial}
            )
        self._board.update(
            state=state,
            last_sync_ts=state.last_sync_ts,
            backlog_pages=state.backlog_pages,
            # By the session itself: states come a moment late, one for each change.
            live=self._board.snapshot.live if self._session.state.live else None,
        )
        if state.phase is not before.phase:
            self._entered(state)
            self._on_phase(state.phase)

    @callback
    def _entered(self, state: StrapState) -> None:
        if state.phase is Phase.DRAINING:
            self._issues.async_opened()
            if state.alarm is not None:
                self._alarm.seen(state.alarm)
        elif state.phase is Phase.LISTENING:
            self._issues.async_synced(state)
            self._left = replace(self._left, completed_ts=dt_util.utcnow().timestamp())
            self._board.update(fault=None, backlog_eta_s=None)
            self._remember_soon()

    @callback
    def on_progress(self, progress: Progress) -> None:
        """See how far the drain is, and reckon when it will be done."""
        pages, now = progress.backlog_pages, self._hass.loop.time()
        if pages is None:
            return
        if self._drain_from is None or pages > self._drain_from[1]:
            self._drain_from = (now, pages)
            return
        since, first = self._drain_from
        if pages < first:
            self._board.update(backlog_eta_s=pages * (now - since) / (first - pages))

    @callback
    def on_event(self, event: Event, fresh: bool) -> None:
        """See an event; old ones are in the store, and no news."""
        ts = event.epoch + event.subsec / SUBSEC_PER_S
        if event.event_id == EventId.RTC_LOST and not clock_is_set(event.epoch):
            # It tells the time that came of it, so only having been told it makes it old.
            fresh = self._left.clock_lost_ts != ts
            self._left = replace(self._left, clock_lost_ts=ts)
        if not fresh:
            return
        if event.event_id in _ALARM_VOID:
            self._alarm.forgotten()
            if self._session is not None:
                self._on_phase(self._session.state.phase)
        if (kind := _EVENTS.get(event.event_id)) is None:
            return
        for listener in list(self._event_listeners):
            listener(kind, ts, {})
        if self._session is not None:
            self._left = replace(self._left, memory=self._session.memory)
        self._remember_soon()

    @callback
    def on_live(self, live: LiveHeartRate) -> None:
        """See a live heart rate."""
        if self._session is None or not self._session.state.live:
            return
        now = self._hass.loop.time()
        # One a second comes, and the recorder would keep them all.
        if self._board.snapshot.live is not None and now - self._live_at < PUBLISH_SECONDS:
            return
        self._live_at = now
        ts = live.epoch + live.subsec / SUBSEC_PER_S
        self._board.update(live=LiveReading(live.usable_hr_bpm, ts, live.on_body))
