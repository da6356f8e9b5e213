"""What a wearer's link to a band shows: to entities, to diagnostics, to whoever asks."""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Final

from .strap import FaultKind, StrapState

LIVE_MODES: Final = ("always", "night", "never")


class LiveMode(StrEnum):
    """When the link is held, and the heart rate streamed."""

    ALWAYS = "always"
    NIGHT = "night"
    NEVER = "never"


class LinkPhase(StrEnum):
    """What the link is at."""

    AWAY = "away"
    """Not connected, and the band has not been heard for a while."""
    WAITING = "waiting"
    """Not connected, the band is near, and it is not time yet."""
    CONNECTING = "connecting"
    OPENING = "opening"
    """Connected: bonding, subscribing, asking who it is."""
    DRAINING = "draining"
    LISTENING = "listening"
    """Connected, all history is here, the link is held."""
    CLOSING = "closing"


class LinkEvent(StrEnum):
    """Something that happened on the band, just now."""

    DOUBLE_TAP = "double_tap"
    WRIST_ON = "wrist_on"
    WRIST_OFF = "wrist_off"
    CHARGING_ON = "charging_on"
    CHARGING_OFF = "charging_off"
    CLOCK_LOST = "clock_lost"
    ALARM_FIRED = "alarm_fired"


@dataclass(frozen=True, slots=True)
class LiveReading:
    """A heart rate of this moment; at most one in 5 s is shown."""

    hr_bpm: int | None
    """None when the band has no reading."""
    ts: float
    """Time of it by the band's clock, epoch s."""
    worn: bool | None


@dataclass(frozen=True, slots=True)
class AlarmView:
    """The alarm that is wanted, and what the band says."""

    wanted: time | None = None
    """Local time of day, None as long as none was ever set."""
    enabled: bool = False
    next_ts: float | None = None
    """When it goes off next, epoch s; None when it is off."""
    armed: bool = False
    """The band has confirmed just this: the right time, or that it is off."""


@dataclass(frozen=True, slots=True)
class LinkSnapshot:
    """Everything to be shown of a link at one moment. Replaced, never changed."""

    connected: bool = False
    phase: LinkPhase = LinkPhase.AWAY
    state: StrapState = field(default_factory=StrapState)
    """What is known of the band: battery, charging, worn, firmware, serial, backlog, ...

    Kept between connections and over restarts; see ``strap.StrapState``.
    """
    signal: int | None = None
    """Strength (dBm) at which the best path hears the band, None while it is not heard."""
    next_try_ts: float | None = None
    """When a connection is tried next if the band is near, epoch s; None while connected."""
    last_sync_ts: float | None = None
    """When history was last complete, epoch s."""
    backlog_pages: int | None = None
    """Pages of the band's memory that are still to be fetched, None when never told."""
    backlog_eta_s: float | None = None
    """Expected time until history is complete at the speed of now; None unless draining."""
    records_synced: int = 0
    """Frames that came over this link and were new, ever."""
    live: LiveReading | None = None
    """Heart rate of now; None unless it is streamed."""
    live_wanted: bool = False
    """The link is to be held now, by the live mode and the hour."""
    alarm: AlarmView = field(default_factory=AlarmView)
    fault: FaultKind | str | None = None
    """Why the last try failed, None after a good one; strings are faults of connecting."""
