"""What is so of a band: charging, worn, connected."""

from dataclasses import replace

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap.live_view import NOT_LIVE, LiveStage, LiveView
from custom_components.openstrap.strap import FaultKind
from custom_components.openstrap.strap_view import LinkPhase

from .fake_link import IN_REACH, FakeLink


def shown(home: HomeAssistant) -> list[str]:
    """Give the states of charging, worn and connected."""
    names = ("charging", "worn", "connected")
    return [home.states.get(f"binary_sensor.ada_{name}").state for name in names]  # type: ignore[union-attr]


async def test_a_band_that_was_never_met(home: HomeAssistant, link: FakeLink) -> None:
    """Nothing is known of it, but that there is no link is."""
    assert shown(home) == ["unavailable", "unavailable", "off"]
    link.show(**IN_REACH)
    assert shown(home) == ["unknown", "unknown", "off"]


async def test_states_follow_the_band(home: HomeAssistant, link: FakeLink) -> None:
    """At once, and they stay between two connections while the band is heard."""
    link.show(connected=True, phase=LinkPhase.LISTENING, charging=False, worn=True)
    assert shown(home) == ["off", "on", "on"]
    link.show(worn=False, charging=True)
    assert shown(home) == ["on", "off", "on"]
    link.show(connected=False, phase=LinkPhase.WAITING)
    assert shown(home) == ["on", "off", "off"]
    link.show(phase=LinkPhase.AWAY)
    assert shown(home) == ["unavailable", "unavailable", "off"]


async def test_the_link_says_why_it_failed(home: HomeAssistant, link: FakeLink) -> None:
    """Until it works again."""
    link.show(**IN_REACH, fault=FaultKind.BOND_REFUSED)
    state = home.states.get("binary_sensor.ada_connected")
    assert state is not None
    assert state.attributes["fault"] == "bond_refused"
    link.show(fault=None)
    state = home.states.get("binary_sensor.ada_connected")
    assert state is not None
    assert state.attributes["fault"] is None


async def test_what_changes_elsewhere_writes_nothing(home: HomeAssistant, link: FakeLink) -> None:
    """A drain changes the snapshot all the time; these states hear of it only when they change."""
    link.show(**IN_REACH, worn=True)
    state = home.states.get("binary_sensor.ada_worn")
    assert state is not None
    reported = state.last_reported
    link.show(records_synced=900, backlog_pages=3)
    assert state.last_reported == reported


async def test_categories(
    home: HomeAssistant, link: FakeLink, entity_registry: er.EntityRegistry
) -> None:
    """Worn is about the wearer, the rest about the device."""
    for name, category in (
        ("worn", None),
        ("charging", EntityCategory.DIAGNOSTIC),
        ("connected", EntityCategory.DIAGNOSTIC),
    ):
        entry = entity_registry.async_get(f"binary_sensor.ada_{name}")
        assert entry is not None
        assert entry.entity_category is category
        assert entry.unique_id == f"{link.address}_{name}"


async def test_without_a_band_there_is_none_of_it(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Nothing that would never be available; what is of the wearer is there for all."""
    assert {state.entity_id for state in home.states.async_all("binary_sensor")} == {
        "binary_sensor.ada_asleep",
        "binary_sensor.ada_in_bed",
        "binary_sensor.ada_workout",
    }


async def test_the_present_of_a_wearer(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Each state with its own since; unknown with the reason, never unavailable."""
    coordinator = loaded.runtime_data
    coordinator.async_show_live(
        LiveView(
            at_ts=1768430000.0,
            asleep=True,
            asleep_since_ts=1768420000.0,
            in_bed=True,
            in_bed_since_ts=1768419000.0,
            stage=LiveStage.DEEP,
            confidence=0.8123,
        )
    )
    await home.async_block_till_done()
    found = {name: home.states.get(f"binary_sensor.ada_{name}") for name in ("asleep", "in_bed")}
    for name, since in (
        ("asleep", "2026-01-14T19:46:40+00:00"),
        ("in_bed", "2026-01-14T19:30:00+00:00"),
    ):
        state = found[name]
        assert state is not None
        assert state.state == "on"
        assert {key: state.attributes[key] for key in ("since", "confidence", "as_of", "note")} == {
            "since": since,
            "confidence": 0.81,
            "as_of": "2026-01-14T22:33:20+00:00",
            "note": None,
        }
    workout = home.states.get("binary_sensor.ada_workout")
    assert workout is not None
    assert (workout.state, workout.attributes["since"]) == ("off", None)
    coordinator.async_show_live(replace(NOT_LIVE, workout_since_ts=1768430000.0))
    await home.async_block_till_done()
    states = {one.entity_id: one for one in home.states.async_all("binary_sensor")}
    assert states["binary_sensor.ada_workout"].state == "on", "told by the wearer, without a record"
    assert states["binary_sensor.ada_asleep"].state == "unknown"
    assert states["binary_sensor.ada_asleep"].attributes["note"] == "no_recent_data"


async def test_listening_ends_with_the_entry(
    home: HomeAssistant, link: FakeLink, banded: MockConfigEntry
) -> None:
    """An entry that is unloaded leaves nobody behind at the link."""
    assert link.listeners
    assert link.event_listeners
    assert await home.config_entries.async_unload(banded.entry_id)
    assert not link.listeners
    assert not link.event_listeners
