"""Conditions: what is so of a wearer at this moment, for automations."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Unpack, cast, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .automation_options import (
    BAND,
    CONF_BAND,
    CONF_HOURS,
    CONF_PERCENT,
    DEFAULT_STALE_H,
    HOURS,
    PERCENT,
)
from .coordinator import OpenStrapCoordinator
from .wearer_state import age_s, recovery_today, worn_now
from .wearer_target import SIGNAL_CHANGED, loaded_wearers, wearers_meant


class WearerCondition(Condition):
    """A condition on the wearers that its target means: on any of them, or on all.

    What is not known of a wearer is not so; a wearer who is not up is not known.
    """

    schema: ClassVar[vol.Schema]

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate target and options."""
        return cast(ConfigType, cls.schema(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take target and options."""
        super().__init__(hass, config)
        self.target: ConfigType = config.target or {}
        self.options: Mapping[str, Any] = config.options or {}

    @override
    async def _async_track_changes(self, action: Callable[[], None]) -> CALLBACK_TYPE:
        @callback
        def changed(_coordinator: OpenStrapCoordinator) -> None:
            action()

        return async_dispatcher_connect(self._hass, SIGNAL_CHANGED, changed)

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        meant = wearers_meant(self._hass, self.target)
        up = [one for one in loaded_wearers(self._hass) if one.config_entry.entry_id in meant]
        answers = [self.holds(one) is True for one in up]
        if self.options[ATTR_BEHAVIOR] == BEHAVIOR_ANY:
            return any(answers)
        return bool(meant) and len(up) == len(meant) and all(answers)

    @abstractmethod
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        """Tell whether it is so of one wearer; None when that is not known."""


def _schema(options: Mapping[Any, Any]) -> vol.Schema:
    behavior = vol.Optional(ATTR_BEHAVIOR, default=BEHAVIOR_ANY)
    return vol.Schema(
        {
            vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Required(CONF_OPTIONS, default=dict): {
                behavior: vol.In([BEHAVIOR_ANY, BEHAVIOR_ALL]),
                **options,
            },
        }
    )


class _State(WearerCondition):
    """A condition that has no options of its own."""

    schema = _schema({})


class IsAsleep(_State):
    """The wearer sleeps, as far as records reach."""

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        return coordinator.data.live.asleep


class IsInBed(_State):
    """The wearer lies in bed, as far as records reach."""

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        return coordinator.data.live.in_bed


class IsWorn(_State):
    """The band is on the wrist."""

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        return worn_now(coordinator)


class WorkoutGoingOn(_State):
    """A workout goes on."""

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        return coordinator.data.live.workout_since_ts is not None


class RecoveryIs(WearerCondition):
    """Today's recovery is of a colour."""

    schema = _schema({vol.Required(CONF_BAND): BAND})

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        found = recovery_today(coordinator)
        return None if found is None else bool(found.band == self.options[CONF_BAND])


class RecoveryBelow(WearerCondition):
    """Today's recovery is below so many points."""

    schema = _schema({vol.Required(CONF_PERCENT): PERCENT})

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        found = recovery_today(coordinator)
        return None if found is None else bool(found.points < self.options[CONF_PERCENT])


class RecoveryAbove(WearerCondition):
    """Today's recovery is above so many points."""

    schema = _schema({vol.Required(CONF_PERCENT): PERCENT})

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        found = recovery_today(coordinator)
        return None if found is None else bool(found.points > self.options[CONF_PERCENT])


class DataIsStale(WearerCondition):
    """The newest record is older than so many hours."""

    schema = _schema({vol.Optional(CONF_HOURS, default=DEFAULT_STALE_H): HOURS})

    @override
    def holds(self, coordinator: OpenStrapCoordinator) -> bool | None:
        age = age_s(coordinator)
        return None if age is None else bool(age >= 3600.0 * self.options[CONF_HOURS])


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_asleep": IsAsleep,
    "is_in_bed": IsInBed,
    "is_worn": IsWorn,
    "recovery_is": RecoveryIs,
    "recovery_below": RecoveryBelow,
    "recovery_above": RecoveryAbove,
    "workout_going_on": WorkoutGoingOn,
    "data_is_stale": DataIsStale,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Give the conditions of the integration by name."""
    return CONDITIONS
