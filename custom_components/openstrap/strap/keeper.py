"""What is known of the strap: the state that listeners see, and the memory for the next session."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ..engine.protocol import Event, EventId, Generation, LiveHeartRate, Marker
from ..engine.protocol.base import SUBSEC_PER_S
from ..engine.protocol.event import BatteryLevel
from ..engine.protocol.response import Alarm, DataRange, Hello
from .policy.plausible import TimeWindow, time_window, usable_range_ts
from .state import AlarmSetting, EventKey, Progress, StrapListener, StrapMemory, StrapState, newer

FRESH_S: Final = 1800.0
"""Age (s) up to which an event is of now; the strap replays weeks of them at a connection."""

_CHARGING: Final = {EventId.CHARGING_ON: True, EventId.CHARGING_OFF: False}
_WORN: Final = {EventId.WRIST_ON: True, EventId.WRIST_OFF: False}


class Keeper:
    """Replaces state and memory as packets come, and tells the listener what changed."""

    def __init__(
        self, memory: StrapMemory, listener: StrapListener, clock: Callable[[], float]
    ) -> None:
        """Go on from what the last session knew. ``clock`` tells the host's time (Unix s)."""
        self.memory = memory
        self.clock = clock
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._told = {key: float(key[1]) for key in memory.told_events}
        self._range: DataRange | None = None
        self.state = StrapState(serial=memory.serial, last_record_ts=memory.last_record_ts)
        self.state = replace(self.state, **self._readings())

    def _readings(self) -> dict[str, Any]:
        battery, charging, worn = self.memory.battery, self.memory.charging, self.memory.worn
        return {
            "battery_percent": battery and battery.value,
            "charging": charging and charging.value,
            "worn": worn and worn.value,
        }

    def update(self, **changes: Any) -> None:
        """Change fields of the state; the listener sees it when it is another one."""
        state = replace(self.state, **changes)
        if state != self.state:
            self.state = state
            # From the loop, so that no fault of a listener hurts what is being received.
            self._loop.call_soon(self._listener.on_state, state)

    def remember(self, **changes: Any) -> None:
        """Change fields of the memory."""
        self.memory = replace(self.memory, **changes)

    # --- sources of state -----------------------------------------------------

    def battery(self, percent: float | None, ts: float) -> None:
        """Take a state of charge (%)."""
        if percent is not None:
            self._observe(battery=newer(self.memory.battery, percent, ts))

    def charging(self, charging: bool, ts: float) -> None:
        """Take whether it charges."""
        self._observe(charging=newer(self.memory.charging, charging, ts))

    def worn(self, worn: bool, ts: float) -> None:
        """Take whether it is on a wrist."""
        self._observe(worn=newer(self.memory.worn, worn, ts))

    def _observe(self, **reading: Any) -> None:
        self.remember(**reading)
        self.update(**self._readings())

    def identity(self, serial: str | None, firmware: str | None) -> None:
        """Take serial and firmware from a source that does not overrule the START marker."""
        if serial is not None:
            self.remember(serial=serial)
        self.update(serial=serial or self.state.serial, firmware=self.state.firmware or firmware)

    def hello(self, hello: Hello, generation: Generation) -> None:
        """Take what the strap says of itself."""
        now = self.clock()
        self.identity(hello.serial, hello.firmware)
        self.battery(hello.battery_percent, now)
        if generation is Generation.GEN5:
            self.charging(hello.charging, now)
            if hello.on_wrist is not None:
                self.worn(hello.on_wrist, now)

    def data_range(self, found: DataRange) -> None:
        """Take what the strap says that it holds."""
        now = self.clock()
        self._range = found
        before = self.memory.wrap_count
        wrapped = before is not None and found.wrap_count > before
        self.remember(wrap_count=found.wrap_count)
        self.update(
            backlog_pages=found.backlog_pages,
            oldest_ts=usable_range_ts(found.oldest_epoch, now),
            newest_ts=usable_range_ts(found.newest_epoch, now),
            overwritten=self.state.overwritten or wrapped,
        )

    def alarm(self, alarm: Alarm) -> None:
        """Take the alarm that is set."""
        ts = alarm.epoch + alarm.subsec / SUBSEC_PER_S
        self.update(alarm=AlarmSetting(alarm.active, ts))

    def start_marker(self, marker: Marker) -> None:
        """Take the firmware that a burst begins with."""
        if marker.firmware is not None:
            self.update(firmware=marker.firmware)

    def live(self, live: LiveHeartRate) -> None:
        """Take a live heart rate."""
        self._loop.call_soon(self._listener.on_live, live)
        if live.on_body is not None:
            self.worn(live.on_body, self.clock())

    def event(self, event: Event) -> bool:
        """Take an event; gives whether it is fresh and comes for the first time."""
        now = self.clock()
        ts = event.epoch + event.subsec / SUBSEC_PER_S
        fresh = abs(now - ts) <= FRESH_S
        if fresh:
            key: EventKey = (event.event_id, event.epoch, event.subsec)
            if key in self._told:
                return False
            self._told = {one: at for one, at in self._told.items() if now - at <= 2 * FRESH_S}
            self._told[key] = ts
            self.remember(told_events=frozenset(self._told))
        if ts <= now + FRESH_S:
            self._state_of(event, ts, fresh=fresh)
        self._loop.call_soon(self._listener.on_event, event, fresh)
        return fresh

    def _state_of(self, event: Event, ts: float, *, fresh: bool) -> None:
        if event.event_id in _CHARGING:
            self.charging(_CHARGING[EventId(event.event_id)], ts)
        elif event.event_id in _WORN:
            self.worn(_WORN[EventId(event.event_id)], ts)
        elif isinstance(event.detail, BatteryLevel):
            self.charging(event.detail.charging, ts)
            if fresh:
                self.battery(event.detail.percent, ts)

    # --- history --------------------------------------------------------------

    def window(self) -> TimeWindow:
        """Give the times that a record can have now."""
        return time_window(self.clock(), self.state.oldest_ts, self.state.newest_ts)

    def recorded(self, newest_ts: float | None) -> None:
        """Note the newest record of a burst that is on disk."""
        if newest_ts is not None:
            newest_ts = max(newest_ts, self.memory.last_record_ts or newest_ts)
            self.remember(last_record_ts=newest_ts)
            self.update(last_record_ts=newest_ts)

    def fetched_to(self, page: int | None) -> None:
        """Note a page up to which the strap has erased."""
        found = self._range
        if page is None or found is None or found.backlog_pages is None:
            return
        left = (found.write_page - page) % found.total_pages
        # The page that was being written when the range was told is closed by the transfer.
        self.update(backlog_pages=left if left <= found.backlog_pages else 0)

    def progress(self, progress: Progress) -> None:
        """Tell how far the drain is."""
        self._loop.call_soon(self._listener.on_progress, progress)
