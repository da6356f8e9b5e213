"""Triggers, in automations that run."""

from datetime import date
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import const
from custom_components.openstrap.happenings import Happening, HappeningKind
from custom_components.openstrap.trigger import DAY_MAX_AGE_MIN, MAX_AGE_MIN, TRIGGERS

from .automations import automate, check_descriptions, device_id, is_up, trigger_on

pytestmark = pytest.mark.full

DAY = date(2026, 1, 15)
PACKAGE = Path(const.__file__).parent
OF_KINDS = {
    "fell_asleep": (HappeningKind.FELL_ASLEEP, MAX_AGE_MIN),
    "woke_up": (HappeningKind.WOKE_UP, MAX_AGE_MIN),
    "nap_ended": (HappeningKind.NAP, MAX_AGE_MIN),
    "workout_started": (HappeningKind.WORKOUT_STARTED, MAX_AGE_MIN),
    "workout_ended": (HappeningKind.WORKOUT_ENDED, MAX_AGE_MIN),
    "recovery_ready": (HappeningKind.RECOVERY_READY, DAY_MAX_AGE_MIN),
    "strain_target_reached": (HappeningKind.STRAIN_TARGET_REACHED, DAY_MAX_AGE_MIN),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "recovery_below": {"percent": 34},
    "recovery_above": {"percent": 66},
    "recovery_band": {"band": "green"},
}


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, and live by UTC."""
    await hass.config.async_update(time_zone="UTC")
    freezer.move_to("2026-01-15T08:00:00Z")


def now() -> float:
    """Tell the time, epoch s."""
    return dt_util.utcnow().timestamp()


def tell(entry: MockConfigEntry, kind: HappeningKind, age_min: float = 0.0, **data: Any) -> None:
    """Let something happen to a wearer."""
    entry.runtime_data.happenings.async_tell(Happening(kind, now() - 60 * age_min, data=data))


async def test_home_assistant_knows_them(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Each has a description whose fields are its options."""
    assert await async_setup_component(home, "automation", {})
    found = await async_get_all_descriptions(home)
    await check_descriptions(home, found, TRIGGERS, OPTIONS)


def test_they_have_words_and_icons() -> None:
    """A name and a sentence for each and for each option, and none that is not there."""
    yaml = load_yaml_dict(str(PACKAGE / "triggers.yaml"))
    described = {key: one for key, one in yaml.items() if not key.startswith(".")}
    texts = json.loads((PACKAGE / "translations" / "en.json").read_text())["triggers"]
    icons = json.loads((PACKAGE / "icons.json").read_text())["triggers"]
    assert set(described) == set(texts) == set(icons) == set(TRIGGERS)
    assert len({text["name"] for text in texts.values()}) == len(texts)
    for name, text in texts.items():
        assert text["description"].endswith("."), name
        assert set(text.get("fields", {})) == set(described[name].get("fields", {})), name
        assert all(field["name"] for field in text.get("fields", {}).values()), name
        assert set(icons[name]) == {"trigger"}, name


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("fell_asleep", {"max_age": 0}),
        ("fell_asleep", {"max_age": 2161}),
        ("fell_asleep", {"other": 1}),
        ("recovery_below", {}),
        ("recovery_below", {"percent": 101}),
        ("recovery_band", {"band": "blue"}),
        ("data_stale", {"hours": 0.5}),
        ("battery_low_before_bed", {"before": "soon"}),
    ],
)
async def test_mistakes_are_refused(
    home: HomeAssistant, loaded: MockConfigEntry, name: str, options: dict[str, Any]
) -> None:
    """The automation is there, and says that it does not work."""
    config = {"trigger": f"openstrap.{name}", "options": options}
    await automate(home, config | {"target": {"device_id": device_id(home, loaded)}})
    assert not is_up(home)


