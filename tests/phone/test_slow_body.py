"""A body that does not come, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from unittest.mock import patch

import pytest

from custom_components.openstrap.phone import body as bodies

from .clients import BASE, Client, Clients
from .contract import BODIES

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("loaded")]


async def slowly() -> AsyncIterator[bytes]:
    """Send the begin, and then nothing for long."""
    yield b"{"
    await asyncio.sleep(5)
    yield b"}"


async def test_it_is_not_waited_for(hass_client_no_auth: Clients, phone: Client) -> None:
    """Neither from who is known nor from a stranger."""
    stranger = await hass_client_no_auth()
    for path in (name.removeprefix("POST ") for name in BODIES if name.startswith("POST ")):
        is_open = path.startswith(("/auth/", "/consent", "/telemetry"))
        with patch.object(bodies, "LONGEST_S", 0.05):
            answer = await (stranger if is_open else phone).post(f"{BASE}{path}", data=slowly())
            told = await answer.json()
        assert answer.status == HTTPStatus.BAD_REQUEST, path
        assert told == {"error": "Invalid payload", "reason": "the body came too slowly"}
