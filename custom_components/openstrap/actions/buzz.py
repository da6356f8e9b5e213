"""Let bands vibrate, which tells nothing of anybody: whoever may call actions may."""

import asyncio
from typing import Final

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import OpenStrapConfigEntry
from ..strap import Buzz
from ..strap_link import StrapLink
from .action import Action
from .wearers import ready, wearers_meant

ACTION_BUZZ: Final = "buzz"
ATTR_PATTERN: Final = "pattern"
DEFAULT_PATTERN: Final = Buzz.DOUBLE
"""A single short pulse is easily taken for one's imagination."""

FIELDS: Final = {
    vol.Optional(ATTR_PATTERN, default=DEFAULT_PATTERN.value): vol.In([*map(str, Buzz)])
}


async def _async_buzz(call: ServiceCall) -> None:
    """Let the bands that are meant vibrate, all at once."""
    pattern = Buzz(call.data[ATTR_PATTERN])
    # All are looked up before any vibrates: a mistake in the target is no half success.
    links = [_link_of(entry) for entry in wearers_meant(call)]
    results = await asyncio.gather(
        *(link.async_buzz(pattern) for link in links), return_exceptions=True
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _link_of(entry: OpenStrapConfigEntry) -> StrapLink:
    if (link := ready(entry).strap) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_band",
            translation_placeholders={"name": entry.title},
        )
    return link


ACTIONS: Final = (
    Action(
        ACTION_BUZZ,
        FIELDS,
        cv.make_entity_service_schema(FIELDS),
        _async_buzz,
        SupportsResponse.NONE,
    ),
)
