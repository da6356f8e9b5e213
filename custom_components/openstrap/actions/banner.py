"""The action that puts a line of text on the screens of phones."""

from typing import Any, Final

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..app_banner import LEVELS, MAX_TEXT, MAX_TITLE, Banner, async_set_banner
from .action import Action

ATTR_TEXT: Final = "text"
ATTR_TITLE: Final = "title"
ATTR_LEVEL: Final = "level"
ATTR_URL: Final = "url"

FIELDS: Final = {
    vol.Optional(ATTR_TEXT, default=""): vol.All(cv.string, vol.Length(max=MAX_TEXT)),
    vol.Optional(ATTR_TITLE): vol.All(cv.string, vol.Length(max=MAX_TITLE)),
    vol.Optional(ATTR_LEVEL, default=LEVELS[0]): vol.In(LEVELS),
    vol.Optional(ATTR_URL): vol.Url(),
}


async def _async_set(call: ServiceCall) -> JsonObjectType:
    """Show a text to all who use the phone app, whoever's wearer they see; none for no text."""
    if (user_id := call.context.user_id) is not None:
        user = await call.hass.auth.async_get_user(user_id)
        if user is None or not user.is_admin:
            raise Unauthorized(context=call.context)
    fields: dict[str, Any] = dict(call.data)
    text = fields[ATTR_TEXT].strip()
    banner = None
    if text:
        banner = Banner(text, fields[ATTR_LEVEL], fields.get(ATTR_TITLE), fields.get(ATTR_URL))
    await async_set_banner(call.hass, banner)
    return {"banner": None if banner is None else banner.to_dict()}


ACTIONS: Final = (
    Action("set_app_banner", FIELDS, vol.Schema(FIELDS), _async_set, SupportsResponse.OPTIONAL),
)
