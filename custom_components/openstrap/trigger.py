"""Triggers: what happens to a wearer, for automations."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, cast, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .automation_options import (
    AGE,
    BAND,
    CONF_BAND,
    CONF_BEFORE,
    CONF_HOURS,
    CONF_MAX_AGE,
    CONF_PERCENT,
    DEFAULT_LOW_BATTERY,
    DEFAULT_STALE_H,
    HOURS,
    PERCENT,
)
from .coordinator import OpenStrapCoordinator
from .happenings import Happening, HappeningKind
from .trigger_watch import BatteryWatch, RecoveryWatch, StaleWatch, Watch, WornWatch
from .wearer_target import SIGNAL_CHANGED, SIGNAL_HAPPENED, device_of, loaded_wearers, wearers_meant

MAX_AGE_MIN: Final = 60
"""So long after sleep or training began or ended it is still worth acting upon (judgement)."""
DAY_MAX_AGE_MIN: Final = 720
"""What is said of a day matters for half of it: a phone may be first fetched at noon (judgement)."""


def _schema(options: Mapping[Any, Any]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Required(CONF_OPTIONS, default=dict): dict(options),
        }
    )


def _max_age(minutes: int) -> dict[Any, Any]:
    return {vol.Optional(CONF_MAX_AGE, default=minutes): AGE}


class WearerTrigger(Trigger):
    """A trigger of the wearers that its target means."""

    schema: ClassVar[vol.Schema]

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        """Validate target and options."""
        return cast(ConfigType, cls.schema(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take target and options."""
        super().__init__(hass, config)
        self.target: ConfigType = config.target or {}
        self.options: Mapping[str, Any] = config.options or {}

    def means(self, coordinator: OpenStrapCoordinator) -> bool:
        """Tell whether a wearer is meant; looked up anew each time, for people move things."""
        return coordinator.config_entry.entry_id in wearers_meant(self._hass, self.target)

    @callback
    def run(
        self,
        run_action: TriggerActionRunner,
        coordinator: OpenStrapCoordinator,
        data: Mapping[str, Any],
        description: str,
    ) -> None:
        """Run the action with the wearer and what is known as trigger variables."""
        name = coordinator.config_entry.title
        whose = {"wearer": name, "device_id": device_of(self._hass, coordinator)}
        run_action({**whose, **data}, f"{name}: {description}")


class HappeningTrigger(WearerTrigger):
    """Fires on one kind of what happens, unless it was learnt too late to act upon."""

    kind: ClassVar[HappeningKind]

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen to what happens."""

        @callback
        def happened(coordinator: OpenStrapCoordinator, happening: Happening) -> None:
            if happening.kind is not self.kind or not self.means(coordinator):
                return
            if is_fresh(happening, self.options[CONF_MAX_AGE]):
                description = self.kind.replace("_", " ")
                self.run(run_action, coordinator, happening.to_dict(), description)

        return async_dispatcher_connect(self._hass, SIGNAL_HAPPENED, happened)


def is_fresh(happening: Happening, max_age_min: float) -> bool:
    """Tell whether something happened not longer ago than so many minutes."""
    return dt_util.utcnow().timestamp() - happening.ts <= 60.0 * max_age_min


class WatchTrigger(WearerTrigger):
    """Fires when something that is watched changes; what is so already is none of its business."""

    description: ClassVar[str]

    @abstractmethod
    def watch(self, fire: Callable[[Mapping[str, Any]], None]) -> Watch:
        """Begin to watch a wearer, of whom nothing is known yet."""

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Watch every wearer, those who come later too; the target decides when it matters."""
        watches: dict[str, Watch] = {}
        latest: dict[str, OpenStrapCoordinator] = {}

        @callback
        def watch_of(coordinator: OpenStrapCoordinator) -> Watch:
            entry_id = coordinator.config_entry.entry_id
            latest[entry_id] = coordinator
            if (found := watches.get(entry_id)) is not None:
                return found

            @callback
            def fire(data: Mapping[str, Any]) -> None:
                if self.means(latest[entry_id]):
                    self.run(run_action, latest[entry_id], data, self.description)

            watches[entry_id] = watch = self.watch(fire)
            return watch

        @callback
        def changed(coordinator: OpenStrapCoordinator) -> None:
            watch_of(coordinator).see(coordinator)

        @callback
        def happened(coordinator: OpenStrapCoordinator, happening: Happening) -> None:
            watch_of(coordinator).hear(happening)

        stops = [
            async_dispatcher_connect(self._hass, SIGNAL_CHANGED, changed),
            async_dispatcher_connect(self._hass, SIGNAL_HAPPENED, happened),
        ]
        for coordinator in loaded_wearers(self._hass):
            changed(coordinator)

        @callback
        def stop() -> None:
            for unsub in stops:
                unsub()
            for watch in watches.values():
                watch.stop()

        return stop


