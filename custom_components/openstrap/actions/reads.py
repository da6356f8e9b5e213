"""Actions that answer what is known: a night, a day, a metric over time, records."""

from datetime import timedelta
from typing import Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .. import answers
from ..coordinator import OpenStrapCoordinator
from .action import Answer, Fields, read_action
from .fields import (
    ATTR_METRIC,
    ATTR_METRICS,
    DATE,
    METRICS,
    RANGE,
    checked,
    day_of,
    now_ts,
    range_of,
    today,
    zone,
)

ATTR_SPAN: Final = "span"
ATTR_TIMELINE: Final = "timeline"
SPANS: Final = ("week", "month", "quarter")
STEP_GOAL: Final = "step_goal"
"""Option of an entry that a wearer's step goal is kept under."""


async def _async_night(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    day, keys = day_of(fields), _keys(fields)
    answer = await wearer.worker.async_run(answers.night, day, today(), keys)
    if fields[ATTR_TIMELINE] and answer["known"]:
        answer["timeline"] = await wearer.worker.async_run(answers.timeline, day, today())
    return answer


async def _async_day(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    return await wearer.worker.async_run(answers.day, day_of(fields), today(), _keys(fields))


async def _async_trend(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    [key] = checked(answers.plain_metric, [fields[ATTR_METRIC]])
    return await wearer.worker.async_run(
        answers.trend,
        key,
        fields[ATTR_SPAN],
        day_of(fields) or today(),
        step_goal=wearer.config_entry.options.get(STEP_GOAL),
    )


async def _async_history(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    start, end = range_of(fields)
    wanted = fields.get(ATTR_METRICS) or answers.HEADLINES
    keys = list(dict.fromkeys(checked(answers.plain_metric, wanted)))
    # As many days before, which the range is compared with.
    values = await answers.async_values(
        wearer.worker.async_run, keys, start - (end - start) - timedelta(days=1), end
    )
    return answers.history_of(values, start, end)


async def _async_records(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    return await answers.async_records(wearer.worker.async_run, today())


async def _async_workouts(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    start, end = range_of(fields)
    return await answers.async_workouts(
        wearer.worker.async_run, start, end, zone(), now_ts=now_ts()
    )


async def _async_journal(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    return await wearer.worker.async_run(answers.journal, *range_of(fields))


def _keys(fields: Fields) -> list[str] | None:
    """Read the metrics that are asked for; None for all that belong to the question."""
    wanted = fields.get(ATTR_METRICS)
    return checked(answers.known_metric, wanted) if wanted else None


ACTIONS: Final = (
    read_action(
        "get_night",
        DATE | METRICS | {vol.Optional(ATTR_TIMELINE, default=False): cv.boolean},
        _async_night,
    ),
    read_action("get_day", DATE | METRICS, _async_day),
    read_action(
        "get_trend",
        DATE
        | {
            vol.Required(ATTR_METRIC): cv.string,
            vol.Optional(ATTR_SPAN, default="week"): vol.In(SPANS),
        },
        _async_trend,
    ),
    read_action("get_history", RANGE | METRICS, _async_history),
    read_action("get_records", {}, _async_records),
    read_action("get_workouts", RANGE, _async_workouts),
    read_action("get_journal", RANGE, _async_journal),
)
