"""What the tests' own harness notices."""

import asyncio

from homeassistant.core import HomeAssistant
import pytest


@pytest.mark.parametrize("plan", ["call_soon", "call_later"])
async def test_work_planned_from_another_thread_fails(hass: HomeAssistant, plan: str) -> None:
    """The loop would not hear of it before something else wakes it."""
    loop = asyncio.get_running_loop()
    when = () if plan == "call_soon" else (0,)
    with pytest.raises(RuntimeError, match="Non-thread-safe"):
        await hass.async_add_executor_job(getattr(loop, plan), *when, print)