async def test_a_target_is_needed(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nobody can tell whose sleep is meant."""
    await automate(home, {"trigger": "openstrap.fell_asleep"})
    assert not is_up(home)


@pytest.mark.parametrize("name", sorted(OF_KINDS))
async def test_what_happens_triggers(
    home: HomeAssistant, loaded: MockConfigEntry, name: str
) -> None:
    """With its data; other kinds do not, nor what is older than it may be."""
    kind, max_age = OF_KINDS[name]
    runs = await trigger_on(home, loaded, name)
    tell(loaded, kind, age_min=10, day="2026-01-15")
    [run] = await runs.told()
    assert run["platform"] == f"openstrap.{name}"
    assert run["wearer"] == "Ada"
    assert run["device_id"] == device_id(home, loaded)
    assert run["happened_at"] == "2026-01-15T07:50:00+00:00"
    assert run["late"] is False
    assert run["day"] == "2026-01-15"
    tell(loaded, kind, age_min=max_age)
    assert len(await runs.told()) == 1
    tell(loaded, kind, age_min=max_age + 1)
    for other in HappeningKind:
        if other is not kind:
            tell(loaded, other, day="2026-01-15", recovery=50, band="yellow")
    assert await runs.told() == []


async def test_how_late_it_may_be_is_an_option(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Lights are not switched off at noon because somebody fell asleep at night."""
    runs = await trigger_on(home, loaded, "fell_asleep", max_age=5)
    tell(loaded, HappeningKind.FELL_ASLEEP, age_min=6)
    assert await runs.told() == []
    tell(loaded, HappeningKind.FELL_ASLEEP, age_min=5)
    assert len(await runs.told()) == 1


@pytest.mark.parametrize("by", ["device", "entity", "area", "entity_area", "label", "entity_label"])
async def test_whoever_is_meant(
    home: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: Any, by: str
) -> None:
    """By anything that is theirs; another wearer's sleep is another's."""
    other = MockConfigEntry(
        domain="openstrap",
        title="Ben",
        unique_id="fedcba9876543210",
        data={"kind": "phone", "users": [hass_admin_user.id], "devices": []},
        options={},
    )
    other.add_to_hass(home)
    assert await home.config_entries.async_setup(other.entry_id)
    device, entity = device_id(home, loaded), "sensor.ada_recovery"
    area = ar.async_get(home).async_create("Bedroom").id
    label = lr.async_get(home).async_create("Sleepers").label_id
    target: dict[str, Any] = {
        "device": {"device_id": device},
        "entity": {"entity_id": entity},
        "area": {"area_id": area},
        "entity_area": {"area_id": area},
        "label": {"label_id": label},
        "entity_label": {"label_id": label},
    }[by]
    runs = await automate(home, {"trigger": "openstrap.fell_asleep", "target": target})
    # Set afterwards: what a target means is looked up when it matters.
    if by == "area":
        dr.async_get(home).async_update_device(device, area_id=area)
    elif by == "entity_area":
        er.async_get(home).async_update_entity(entity, area_id=area)
    elif by == "label":
        dr.async_get(home).async_update_device(device, labels={label})
    elif by == "entity_label":
        er.async_get(home).async_update_entity(entity, labels={label})
    await home.async_block_till_done()
    tell(other, HappeningKind.FELL_ASLEEP)
    assert await runs.told() == []
    tell(loaded, HappeningKind.FELL_ASLEEP)
    [run] = await runs.told()
    assert run["wearer"] == "Ada"


async def test_it_outlives_a_reload_of_the_wearer(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """And ends with the automation."""
    runs = await trigger_on(home, loaded, "woke_up")
    await home.config_entries.async_reload(loaded.entry_id)
    await home.async_block_till_done()
    tell(loaded, HappeningKind.WOKE_UP)
    assert len(await runs.told()) == 1
    await home.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.test"}, blocking=True
    )
    tell(loaded, HappeningKind.WOKE_UP)
    assert await runs.told() == []
