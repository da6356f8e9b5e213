"""What a wearer aims at: steps a day, and how long a night they need."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CONF_SLEEP_NEED_MIN, CONF_STEP_GOAL
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .engine.profile import SLEEP_NEED_MIN
from .entity import OpenStrapEntity
from .wearer_options import async_keep, async_keep_sleep_need

# One change after the other: each is written into the same entry.
PARALLEL_UPDATES = 1

MINUTES_PER_HOUR: Final = 60.0
STEP_GOAL: Final = (0, 50000)
"""Steps; 0 is no goal, which is the way back to none."""


@dataclass(frozen=True, kw_only=True)
class WearerNumberDescription(NumberEntityDescription):
    """A number: the option that keeps it, how much of that is one, and how it is set."""

    option: str
    scale: float = 1.0
    set_fn: Callable[[OpenStrapCoordinator, float], Awaitable[None]]


async def _async_set_step_goal(coordinator: OpenStrapCoordinator, steps: float) -> None:
    async_keep(coordinator, CONF_STEP_GOAL, int(steps) or None)


NUMBERS: Final = (
    WearerNumberDescription(
        key="step_goal",
        translation_key="step_goal",
        entity_category=EntityCategory.CONFIG,
        native_min_value=STEP_GOAL[0],
        native_max_value=STEP_GOAL[1],
        native_step=500,
        native_unit_of_measurement="steps",
        mode=NumberMode.BOX,
        option=CONF_STEP_GOAL,
        set_fn=_async_set_step_goal,
    ),
    WearerNumberDescription(
        key="sleep_need",
        translation_key="sleep_need",
        entity_category=EntityCategory.CONFIG,
        device_class=NumberDeviceClass.DURATION,
        native_min_value=SLEEP_NEED_MIN[0] / MINUTES_PER_HOUR,
        native_max_value=SLEEP_NEED_MIN[1] / MINUTES_PER_HOUR,
        native_step=0.25,
        native_unit_of_measurement=UnitOfTime.HOURS,
        mode=NumberMode.BOX,
        option=CONF_SLEEP_NEED_MIN,
        scale=MINUTES_PER_HOUR,
        set_fn=async_keep_sleep_need,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: OpenStrapConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a wearer."""
    async_add_entities(WearerNumber(entry.runtime_data, description) for description in NUMBERS)


class WearerNumber(OpenStrapEntity, NumberEntity):
    """What was set, unknown while nothing is: then there is no goal, and the need is learnt."""

    entity_description: WearerNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """Give what the entry holds."""
        about = self.entity_description
        held: float | None = self.coordinator.config_entry.options.get(about.option)
        return None if held is None else held / about.scale

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Keep it. Raises HomeAssistantError."""
        about = self.entity_description
        await about.set_fn(self.coordinator, value * about.scale)