def _on(happening: HappeningKind, max_age_min: int = MAX_AGE_MIN) -> type[HappeningTrigger]:
    """Make the trigger of a kind."""

    class OfKind(HappeningTrigger):
        kind = happening
        schema = _schema(_max_age(max_age_min))

    return OfKind


class RecoveryTrigger(WatchTrigger):
    """Fires when a day's recovery becomes known on one side, or is corrected to it."""

    description = "recovery"

    @abstractmethod
    def wanted(self, points: int, band: str) -> bool:
        """Tell whether a recovery is on this side."""

    @override
    def watch(self, fire: Callable[[Mapping[str, Any]], None]) -> Watch:
        """Watch the recovery."""
        return RecoveryWatch(fire, self.wanted, 60.0 * self.options[CONF_MAX_AGE])


class RecoveryBelow(RecoveryTrigger):
    """Recovery below so many points."""

    schema = _schema({vol.Required(CONF_PERCENT): PERCENT} | _max_age(DAY_MAX_AGE_MIN))

    @override
    def wanted(self, points: int, band: str) -> bool:
        return bool(points < self.options[CONF_PERCENT])


class RecoveryAbove(RecoveryTrigger):
    """Recovery above so many points."""

    schema = _schema({vol.Required(CONF_PERCENT): PERCENT} | _max_age(DAY_MAX_AGE_MIN))

    @override
    def wanted(self, points: int, band: str) -> bool:
        return bool(points > self.options[CONF_PERCENT])


class RecoveryBand(RecoveryTrigger):
    """Recovery of a colour."""

    schema = _schema({vol.Required(CONF_BAND): BAND} | _max_age(DAY_MAX_AGE_MIN))

    @override
    def wanted(self, points: int, band: str) -> bool:
        return bool(band == self.options[CONF_BAND])


class Worn(WatchTrigger):
    """The band was put on."""

    schema = _schema({})
    description = "band put on"
    worn: ClassVar[bool] = True

    @override
    def watch(self, fire: Callable[[Mapping[str, Any]], None]) -> Watch:
        """Watch the wrist."""
        return WornWatch(fire, wanted=self.worn)


class NotWorn(Worn):
    """The band was taken off."""

    description = "band taken off"
    worn = False


class BatteryLowBeforeBed(WatchTrigger):
    """The band will not last the night, and it is nearly bedtime."""

    schema = _schema(
        {
            vol.Optional(CONF_PERCENT, default=DEFAULT_LOW_BATTERY): PERCENT,
            vol.Optional(CONF_BEFORE, default={"hours": 1}): cv.positive_time_period,
        }
    )
    description = "battery low before bed"

    @override
    def watch(self, fire: Callable[[Mapping[str, Any]], None]) -> Watch:
        """Watch battery and bedtime."""
        before_s = self.options[CONF_BEFORE].total_seconds()
        return BatteryWatch(self._hass, fire, self.options[CONF_PERCENT], before_s)


class DataStale(WatchTrigger):
    """Nothing was recorded for long."""

    schema = _schema({vol.Optional(CONF_HOURS, default=DEFAULT_STALE_H): HOURS})
    description = "data stale"

    @override
    def watch(self, fire: Callable[[Mapping[str, Any]], None]) -> Watch:
        """Watch the newest record."""
        return StaleWatch(self._hass, fire, 3600.0 * self.options[CONF_HOURS])


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "fell_asleep": _on(HappeningKind.FELL_ASLEEP),
    "woke_up": _on(HappeningKind.WOKE_UP),
    "nap_ended": _on(HappeningKind.NAP),
    "workout_started": _on(HappeningKind.WORKOUT_STARTED),
    "workout_ended": _on(HappeningKind.WORKOUT_ENDED),
    "recovery_ready": _on(HappeningKind.RECOVERY_READY, DAY_MAX_AGE_MIN),
    "recovery_below": RecoveryBelow,
    "recovery_above": RecoveryAbove,
    "recovery_band": RecoveryBand,
    "strain_target_reached": _on(HappeningKind.STRAIN_TARGET_REACHED, DAY_MAX_AGE_MIN),
    "worn": Worn,
    "not_worn": NotWorn,
    "battery_low_before_bed": BatteryLowBeforeBed,
    "data_stale": DataStale,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Give the triggers of the integration by name."""
    return TRIGGERS
