"""What the blueprints do before bed."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.strap import Buzz
from custom_components.openstrap.strap_view import LinkPhase

from ..fake_link import FakeLink
from .shelf import ACT, device_of, entity_of, pass_time, plan_bed, settle, show, use

# Each takes a Home Assistant, a wearer and an automation.
pytestmark = pytest.mark.full


async def remind(
    home: HomeAssistant, entry: MockConfigEntry, at: str | None = "23:15", **inputs: Any
) -> None:
    """Use the bedtime reminder, 30 minutes before a bedtime of this evening."""
    await plan_bed(home, entry, at)
    await use(
        home,
        "bedtime_reminder",
        wearer=device_of(home, entry),
        bedtime=entity_of(home, entry, "sensor", "bedtime"),
        actions=[ACT],
        **inputs,
    )


@pytest.mark.usefixtures("all_enabled")
async def test_bedtime_is_felt(
    home: HomeAssistant,
    banded: MockConfigEntry,
    link: FakeLink,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Once an evening, though bedtime is worked out anew."""
    await remind(home, banded)
    await pass_time(home, freezer, minutes=14)
    assert not link.told
    await pass_time(home, freezer, minutes=1, seconds=1)
    assert link.told == [("buzz", Buzz.DOUBLE)]
    [call] = acted
    assert call.data["message"] == "Ada: bedtime is at 23:15 tonight."
    await plan_bed(home, banded, "23:25")
    await pass_time(home, freezer, minutes=12)
    assert len(acted) == 1


@pytest.mark.usefixtures("all_enabled")
async def test_without_a_band_the_rest_is_done(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A vibration that nobody can feel stops nothing."""
    await remind(home, loaded)
    await pass_time(home, freezer, minutes=16)
    assert len(acted) == 1


@pytest.mark.parametrize("why", ["in bed", "party", "other day", "unknown"])
@pytest.mark.usefixtures("all_enabled")
async def test_nobody_is_sent_to_bed_for_nothing(
    home: HomeAssistant,
    *,
    banded: MockConfigEntry,
    link: FakeLink,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    why: str,
) -> None:
    """In bed already, a party, an evening off, or no bedtime."""
    await show(home, banded, False, in_bed=why == "in bed")
    home.states.async_set("input_boolean.party", "on" if why == "party" else "off")
    weekdays = ["fri", "sat"] if why == "other day" else ["thu"]
    at = None if why == "unknown" else "23:15"
    await remind(home, banded, at, paused_by=["input_boolean.party"], weekdays=weekdays)
    await pass_time(home, freezer, minutes=16)
    assert not link.told
    assert not acted


async def watch_battery(home: HomeAssistant, entry: MockConfigEntry, **inputs: Any) -> None:
    """Use the blueprint for the battery; bedtime is at 23:55."""
    await plan_bed(home, entry, "23:55")
    await use(home, "battery_before_bed", wearer=device_of(home, entry), actions=[ACT], **inputs)


async def test_the_battery_is_low_before_bed(
    home: HomeAssistant,
    banded: MockConfigEntry,
    link: FakeLink,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """An hour before it, not earlier, and once."""
    link.show(phase=LinkPhase.WAITING, battery_percent=24.4, charging=False)
    await watch_battery(home, banded)
    await pass_time(home, freezer, minutes=20)
    assert not acted
    await pass_time(home, freezer, minutes=6)
    [call] = acted
    assert call.data["message"] == "Ada: the band's battery is at 24 %, charge it before bed."
    link.show(battery_percent=23.0)
    await settle()
    assert len(acted) == 1


@pytest.mark.parametrize(
    "state",
    [
        {"battery_percent": 24.4, "charging": True},
        {"battery_percent": 30.0, "charging": False},
        {"battery_percent": None, "charging": False},
    ],
)
async def test_a_battery_that_charges_lasts_or_is_not_known_is_no_matter(
    home: HomeAssistant,
    *,
    banded: MockConfigEntry,
    link: FakeLink,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
    state: dict[str, Any],
) -> None:
    """Nothing is said of it."""
    link.show(phase=LinkPhase.WAITING, **state)
    await watch_battery(home, banded)
    await pass_time(home, freezer, minutes=26)
    assert not acted


async def test_holidays_need_no_battery(
    home: HomeAssistant,
    banded: MockConfigEntry,
    link: FakeLink,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Or whatever else holds it back."""
    home.states.async_set("input_boolean.holidays", "on")
    link.show(phase=LinkPhase.WAITING, battery_percent=24.4, charging=False)
    await watch_battery(home, banded, paused_by=["input_boolean.holidays"])
    await pass_time(home, freezer, minutes=26)
    assert not acted
