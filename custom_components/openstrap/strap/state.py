"""What a session is given, and what it tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ..engine.protocol import Event, Generation, Inner, LiveHeartRate
from .policy.burst import BurstMemory
from .policy.refresh import PERIOD_S
from .policy.rounds import RoundsMemory


class Phase(StrEnum):
    """Where a session is."""

    BONDING = "bonding"
    SUBSCRIBING = "subscribing"
    IDENTIFYING = "identifying"
    STARTING = "starting"
    DRAINING = "draining"
    LISTENING = "listening"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Committed:
    """What became of the frames of one commit."""

    stored: int
    """Frames that are on disk now, those known before included."""
    new: int
    """Of those, frames that were not known before."""


class Commit(Protocol):
    """Puts frames on disk, in order."""

    async def __call__(self, frames: Sequence[Inner]) -> Committed:
        """Return only when the frames are synced to disk; raise CommitFailed otherwise.

        It may take long and must not hold the event loop. Frames that it knows already
        are no fault: they come again after every cut.
        """


@dataclass(frozen=True, slots=True)
class Reading[T]:
    """A value and the time (s) that it is of."""

    value: T
    ts: float


def newer[T](old: Reading[T] | None, value: T, ts: float) -> Reading[T]:
    """Keep the newer of two readings; the later arrival when they are equally old."""
    return Reading(value, ts) if old is None or ts >= old.ts else old


@dataclass(frozen=True, slots=True)
class AlarmSetting:
    """Alarm as the strap tells it: only to show."""

    active: bool
    ts: float
    """When it goes off, Unix seconds by the strap's clock."""


type EventKey = tuple[int, int, int]
"""Event id, epoch, subsec."""


@dataclass(frozen=True, slots=True)
class StrapMemory:
    """What one session leaves for the next one with the same strap. Kept in memory is enough."""

    serial: str | None = None
    """Serial that is expected, None before the first session: another one is refused."""
    last_record_ts: float | None = None
    """Newest record that is on disk, s."""
    wrap_count: int | None = None
    battery: Reading[float] | None = None
    charging: Reading[bool] | None = None
    worn: Reading[bool] | None = None
    told_events: frozenset[EventKey] = frozenset()
    """Fresh events that were told already: the strap replays them at every connection."""
    early_drops: int = 0
    """Links in a row that died right after the bond."""
    hello_failures: int = 0
    past_rounds: int = 0
    """Sessions that ended at records with impossible past times; see ``policy.burst``."""
    clock_ahead_since: float | None = None
    """Monotonic time since which the strap has been seen a day or more ahead."""
    burst: BurstMemory = field(default_factory=BurstMemory)
    rounds: RoundsMemory = field(default_factory=RoundsMemory)


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """What is wanted of a session."""

    hold: bool = False
    """Stay connected after the drain."""
    live: bool = False
    """Stay connected and stream the heart rate."""
    refresh_s: float = PERIOD_S
    """Time between two drains of a connection that is held."""


@dataclass(frozen=True, slots=True)
class StrapState:
    """Everything that is known of the strap now. Replaced, never changed."""

    phase: Phase = Phase.BONDING
    generation: Generation | None = None
    serial: str | None = None
    name: str | None = None
    firmware: str | None = None
    battery_percent: float | None = None
    charging: bool | None = None
    worn: bool | None = None
    clock_drift_s: float | None = None
    """Strap minus host, when it was last read."""
    clock_latches: bool | None = None
    """False when the strap does not take the time that it is given."""
    backlog_pages: int | None = None
    """Pages of flash that are not fetched yet: does not depend on any clock."""
    oldest_ts: float | None = None
    newest_ts: float | None = None
    """Records that the strap holds, by its own account, s."""
    last_record_ts: float | None = None
    """Newest record that is on disk, s."""
    frames_synced: int = 0
    """Frames of this session that were not known before."""
    last_sync_ts: float | None = None
    """When history was last complete, s (host time)."""
    live: bool = False
    marginal_radio: bool = False
    overwritten: bool = False
    """The strap's memory was full, and it wrote over records that nobody has fetched."""
    alarm: AlarmSetting | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a drain is."""

    bursts: int
    frames: int
    """Frames that came in this session."""
    new: int
    backlog_pages: int | None
    last_record_ts: float | None


class StrapListener(Protocol):
    """Is told what happens. Called by the event loop itself, one at a time and in order."""

    def on_state(self, state: StrapState) -> None:
        """See a new state."""

    def on_event(self, event: Event, fresh: bool) -> None:
        """See an event. A fresh one is told once; old ones may be told again."""

    def on_live(self, live: LiveHeartRate) -> None:
        """See a live heart rate: to show, never to keep."""

    def on_progress(self, progress: Progress) -> None:
        """See that a burst was stored and acknowledged."""
