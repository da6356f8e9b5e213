"""What happens to a wearer, and on a band."""

from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.event import EVENTS, HAPPENINGS
from custom_components.openstrap.happenings import Happening, HappeningKind
from custom_components.openstrap.live_view import LiveView
from custom_components.openstrap.strap_view import LinkEvent, LinkPhase

from .fake_link import FakeLink

pytestmark = pytest.mark.full


def shown(home: HomeAssistant, name: str) -> State:
    """Give an event entity."""
    state = home.states.get(f"event.ada_{name}")
    assert state is not None
    return state


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (LinkEvent.DOUBLE_TAP, "tap"),
        (LinkEvent.WRIST_ON, "wrist"),
        (LinkEvent.WRIST_OFF, "wrist"),
        (LinkEvent.CHARGING_ON, "charger"),
        (LinkEvent.CHARGING_OFF, "charger"),
        (LinkEvent.CLOCK_LOST, "clock"),
        (LinkEvent.ALARM_FIRED, "alarm"),
    ],
)
async def test_an_event_has_the_bands_own_time(
    home: HomeAssistant, link: FakeLink, kind: LinkEvent, name: str
) -> None:
    """And is told by one entity only."""
    happened = dt_util.utcnow().replace(microsecond=0).timestamp() - 60
    link.happen(kind, happened)
    state = shown(home, name)
    assert dt_util.parse_datetime(state.state) is not None
    assert state.attributes["event_type"] == kind.value
    assert state.attributes["happened_at"] == dt_util.utc_from_timestamp(happened).isoformat()
    others = [one for one in home.states.async_all("event") if one.entity_id != state.entity_id]
    assert len(others) == len(EVENTS) + len(HAPPENINGS) - 1
    assert all(one.state == "unknown" for one in others)


def test_every_kind_has_an_entity() -> None:
    """And only one."""
    kinds = [kind for description in EVENTS for kind in description.event_types or ()]
    assert sorted(kinds) == sorted(LinkEvent)
    kinds = [kind for description in HAPPENINGS for kind in description.event_types or ()]
    assert sorted(kinds) == sorted(HappeningKind)


async def test_each_tap_is_an_event_of_its_own(home: HomeAssistant, link: FakeLink) -> None:
    """Also two within the same second."""
    now = dt_util.utcnow().timestamp()
    link.happen(LinkEvent.DOUBLE_TAP, now)
    first = shown(home, "tap").state
    link.happen(LinkEvent.DOUBLE_TAP, now)
    assert shown(home, "tap").state != first


async def test_a_link_that_comes_and_goes_is_no_event(home: HomeAssistant, link: FakeLink) -> None:
    """An automation on any change of the state would fire otherwise."""
    link.happen(LinkEvent.DOUBLE_TAP, dt_util.utcnow().timestamp())
    before = shown(home, "tap")
    link.show(connected=True, phase=LinkPhase.LISTENING)
    link.show(connected=False, phase=LinkPhase.AWAY)
    assert shown(home, "tap") is before


async def test_facts_of_an_event_are_attributes(home: HomeAssistant, link: FakeLink) -> None:
    """What the link says of it besides."""
    link.happen(LinkEvent.WRIST_OFF, 1_790_000_000.0, cause="ran_out")
    assert shown(home, "wrist").attributes["cause"] == "ran_out"
    assert shown(home, "wrist").attributes["happened_at"].startswith("2026-09-21T")


async def test_without_a_band_there_are_only_the_wearers_own(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Nothing that would never happen."""
    assert {one.entity_id for one in home.states.async_all("event")} == {
        "event.ada_sleep",
        "event.ada_training",
        "event.ada_recovery_ready",
        "event.ada_nudge",
        "event.ada_new_record",
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (HappeningKind.FELL_ASLEEP, "sleep"),
        (HappeningKind.WOKE_UP, "sleep"),
        (HappeningKind.NAP, "sleep"),
        (HappeningKind.WORKOUT_STARTED, "training"),
        (HappeningKind.WORKOUT_ENDED, "training"),
        (HappeningKind.STRAIN_TARGET_REACHED, "training"),
        (HappeningKind.RECOVERY_READY, "recovery_ready"),
        (HappeningKind.NUDGE, "nudge"),
        (HappeningKind.NEW_RECORD, "new_record"),
    ],
)
async def test_what_happens_to_a_wearer(
    home: HomeAssistant, loaded: MockConfigEntry, kind: HappeningKind, name: str
) -> None:
    """It is told by one entity only, with its own time, its data, and whether it is late."""
    happened = dt_util.utcnow().replace(microsecond=0).timestamp() - 7200
    data = {"day": "2026-01-15", "recovery": 61}
    loaded.runtime_data.happenings.async_tell(Happening(kind, happened, late=True, data=data))
    state = shown(home, name)
    assert dt_util.parse_datetime(state.state) is not None
    assert state.attributes["event_type"] == kind.value
    assert state.attributes["happened_at"] == dt_util.utc_from_timestamp(happened).isoformat()
    assert state.attributes["late"] is True
    assert data.items() <= state.attributes.items()
    others = [one for one in home.states.async_all("event") if one.entity_id != state.entity_id]
    assert len(others) == len(HAPPENINGS) - 1
    assert all(one.state == "unknown" for one in others)


async def test_what_is_published_is_no_event(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """An event stays as it is while results come and go."""
    wearer = loaded.runtime_data
    now = dt_util.utcnow().timestamp()
    wearer.happenings.async_tell(Happening(HappeningKind.WOKE_UP, now))
    before = shown(home, "sleep")
    wearer.async_show_live(LiveView(at_ts=now, asleep=False))
    await home.async_block_till_done()
    assert shown(home, "sleep") is before
