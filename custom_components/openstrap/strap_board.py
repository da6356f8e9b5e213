"""Where a link's snapshot hangs, and who is told when it changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from .const import PUBLISH_SECONDS
from .strap_view import LinkSnapshot


class Board:
    """The snapshot of now. What changes all the time is told at most every 5 s."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing to show."""
        self._hass = hass
        self.snapshot = LinkSnapshot()
        self._listeners: list[Callable[[], None]] = []
        self._told_at = -PUBLISH_SECONDS
        self._unsub: CALLBACK_TYPE | None = None

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Have a listener called after changes; returns the end of it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def update(self, **changes: Any) -> None:
        """Change fields of the snapshot."""
        before = self.snapshot
        self.snapshot = after = replace(before, **changes)
        if after == before:
            return
        wait = self._told_at + PUBLISH_SECONDS - self._hass.loop.time()
        if wait <= 0 or _pressing(after) != _pressing(before):
            self._tell()
        elif self._unsub is None:
            self._unsub = async_call_later(self._hass, wait, self._tell)

    @callback
    def _tell(self, _now: datetime | None = None) -> None:
        self.async_stop()
        self._told_at = self._hass.loop.time()
        for listener in list(self._listeners):
            listener()

    @callback
    def async_stop(self) -> None:
        """Tell nothing later."""
        if self._unsub is not None:
            self._unsub()
            self._unsub = None


def _pressing(snapshot: LinkSnapshot) -> tuple[Any, ...]:
    """Give the part whose changes are told at once."""
    state = snapshot.state
    return (
        snapshot.connected,
        snapshot.phase,
        snapshot.fault,
        snapshot.alarm,
        snapshot.live,
        snapshot.live_wanted,
        state.charging,
        state.worn,
        state.battery_percent,
        state.firmware,
    )
