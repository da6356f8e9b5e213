"""Weeks of a wearer in a real Home Assistant: what a person sees of them, and automations get."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from homeassistant.const import UnitOfTime
import pytest

from custom_components.openstrap.display import display_of
from custom_components.openstrap.engine.catalog import CATALOG, EPOCH
from custom_components.openstrap.engine.day_result import DayResult
from custom_components.openstrap.engine.demo import demo_frames
from custom_components.openstrap.store import WearerStore
from script.tools.browser import find_browser
from script.tools.dashboard import put_dashboard
from script.tools.home_assistant_client import Client, Login, until
from script.tools.phones import Phones, add_phone_wearer, add_users
from script.tools.pictures import View, photograph_views
from script.tools.real_home_assistant import RealHomeAssistant

from .conftest import LOGIN
from .night import DEMO_SEED, TZ
from .tables import worked_out

pytestmark = pytest.mark.e2e

DAYS: Final = 60
"""So many days of the demo wearer there are in the end."""
LONG: Final = 420.0
"""Seconds that they may take on a slow machine."""
PUSHED: Final = 5_000


def stored(home: RealHomeAssistant, entry: str) -> dict[date, DayResult]:
    """Read the results of a wearer from the file."""
    path = home.storage / "openstrap" / f"{entry}.db"
    store = WearerStore.open(path, read_only=True)
    try:
        return {row.day: DayResult.from_dict(row.result) for row in store.days(date.min, date.max)}
    finally:
        store.close()


async def days_of(home: RealHomeAssistant, entry: str) -> dict[date, DayResult]:
    """Do so without holding up the loop."""
    return await asyncio.to_thread(stored, home, entry)


def begin_of(day: date) -> datetime:
    """Give the first whole hour of a local day."""
    start = datetime.combine(day, time(), TZ).timestamp()
    return datetime.fromtimestamp(-(-start // 3600) * 3600, UTC)


async def statistics_of(client: Client, prefix: str) -> dict[str, dict[datetime, float]]:
    """Give all daily statistics of a wearer: metric key, then start, then value."""
    listed = await client.command("recorder/list_statistic_ids")
    ids = [row["statistic_id"] for row in listed if row["statistic_id"].startswith(prefix)]
    if not ids:
        return {}
    found = await client.command(
        "recorder/statistics_during_period",
        start_time=(datetime.now(UTC) - timedelta(days=DAYS + 40)).isoformat(),
        statistic_ids=ids,
        period="hour",
        types=["mean"],
    )
    return {
        one.removeprefix(prefix): {
            datetime.fromtimestamp(row["start"] / 1000, UTC): row["mean"] for row in rows
        }
        for one, rows in found.items()
    }


def expected(results: Mapping[date, DayResult]) -> dict[str, dict[datetime, Any]]:
    """Tell from the file what the statistics are to hold."""
    wanted: dict[str, dict[datetime, Any]] = {}
    for day, result in results.items():
        for key, metric in result.metrics.items():
            if metric.value is not None and CATALOG[key].unit != EPOCH:
                display = display_of(CATALOG[key])
                hours = display.suggested_unit == UnitOfTime.HOURS
                value = metric.value * display.scale / (60.0 if hours else 1.0)
                wanted.setdefault(key, {})[begin_of(day)] = pytest.approx(value, rel=1e-6, abs=1e-6)
    return wanted


async def wait_for_statistics(
    client: Client, home: RealHomeAssistant, entry: str, prefix: str
) -> dict[date, DayResult]:
    """Wait until the statistics are what the file says; the results."""
    held: dict[str, Any] = {}

    async def equal() -> dict[date, DayResult] | None:
        results = await days_of(home, entry)
        found = await statistics_of(client, prefix)
        found.pop("heart_rate", None)
        wanted = expected(results)
        held["differ"] = {
            key: (len(found.get(key, {})), len(wanted.get(key, {})))
            for key in found.keys() | wanted.keys()
            if found.get(key) != wanted.get(key)
        }
        return results if not held["differ"] else None

    try:
        return await until(equal, timeout=90, pause=3)
    except TimeoutError:
        pytest.fail(f"statistics (found, wanted): {held}")


async def demo_of(owner: Client, home: RealHomeAssistant) -> str:
    """Add the demo wearer and wait for its weeks; its entry's id."""
    entry = await owner.add_entry("openstrap", {"next_step_id": "demo"}, {})
    entry_id = str(entry["entry_id"])

    async def all_days() -> bool | None:
        return True if len(await days_of(home, entry_id)) >= DAYS else None

    await until(all_days, timeout=LONG, pause=5)
    await worked_out(home, entry_id)
    return entry_id


async def respond(client: Client, action: str, **data: Any) -> dict[str, Any]:
    """Call an action and give its response."""
    answer = await client.post(f"/api/services/openstrap/{action}?return_response", json=data)
    return dict(answer["service_response"])


