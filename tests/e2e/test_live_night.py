"""A night as it happens, at sixty times its pace, in a real Home Assistant with two blueprints."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
import shutil
import sys
import time
from typing import Any, Final
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from custom_components.openstrap.demo_link import SEED
from custom_components.openstrap.engine.demo_story import day_story
from script.tools.home_assistant_client import Client, until
from script.tools.real_home_assistant import ROOT, TIME_ZONE, RealHomeAssistant

from . import fast_hass
from .conftest import LOGIN

pytestmark = pytest.mark.e2e

TZ: Final = ZoneInfo(TIME_ZONE)
LIVE: Final = 60.0
"""Seconds in a real one while something is to happen."""
ASLEEP: Final = 200.0
"""The same through the night."""
MIN: Final = 60.0
LAMP: Final = """
input_boolean:
  lamp:
template:
  - light:
      - name: Bedroom
        state: "{{ is_state('input_boolean.lamp', 'on') }}"
        turn_on:
          - action: input_boolean.turn_on
            target:
              entity_id: input_boolean.lamp
        turn_off:
          - action: input_boolean.turn_off
            target:
              entity_id: input_boolean.lamp
automation: !include automations.yaml
"""


class Clock:
    """The clock of that Home Assistant, from outside."""

    def __init__(self, path: Path) -> None:
        """Start with the clock of the machine."""
        self._path = path
        self._told = (time.time(), time.time(), 1.0)

    def now(self) -> float:
        """Epoch s."""
        real, here, speed = self._told
        return here + (time.time() - real) * speed

    def go(self, speed: float, at: float | None = None) -> None:
        """Go on at a pace, from a later moment or from now."""
        self._told = (time.time(), self.now() if at is None else at, speed)
        aside = self._path.with_suffix(".new")
        aside.write_text(" ".join(map(repr, self._told)))
        aside.replace(self._path)

    async def until(self, ts: float) -> None:
        """Wait until that Home Assistant has got so far."""
        while self.now() < ts:
            await asyncio.sleep(0.1)


@asynccontextmanager
async def caller(home: RealHomeAssistant, token: str) -> AsyncIterator[Client]:
    """Ask over connections of their own: those that are kept open would grow old too fast."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        yield Client(home.url, http, token)


async def _add(home: RealHomeAssistant) -> tuple[str, str, str, dict[str, str]]:
    """Add the demo wearer; a token, the entry, the device, and the entities."""
    async with aiohttp.ClientSession() as http, Client(home.url, http) as owner:
        await owner.onboard("Owner", *LOGIN)
        await owner.wait_until_running()
        token = await owner.long_lived_token("night")
        entry = str((await owner.add_entry("openstrap", {"next_step_id": "demo"}, {}))["entry_id"])
        entities = await owner.entity_ids(entry)

        async def known() -> bool | None:
            state = await owner.state(entities["recovery"])
            return True if state and state["state"] not in {"unknown", "unavailable"} else None

        await until(known, timeout=240, pause=2)
        return token, entry, await owner.device_id(entry), entities


async def _automate(owner: Client, device: str) -> None:
    """Make automations of two blueprints, as the editor does."""
    for name, inputs in (
        ("lights_out_when_asleep", {"wearer": device, "lights": {"entity_id": "light.bedroom"}}),
        ("wake_up_light", {"wearer": device, "lights": {"entity_id": "light.bedroom"}}),
    ):
        body = {
            "alias": name,
            "use_blueprint": {"path": f"openstrap/{name}.yaml", "input": inputs},
        }
        await owner.post(f"/api/config/automation/config/{name}", json=body)


def _seen(
    client: Client, entity: str, test: Callable[[dict[str, Any]], bool]
) -> Callable[[], Awaitable[dict[str, Any] | None]]:
    async def seen() -> dict[str, Any] | None:
        state = await client.state(entity)
        return state if state is not None and test(state) else None

    return seen


