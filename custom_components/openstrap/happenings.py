"""What happened to a wearer: told once, with its own time, to whoever listens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
import logging
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from .store import Notice, StoreError, WearerStore
from .worker import Worker, WorkerClosed

_LOGGER = logging.getLogger(__name__)

LATE_S: Final = 1800.0
"""Learnt so long after it happened, it is late. The live watch wants a quarter of an hour before it
believes in sleep, and a band is fetched every few minutes: what comes in time is told within it."""
TOLD_WITHIN_S: Final = 36 * 3600.0
"""What is older is news to nobody: a phone that brings last week tells nothing of it."""


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

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, for automations: the data, its time (ISO 8601) and ``late``."""
        return {**self.data, "happened_at": moment(self.ts), "late": self.late}


def moment(ts: float) -> str:
    """Write epoch seconds as ISO 8601 in UTC, the way all happenings do."""
    return dt_util.utc_from_timestamp(ts).isoformat()


class Happenings:
    """Passes on what happened."""

    def __init__(self, worker: Worker) -> None:
        """Begin with nobody listening; what was told before stands in the worker's store."""
        self._worker = worker
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

    async def async_tell_once(
        self,
        key: str,
        happening: Happening,
        *,
        also: Sequence[str] = (),
        notice: Notice | None = None,
    ) -> bool:
        """Tell what was not told under its key before, not even before a restart.

        ``key`` is ``<date>:<topic>``, or what ``store.fired.span_key`` makes of a stretch;
        ``also`` are keys that are used up with it, ``notice`` is what is kept of it for a phone.
        What is older than 36 h only uses its key up, and what is older than half an hour is marked
        as late. The key is on the disk before anybody is told: what a crash interrupts is told to
        nobody rather than twice. Returns whether it was told.
        """
        now = dt_util.now()
        try:
            taken = await self._worker.async_run(
                WearerStore.claim_nudge, [key, *also], now.date(), notice
            )
        except WorkerClosed:
            return False
        except StoreError:
            _LOGGER.warning("What happened is not told, for it could not be noted", exc_info=True)
            return False
        age_s = now.timestamp() - happening.ts
        if not taken or age_s > TOLD_WITHIN_S:
            return False
        self.async_tell(replace(happening, late=True) if age_s > LATE_S else happening)
        return True
