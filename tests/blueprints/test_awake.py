"""What the wake-up light does."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.openstrap.happenings import HappeningKind
from custom_components.openstrap.strap_view import AlarmView

from ..fake_link import FakeLink
from .shelf import ACT, LIGHT, device_of, entity_of, pass_time, show, tell, use

pytestmark = pytest.mark.full


@pytest.fixture
async def risen(home: HomeAssistant, banded: MockConfigEntry, link: FakeLink) -> list[ServiceCall]:
    """Use the wake-up light, and give its calls."""
    calls: list[ServiceCall] = async_mock_service(home, "light", "turn_on")
    await use(
        home,
        "wake_up_light",
        wearer=device_of(home, banded),
        lights=LIGHT,
        next_alarm=entity_of(home, banded, "sensor", "next_alarm"),
        asleep=entity_of(home, banded, "binary_sensor", "asleep"),
        extra_actions=[ACT],
        paused_by=["input_boolean.holidays"],
    )
    return calls


async def test_the_light_rises_when_waking_lasts(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    banded: MockConfigEntry,
    risen: list[ServiceCall],
    acted: list[ServiceCall],
) -> None:
    """After five minutes, not at once."""
    await show(home, banded, False)
    await tell(home, banded, HappeningKind.WOKE_UP)
    await pass_time(home, morning, minutes=4)
    assert not risen
    await pass_time(home, morning, minutes=1, seconds=1)
    [call] = risen
    assert call.data["brightness_pct"] == 80
    assert call.data["transition"] == 60
    assert len(acted) == 1


async def test_a_trip_to_the_bathroom_is_no_morning(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    banded: MockConfigEntry,
    risen: list[ServiceCall],
    acted: list[ServiceCall],
) -> None:
    """Asleep again, too early, long ago, or holidays."""
    await tell(home, banded, HappeningKind.WOKE_UP)
    await show(home, banded, True)
    await pass_time(home, morning, minutes=6)
    await show(home, banded, False)
    await tell(home, banded, HappeningKind.WOKE_UP, ago_min=46)
    await pass_time(home, morning, minutes=6)
    morning.move_to("2026-01-16T04:10:00Z")
    await tell(home, banded, HappeningKind.WOKE_UP)
    await pass_time(home, morning, minutes=6)
    morning.move_to("2026-01-16T07:10:00Z")
    home.states.async_set("input_boolean.holidays", "on")
    await tell(home, banded, HappeningKind.WOKE_UP)
    await pass_time(home, morning, minutes=6)
    assert not risen
    assert not acted


@pytest.mark.parametrize("asleep", [True, None])
async def test_the_light_rises_before_the_alarm(
    home: HomeAssistant,
    *,
    asleep: bool | None,
    morning: FrozenDateTimeFactory,
    banded: MockConfigEntry,
    link: FakeLink,
    risen: list[ServiceCall],
    acted: list[ServiceCall],
) -> None:
    """From next to nothing, until the alarm goes off; coffee waits for the wearer, of whom nothing need be known."""
    await show(home, banded, asleep)
    alarm = dt_util.utcnow().timestamp() + 30 * 60
    link.show(alarm=AlarmView(enabled=True, next_ts=alarm))
    await pass_time(home, morning, minutes=9)
    assert not risen
    await pass_time(home, morning, minutes=1)
    assert [call.data["brightness_pct"] for call in risen] == [1]
    await pass_time(home, morning, seconds=2)
    assert risen[1].data["brightness_pct"] == 80
    assert risen[1].data["transition"] == pytest.approx(20 * 60, abs=5)
    assert not acted


async def test_no_light_drops_to_rise_again(
    home: HomeAssistant,
    morning: FrozenDateTimeFactory,
    banded: MockConfigEntry,
    link: FakeLink,
    risen: list[ServiceCall],
) -> None:
    """Who is up before the alarm has light already; without an alarm there is nothing."""
    await pass_time(home, morning, minutes=1)
    await show(home, banded, False)
    link.show(alarm=AlarmView(enabled=True, next_ts=dt_util.utcnow().timestamp() + 5 * 60))
    await pass_time(home, morning, minutes=1)
    assert not risen
