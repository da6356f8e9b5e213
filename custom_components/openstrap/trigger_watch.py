"""What is watched of one wearer for a trigger: fires when it changes, never for what is so already.

Each watch takes what it sees first as given, so that neither a restart nor a reloaded automation
fires anything.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .coordinator import OpenStrapCoordinator
from .happenings import Happening, HappeningKind, moment
from .wearer_state import age_s, recovery_today, worn_now

type Fire = Callable[[Mapping[str, Any]], None]


class Watch:
    """Looks at a wearer whenever something of them may have changed."""

    def __init__(self, fire: Fire) -> None:
        """Take what to call with the variables of the trigger."""
        self._fire = fire

    @callback
    def see(self, coordinator: OpenStrapCoordinator) -> None:
        """Look at a wearer; the first time nothing fires."""

    @callback
    def hear(self, happening: Happening) -> None:
        """Learn that something happened to the wearer."""

    @callback
    def stop(self) -> None:
        """Look no more."""


class RecoveryWatch(Watch):
    """Whether a day's recovery is on the wanted side.

    Fires when the recovery is ready, and later on the same day when it is corrected to that side;
    once a day at most. Of a day whose recovery was ready before the watch began nothing is known.
    """

    def __init__(self, fire: Fire, wanted: Callable[[int, str], bool], max_age_s: float) -> None:
        """Take what tells the wanted side of (points, band), and how late (s) is too late."""
        super().__init__(fire)
        self._wanted = wanted
        self._max_age_s = max_age_s
        self._ready: str | None = None
        """Day whose recovery was ready: before, it changes with every record of the night."""
        self._met: bool | None = None
        """What stood there last was on the wanted side."""
        self._fired: str | None = None

    @override
    @callback
    def see(self, coordinator: OpenStrapCoordinator) -> None:
        recovery = recovery_today(coordinator)
        if recovery is None:
            return
        met = self._wanted(recovery.points, recovery.band)
        if recovery.day == self._ready and met and not self._met:
            self._fire_once(
                recovery.day,
                {
                    "day": recovery.day,
                    "recovery": recovery.points,
                    "band": recovery.band,
                    "confidence": recovery.confidence,
                    "corrected": True,
                },
            )
        self._met = met

    @override
    @callback
    def hear(self, happening: Happening) -> None:
        if happening.kind is not HappeningKind.RECOVERY_READY:
            return
        data = happening.data
        self._ready = data["day"]
        self._met = self._wanted(data["recovery"], data["band"])
        if self._met and dt_util.utcnow().timestamp() - happening.ts <= self._max_age_s:
            self._fire_once(data["day"], {**happening.to_dict(), "corrected": False})

    def _fire_once(self, day: str, data: Mapping[str, Any]) -> None:
        if self._fired != day:
            self._fired = day
            self._fire(data)


class WornWatch(Watch):
    """Whether the band is worn. A band out of reach is neither, and changes nothing."""

    def __init__(self, fire: Fire, *, wanted: bool) -> None:
        """Take the state whose beginning fires."""
        super().__init__(fire)
        self._wanted = wanted
        self._worn: bool | None = None

    @override
    @callback
    def see(self, coordinator: OpenStrapCoordinator) -> None:
        worn = worn_now(coordinator)
        if worn is None or worn is self._worn:
            return
        before, self._worn = self._worn, worn
        if before is not None and worn is self._wanted:
            self._fire({"worn": worn})


class _TimedWatch(Watch):
    """A watch that also looks at a time."""

    def __init__(self, hass: HomeAssistant, fire: Fire) -> None:
        super().__init__(fire)
        self._hass = hass
        self._coordinator: OpenStrapCoordinator | None = None
        self._at_ts: float | None = None
        self._unsub: CALLBACK_TYPE | None = None

    @callback
    def _look_at(self, ts: float | None) -> None:
        """Look again at a time (epoch s), and no more at the one planned before."""
        if ts == self._at_ts:
            return
        self.stop()
        if ts is not None:
            self._at_ts = ts
            self._unsub = async_track_point_in_utc_time(
                self._hass,
                HassJob(self._look, "openstrap trigger"),
                dt_util.utc_from_timestamp(ts),
            )

    @callback
    def _look(self, _now: datetime) -> None:
        self._unsub = self._at_ts = None
        if self._coordinator is not None:
            self.see(self._coordinator)

    @override
    @callback
    def see(self, coordinator: OpenStrapCoordinator) -> None:
        self._coordinator = coordinator

    @override
    @callback
    def stop(self) -> None:
        if self._unsub is not None:
            self._unsub()
        self._unsub = self._at_ts = None


class StaleWatch(_TimedWatch):
    """Whether the newest record is older than it may be; once until a newer one comes."""

    def __init__(self, hass: HomeAssistant, fire: Fire, limit_s: float) -> None:
        """Take the age (s) at which data are stale."""
        super().__init__(hass, fire)
        self._limit_s = limit_s
        self._stale: bool | None = None

    @override
    @callback
    def see(self, coordinator: OpenStrapCoordinator) -> None:
        super().see(coordinator)
        if (age := age_s(coordinator)) is None:
            return
        newest_ts = dt_util.utcnow().timestamp() - age
        stale = age >= self._limit_s
        self._look_at(None if stale else newest_ts + self._limit_s)
        before, self._stale = self._stale, stale
        if stale and before is False:
            self._fire({"last_record": moment(newest_ts), "hours": round(age / 3600.0, 1)})


class BatteryWatch(_TimedWatch):
    """Whether the battery is low, off the charger, and bedtime near; once an evening."""

    def __init__(self, hass: HomeAssistant, fire: Fire, percent: float, before_s: float) -> None:
        """Take the charge below which it is low, and how long (s) before bedtime it matters."""
        super().__init__(hass, fire)
        self._percent = percent
        self._before_s = before_s
        self._low: bool | None = None
        self._fired: str | None = None

    @override
    @callback
    def see(self, coordinator: OpenStrapCoordinator) -> None:
        super().see(coordinator)
        # Of the newest night, for the bedtime after it may lie beyond midnight.
        shown = coordinator.data.nights.night
        bed_ts = None if shown is None else shown.result.metrics["bedtime"].value
        if shown is None or bed_ts is None or coordinator.strap is None:
            # Nobody knows when the next night begins: then the evening is not near.
            self._look_at(None)
            self._low = False
            return
        now = dt_util.utcnow().timestamp()
        from_ts = bed_ts - self._before_s
        self._look_at(from_ts if now < from_ts else None)
        state = coordinator.strap.snapshot.state
        battery = state.battery_percent
        low = (
            from_ts <= now < bed_ts
            and battery is not None
            and battery < self._percent
            and not state.charging
        )
        before, self._low = self._low, low
        day = shown.result.day.isoformat()
        if low and before is False and self._fired != day:
            self._fired = day
            self._fire({"battery": battery, "bedtime": moment(bed_ts)})
