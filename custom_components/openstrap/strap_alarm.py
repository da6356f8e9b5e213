"""The alarm on the band: what is wanted, when it is next, and whether the band knows.

A band holds one alarm, for one moment, so it is armed anew for every day.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
import json
from typing import Final

from .strap import AlarmSetting, StrapSession
from .strap_view import AlarmView

CURSOR: Final = "strap_alarm"

SAME_WITHIN_S: Final = 5.0
"""Read back, the alarm may differ by the drift of the band's clock."""
SOONEST_S: Final = 10.0
"""An alarm nearer than this is for the next day: telling the band takes a while."""


def next_ring(wanted: time, now: datetime, zone: tzinfo) -> float:
    """Give when a local time of day comes next, epoch s.

    A time that a change of the clocks leaves out comes as much later as they jump; one that
    comes twice counts the first time.
    """
    day = now.astimezone(zone).date()
    while True:
        ts = datetime.combine(day, wanted, tzinfo=zone).timestamp()
        if ts >= now.timestamp() + SOONEST_S:
            return ts
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AlarmWish:
    """What is kept of the alarm."""

    wanted: time | None = None
    enabled: bool = False
    armed_ts: float | None = None
    """What the band was last told, epoch s; None when it is off there, or never was ours."""

    def to_text(self) -> str:
        """Write down."""
        wanted = None if self.wanted is None else self.wanted.isoformat()
        return json.dumps({"time": wanted, "enabled": self.enabled, "armed_ts": self.armed_ts})

    @classmethod
    def from_text(cls, text: str | None) -> AlarmWish:
        """Read what was written down."""
        if text is None:
            return cls()
        told = json.loads(text)
        wanted = None if told["time"] is None else time.fromisoformat(told["time"])
        return cls(wanted, told["enabled"], told["armed_ts"])


class StrapAlarm:
    """Brings the band in line with what is wanted."""

    def __init__(self, wish: AlarmWish) -> None:
        """Go on from what was kept."""
        self.wish = wish
        self._unreadable = False
        """What the band says when asked does not match what it was just told."""

    def target(self, now: datetime, zone: tzinfo) -> float | None:
        """When the band is to vibrate next, epoch s; None for not at all."""
        if not self.wish.enabled or self.wish.wanted is None:
            return None
        return next_ring(self.wish.wanted, now, zone)

    def due(self, now: datetime, zone: tzinfo) -> bool:
        """Whether the band has to be told something."""
        return self.target(now, zone) != self.wish.armed_ts

    def view(self, now: datetime, zone: tzinfo) -> AlarmView:
        """Show it."""
        target = self.target(now, zone)
        wish = self.wish
        armed = wish.wanted is not None and wish.armed_ts == target
        return AlarmView(wish.wanted, wish.enabled, target, armed)

    def change(self, wanted: time | None, enabled: bool | None) -> None:
        """Take another wish; None leaves as it is."""
        self.wish = replace(
            self.wish,
            wanted=self.wish.wanted if wanted is None else wanted.replace(tzinfo=None),
            enabled=self.wish.enabled if enabled is None else enabled,
        )

    def forgotten(self) -> None:
        """Learn that the band has restarted or lost the time: its alarm is void."""
        if self.wish.armed_ts is not None:
            self.wish = replace(self.wish, armed_ts=0.0)

    def seen(self, setting: AlarmSetting) -> None:
        """Take what the band says that is set, at the start of a connection."""
        armed = self.wish.armed_ts
        if armed is not None and not self._unreadable and not _is(setting, armed):
            self.forgotten()

    async def async_apply(self, session: StrapSession, now: datetime, zone: tzinfo) -> bool:
        """Arm or clear the band's alarm where needed; gives whether what is kept has changed.

        Raises StrapError when the band does not do it.
        """
        target = self.target(now, zone)
        armed = self.wish.armed_ts
        if target == armed:
            return False
        if target is None:
            await session.disable_alarm()
        else:
            told = await session.set_alarm(target)
            # It has said that it accepts. Some firmware cannot be understood when asked.
            self._unreadable = told is None or not _is(told, target)
        self.wish = replace(self.wish, armed_ts=target)
        return True


def _is(setting: AlarmSetting, ts: float) -> bool:
    return setting.active and abs(setting.ts - ts) <= SAME_WITHIN_S
