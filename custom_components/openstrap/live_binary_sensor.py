"""What is so of a wearer at this moment: asleep, in bed, training."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription

from .entity import OpenStrapEntity
from .live_view import LiveView
from .state_sensor import as_moment


@dataclass(frozen=True, kw_only=True)
class LiveBinarySensorDescription(BinarySensorEntityDescription):
    """A state of this moment, and since when."""

    value_fn: Callable[[LiveView], bool | None]
    since_fn: Callable[[LiveView], float | None]


LIVE_BINARY_SENSORS: Final = (
    LiveBinarySensorDescription(
        key="asleep",
        translation_key="asleep",
        value_fn=lambda live: live.asleep,
        since_fn=lambda live: live.asleep_since_ts,
    ),
    LiveBinarySensorDescription(
        key="in_bed",
        translation_key="in_bed",
        value_fn=lambda live: live.in_bed,
        since_fn=lambda live: live.in_bed_since_ts,
    ),
    LiveBinarySensorDescription(
        key="workout",
        translation_key="workout",
        value_fn=lambda live: live.workout,
        since_fn=lambda live: live.workout_since_ts,
    ),
)


class LiveBinarySensor(OpenStrapEntity, BinarySensorEntity):
    """A state of this moment."""

    entity_description: LiveBinarySensorDescription
    _unrecorded_attributes = frozenset({"as_of", "confidence", "note"})

    @property
    @override
    def is_on(self) -> bool | None:
        """The state, None when nothing is known of this moment."""
        return self.entity_description.value_fn(self.coordinator.data.live)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Since when, how sure, of which moment, or why nothing is known."""
        live = self.coordinator.data.live
        return {
            "since": as_moment(self.entity_description.since_fn(live)),
            "confidence": round(live.confidence, 2) if self.is_on is not None else 0.0,
            "as_of": as_moment(live.at_ts),
            "note": live.reason,
        }
