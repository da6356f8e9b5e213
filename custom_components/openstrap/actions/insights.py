"""The action that looks for what goes along with what."""

from typing import Final

from .. import answers
from ..coordinator import OpenStrapCoordinator
from .action import Answer, Fields, read_action
from .fields import today


async def _async_insights(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    """Read in the worker, scan beside it: a scan takes its time, and frames must not wait."""
    day = today()
    start = answers.first_day(day)
    journal = await wearer.worker.async_run(lambda store: store.journal(start, day))
    values = await answers.async_values(
        wearer.worker.async_run, answers.KEYS, start, day, compared=True
    )
    return await wearer.hass.async_add_executor_job(answers.insights_of, journal, values, day)


ACTIONS: Final = (read_action("get_insights", {}, _async_insights),)
