"""What Assist may be asked: how a night was, the recovery and why, the week.

Opt-in: for wearers whose owner switched it on and exposed the sensors that say the same. Through a
conversation only people answer for themselves: a user who is known must be one of the wearer's own.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final, override

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from . import answers
from .const import CONF_ASSIST, CONF_USERS, DOMAIN
from .coordinator import OpenStrapConfigEntry, OpenStrapCoordinator
from .entity import wearer_id
from .store import StoreError, WearerStore
from .worker import WorkerClosed

EXPOSED_BY: Final = ("recovery", "sleep_min")
"""Sensors that say in short what is answered here at length; exposing either exposes the wearer."""
WEEK_DAYS: Final = 7
NIGHT: Final = (
    "sleep_min", "sleep_efficiency", "sleep_performance", "sleep_need_min", "sleep_debt_min",
    "light_min", "deep_min", "rem_min", "waso_min", "sleep_onset", "sleep_offset",
    "resting_hr_bpm", "rmssd_ms", "breathing_rate_brpm", "skin_temp_deviation_c",
)  # fmt: skip
RECOVERY: Final = (
    "recovery", "recovery_band", "hrv_readiness_z", "resting_hr_deviation", "sleep_performance",
    "breathing_rate_deviation", "skin_temp_deviation_c", "rmssd_ms", "resting_hr_bpm",
    "strain_target",
)  # fmt: skip
WEEK: Final = (
    "recovery", "strain", "sleep_min", "sleep_debt_min", "sleep_regularity_index", "rmssd_ms",
    "resting_hr_bpm", "steps", "workouts",
)  # fmt: skip
PROMPT: Final = (
    "The openstrap tools tell of a wearer's sleep, recovery and week, measured by a wristband. "
    "Every number has a confidence from 0 to 1: say when it is low. A value of null is not known, "
    "and its note says why: say that it is not known, and never guess it. Tell the condition, never "
    "a cause or a diagnosis."
)


@callback
def async_get_tools(hass: HomeAssistant, llm_context: LLMContext, api_id: str) -> LLMTools | None:
    """Give the tools, None where no wearer may be asked for."""
    if api_id != LLM_API_ASSIST:
        return None
    if not (wearers := _wearers(hass, llm_context)):
        return None
    names = sorted(wearers)
    return LLMTools(
        tools=[kind(names) for kind in (NightTool, RecoveryTool, WeekTool)], prompt=PROMPT
    )


class _WearerTool(Tool):
    """A question about one wearer, who may be left out where there is only one."""

    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )
    integration = DOMAIN

    def __init__(self, names: list[str]) -> None:
        """Offer these wearers."""
        key: Callable[..., Any] = vol.Required if len(names) > 1 else vol.Optional
        self.parameters = vol.Schema(
            {key("person", description="Whose"): vol.In(names), **self.more_parameters()}
        )

    def more_parameters(self) -> Mapping[Any, Any]:
        """Give what may be asked for beside whose."""
        return {vol.Optional("date", description="YYYY-MM-DD; left out: the newest"): str}

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Answer, if the wearer may still be asked for."""
        # Models that must fill in everything send null for what they leave out.
        args = {name: value for name, value in tool_input.tool_args.items() if value is not None}
        try:
            asked = self.parameters(args)
        except vol.Invalid as err:
            return _error(str(err))
        wearers = _wearers(hass, llm_context)
        person = asked.get("person") or next(iter(wearers), None)
        if (wearer := wearers.get(person or "")) is None:
            return _error("This wearer may not be asked for")
        day = None
        if "date" in asked and (day := dt_util.parse_date(asked["date"])) is None:
            return _error("The date must be written as YYYY-MM-DD")
        try:
            answer = await self.async_answer(wearer, day, dt_util.now().date())
        except StoreError, WorkerClosed:
            return _error("The data cannot be read now")
        return ToolResult(data={"person": wearer.config_entry.title, **answer})

    @abstractmethod
    async def async_answer(
        self, wearer: OpenStrapCoordinator, day: date | None, today: date
    ) -> dict[str, Any]:
        """Answer about a wearer and a day, the newest for None. Raises StoreError, WorkerClosed."""


