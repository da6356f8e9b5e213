"""What the phone app asks besides: whether there is news, and what it tells of itself."""

import hashlib
from typing import Any, Final

from aiohttp import web
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.http import KEY_HASS

from ..app_banner import Banner, async_banner
from ..const import DOMAIN
from .body import async_read
from .view import PhoneView, open_route, urls

MAX_UNHEARD: Final = 256 * 1024  # bytes that are read and forgotten

# Anybody may ask, so it says neither whom a problem is of nor what it is.
TROUBLE: Final = Banner(
    "Something needs your attention. See Settings, System, Repairs in Home Assistant.",
    "warn",
    "OpenStrap has a problem",
)


def views() -> tuple[PhoneView, ...]:
    """Make the routes."""
    return AppStatusView(), ConsentView(), TelemetryView()


class AppStatusView(PhoneView):
    """Tells what the app shows when it starts; needs no token."""

    url, *extra_urls = urls("app/status")
    name = "api:openstrap:v1:app:status"

    @open_route
    async def get(self, request: web.Request) -> dict[str, Any]:
        """Answer with the banner that was set, else that there is a repair issue, else nothing."""
        hass = request.app[KEY_HASS]
        banner = await async_banner(hass)
        # Nothing is installed from here, and there are no terms to agree to.
        return {
            "update": None,
            "banner": _trouble(hass) if banner is None else banner.to_dict(),
            "terms": None,
        }


@callback
def _trouble(hass: HomeAssistant) -> dict[str, Any] | None:
    """Mirror that there are repair issues of the integration which nobody has put aside."""
    open_issues = sorted(
        issue_id
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active and issue.dismissed_version is None
    )
    if not open_issues:
        return None
    # Another trouble is shown again on a phone where the one before was dismissed.
    told = hashlib.sha256("\n".join(open_issues).encode()).hexdigest()[:16]
    return TROUBLE.to_dict() | {"id": told}


class _UnheardView(PhoneView):
    @open_route
    async def post(self, request: web.Request) -> dict[str, Any]:
        """Take it politely, and forget it."""
        await async_read(request, MAX_UNHEARD)
        return {"ok": True}


class ConsentView(_UnheardView):
    """Answers what was agreed to on the phone; nothing is kept, for nothing goes anywhere."""

    url, *extra_urls = urls("consent")
    name = "api:openstrap:v1:consent"


class TelemetryView(_UnheardView):
    """Answers what the app tells of its own use; nothing is kept."""

    url, *extra_urls = urls("telemetry")
    name = "api:openstrap:v1:telemetry"
