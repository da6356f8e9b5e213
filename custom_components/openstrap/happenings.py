"""What happened to a wearer: told once, with its own time, to whoever listens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback


class HappeningKind(StrEnum):
    """Kinds of what happens. Event entities and triggers go by these names."""

    FELL_ASLEEP = "fell_asleep"
    WOKE_UP = "woke_up"
    NAP = "nap"
    WORKOUT_STARTED = "workout_started"
    WORKOUT_ENDED = "workout_ended"
    RECOVERY_READY = "recovery_ready"
    STRAIN_TARGET_REACHED = "strain_target_reached"
    NUDGE = "nudge"
    NEW_RECORD = "new_record"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened at ``ts`` (epoch s); ``late`` when it was learnt long after."""

    kind: HappeningKind
    ts: float
    late: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON types, for automations."""


class Happenings:
    """Passes on what happened."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._listeners: dict[object, Callable[[Happening], None]] = {}

    @callback
    def async_listen(self, listener: Callable[[Happening], None]) -> CALLBACK_TYPE:
        """Call back with everything that happens; returns what ends it."""
        key = object()
        self._listeners[key] = listener

        @callback
        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    @callback
    def async_tell(self, happening: Happening) -> None:
        """Tell all who listen, at once."""
        for listener in list(self._listeners.values()):
            listener(happening)
