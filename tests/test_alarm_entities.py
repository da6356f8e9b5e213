"""The alarm: a time, a switch, and when it goes off next."""

from datetime import time

from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.strap_view import AlarmView, LinkPhase

from .fake_link import FakeLink

TOMORROW = 1_800_000_000.0


def shown(home: HomeAssistant, entity: str) -> State:
    """Give an entity of the alarm."""
    state = home.states.get(entity)
    assert state is not None
    return state


async def set_time(home: HomeAssistant, value: str) -> None:
    """Set the time."""
    await home.services.async_call(
        "time", "set_value", {"entity_id": "time.ada_alarm_time", "time": value}, blocking=True
    )


async def turn(home: HomeAssistant, way: str) -> None:
    """Turn the switch."""
    await home.services.async_call(
        "switch", f"turn_{way}", {"entity_id": "switch.ada_alarm"}, blocking=True
    )


async def test_no_alarm_was_ever_set(home: HomeAssistant, link: FakeLink) -> None:
    """No time is invented; it is off."""
    assert shown(home, "time.ada_alarm_time").state == "unknown"
    assert shown(home, "switch.ada_alarm").state == "off"
    assert shown(home, "sensor.ada_next_alarm").state == "unknown"


async def test_time_and_switch_are_told_to_the_link(home: HomeAssistant, link: FakeLink) -> None:
    """Apart: a new time switches nothing on, and the switch changes no time."""
    await set_time(home, "06:45:00")
    await turn(home, "on")
    await turn(home, "off")
    assert link.told == [
        ("alarm", time(6, 45), None),
        ("alarm", None, True),
        ("alarm", None, False),
    ]
    assert shown(home, "time.ada_alarm_time").state == "06:45:00"
    assert shown(home, "switch.ada_alarm").state == "off"


async def test_the_alarm_is_shown_as_wanted_and_as_confirmed(
    home: HomeAssistant, link: FakeLink
) -> None:
    """An alarm that waits for the band is on, and says that the band does not know yet."""
    link.show(phase=LinkPhase.AWAY, alarm=AlarmView(time(7), enabled=True, next_ts=TOMORROW))
    assert shown(home, "switch.ada_alarm").state == "on"
    assert shown(home, "switch.ada_alarm").attributes["confirmed"] is False
    next_alarm = shown(home, "sensor.ada_next_alarm")
    assert dt_util.parse_datetime(next_alarm.state) == dt_util.utc_from_timestamp(TOMORROW)
    link.show(alarm=AlarmView(time(7), enabled=True, next_ts=TOMORROW, armed=True))
    assert shown(home, "switch.ada_alarm").attributes["confirmed"] is True
    assert shown(home, "time.ada_alarm_time").state == "07:00:00"


async def test_an_alarm_that_cannot_be_kept_is_an_error(
    home: HomeAssistant, link: FakeLink
) -> None:
    """And nothing is shown as set."""
    link.refusal = HomeAssistantError("no time")
    with pytest.raises(HomeAssistantError, match="no time"):
        await turn(home, "on")
    with pytest.raises(HomeAssistantError, match="no time"):
        await set_time(home, "06:45:00")
    assert shown(home, "switch.ada_alarm").state == "off"
    assert shown(home, "time.ada_alarm_time").state == "unknown"


async def test_without_a_band_there_is_none(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nothing that could wake."""
    assert not home.states.async_all(["time", "switch"])
