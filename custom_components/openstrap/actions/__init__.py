"""Actions of the integration, which are there whether or not a wearer is loaded."""

from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback

from ..const import DOMAIN
from . import (
    banner,
    buzz,
    export,
    imports,
    insights,
    intake,
    notices,
    reads,
    told,
    upkeep,
    workouts,
)
from .action import Action, check_texts
from .buzz import ACTION_BUZZ, ATTR_PATTERN, DEFAULT_PATTERN

ACTIONS: Final[tuple[Action, ...]] = (
    *reads.ACTIONS,
    *insights.ACTIONS,
    *workouts.ACTIONS,
    *told.ACTIONS,
    *notices.ACTIONS,
    *upkeep.ACTIONS,
    *intake.ACTIONS,
    *export.ACTIONS,
    *imports.ACTIONS,
    *banner.ACTIONS,
    *buzz.ACTIONS,
)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Make the actions known; once, when the integration is set up."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN, action.name, partial(_async_handle, action), action.schema, action.response
        )


async def _async_handle(action: Action, call: ServiceCall) -> ServiceResponse:
    check_texts(call.data)
    return await action.handle(call)


__all__ = [
    "ACTIONS",
    "ACTION_BUZZ",
    "ATTR_PATTERN",
    "DEFAULT_PATTERN",
    "Action",
    "async_register_actions",
]
