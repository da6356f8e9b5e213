"""What the tests' own harness notices."""

import asyncio

from homeassistant.core import HomeAssistant
import pytest

from .conftest import LONGEST, ROOT


@pytest.mark.parametrize("plan", ["call_soon", "call_later"])
async def test_work_planned_from_another_thread_fails(hass: HomeAssistant, plan: str) -> None:
    """The loop would not hear of it before something else wakes it."""
    loop = asyncio.get_running_loop()
    when = () if plan == "call_soon" else (0,)
    with pytest.raises(RuntimeError, match="Non-thread-safe"):
        await hass.async_add_executor_job(getattr(loop, plan), *when, print)


def test_the_longest_are_tests() -> None:
    """A name that no test has would begin nothing."""
    texts = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    assert [name for name in LONGEST if not any(f"def {name}(" in text for text in texts)] == []
