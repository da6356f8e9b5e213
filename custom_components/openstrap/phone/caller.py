"""Who sends a request: a person by Home Assistant's own token, or a phone that was paired."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import callback
from homeassistant.helpers.http import KEY_AUTHENTICATED, KEY_HASS

from .phone_book import async_phone_book, check_place
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose word a request is."""

    user: User
    wearer_id: str | None = None
    """The wearer (entry id) that a paired phone is bound to; None for a token of Home Assistant."""
    email: str | None = None
    """What a paired phone signed in with; None for a token of Home Assistant."""

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
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    hass = request.app[KEY_HASS]
    found = async_phone_book(hass).async_phone(token.strip()) if scheme == "Bearer" else None
    if found is None:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Invalid or missing token")
    user, phone = found
    check_place(hass, user, request)
    return Caller(user, phone.entry_id, phone.email)
