"""Sensors of what goes on: the stage of this moment, and the analysis."""

from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .coordinator import OpenStrapCoordinator
from .entity import OpenStrapEntity
from .live_view import LiveStage
from .sweep_view import SweepPhase

STAGE_NOW: Final = SensorEntityDescription(
    key="sleep_stage_now",
    translation_key="sleep_stage_now",
    device_class=SensorDeviceClass.ENUM,
    options=[*LiveStage],
)
ANALYSIS: Final = SensorEntityDescription(
    key="analysis",
    translation_key="analysis",
    device_class=SensorDeviceClass.ENUM,
    entity_category=EntityCategory.DIAGNOSTIC,
    options=[*SweepPhase],
)
STATE_SENSORS: Final = (STAGE_NOW, ANALYSIS)


def as_moment(ts: float | None) -> str | None:
    """Write epoch seconds as ISO 8601, as attributes hold them."""
    return None if ts is None else dt_util.utc_from_timestamp(ts).isoformat()


class StageSensor(OpenStrapEntity, SensorEntity):
    """The stage of this moment, a guess that the finished night may see otherwise."""

    _unrecorded_attributes = frozenset({"as_of", "confidence", "note"})

    def __init__(self, coordinator: OpenStrapCoordinator) -> None:
        """Show the stage of a wearer."""
        super().__init__(coordinator, STAGE_NOW)

    @property
    @override
    def native_value(self) -> LiveStage | None:
        """The stage, None when nothing is known of this moment."""
        return self.coordinator.data.live.stage

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """How sure it is, of which moment, or why there is none."""
        live = self.coordinator.data.live
        return {
            "confidence": round(live.confidence, 2) if live.stage is not None else 0.0,
            "as_of": as_moment(live.at_ts),
            "note": live.reason,
        }


class AnalysisSensor(OpenStrapEntity, SensorEntity):
    """What the analysis of a wearer's days is at."""

    _unrecorded_attributes = frozenset(
        {"days_waiting", "days_failing", "last_success", "last_duration_s", "last_error"}
    )

    def __init__(self, coordinator: OpenStrapCoordinator) -> None:
        """Show the analysis of a wearer."""
        super().__init__(coordinator, ANALYSIS)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the analysis."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.sweeper.async_listen(self.async_write_ha_state))

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Leave the state alone: what is published of the wearer does not change it."""

    @property
    @override
    def native_value(self) -> SweepPhase:
        """The phase."""
        return self.coordinator.sweeper.view.phase

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """How the last run went, without anything private."""
        view = self.coordinator.sweeper.view
        return {
            "days_waiting": view.days_waiting,
            "days_failing": view.days_failing,
            "last_success": as_moment(view.last_success_ts),
            "last_duration_s": view.last_duration_s,
            "last_error": view.last_error,
        }
