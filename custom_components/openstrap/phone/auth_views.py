"""How a phone signs in: by a code that Home Assistant shows, and by refreshing what it was given."""

from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
import time
from typing import Any, Final

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS

from ..const import CONF_USERS
from .body import async_json
from .bucket import TokenBuckets
from .pairing import HOW, TOO_MANY, Outcome, Pairing, async_pairing_desk, known_as
from .phone_book import NotKept, Tokens, async_phone_book
from .profile import async_fill_profile, profile_answer
from .refusal import Refusal, invalid, not_found
from .view import PhoneView, open_route, urls

MAX_SIGN_IN: Final = 16 * 1024  # bytes of a body from somebody who is not known yet

# Failures, not requests: a phone that does all right is never slowed down.
FAILURES_AT_ONCE: Final = 5.0
FAILURES_PER_SECOND: Final = 1 / 60
ALL_FAILURES_AT_ONCE: Final = 100.0
ALL_FAILURES_PER_SECOND: Final = 1.0
_ALL: Final = "all"
_IPV6_HOME: Final = 64  # bits; whoever has one IPv6 address has all that begin like it


def views() -> tuple[PhoneView, ...]:
    """Make the routes; failures at one count at the others."""
    brake = Brake()
    return RegisterView(brake), RequestCodeView(brake), VerifyCodeView(brake), RefreshView()


class Brake:
    """Slows down who fails again and again: by address, and all together."""

    def __init__(self) -> None:
        """Start with a clean slate."""
        self._each = TokenBuckets(FAILURES_AT_ONCE, FAILURES_PER_SECOND)
        self._all = TokenBuckets(ALL_FAILURES_AT_ONCE, ALL_FAILURES_PER_SECOND)

    def check(self, request: web.Request) -> None:
        """Raise Refusal for an address that has to wait."""
        now = time.monotonic()
        if wait := max(self._each.wait(_sender(request), now), self._all.wait(_ALL, now)):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, retry_after=wait)

    def failed(self, request: web.Request) -> None:
        """Count a failure."""
        now = time.monotonic()
        self._each.take(_sender(request), now)
        self._all.take(_ALL, now)


def _sender(request: web.Request) -> str:
    try:
        address = ip_address(request.remote or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        # All of IPv4 stands in one such block.
        address = address.ipv4_mapped
    if isinstance(address, IPv6Address):
        return str(int(address) >> (address.max_prefixlen - _IPV6_HOME))
    return str(address)


class _SignInView(PhoneView):
    def __init__(self, brake: Brake) -> None:
        """Share the count of failures."""
        self._brake = brake

    async def async_ask(
        self, request: web.Request, no_email: str, closed: Refusal, *, keep: bool = False
    ) -> dict[str, Any]:
        """Have the code shown; the same answer for every e-mail that no pairing is open for."""
        hass = request.app[KEY_HASS]
        body = await async_json(hass, request, MAX_SIGN_IN)
        if (email := known_as(body.get("email"))) is None:
            raise invalid("email must be an e-mail address", no_email)
        self._brake.check(request)
        if not async_pairing_desk(hass).async_ask(email, body if keep else None):
            self._brake.failed(request)
            raise closed
        return {"ok": True}


class RegisterView(_SignInView):
    """Takes what a new phone says of its owner, and lets Home Assistant show the code."""

    url, *extra_urls = urls("auth/register")
    name = "api:openstrap:v1:auth:register"

    @open_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Keep what was said until the code is typed."""
        return await self.async_ask(
            request,
            "Valid email required",
            Refusal(HTTPStatus.FORBIDDEN, "Pairing is not open", reason=HOW),
            keep=True,
        )


class RequestCodeView(_SignInView):
    """Lets Home Assistant show the code once more; it stays the same."""

    url, *extra_urls = urls("auth/request-otp")
    name = "api:openstrap:v1:auth:request-otp"

    @open_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Ask for the code of a wearer who is known."""
        return await self.async_ask(
            request, "Email required", not_found("No account for that email", HOW)
        )


class VerifyCodeView(_SignInView):
    """Takes the code, and gives a phone its tokens and what is known of its wearer."""

    url, *extra_urls = urls("auth/verify-otp")
    name = "api:openstrap:v1:auth:verify-otp"

    @open_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Pair the phone; on disk when this is answered."""
        hass = request.app[KEY_HASS]
        body = await async_json(hass, request, MAX_SIGN_IN)
        email, code = known_as(body.get("email")), body.get("code")
        if email is None or not isinstance(code, str) or not code.strip():
            raise invalid("email and code must be texts", "Email and code required")
        self._brake.check(request)
        desk = async_pairing_desk(hass)
        try:
            pairing = desk.async_take(email, code.strip())
        except Refusal:
            self._brake.failed(request)
            raise
        outcome = Outcome.CLOSED
        try:
            answer = await _async_pair(hass, pairing, request)
            outcome = Outcome.PAIRED
        except NotKept:
            outcome = Outcome.NOT_KEPT
            raise
        finally:
            desk.async_done(pairing, outcome)
        return answer


async def _async_pair(
    hass: HomeAssistant, pairing: Pairing, request: web.Request
) -> dict[str, Any]:
    user = await hass.auth.async_get_user(pairing.user_id)
    entry = hass.config_entries.async_get_entry(pairing.entry_id)
    if (
        user is None
        or not user.is_active
        or entry is None
        or pairing.user_id not in entry.data[CONF_USERS]
    ):
        raise not_found("No account", "the wearer or the user is gone since the pairing was opened")
    phone, tokens = await async_phone_book(hass).async_add(user, entry, pairing.email, request)
    await async_fill_profile(hass, entry, pairing.told or {})
    known = profile_answer(entry, phone.email)
    fields = ("id", "email", "name", "age", "height_cm", "weight_kg", "sex")
    return {**_answer(tokens), "user": {field: known[field] for field in fields}}


class RefreshView(PhoneView):
    """Gives new tokens for a refresh token, which is spent then."""

    url, *extra_urls = urls("auth/refresh")
    name = "api:openstrap:v1:auth:refresh"

    @open_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Answer when the new one is on disk."""
        hass = request.app[KEY_HASS]
        body = await async_json(hass, request, MAX_SIGN_IN)
        secret = body.get("refresh_token")
        if not isinstance(secret, str) or not secret:
            raise invalid("refresh_token must be a text", "Refresh token required")
        return _answer(await async_phone_book(hass).async_refresh(secret, request))


def _answer(tokens: Tokens) -> dict[str, Any]:
    return {"access_jwt": tokens.access_jwt, "refresh_token": tokens.refresh_token}
