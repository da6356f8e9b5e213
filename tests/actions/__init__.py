"""Tests of the actions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from ..stored_days import BERLIN

TODAY = date(2026, 6, 10)
ENTITY = "sensor.ada_recovery"

type Store = Callable[..., Awaitable[Any]]
"""Runs a job on the wearer's store."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Calls actions of the integration for one wearer."""

    hass: HomeAssistant
    zone: ZoneInfo = BERLIN

    async def __call__(self, action: str, *, user: str | None = None, **data: Any) -> Any:
        """Give what an action answers."""
        return await self.hass.services.async_call(
            "openstrap",
            action,
            {"entity_id": ENTITY} | data,
            blocking=True,
            return_response=True,
            context=Context(user_id=user),
        )

    async def refused(self, action: str, **data: Any) -> tuple[str, dict[str, str]]:
        """Give the key and the placeholders of the error that an action ends with."""
        with pytest.raises(ServiceValidationError) as caught:
            await self(action, **data)
        error = caught.value
        assert error.translation_domain == "openstrap"
        assert error.translation_key is not None
        return error.translation_key, dict(error.translation_placeholders or {})