@pytest.mark.timeout(900)
async def test_a_night_as_it_happens(tmp_path: Path) -> None:
    """Lights go out when the wearer sleeps, and on when they are up; the night is scored at once."""
    clock = Clock(tmp_path / "pace")
    program = [sys.executable, fast_hass.__file__, str(tmp_path / "pace")]
    with RealHomeAssistant(tmp_path / "config", program=program) as home:
        home.prepare()
        shelf = home.config / "blueprints" / "automation" / "openstrap"
        shutil.copytree(ROOT / "blueprints" / "automation" / "openstrap", shelf)
        (home.config / "automations.yaml").write_text("[]\n")
        with (home.config / "configuration.yaml").open("a") as yaml:
            yaml.write(LAMP)
        await asyncio.to_thread(home.start)
        token, entry, device, entities = await _add(home)
        async with caller(home, token) as owner:
            await _automate(owner, device)
            await _night(home, owner, clock, entities)
    assert entry


async def _night(
    home: RealHomeAssistant, owner: Client, clock: Clock, entities: dict[str, str]
) -> None:
    today = datetime.now(TZ).date()
    night = next(
        story.night
        for story in (
            day_story(SEED, today + timedelta(days=more), TZ, today) for more in range(1, 3)
        )
        if story.night[0] - 60 * MIN > clock.now()
    )
    onset, offset = night
    clock.go(1.0, at=onset - 45 * MIN)

    async def caught_up() -> bool | None:
        state = await owner.state(entities["last_record"])
        assert state is not None
        newest = datetime.fromisoformat(state["state"]).timestamp()
        return True if clock.now() - newest < 6 * MIN else None

    await until(caught_up, timeout=120, pause=1)
    await owner.post("/api/services/light/turn_on", json={"entity_id": "light.bedroom"})
    clock.go(LIVE)
    lamp = _seen(owner, "light.bedroom", lambda state: state["state"] == "off")
    await until(lamp, timeout=150, pause=0.2)
    went_out = clock.now()
    assert onset < went_out < onset + 45 * MIN
    asleep = await owner.state(entities["asleep"])
    assert asleep is not None
    assert asleep["state"] == "on"
    told = await owner.state(entities["sleep"])
    assert told is not None
    assert told["attributes"]["event_type"] == "fell_asleep"
    happened = datetime.fromisoformat(told["attributes"]["happened_at"]).timestamp()
    assert abs(happened - onset) < 25 * MIN

    clock.go(ASLEEP)
    await clock.until(offset - 20 * MIN)
    assert (await owner.state("light.bedroom") or {})["state"] == "off"
    assert (await owner.state(entities["asleep"]) or {})["state"] == "on"
    clock.go(LIVE)
    woke = _seen(
        owner, entities["sleep"], lambda state: state["attributes"]["event_type"] == "woke_up"
    )
    told = await until(woke, timeout=150, pause=0.2)
    heard = clock.now()
    assert heard < offset + 45 * MIN
    happened = datetime.fromisoformat(told["attributes"]["happened_at"]).timestamp()
    assert abs(happened - offset) < 25 * MIN
    # Its score came with it, or follows as soon as the worker is done.
    morning = datetime.fromtimestamp(offset, TZ).date().isoformat()
    scored = _seen(owner, entities["recovery"], lambda state: state["attributes"]["day"] == morning)
    state = await until(scored, timeout=60, pause=0.2)
    assert 1 <= float(state["state"]) <= 99
    lamp = _seen(owner, "light.bedroom", lambda state: state["state"] == "on")
    await until(lamp, timeout=90, pause=0.2)
    asleep = await owner.state(entities["asleep"])
    assert asleep is not None
    assert asleep["state"] == "off"
    # What happened stands in its order.
    changed = datetime.fromisoformat(told["last_changed"]).astimezone(UTC)
    assert changed.timestamp() >= went_out
    # What Home Assistant says of slowness is not true of a clock that is hurried.
    own = [line for line in home.log_tail(4000).splitlines() if "[custom_components." in line]
    assert not [line for line in own if " ERROR " in line or " WARNING " in line]
