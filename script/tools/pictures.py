"""Pictures of the demo wearer's page for the README: python -m script.tools.pictures."""

import asyncio
from collections.abc import Iterable
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
import time
from typing import Final

import aiohttp

from . import ROOT
from .browser import browser
from .home_assistant_client import Client, Login, until
from .real_home_assistant import RealHomeAssistant

DOCS: Final = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 900
SETTLE: Final = 1.5  # s; the frontend's panels load in pieces
ACCESS_TOKEN_LIFE: Final = 1800  # s


def photograph(
    url: str, login: Login, device_id: str, names: Iterable[str], target: Path
) -> dict[str, str]:
    """Open a device's page as a signed-in user, and take its picture.

    Waits until every entity of ``names`` (as displayed) stands there, and returns what a
    person reads beside each. Blocks: not for the event loop.
    """
    tokens = {
        "access_token": login.access_token,
        "refresh_token": login.refresh_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_LIFE,
        "expires": round((time.time() + ACCESS_TOKEN_LIFE) * 1000),
        "hassUrl": url,
        "clientId": f"{url}/",
    }
    with browser() as chromium:
        page = chromium.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, timezone_id="Europe/Berlin"
        )
        page.add_init_script(f"localStorage.setItem('hassTokens', '{json.dumps(tokens)}')")
        page.goto(f"{url}/config/devices/device/{device_id}")
        shown = {}
        for name in names:
            row = page.locator("hui-sensor-entity-row").filter(
                has=page.get_by_text(name, exact=True)
            )
            row.wait_for(timeout=60_000)
            # The name is in the row's own shadow, the value in what it wraps.
            shown[name] = row.locator("hui-generic-entity-row").inner_text().strip()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLE * 1000)
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
    return shown


async def _demo(url: str) -> tuple[Login, str]:
    """Make a user and the demo wearer, and wait for a night."""
    async with aiohttp.ClientSession() as http, Client(url, http) as client:
        login = await client.onboard("Robin", "robin", "robin-password")
        await client.wait_until_running()
        entry = await client.add_entry("openstrap", {"next_step_id": "demo"}, {})
        entities = await client.entity_ids(entry["entry_id"])

        async def night() -> bool | None:
            state = await client.state(entities["rmssd_ms"])
            return True if state and state["state"] not in {"unknown", "unavailable"} else None

        await until(night, timeout=180, pause=1)
        return login, await client.device_id(entry["entry_id"])


def main() -> int:
    """Start a Home Assistant of its own, photograph the demo wearer, end it."""
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        login, device = asyncio.run(_demo(home_assistant.url))
        target = DOCS / "wearer.png"
        print(
            photograph(
                home_assistant.url, login, device, ["Nightly HRV", "Resting heart rate"], target
            )
        )
        print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
