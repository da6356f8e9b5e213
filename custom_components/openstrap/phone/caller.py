"""Who sends a request: a person by Home Assistant's own token, or a phone that was paired."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import callback
from homeassistant.helpers.http import KEY_AUTHENTICATED

from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose word a request is."""

    user: User
    wearer_id: str | None = None
    """The wearer (entry id) that a paired phone is bound to; None for a token of Home Assistant."""

    @property
    def may_write(self) -> bool:
        """Whether more than reading is allowed: not to a user of the read-only group alone."""
        groups = {group.id for group in self.user.groups}
        return self.user.is_admin or groups != {GROUP_ID_READ_ONLY}


@callback
def async_caller(request: web.Request) -> Caller:
    """Tell who sends a request; raises Refusal for nobody who is known."""
    # Home Assistant's own check answers an old token by raising, which counts as a failed log-in:
    # a phone would ban its own address. So the token is looked at here.
    if request.get(KEY_AUTHENTICATED, False):
        return Caller(request[KEY_HASS_USER])
    raise Refusal(HTTPStatus.UNAUTHORIZED, "Invalid or missing token")
