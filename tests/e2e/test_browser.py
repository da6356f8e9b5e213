"""What a person sees: the demo wearer's page in a real browser."""

import asyncio
from pathlib import Path
import re

import pytest

from script.tools.browser import find_browser
from script.tools.home_assistant_client import Client, until
from script.tools.pictures import photograph
from script.tools.real_home_assistant import RealHomeAssistant

from .conftest import LOGIN

pytestmark = pytest.mark.e2e

NUMBERS = {
    "Nightly HRV": r"\d{2,3}\.\d ms",
    "Resting heart rate": r"\d{2}\.\d bpm",
    "Rest duration": r"\d+h( \d+m)?",
    "Latest heart rate": r"\d{2,3} bpm",
}


async def test_the_demo_wearer_shows_numbers(
    home: RealHomeAssistant, owner: Client, artifacts: Path
) -> None:
    """Added through the flow; a minute later its page shows a night."""
    if find_browser() is None:
        pytest.skip("there is no Chromium on this machine")
    entry = await owner.add_entry("openstrap", {"next_step_id": "demo"}, {})
    entities = await owner.entity_ids(entry["entry_id"])

    async def night() -> bool | None:
        state = await owner.state(entities["rmssd_ms"])
        return True if state and state["state"] not in {"unknown", "unavailable"} else None

    await until(night, timeout=120, pause=1)
    login = await owner.sign_in(*LOGIN)
    device = await owner.device_id(entry["entry_id"])
    shown = await asyncio.to_thread(
        photograph, home.url, login, device, NUMBERS, artifacts / "wearer.png"
    )
    for name, pattern in NUMBERS.items():
        assert re.fullmatch(pattern, shown[name]), shown