@pytest.mark.timeout(900)
async def test_sixty_days(home: RealHomeAssistant, owner: Client, artifacts: Path) -> None:
    """History, calendar, actions, pictures and a dashboard of a wearer with two months behind."""
    entry = await demo_of(owner, home)
    results = await wait_for_statistics(owner, home, entry, "openstrap:demo_")
    nights = {
        day: result
        for day, result in results.items()
        if result.metrics["sleep_onset"].value is not None
    }
    assert len(nights) >= DAYS - 5

    hourly = (await statistics_of(owner, "openstrap:demo_"))["heart_rate"]
    assert len(hourly) > 24 * 8
    assert all(30 < mean < 200 for mean in hourly.values())

    entities = await owner.entity_ids(entry)
    first, last = min(results), max(results)
    shown = await owner.get(
        f"/api/calendars/{entities['calendar']}"
        f"?start={first}T00:00:00Z&end={last + timedelta(days=2)}T00:00:00Z"
    )
    starts = {datetime.fromisoformat(event["start"]["dateTime"]).timestamp() for event in shown}
    for day, result in nights.items():
        onset = result.metrics["sleep_onset"].value
        assert onset is not None
        assert any(abs(start - onset) < 3600 for start in starts), day

    answer = await respond(owner, "get_night", entity_id=entities["recovery"])
    assert answer["day"] == max(nights).isoformat()
    assert answer["metrics"]["sleep_min"]["value"] == nights[max(nights)].metrics["sleep_min"].value

    for key in ("hypnogram", "strain_curve", "month", "recovery_drivers"):
        state = await owner.state(entities[key])
        assert state is not None
        status, text, headers = await owner.request("GET", state["attributes"]["entity_picture"])
        assert status == 200
        assert headers["Content-Type"].startswith("image/svg+xml")
        assert "<svg" in text
        await asyncio.to_thread((artifacts / f"{key}.svg").write_text, text, "utf-8")

    if find_browser() is None:
        pytest.skip("there is no Chromium on this machine")
    await put_dashboard(owner)
    login = await owner.sign_in(*LOGIN)
    device = await owner.device_id(entry)
    await asyncio.to_thread(_look, home.url, login, device, artifacts)


def _look(url: str, login: Login, device: str, artifacts: Path) -> None:
    """Take pictures of what a person sees; every text must be there."""
    photograph_views(
        url,
        login,
        [
            View(f"/config/devices/device/{device}", ("Nightly HRV",), artifacts / "device.png"),
            View("/openstrap-demo/today", ("Last night", "Strain"), artifacts / "today.png"),
            View("/openstrap-demo/weeks", ("Recovery and strain",), artifacts / "weeks.png"),
            View("/openstrap-demo/calendar", ("Sleep",), artifacts / "calendar.png"),
        ],
    )


def _frames(day: date) -> list[bytes]:
    """Make a day of the demo wearer, from noon to noon."""
    end = datetime.combine(day, time(12), TZ).timestamp()
    return demo_frames(DEMO_SEED, end - 86_400, end, TZ, day)


async def test_a_late_day(home: RealHomeAssistant, owner: Client) -> None:
    """A phone brings the day of nine days ago: only its own place in history changes."""
    today = datetime.now(TZ).date()
    users = await add_users(owner, 90, "late")
    entry = await add_phone_wearer(owner, "Late", users, birth_year=1990, sex="f")
    phones = Phones(users, entry)
    for back in (2, 1):
        frames = await asyncio.to_thread(_frames, today - timedelta(days=back))
        await phones.push_all([frames[at : at + PUSHED] for at in range(0, len(frames), PUSHED)])
    before = await _wait_for_night(owner, home, entry, today - timedelta(days=1))
    states = await _states(owner, entry)

    late = today - timedelta(days=9)
    frames = await asyncio.to_thread(_frames, late)
    await phones.push_all([frames[at : at + PUSHED] for at in range(0, len(frames), PUSHED)])
    after = await _wait_for_night(owner, home, entry, late)
    assert set(after) - set(before) <= {late - timedelta(days=1), late}
    told = await _states(owner, entry)
    changed = {
        key
        for key, state in told.items()
        if CATALOG[key].kind in {"night", "day"} and state["state"] != states[key]["state"]
    }
    assert not changed
    for state in told.values():
        assert state["attributes"].get("day") != late.isoformat()


async def _states(client: Client, entry: str) -> dict[str, dict[str, Any]]:
    entities = await client.entity_ids(entry)
    found = {key: await client.state(one) for key, one in entities.items() if key in CATALOG}
    return {key: state for key, state in found.items() if state is not None}


async def _wait_for_night(
    client: Client, home: RealHomeAssistant, entry: str, day: date
) -> dict[date, DayResult]:
    """Wait for a night, and until the statistics are what the file says."""

    async def there() -> bool | None:
        result = (await days_of(home, entry)).get(day)
        known = result is not None and result.metrics["sleep_onset"].value is not None
        return True if known else None

    await until(there, timeout=120, pause=2)
    await worked_out(home, entry)
    return await wait_for_statistics(client, home, entry, "openstrap:late_")