class _NightlyTool(_WearerTool):
    """A question that some metrics of a night answer."""

    metrics: tuple[str, ...]

    @override
    async def async_answer(
        self, wearer: OpenStrapCoordinator, day: date | None, today: date
    ) -> dict[str, Any]:
        return _short(await wearer.worker.async_run(answers.night, day, today, self.metrics))


class NightTool(_NightlyTool):
    """How did I sleep."""

    metrics = NIGHT

    name = f"{DOMAIN}__get_night"
    title = "Get a night"
    description = (
        "How somebody slept: times, duration, stages, efficiency, heart rate and its variability "
        "in the night that ended on a date. Use it for 'How did I sleep?'."
    )


class RecoveryTool(_NightlyTool):
    """My recovery and why."""

    metrics = RECOVERY

    name = f"{DOMAIN}__get_recovery"
    title = "Get the recovery"
    description = (
        "How recovered somebody is and what moved it: recovery in percent with its drivers, and "
        "what it is made of. Use it for 'How is my recovery, and why?'."
    )


class WeekTool(_WearerTool):
    """My week."""

    name = f"{DOMAIN}__get_week"
    title = "Get the week"
    description = (
        "The last seven days of somebody, day by day and compared with the seven before: recovery, "
        "strain, sleep, heart rate. Use it for 'How was my week?'."
    )

    @override
    def more_parameters(self) -> Mapping[Any, Any]:
        return {}

    @override
    async def async_answer(
        self, wearer: OpenStrapCoordinator, day: date | None, today: date
    ) -> dict[str, Any]:
        start = today - timedelta(days=WEEK_DAYS - 1)
        return await wearer.worker.async_run(_week, start, today)


def _week(store: WearerStore, start: date, today: date) -> dict[str, Any]:
    """Summarise a week, and tell how sure its newest numbers are, or why there are none."""
    newest = answers.day(store, None, today, WEEK)
    return {
        "known": newest["known"],
        **answers.history(store, WEEK, start, today),
        "newest": _short(newest),
    }


@callback
def _wearers(hass: HomeAssistant, llm_context: LLMContext) -> dict[str, OpenStrapCoordinator]:
    """Give the wearers who may be asked for, by name; those who share one cannot be told apart."""
    entries: list[OpenStrapConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    found: dict[str, OpenStrapCoordinator] = {}
    twice: set[str] = set()
    for entry in entries:
        if _may_be_asked(hass, entry, llm_context):
            if entry.title in found:
                twice.add(entry.title)
            found[entry.title] = entry.runtime_data
    return {name: wearer for name, wearer in found.items() if name not in twice}


@callback
def _may_be_asked(
    hass: HomeAssistant, entry: OpenStrapConfigEntry, llm_context: LLMContext
) -> bool:
    if entry.state is not ConfigEntryState.LOADED or not entry.options.get(CONF_ASSIST):
        return False
    user_id = None if llm_context.context is None else llm_context.context.user_id
    # A voice device speaks for nobody; whom it may tell is what exposing decides.
    if user_id is not None and user_id not in entry.data[CONF_USERS]:
        return False
    registry = er.async_get(hass)
    for key in EXPOSED_BY:
        entity_id = registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{wearer_id(entry)}_{key}"
        )
        if entity_id is not None and async_should_expose(hass, llm_context.assistant, entity_id):
            return True
    return False


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a language model has no use for."""
    if not answer["known"]:
        return answer
    kept = ("value", "unit", "confidence", "label", "drivers", "note", "time")
    metrics = {
        key: {name: metric[name] for name in kept if name in metric}
        for key, metric in answer["metrics"].items()
    }
    head: dict[str, Any] = {
        name: answer[name] for name in ("known", "day", "final", "in_bed") if name in answer
    }
    return {**head, "metrics": metrics}


def _error(reason: str) -> ToolResult:
    return ToolResult(data={"error": reason}, error=True)
