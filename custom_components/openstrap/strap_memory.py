"""What is remembered of a band over restarts, as text beside the wearer's frames.

Only facts: what a session concluded about one burst or one connection is worth nothing
to the next run of Home Assistant, and its monotonic times mean nothing there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
import json
from typing import Any, Final

from .engine.protocol import Generation
from .strap import Reading, StrapMemory, StrapState

CURSOR: Final = "strap"

_KEPT_OF_STATE: Final = ("name", "firmware", "clock_drift_s", "backlog_pages", "last_sync_ts")
_KEPT_OF_MEMORY: Final = ("serial", "last_record_ts", "wrap_count", "past_rounds")
_READINGS: Final = ("battery", "charging", "worn")
_STICKY: Final = (
    "generation", "serial", "name", "firmware", "battery_percent", "charging", "worn",
    "clock_drift_s", "backlog_pages", "oldest_ts", "newest_ts", "last_record_ts",
    "last_sync_ts", "alarm",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remembered:
    """A band as it was left."""

    memory: StrapMemory = field(default_factory=StrapMemory)
    state: StrapState = field(default_factory=StrapState)
    records: int = 0
    """Frames that came from the wearer's bands and were new, ever."""
    completed_ts: float | None = None
    """When a session last had all history, epoch s."""
    clock_lost_ts: float | None = None
    """What the band's clock said when it last told that it had lost the time, s."""


def carried(old: StrapState, new: StrapState) -> StrapState:
    """Keep what an earlier session knew until this one knows better."""
    known = {name: getattr(old, name) for name in _STICKY if getattr(new, name) is None}
    return replace(new, **known)


def to_text(left: Remembered) -> str:
    """Write down."""
    memory, state = left.memory, left.state
    readings = {
        name: [reading.value, reading.ts]
        for name in _READINGS
        if (reading := getattr(memory, name)) is not None
    }
    return json.dumps(
        {
            "memory": {name: getattr(memory, name) for name in _KEPT_OF_MEMORY},
            "readings": readings,
            "told": sorted(memory.told_events),
            "state": {name: getattr(state, name) for name in _KEPT_OF_STATE},
            "generation": state.generation,
            "records": left.records,
            "completed_ts": left.completed_ts,
            "clock_lost_ts": left.clock_lost_ts,
        }
    )


def from_text(text: str | None, serial: str | None) -> Remembered:
    """Read what was written down; nothing but the count when it is of another band.

    ``serial`` is that of the band that is worn now, None when it was never told.
    """
    if text is None:
        return Remembered(StrapMemory(serial=serial))
    told: Mapping[str, Any] = json.loads(text)
    records: int = told["records"]
    if told["memory"]["serial"] != serial:
        return Remembered(StrapMemory(serial=serial), records=records)
    readings: dict[str, Any] = {
        name: Reading(value, ts) for name, (value, ts) in told["readings"].items()
    }
    memory = replace(
        StrapMemory(**told["memory"]),
        **readings,
        told_events=frozenset((kind, epoch, subsec) for kind, epoch, subsec in told["told"]),
    )
    generation = told["generation"]
    state = replace(
        StrapState(**told["state"]),
        serial=serial,
        last_record_ts=memory.last_record_ts,
        generation=None if generation is None else Generation(generation),
        battery_percent=_value(memory.battery),
        charging=_value(memory.charging),
        worn=_value(memory.worn),
    )
    return Remembered(memory, state, records, told["completed_ts"], told["clock_lost_ts"])


def _value[T](reading: Reading[T] | None) -> T | None:
    return None if reading is None else reading.value
