"""Actions for the nudges that a wearer was told: which there were, and that they are read."""

from typing import Final

import voluptuous as vol

from .. import answers
from ..coordinator import OpenStrapCoordinator
from ..engine.insight.nudge_candidates import CODES
from .action import Answer, Fields, read_action, write_action
from .fields import DATE, day_of, now_ts, zone

ATTR_CODE: Final = "code"


async def _async_get(wearer: OpenStrapCoordinator, _fields: Fields) -> Answer:
    return await wearer.worker.async_run(answers.notices, now_ts(), zone())


async def _async_dismiss(wearer: OpenStrapCoordinator, fields: Fields) -> Answer:
    return await wearer.worker.async_run(
        answers.dismiss, fields.get(ATTR_CODE), day_of(fields), now_ts(), zone()
    )


ACTIONS: Final = (
    read_action("get_notifications", {}, _async_get),
    write_action(
        "dismiss_notifications", {vol.Optional(ATTR_CODE): vol.In(CODES)} | DATE, _async_dismiss
    ),
)
