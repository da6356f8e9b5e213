"""The sensors of a wearer's band: what the link knows of it, and the heart rate of now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfRatio,
    UnitOfTime,
)
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .const import BPM, PUBLISH_SECONDS
from .coordinator import OpenStrapCoordinator
from .engine.catalog import MetricSpec
from .engine.heart.zones import NO_READING, Zone, live_zone, maximum_hr
from .engine.metric import Metric, Tier
from .engine.profile import Profile
from .entity import STORY, StrapEntity, story
from .strap_link import StrapLink
from .strap_view import LinkSnapshot
from .wearer_form import profile_of

PAGES: Final = "pages"
RECORDS: Final = "records"
LIVE_HEART_RATE: Final = MetricSpec(
    "live_heart_rate", BPM, 0, Tier.AUTH, "Live heart rate", headline=True
)


def _moment(ts: float | None) -> datetime | None:
    return None if ts is None else dt_util.utc_from_timestamp(ts)


def _story_of_alarm(snapshot: LinkSnapshot) -> dict[str, Any]:
    return {"confirmed": snapshot.alarm.armed}


@dataclass(frozen=True, kw_only=True)
class StrapSensorDescription(SensorEntityDescription):
    """A sensor of the band, and where its value is found."""

    value_fn: Callable[[LinkSnapshot], StateType | datetime]
    available_fn: Callable[[LinkSnapshot], bool] = lambda _: True
    attributes_fn: Callable[[LinkSnapshot], dict[str, Any] | None] = lambda _: None
    paced: bool = False  # changes all the time while the band is drained or moves about


@dataclass(frozen=True, kw_only=True)
class LiveSensorDescription(SensorEntityDescription):
    """A sensor of the live stream: its metric, and how a value of that is shown."""

    metric_fn: Callable[[LinkSnapshot, Profile], Metric]
    state_fn: Callable[[float], StateType]


def _live_heart_rate(snapshot: LinkSnapshot, _profile: Profile) -> Metric:
    if snapshot.live is None or snapshot.live.hr_bpm is None:
        return LIVE_HEART_RATE.absent(NO_READING)
    return LIVE_HEART_RATE.measured(snapshot.live.hr_bpm, 1.0, ["live heart rate"])


def _live_zone(snapshot: LinkSnapshot, profile: Profile) -> Metric:
    reading = None if snapshot.live is None else snapshot.live.hr_bpm
    return live_zone(reading, maximum_hr(profile, dt_util.now().date()))


STRAP_SENSORS: Final = (
    StrapSensorDescription(
        key="battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.state.battery_percent,
    ),
    StrapSensorDescription(
        key="signal",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        paced=True,
        value_fn=lambda snapshot: snapshot.signal,
        available_fn=lambda snapshot: snapshot.signal is not None,
    ),
    StrapSensorDescription(
        key="firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.state.firmware,
    ),
    StrapSensorDescription(
        key="last_sync",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: _moment(snapshot.last_sync_ts),
    ),
    StrapSensorDescription(
        key="backlog",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PAGES,
        entity_category=EntityCategory.DIAGNOSTIC,
        paced=True,
        value_fn=lambda snapshot: snapshot.backlog_pages,
    ),
    StrapSensorDescription(
        key="sync_time_left",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        paced=True,
        value_fn=lambda snapshot: snapshot.backlog_eta_s,
    ),
    StrapSensorDescription(
        key="records_synced",
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=RECORDS,
        entity_category=EntityCategory.DIAGNOSTIC,
        paced=True,
        value_fn=lambda snapshot: snapshot.records_synced,
    ),
    StrapSensorDescription(
        key="next_alarm",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda snapshot: _moment(snapshot.alarm.next_ts),
        attributes_fn=_story_of_alarm,
    ),
)

LIVE_SENSORS: Final = (
    LiveSensorDescription(
        key="live_heart_rate",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=BPM,
        suggested_display_precision=0,
        metric_fn=_live_heart_rate,
        state_fn=round,
    ),
    LiveSensorDescription(
        key="live_heart_rate_zone",
        device_class=SensorDeviceClass.ENUM,
        options=[zone.name.lower() for zone in Zone],
        metric_fn=_live_zone,
        state_fn=lambda value: Zone(round(value)).name.lower(),
    ),
)


def strap_sensors(coordinator: OpenStrapCoordinator) -> Iterable[SensorEntity]:
    """Make the sensors of a wearer's band; none where there is none."""
    if (link := coordinator.strap) is None:
        return
    for description in STRAP_SENSORS:
        yield StrapSensor(coordinator, link, description)
    profile = profile_of(coordinator.config_entry.options)
    for live in LIVE_SENSORS:
        yield LiveSensor(coordinator, link, live, profile)


class PacedSensor(StrapEntity, SensorEntity):
    """A sensor that can be slowed down: the recorder keeps every state."""

    _pace_s = PUBLISH_SECONDS
    """Time from one state to the next."""
    _written_at = -PUBLISH_SECONDS
    _unsub: CALLBACK_TYPE | None = None

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Write nothing any more."""
        self._cancel()
        await super().async_will_remove_from_hass()

    def _cancel(self) -> None:
        if self._unsub is not None:
            self._unsub()
            self._unsub = None

    @override
    @callback
    def _async_link_changed(self) -> None:
        view = self._view(self.link.snapshot)
        wait = self._written_at + self._pace_s - self.hass.loop.time()
        # That a value begins or ends is told at once.
        if wait <= 0 or view[0] != self._attr_available:
            self._async_catch_up()
        elif self._unsub is None and view != (self._attr_available, self._shown):
            self._unsub = async_call_later(self.hass, wait, self._async_catch_up)

    @callback
    def _async_catch_up(self, _now: datetime | None = None) -> None:
        self._cancel()
        if self._view(self.link.snapshot) != (self._attr_available, self._shown):
            self._show()
            self._written_at = self.hass.loop.time()
            self.async_write_ha_state()

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """The value, or None when it is not known."""
        value: StateType | datetime = self._shown[0]
        return value

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """More about it."""
        attributes: dict[str, Any] | None = self._shown[1]
        return attributes


class StrapSensor(PacedSensor):
    """What is known of the band: stays when the band is away."""

    entity_description: StrapSensorDescription

    def __init__(
        self,
        coordinator: OpenStrapCoordinator,
        link: StrapLink,
        description: StrapSensorDescription,
    ) -> None:
        """Show one fact."""
        super().__init__(coordinator, link, description)
        if not description.paced:
            self._pace_s = 0.0

    @override
    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        description = self.entity_description
        shown = description.value_fn(snapshot), description.attributes_fn(snapshot)
        return description.available_fn(snapshot), shown


class LiveSensor(PacedSensor):
    """What is measured now; unavailable while nothing is streamed."""

    entity_description: LiveSensorDescription
    _unrecorded_attributes = STORY | {"measured_at"}

    def __init__(
        self,
        coordinator: OpenStrapCoordinator,
        link: StrapLink,
        description: LiveSensorDescription,
        profile: Profile,
    ) -> None:
        """Show one metric of the stream, as it is for a wearer of this profile."""
        self._profile = profile
        super().__init__(coordinator, link, description)

    @override
    def _view(self, snapshot: LinkSnapshot) -> tuple[bool, Any]:
        if (live := snapshot.live) is None:
            return False, (None, None)
        metric = self.entity_description.metric_fn(snapshot, self._profile)
        value = None if metric.value is None else self.entity_description.state_fn(metric.value)
        measured_at = dt_util.utc_from_timestamp(live.ts).isoformat()
        return True, (value, {**story(metric), "measured_at": measured_at})
