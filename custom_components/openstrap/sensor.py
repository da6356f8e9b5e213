"""The numbers of a wearer, and of their band where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .answers.wording import zone_of
from .const import BPM
from .coordinator import OpenStrapConfigEntry, Snapshot
from .display import Display, display_of
from .engine.catalog import CATALOG, EPOCH, MetricSpec
from .engine.day_result import DayResult
from .engine.day_window import span_of
from .engine.metric import Metric, Tier
from .entity import STORY, OpenStrapEntity, story
from .state_sensor import AnalysisSensor, StageSensor
from .strap_sensor import strap_sensors

# Nothing is fetched: every value comes out of the snapshots of coordinator and link.
PARALLEL_UPDATES = 0

NO_RECORD: Final = "need_input:name=record,have=0,need=1"
NO_DAY: Final = "need_input:name=day,have=0,need=1"

# How good the inputs were, rather than how the wearer is.
DIAGNOSTIC_KEYS: Final = frozenset(
    {
        "rr_clean_fraction",
        "beats",
        "unobserved_min",
        "cvhr_observed_h",
        "hrv_baseline",
        "resting_hr_baseline",
        "breathing_baseline",
        "skin_temp_baseline",
        "strain_baseline",
    }
)


class Shown(NamedTuple):
    """A metric, and the date or the moment it belongs to; ``result`` is that of its day."""

    metric: Metric
    context: dict[str, str | bool]
    result: DayResult | None = None


@dataclass(frozen=True, kw_only=True)
class OpenStrapSensorDescription(SensorEntityDescription):
    """A sensor, where its metric is found and how its value is scaled."""

    metric_fn: Callable[[Snapshot], Shown]
    scale: float = 1.0
    whole: bool = False  # counts and readings that have no fraction


def _describe(
    spec: MetricSpec, metric_fn: Callable[[Snapshot], Shown], *, diagnostic: bool
) -> OpenStrapSensorDescription:
    display = display_of(spec)
    return OpenStrapSensorDescription(
        key=spec.key,
        translation_key=spec.key,
        device_class=display.device_class,
        state_class=display.state_class,
        native_unit_of_measurement=display.unit,
        suggested_unit_of_measurement=display.suggested_unit,
        suggested_display_precision=_precision(spec, display),
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=spec.headline,
        metric_fn=metric_fn,
        scale=display.scale,
        whole=spec.decimals == 0 and display.suggested_unit is None,
    )


def _precision(spec: MetricSpec, display: Display) -> int | None:
    if display.device_class is SensorDeviceClass.TIMESTAMP:
        return None
    if display.scale != 1.0:
        return max(0, spec.decimals - 2)
    # Whole minutes shown as hours need more places: of a tenth, six minutes are left.
    return 2 if display.suggested_unit is not None else spec.decimals


def _of_result(spec: MetricSpec) -> Callable[[Snapshot], Shown]:
    def find(snapshot: Snapshot) -> Shown:
        nights = snapshot.nights
        # What is of a night, or looks back from one, is shown of the last night that exists.
        shown = nights.day if spec.kind in {"day", "day_trend"} else nights.night
        if shown is None:
            return Shown(spec.absent(NO_DAY), {})
        result = shown.result
        context: dict[str, str | bool] = {"day": result.day.isoformat(), "final": shown.final}
        return Shown(result.metrics[spec.key], context, result)

    return find


HEART_RATE: Final = MetricSpec("heart_rate", BPM, 0, Tier.AUTH, "Latest heart rate", headline=True)
LAST_RECORD: Final = MetricSpec("last_record", EPOCH, 0, Tier.AUTH, "Last record", headline=True)


def _heart_rate(snapshot: Snapshot) -> Shown:
    latest = snapshot.latest
    if latest.hr_ts is None:
        return Shown(HEART_RATE.absent(NO_RECORD), {})
    measured = dt_util.utc_from_timestamp(latest.hr_ts).isoformat()
    return Shown(HEART_RATE.measured(latest.hr_bpm, 1.0, ["hr"]), {"measured_at": measured})


def _last_record(snapshot: Snapshot) -> Shown:
    if snapshot.latest.record_ts is None:
        return Shown(LAST_RECORD.absent(NO_RECORD), {})
    return Shown(LAST_RECORD.measured(snapshot.latest.record_ts, 1.0, ["record time"]), {})


SENSORS: Final = (
    _describe(HEART_RATE, _heart_rate, diagnostic=False),
    _describe(LAST_RECORD, _last_record, diagnostic=True),
    *(
        _describe(spec, _of_result(spec), diagnostic=spec.key in DIAGNOSTIC_KEYS)
        for spec in CATALOG.values()
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a wearer."""
    coordinator = entry.runtime_data
    async_add_entities(
        [
            *(OpenStrapSensor(coordinator, description) for description in SENSORS),
            StageSensor(coordinator),
            AnalysisSensor(coordinator),
            *strap_sensors(coordinator),
        ]
    )


class OpenStrapSensor(OpenStrapEntity, SensorEntity):
    """One metric, with its story as attributes."""

    entity_description: OpenStrapSensorDescription
    _unrecorded_attributes = STORY

    @property
    def _shown(self) -> Shown:
        return self.entity_description.metric_fn(self.coordinator.data)

    @property
    @override
    def native_value(self) -> float | datetime | None:
        """The value, or None when it is not known."""
        value = self._shown.metric.value
        if value is None:
            return None
        if self.entity_description.device_class is SensorDeviceClass.TIMESTAMP:
            return dt_util.utc_from_timestamp(value)
        value *= self.entity_description.scale
        return round(value) if self.entity_description.whole else value

    @property
    @override
    def last_reset(self) -> datetime | None:
        """When a number that adds up over its day began; None for any other."""
        if self.entity_description.state_class is not SensorStateClass.TOTAL:
            return None
        if (result := self._shown.result) is None:
            return None
        span = span_of(result.day, zone_of(result.timezone))
        return dt_util.utc_from_timestamp(span.midnight)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """How sure the value is, from what, or why there is none."""
        shown = self._shown
        return {**story(shown.metric), **shown.context}
