"""Pictures for the README, of the demo wearer and of a simulated band: python -m script.tools.pictures."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import re
import sys
from tempfile import TemporaryDirectory
import time
from typing import Final

import aiohttp
from playwright.sync_api import Browser, Page, Route

from . import ROOT
from .band import SimulatedBand, add_proxy
from .browser import browser
from .dashboard import URL_PATH, put_dashboard
from .home_assistant_client import Client, Login, until
from .real_home_assistant import TIME_ZONE, RealHomeAssistant, free_port

DOCS: Final = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 900
SETTLE: Final = 1.5  # s; the frontend's panels load in pieces
ACCESS_TOKEN_LIFE: Final = 1800  # s
REFUSES: Final = "refuses to pair"  # of the title of the repair issue


def photograph(
    url: str, login: Login, device_id: str, names: Iterable[str], target: Path
) -> dict[str, str]:
    """Open a device's page as a signed-in user, and take its picture.

    Waits until every entity of ``names`` (as displayed) stands there, and returns what a
    person reads beside each. Blocks: not for the event loop.
    """
    with browser() as chromium:
        page = _signed_in(chromium, url, login)
        page.goto(f"{url}/config/devices/device/{device_id}")
        shown = {}
        for name in names:
            row = page.locator("hui-sensor-entity-row").filter(
                has=page.get_by_text(name, exact=True)
            )
            row.wait_for(timeout=60_000)
            # The name is in the row's own shadow, the value in what it wraps.
            shown[name] = row.locator("hui-generic-entity-row").inner_text().strip()
        _shoot(page, target)
    return shown


@dataclass(frozen=True, slots=True)
class View:
    """A page, what must stand on it before its picture is taken, and where that goes."""

    path: str
    texts: tuple[str, ...]
    target: Path
    then: str | None = None
    """What the last of the texts, clicked, leads to."""


def photograph_views(url: str, login: Login, views: Iterable[View]) -> None:
    """Open pages as a signed-in user, and take their pictures. Blocks."""
    with browser() as chromium:
        for view in views:
            page = _signed_in(chromium, url, login)
            page.goto(url + view.path)
            for text in view.texts:
                page.get_by_text(text).first.wait_for(timeout=60_000)
            if view.then is not None:
                page.get_by_text(view.texts[-1]).first.click()
                page.get_by_text(view.then).first.wait_for(timeout=60_000)
            _shoot(page, view.target)
            page.close()


def _signed_in(chromium: Browser, url: str, login: Login) -> Page:
    tokens = {
        "access_token": login.access_token,
        "refresh_token": login.refresh_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_LIFE,
        "expires": round((time.time() + ACCESS_TOKEN_LIFE) * 1000),
        "hassUrl": url,
        "clientId": f"{url}/",
    }
    page = chromium.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, timezone_id="Europe/Berlin"
    )
    page.add_init_script(f"localStorage.setItem('hassTokens', '{json.dumps(tokens)}')")
    return page


def _shoot(page: Page, target: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE * 1000)
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)


async def _demo(url: str) -> tuple[Login, str]:
    """Make a user and the demo wearer, and wait for the last night and what it says."""
    async with aiohttp.ClientSession() as http, Client(url, http) as client:
        login = await client.onboard("Robin", "robin", "robin-password")
        await client.wait_until_running()
        entry = await client.add_entry("openstrap", {"next_step_id": "demo"}, {})
        # What looks back on the weeks before comes once these are in.
        await _known(client, entry["entry_id"], "rmssd_ms", "recovery", "body_alert")
        await put_dashboard(client)
        return login, await client.device_id(entry["entry_id"])


async def _known(client: Client, entry_id: str, *keys: str) -> None:
    """Wait until entities of a wearer have a value."""
    entities = await client.entity_ids(entry_id)

    async def known() -> bool | None:
        found = [await client.state(entities[key]) for key in keys]
        states = {state["state"] for state in found if state}
        return None if states & {"unknown", "unavailable"} else True

    await until(known, timeout=180, pause=1)


async def _add_band(url: str, token: str, name: str) -> str:
    """Add the band that is discovered; the entry's id."""
    async with aiohttp.ClientSession() as http, Client(url, http, token) as client:
        [flow] = await client.discovered("openstrap")
        wearer = {"name": name, "users": [await client.user_id()], "birth_year": 1990}
        menu = [{"next_step_id": "band"}] if flow["step_id"] == "found" else []
        return str((await client.go_on(flow["flow_id"], *menu, wearer))["entry_id"])


