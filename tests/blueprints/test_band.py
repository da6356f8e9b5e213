"""What the blueprints do with taps and vibrations."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.openstrap.strap import Buzz
from custom_components.openstrap.strap_view import LinkEvent

from ..fake_link import FakeLink
from .shelf import ACT, OTHERWISE, device_of, entity_of, pass_time, settle, show, use

pytestmark = pytest.mark.full


async def tap(home: HomeAssistant, entry: MockConfigEntry, **inputs: Any) -> None:
    """Use the blueprint for double taps."""
    await use(
        home, "double_tap", tap=entity_of(home, entry, "event", "tap"), actions=[ACT], **inputs
    )


async def test_a_double_tap_acts(
    home: HomeAssistant,
    banded: MockConfigEntry,
    link: FakeLink,
    acted: list[ServiceCall],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Once, though the wearer taps on; and again later."""
    await tap(home, banded)
    for _ in range(2):
        link.happen(LinkEvent.DOUBLE_TAP, dt_util.utcnow().timestamp() - 3)
        await settle()
    assert len(acted) == 1
    await pass_time(home, freezer, seconds=3)
    link.happen(LinkEvent.DOUBLE_TAP, dt_util.utcnow().timestamp())
    await settle()
    assert len(acted) == 2


async def test_a_tap_by_night_is_another(
    home: HomeAssistant, banded: MockConfigEntry, link: FakeLink, acted: list[ServiceCall]
) -> None:
    """When there is a night."""
    otherwise = async_mock_service(home, "test", "otherwise")
    night = {"night_from": "22:00:00", "night_until": "06:00:00", "night_actions": [OTHERWISE]}
    await tap(home, banded, **night)
    link.happen(LinkEvent.DOUBLE_TAP, dt_util.utcnow().timestamp())
    await settle()
    assert (len(acted), len(otherwise)) == (0, 1)


async def test_a_tap_of_long_ago_does_nothing(
    home: HomeAssistant, banded: MockConfigEntry, link: FakeLink, acted: list[ServiceCall]
) -> None:
    """The band was out of reach; nor does what is no tap, nor any while it is paused."""
    home.states.async_set("input_boolean.training", "off")
    await tap(home, banded, paused_by=["input_boolean.training"])
    now = dt_util.utcnow().timestamp()
    link.happen(LinkEvent.DOUBLE_TAP, now - 21)
    link.happen(LinkEvent.WRIST_OFF, now)
    await settle()
    home.states.async_set("input_boolean.training", "on")
    link.happen(LinkEvent.DOUBLE_TAP, now)
    await settle()
    assert not acted


@pytest.fixture
async def felt(home: HomeAssistant, banded: MockConfigEntry, link: FakeLink) -> list[Any]:
    """Use the buzz for doorbell and timer, and give what the band is told."""
    home.states.async_set("event.door", "unknown")
    home.states.async_set("binary_sensor.gate", "off")
    await use(
        home,
        "buzz_for_doorbell_or_timer",
        wearer=device_of(home, banded),
        doorbells=["event.door", "binary_sensor.gate"],
        timers=["timer.eggs"],
        paused_by=["input_boolean.quiet"],
    )
    await show(home, banded, False)
    return link.told


async def ring(
    home: HomeAssistant, freezer: FrozenDateTimeFactory, after_s: float = 60, kind: str = "ring"
) -> None:
    """Ring the doorbell some seconds from now."""
    freezer.tick(after_s)
    home.states.async_set("event.door", dt_util.utcnow().isoformat(), {"event_type": kind})
    await settle()


async def test_the_doorbell_is_felt(
    home: HomeAssistant, felt: list[Any], freezer: FrozenDateTimeFactory
) -> None:
    """Once, however often somebody rings, and each bell in its own way of telling."""
    await ring(home, freezer)
    assert felt == [("buzz", Buzz.LONG)]
    await ring(home, freezer, 5)
    assert len(felt) == 1
    home.states.async_set("binary_sensor.gate", "on")
    await settle()
    assert len(felt) == 2
    freezer.tick(60)
    home.states.async_set("binary_sensor.gate", "off")
    await settle()
    assert len(felt) == 2


async def test_a_timer_is_felt(
    home: HomeAssistant, felt: list[Any], freezer: FrozenDateTimeFactory
) -> None:
    """The real one, at its end, even just after the doorbell; another timer is not."""
    timers = {name: {"duration": 30} for name in ("eggs", "laundry")}
    assert await async_setup_component(home, "timer", {"timer": timers})
    for name in timers:
        await home.services.async_call(
            "timer", "start", {"entity_id": f"timer.{name}"}, blocking=True
        )
    await ring(home, freezer, 20)
    await pass_time(home, freezer, seconds=11)
    assert felt == [("buzz", Buzz.LONG), ("buzz", Buzz.DOUBLE)]


async def test_sleepers_and_broken_bells_are_left_alone(
    home: HomeAssistant, banded: MockConfigEntry, felt: list[Any], freezer: FrozenDateTimeFactory
) -> None:
    """A bell that comes back did not ring, nor is movement at the door a ring."""
    await ring(home, freezer, kind="motion")
    home.states.async_set("event.door", "unavailable")
    await ring(home, freezer)
    await show(home, banded, True)
    await ring(home, freezer)
    await show(home, banded, False)
    home.states.async_set("input_boolean.quiet", "on")
    await ring(home, freezer)
    assert not felt
