"""The pages of Home Assistant about phones and imports, clicked through as a person does."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
import re

import aiohttp
import pytest

from script.tools.home_assistant_client import Client, until
from script.tools.phones import add_phone_wearer
from script.tools.pictures import photograph_clicks
from script.tools.real_home_assistant import RealHomeAssistant

from ..imports.makers import whoop_zip
from .conftest import LOGIN
from .night import TZ
from .phone_app import PhoneApp

pytestmark = pytest.mark.e2e

PAGE = "/config/integrations/integration/openstrap"
EMAIL = "anna@example.org"
NIGHTS = 90
LATE = 1.5
"""Seconds that answers need on their way, in which both steps of an import have long ended."""


@pytest.fixture
async def anna(owner: Client) -> str:
    """Give the one wearer of this home; the entry's id."""
    entries = await owner.entries("openstrap")
    if entries:
        return str(entries[0]["entry_id"])
    return await add_phone_wearer(owner, "Anna", [owner], birth_year=1990, sex="f")


async def test_pairing_a_phone(
    home: RealHomeAssistant, owner: Client, anna: str, artifacts: Path
) -> None:
    """What stands on the page is what the phone needs, and nothing more is."""
    login = await owner.sign_in(*LOGIN)
    shown = await asyncio.to_thread(
        photograph_clicks,
        home.url,
        login,
        PAGE,
        ("Configure", "Pair a phone", ("E-mail typed on the phone*", EMAIL), "Submit", "Code:"),
        artifacts / "pair-phone.png",
    )
    [code] = re.findall(r"Code: (\d{6})\b", shown)
    [server] = re.findall(r"http\S+/api/openstrap/v1", shown)
    assert server.endswith(f":{home.port}/api/openstrap/v1")
    async with aiohttp.ClientSession() as http:
        phone = PhoneApp(f"{home.url}/api/openstrap/v1", http, "4A0123456")
        assert (await phone.request_otp(EMAIL))[0] == 200
        assert (await phone.verify_otp(EMAIL, code))[0] == 200
        assert (await phone.get("/profile"))["name"] == "Anna"


async def test_importing_years_of_another_system(
    home: RealHomeAssistant, owner: Client, anna: str, artifacts: Path, tmp_path: Path
) -> None:
    """The report first, then the days and their statistics."""
    today = datetime.now(TZ).replace(hour=7, minute=0, second=0, microsecond=0, tzinfo=None)
    nights = [today - timedelta(days=back) for back in range(3, 3 + NIGHTS)]
    export = await asyncio.to_thread(whoop_zip, tmp_path / "my_whoop_data.zip", nights)
    login = await owner.sign_in(*LOGIN)
    shown = await asyncio.to_thread(
        photograph_clicks,
        home.url,
        login,
        PAGE,
        ("Configure", "Import a history", ("File", export), "Next", "What the file holds"),
        artifacts / "import-report.png",
    )
    assert f"Days: {NIGHTS} new" in shown
    device = await owner.device_id(anna)
    answer = await owner.post(
        "/api/services/openstrap/get_records?return_response", json={"device_id": device}
    )
    assert answer["service_response"]["days"] == 0  # nothing was written yet
    await asyncio.to_thread(
        photograph_clicks,
        home.url,
        login,
        PAGE,
        ("Configure", "Import a history", ("File", export), "Next", "Submit", "Imported."),
        artifacts / "import-done.png",
        late=LATE,
    )

    async def in_statistics() -> bool | None:
        rows = await owner.command(
            "recorder/statistics_during_period",
            start_time=(today - timedelta(days=NIGHTS + 5)).isoformat() + "+00:00",
            statistic_ids=["openstrap:anna_recovery"],
            period="hour",
        )
        return True if len(rows.get("openstrap:anna_recovery", ())) == NIGHTS else None

    await until(in_statistics, timeout=60, pause=1)