async def _live_page(url: str, token: str, entry: str) -> str:
    """Switch the live mode on and wait for all numbers; the path of the wearer's page."""
    async with aiohttp.ClientSession() as http, Client(url, http, token) as client:
        target = {"entity_id": (await client.entity_ids(entry))["live_mode"], "option": "always"}
        await client.post("/api/services/select/select_option", json=target)
        await _known(client, entry, "rmssd_ms", "live_heart_rate")
        return f"/config/devices/device/{await client.device_id(entry)}"


async def _remove(url: str, token: str, entry: str) -> None:
    async with aiohttp.ClientSession() as http, Client(url, http, token) as client:
        await client.delete(f"/api/config/config_entries/entry/{entry}")


def _band_pictures(home_assistant: RealHomeAssistant, login: Login) -> None:
    """Photograph a band that refuses, one that is discovered, and one that is worn."""
    url, token, port = home_assistant.url, login.access_token, free_port()
    log = home_assistant.config / "band.log"
    with SimulatedBand(log, TIME_ZONE, bonded_elsewhere=True) as band:
        band.start(port)
        asyncio.run(add_proxy(home_assistant, token, port, known=False))
        refused = asyncio.run(_add_band(url, token, "Robin"))
        repair = View("/config/repairs", (REFUSES,), DOCS / "repair.png", then="blue")
        photograph_views(url, login, [repair])
        asyncio.run(_remove(url, token, refused))
    with SimulatedBand(log, TIME_ZONE) as band:
        band.start(port)
        found = View("/config/integrations/dashboard", ("Discovered",), DOCS / "discovery.png")
        photograph_views(url, login, [found])
        entry = asyncio.run(_add_band(url, token, "Robin"))
        page = asyncio.run(_live_page(url, token, entry))
        worn = View(page, ("Live heart rate", "Last sync"), DOCS / "band.png")
        photograph_views(url, login, [worn])


def main() -> int:
    """Start a Home Assistant of its own, photograph what the README shows, end it."""
    with TemporaryDirectory() as folder, RealHomeAssistant(Path(folder) / "ha") as home_assistant:
        home_assistant.prepare()
        home_assistant.start()
        login, device = asyncio.run(_demo(home_assistant.url))
        names = ["Nightly HRV", "Resting heart rate"]
        print(photograph(home_assistant.url, login, device, names, DOCS / "wearer.png"))
        today = View(f"/{URL_PATH}/today", ("Last night", "Strain"), DOCS / "dashboard.png")
        photograph_views(home_assistant.url, login, [today])
        _band_pictures(home_assistant, login)
    return 0


if __name__ == "__main__":
    sys.exit(main())


def _slow(late: float) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        response = route.fetch()
        time.sleep(late)
        route.fulfill(response=response)

    return answer


type Click = str | tuple[str, str | Path]


def photograph_clicks(
    url: str, login: Login, path: str, clicks: Sequence[Click], target: Path, *, late: float = 0
) -> str:
    """Open a page, click through the dialog that it leads to, and take a picture of its end.

    A text is clicked once it is there, the last one only waited for. Of a pair the second is typed,
    or given as a file, once the first is there. ``late`` is how many seconds Home Assistant's
    answers to the dialog need. Returns the dialog's text then. Blocks.
    """
    with browser() as chromium:
        page = _signed_in(chromium, url, login)
        if late:
            page.route(re.compile(r"/api/config/config_entries/(options/)?flow"), _slow(late))
        page.goto(url + path)
        for click in clicks[:-1]:
            text = click if isinstance(click, str) else click[0]
            there = page.get_by_text(text, exact=True).or_(page.get_by_label(text, exact=True))
            there.first.wait_for(timeout=60_000)
            field = page.locator("dialog-data-entry-flow input").first
            if isinstance(click, str):
                there.first.click()
            elif isinstance(click[1], str):
                field.fill(click[1])
            else:
                field.set_input_files(click[1])
                # Its bare name stands there once all of it has arrived.
                page.get_by_text(click[1].name, exact=True).first.wait_for(timeout=60_000)
        page.get_by_text(str(clicks[-1])).first.wait_for(timeout=60_000)
        _shoot(page, target)
        return "\n".join(
            page.locator("dialog-data-entry-flow ha-markdown-element").all_inner_texts()
        )
