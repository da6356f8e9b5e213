"""What the cool-down does."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.happenings import HappeningKind

from .shelf import ACT, TODAY, device_of, tell, use

# Each takes a Home Assistant, a wearer and an automation.
pytestmark = pytest.mark.full


async def cool(home: HomeAssistant, entry: MockConfigEntry, **inputs: Any) -> None:
    """Use the cool-down."""
    await use(home, "high_strain_cool_down", wearer=device_of(home, entry), actions=[ACT], **inputs)


def workout(strain: float | None) -> dict[str, Any]:
    """Give what is told of a workout of an hour."""
    return {
        "start": f"{TODAY}T21:25:00+00:00",
        "end": f"{TODAY}T22:25:00+00:00",
        "kind": "run",
        "strain": strain,
        "duration_min": 60,
    }


async def test_a_hard_workout_is_followed_by_calm(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Once, though the day's target is reached with it; the next day again."""
    await cool(home, loaded)
    await tell(home, loaded, HappeningKind.WORKOUT_ENDED, ago_min=5, **workout(14.26))
    [call] = acted
    assert call.data["message"] == "Ada: a workout with a strain of 14.3 has ended."
    reached: dict[str, Any] = {"day": TODAY, "strain": 15.04, "target": 15.0}
    await tell(home, loaded, HappeningKind.STRAIN_TARGET_REACHED, **reached)
    assert len(acted) == 1
    freezer.tick(timedelta(hours=20))
    await tell(home, loaded, HappeningKind.STRAIN_TARGET_REACHED, **reached)
    assert len(acted) == 2
    assert (
        acted[1].data["message"] == "Ada: the strain of the day is 15.0 and has reached its target."
    )


async def test_an_easy_or_unknown_workout_is_not(
    home: HomeAssistant, loaded: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """Nor one of long ago, nor a target that is not wanted."""
    await cool(home, loaded, on_target=False)
    await tell(home, loaded, HappeningKind.WORKOUT_ENDED, **workout(11.9))
    await tell(home, loaded, HappeningKind.WORKOUT_ENDED, **workout(None))
    await tell(home, loaded, HappeningKind.WORKOUT_ENDED, ago_min=95, **workout(18.0))
    await tell(
        home, loaded, HappeningKind.STRAIN_TARGET_REACHED, day=TODAY, strain=15.0, target=14.0
    )
    assert not acted


async def test_nobody_cools_down_while_it_is_held_back(
    home: HomeAssistant, loaded: MockConfigEntry, acted: list[ServiceCall]
) -> None:
    """By a switch of the user's."""
    home.states.async_set("input_boolean.race", "on")
    await cool(home, loaded, paused_by=["input_boolean.race"])
    await tell(home, loaded, HappeningKind.WORKOUT_ENDED, **workout(18.0))
    assert not acted
