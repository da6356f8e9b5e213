"""One wearer seen from a phone and from Home Assistant."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from ..actions import Ask, Store
from ..stored_days import local
from .clients import BASE, Client

TODAY = date(2026, 6, 10)
NOON = local(TODAY, 12)
NOON_TEXT = "2026-06-10T10:00:00Z"


@dataclass(frozen=True, slots=True)
class BothSides:
    """A phone with the admin's token, the actions, and the store behind both."""

    hass: HomeAssistant
    entry: MockConfigEntry
    client: Client
    ask: Ask
    run: Store
    freezer: FrozenDateTimeFactory

    async def request(
        self, method: str, path: str, body: object = None, **query: str
    ) -> tuple[int, Any]:
        """Send a request: status and answer, which is always JSON."""
        more: dict[str, Any] = {} if body is None else {"json": body}
        answer = await self.client.request(method, f"{BASE}/{path}", params=query, **more)
        return answer.status, await answer.json()

    async def get(self, path: str, **query: str) -> Any:
        """Read what must be there."""
        status, answer = await self.request("GET", path, **query)
        assert status == HTTPStatus.OK, answer
        return answer

    async def post(self, path: str, body: object = None) -> Any:
        """Write what must be taken."""
        status, answer = await self.request("POST", path, body)
        assert status == HTTPStatus.OK, answer
        return answer

    async def refused(self, method: str, path: str, body: object = None, **query: str) -> int:
        """Give the status of what must be refused in words."""
        status, answer = await self.request(method, path, body, **query)
        assert status >= HTTPStatus.BAD_REQUEST
        assert isinstance(answer["error"], str)
        return status

    async def pass_time(self, seconds: float) -> None:
        """Let time go by, and what is due be done."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass)
        await self.hass.async_block_till_done(wait_background_tasks=True)


async def workout_ids(sides: BothSides) -> list[str]:
    """Give the ids of the phone's list of workouts."""
    return [row["id"] for row in (await sides.get("workouts"))["workouts"]]
