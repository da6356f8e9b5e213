"""A link to a band that shows what a test wants, and notes what it is told."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import time
from typing import Any, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from custom_components.openstrap.strap import Buzz
from custom_components.openstrap.strap_intake import EventCallback
from custom_components.openstrap.strap_link import StrapLink
from custom_components.openstrap.strap_view import LinkEvent, LinkPhase, LinkSnapshot, LiveMode

ADDRESS = "C4:5A:10:00:00:01"


class FakeLink(StrapLink):
    """In place of the link, with its public face and nothing behind it."""

    def __init__(self, hass: HomeAssistant, entry: Any, coordinator: Any) -> None:
        """Know nothing of the band yet."""
        self._seen = LinkSnapshot()
        self._mode = LiveMode.NEVER
        self.told: list[tuple[Any, ...]] = []
        self.refusal: HomeAssistantError | None = None
        self.listeners: list[Callable[[], None]] = []
        self.event_listeners: list[EventCallback] = []

    # --- what a test does -----------------------------------------------------

    @callback
    def show(self, **changes: Any) -> None:
        """Change the snapshot; fields of the band's own state go there."""
        if state := {key: changes.pop(key) for key in OF_STATE & changes.keys()}:
            changes["state"] = replace(self._seen.state, **state)
        self._seen = replace(self._seen, **changes)
        for listener in [*self.listeners]:
            listener()

    @callback
    def happen(self, kind: LinkEvent, ts: float, **data: Any) -> None:
        """Let something happen on the band."""
        for listener in [*self.event_listeners]:
            listener(kind, ts, data)

    def _tell(self, *what: Any) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.told.append(what)

    # --- the public face ------------------------------------------------------

    @property
    @override
    def snapshot(self) -> LinkSnapshot:
        return self._seen

    @property
    @override
    def address(self) -> str:
        return ADDRESS

    @override
    async def async_load(self) -> None:
        pass

    @callback
    @override
    def async_start(self) -> Callable[[], Coroutine[Any, Any, None]]:
        return self.async_stop

    @override
    async def async_stop(self) -> None:
        pass

    @callback
    @override
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    @callback
    @override
    def async_listen_events(self, listener: EventCallback) -> CALLBACK_TYPE:
        self.event_listeners.append(listener)
        return lambda: self.event_listeners.remove(listener)

    @property
    @override
    def live_mode(self) -> LiveMode:
        return self._mode

    @override
    async def async_set_live_mode(self, mode: LiveMode | str) -> None:
        self._tell("live_mode", mode)
        self._mode = LiveMode(mode)

    @override
    async def async_sync_now(self) -> None:
        self._tell("sync_now")

    @override
    async def async_find(self) -> None:
        self._tell("find")

    @override
    async def async_buzz(self, pattern: Buzz | str = Buzz.QUICK) -> None:
        self._tell("buzz", pattern)

    @override
    async def async_set_alarm(
        self, wanted: time | None = None, enabled: bool | None = None
    ) -> None:
        self._tell("alarm", wanted, enabled)
        alarm = self._seen.alarm
        self.show(
            alarm=replace(
                alarm,
                wanted=alarm.wanted if wanted is None else wanted,
                enabled=alarm.enabled if enabled is None else enabled,
                armed=False,
            )
        )


OF_STATE = {"battery_percent", "charging", "worn", "firmware", "serial", "generation"}
"""Fields that the tests set in the band's own state."""
IN_REACH = {"phase": LinkPhase.WAITING, "signal": -71}
"""What a band that is heard and left alone looks like."""
