"""What the blueprints do with a night that is over."""

from datetime import date
from http import HTTPStatus
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import yaml

from custom_components.openstrap.happenings import HappeningKind

from ..conftest import ROOT
from ..frames import night
from .shelf import ACT, OTHERWISE, TODAY, device_of, entity_of, pass_time, tell, use

# Each takes a Home Assistant, a wearer and an automation.
pytestmark = pytest.mark.full

FENCE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
PNG_SIZE = re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR\x00\x00\x02\xd0", re.DOTALL)
"""The beginning of a PNG that is 720 pixels across."""
WOKEN: dict[str, Any] = {
    "day": TODAY,
    "happened_at": f"{TODAY}T06:28:00+00:00",
    "sleep_min": 432.4,
    "recovery": 66,
    "recovery_band": "yellow",
    "provisional": True,
}
UNKNOWN = {"sleep_min": None, "recovery": None, "recovery_band": None}


async def brief(home: HomeAssistant, entry: MockConfigEntry, **inputs: Any) -> None:
    """Use the morning briefing."""
    await use(home, "morning_briefing", wearer=device_of(home, entry), **inputs)


@pytest.mark.usefixtures("all_enabled", "morning")
async def test_a_phone_gets_the_night_as_a_picture(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """With the page's own actions: what the app is told to fetch is a picture that it can show.

    The app asks with its user's rights; the link that carries a token needs none, and a stranger
    gets nothing.
    """
    page = (ROOT / "docs" / "automations.md").read_text(encoding="utf-8")
    intro = page.partition("\n## Blueprints\n")[2].partition("\n### ")[0]
    [example] = [text for text in FENCE.findall(intro) if "image:" in text]
    actions = yaml.safe_load(example.replace("image.anna_", "image.ada_"))["actions"]
    sent = async_mock_service(home, "notify", "mobile_app_annas_phone")
    await loaded.runtime_data.async_ingest(night(date.fromisoformat(TODAY)))
    await loaded.runtime_data.sweeper.async_sweep()
    await home.async_block_till_done()
    await brief(home, loaded, actions=actions)
    await tell(home, loaded, HappeningKind.WOKE_UP, **WOKEN)
    await home.async_block_till_done()
    [call] = sent
    assert call.data["title"] == "Good morning, Ada"
    assert "7 h 12 min" in call.data["message"]
    path = call.data["data"]["image"]
    app, stranger = await hass_client(), await hass_client_no_auth()
    answer = await app.get(path)
    assert (answer.status, answer.content_type) == (HTTPStatus.OK, "image/png")
    picture = await answer.read()
    assert PNG_SIZE.match(picture)
    assert (await stranger.get(path)).status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    state = home.states.get(path.removeprefix("/api/image_proxy/"))
    assert state is not None
    signed = await stranger.get(state.attributes["entity_picture"])
    assert (signed.status, signed.content_type) == (HTTPStatus.OK, "image/png")
    assert await signed.read() == picture


async def test_the_night_is_told(
    home: HomeAssistant, morning: FrozenDateTimeFactory, loaded: MockConfigEntry
) -> None:
    """As a notification, when nothing else is wanted; numbers have their units."""
    told = async_mock_service(home, "persistent_notification", "create")
    hrv, onset, steps, absent = (
        f"sensor.ada_{name}" for name in ("nightly_hrv", "fell_asleep", "steps", "made_up")
    )
    home.states.async_set(
        hrv,
        "61.7",
        {"friendly_name": "Ada Nightly HRV", "unit_of_measurement": "ms", "day": TODAY},
    )
    home.states.async_set(
        onset, f"{TODAY}T23:05:00+00:00", {"device_class": "timestamp", "day": TODAY}
    )
    home.states.async_set(steps, "9000", {"friendly_name": "Ada Steps", "day": "2026-01-14"})
    await brief(home, loaded, numbers=[hrv, onset, steps, absent])
    await tell(home, loaded, HappeningKind.WOKE_UP, **WOKEN)
    [call] = told
    assert call.data["title"] == "Good morning, Ada"
    assert call.data["message"].splitlines() == [
        "Sleep: 7 h 12 min",
        "Recovery: 66 % (yellow)",
        "Ada Nightly HRV: 61.7 ms",
        f"{onset}: 23:05",
        "Ada Steps: not known",
        f"{absent}: not known",
    ]


async def test_recovery_is_waited_for(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
) -> None:
    """Until it is there."""
    await brief(home, loaded, actions=[ACT])
    await tell(home, loaded, HappeningKind.WOKE_UP, **WOKEN | UNKNOWN | {"sleep_min": 360})
    await pass_time(home, morning, minutes=3)
    assert not acted
    await tell(
        home,
        loaded,
        HappeningKind.RECOVERY_READY,
        day=TODAY,
        recovery=21,
        band="red",
        confidence=0.6,
    )
    [call] = acted
    assert call.data["message"] == "Sleep: 6 h 00 min\nRecovery: 21 % (red)"


async def test_what_is_not_known_is_called_so(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
) -> None:
    """Nobody reads "unknown" or "None", and nobody waits for ever."""
    recovery = entity_of(home, loaded, "sensor", "recovery")
    await brief(home, loaded, actions=[ACT], numbers=[recovery])
    await tell(home, loaded, HappeningKind.WOKE_UP, **WOKEN | UNKNOWN)
    await pass_time(home, morning, minutes=16)
    [call] = acted
    assert call.data["message"].splitlines() == [
        "Sleep: not known",
        "Recovery: not known",
        "Ada Recovery: not known",
    ]


async def test_no_old_night_is_told(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
) -> None:
    """Nor the end of a nap in the afternoon."""
    await brief(home, loaded, actions=[ACT])
    await tell(home, loaded, HappeningKind.WOKE_UP, ago_min=241, **WOKEN)
    morning.move_to(f"{TODAY}T16:00:00Z")
    await tell(home, loaded, HappeningKind.WOKE_UP, **WOKEN)
    assert not acted


@pytest.mark.parametrize(("percent", "low", "other"), [(33, 1, 0), (34, 0, 1), (88, 0, 1)])
async def test_a_low_day_is_softer(
    home: HomeAssistant,
    *,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
    percent: int,
    low: int,
    other: int,
) -> None:
    """And any other day takes it back."""
    otherwise = async_mock_service(home, "test", "otherwise")
    await use(
        home,
        "low_recovery_day",
        wearer=device_of(home, loaded),
        low_actions=[ACT],
        other_actions=[OTHERWISE],
    )
    ready: dict[str, Any] = {"day": TODAY, "recovery": percent, "band": "red", "confidence": 0.6}
    await tell(home, loaded, HappeningKind.RECOVERY_READY, **ready)
    assert (len(acted), len(otherwise)) == (low, other)
    if low:
        assert acted[0].data["message"] == "Ada: recovery is 33 % today."


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"confidence": 0.2}, "06:30"),
        ({"day": "2026-01-14"}, "06:30"),
        ({}, "16:30"),
    ],
)
async def test_an_unsure_or_old_recovery_changes_no_day(
    home: HomeAssistant,
    *,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
    changes: dict[str, Any],
    at: str,
) -> None:
    """Neither way."""
    await use(
        home,
        "low_recovery_day",
        wearer=device_of(home, loaded),
        low_actions=[ACT],
        other_actions=[ACT],
    )
    morning.move_to(f"{TODAY}T{at}:00Z")
    ready: dict[str, Any] = {
        "day": TODAY,
        "recovery": 20,
        "band": "red",
        "confidence": 0.6,
        **changes,
    }
    await tell(home, loaded, HappeningKind.RECOVERY_READY, **ready)
    assert not acted


async def test_nothing_is_told_while_it_is_held_back(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
) -> None:
    """By a switch of the user's."""
    home.states.async_set("input_boolean.off", "on")
    await brief(home, loaded, actions=[ACT], paused_by=["input_boolean.off"])
    await tell(home, loaded, HappeningKind.WOKE_UP, **WOKEN)
    assert not acted


async def test_no_day_is_softer_while_it_is_held_back(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
) -> None:
    """By a switch of the user's."""
    home.states.async_set("input_boolean.off", "on")
    await use(
        home,
        "low_recovery_day",
        wearer=device_of(home, loaded),
        low_actions=[ACT],
        other_actions=[ACT],
        paused_by=["input_boolean.off"],
    )
    ready: dict[str, Any] = {"day": TODAY, "recovery": 20, "band": "red", "confidence": 0.6}
    await tell(home, loaded, HappeningKind.RECOVERY_READY, **ready)
    assert not acted
