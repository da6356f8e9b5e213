"""The phone's page of the person who wears the band."""

from http import HTTPStatus
from typing import Any

from homeassistant.exceptions import HomeAssistantError

from .profile import async_change_profile, profile_answer
from .refusal import Refusal
from .view import Call, PhoneView, read_route, urls, write_route
from .wearers import NOT_READY_RETRY


def views() -> tuple[PhoneView, ...]:
    """Make the routes."""
    return (ProfileView(),)


class ProfileView(PhoneView):
    """Tells name, body and step goal of the wearer, and changes them."""

    url, *extra_urls = urls("profile")
    name = "api:openstrap:v1:profile"

    @read_route
    async def get(self, call: Call) -> dict[str, Any]:
        """Answer with what Home Assistant knows; null for the rest."""
        return profile_answer(call.wearer.config_entry, call.caller.email)

    @write_route
    async def patch(self, call: Call) -> dict[str, Any]:
        """Change the fields that are sent, and answer as reading does."""
        told = await call.async_body()
        try:
            await async_change_profile(call.wearer, told)
        except HomeAssistantError as err:
            raise Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "Wearer not ready", retry_after=NOT_READY_RETRY
            ) from err
        return profile_answer(call.wearer.config_entry, call.caller.email)
