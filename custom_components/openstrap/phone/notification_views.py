"""The routes of what a wearer was told."""

from typing import Any, Final

from homeassistant.util import dt as dt_util

from .notices import mark_read, notifications
from .refusal import invalid
from .view import Call, PhoneView, read_route, urls, write_route

MAX_IDS: Final = 100


def views() -> tuple[PhoneView, ...]:
    """Make the routes."""
    return ReadView(), NotificationsView()


class NotificationsView(PhoneView):
    """Answers what the wearer was told in the last seven days, unread first."""

    url, *extra_urls = urls("notifications")
    name = "api:openstrap:v1:notifications"

    @read_route
    async def get(self, call: Call) -> dict[str, Any]:
        """List them."""
        zone = dt_util.get_default_time_zone()
        return await call.async_run(notifications, dt_util.utcnow().timestamp(), zone)


class ReadView(PhoneView):
    """Marks what the wearer was told as read, some of it or all."""

    url, *extra_urls = urls("notifications/read")
    name = "api:openstrap:v1:notifications:read"

    @write_route
    async def post(self, call: Call) -> dict[str, Any]:
        """Mark those of ``ids``, all of them without any."""
        # The app sends no body when it means all.
        body = await call.async_body() if call.request.can_read_body else {}
        ids = body.get("ids")
        if ids is not None and not (isinstance(ids, list) and all(isinstance(i, str) for i in ids)):
            raise invalid("ids must be a list of ids when given")
        if ids is not None and len(ids) > MAX_IDS:
            raise invalid(f"at most {MAX_IDS} ids at once")
        return await call.async_run(mark_read, ids or None, dt_util.utcnow().timestamp())
