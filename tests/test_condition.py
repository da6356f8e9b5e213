"""Conditions, in automations that run."""

from datetime import date
import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition as helper
from homeassistant.helpers.condition import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.openstrap import const
from custom_components.openstrap.condition import CONDITIONS
from custom_components.openstrap.coordinator import OpenStrapCoordinator
from custom_components.openstrap.live_view import LiveView
from custom_components.openstrap.strap_view import LinkPhase

from .automations import Runs, automate, check_descriptions, device_id, is_up
from .fake_link import FakeLink
from .frames import inners, minute
from .made_days import night_of

pytestmark = pytest.mark.full

DAY = date(2026, 1, 15)
PACKAGE = Path(const.__file__).parent
OPTIONS: dict[str, dict[str, Any]] = {
    "recovery_is": {"band": "yellow"},
    "recovery_below": {"percent": 34},
    "recovery_above": {"percent": 66},
}


@pytest.fixture(autouse=True)
async def morning(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, and live by UTC."""
    await hass.config.async_update(time_zone="UTC")
    freezer.move_to("2026-01-15T08:00:00Z")


@pytest.fixture
async def other(home: HomeAssistant, loaded: MockConfigEntry) -> MockConfigEntry:
    """Give another wearer, set up."""
    entry = MockConfigEntry(
        domain="openstrap",
        title="Ben",
        unique_id="fedcba9876543210",
        data=dict(loaded.data),
        options={},
    )
    entry.add_to_hass(home)
    assert await home.config_entries.async_setup(entry.entry_id)
    await home.async_block_till_done()
    return entry


def on(home: HomeAssistant, name: str, *entries: MockConfigEntry, **options: Any) -> dict[str, Any]:
    """Write a condition on wearers."""
    return {
        "condition": f"openstrap.{name}",
        "target": {"device_id": [device_id(home, entry) for entry in entries]},
        "options": options,
    }


async def passes(home: HomeAssistant, runs: Runs) -> bool:
    """Tell whether the automation runs now."""
    home.bus.async_fire("go")
    return bool(await runs.told())


async def test_home_assistant_knows_them(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Each has a description whose fields are its options."""
    assert await async_setup_component(home, "automation", {})
    found = await async_get_all_descriptions(home)
    await check_descriptions(home, found, CONDITIONS, OPTIONS)


def test_they_have_words_and_icons() -> None:
    """A name and a sentence for each and for each option, and none that is not there."""
    yaml = load_yaml_dict(str(PACKAGE / "conditions.yaml"))
    described = {key: one for key, one in yaml.items() if not key.startswith(".")}
    texts = json.loads((PACKAGE / "translations" / "en.json").read_text())["conditions"]
    icons = json.loads((PACKAGE / "icons.json").read_text())["conditions"]
    assert set(described) == set(texts) == set(icons) == set(CONDITIONS)
    assert len({text["name"] for text in texts.values()}) == len(texts)
    for name, text in texts.items():
        assert text["description"].endswith("."), name
        assert set(text["fields"]) == set(described[name]["fields"]), name
        assert all(field["name"] for field in text["fields"].values()), name
        assert set(icons[name]) == {"condition"}, name


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("is_asleep", {"behavior": "first"}),
        ("is_asleep", {"other": 1}),
        ("recovery_is", {}),
        ("recovery_below", {"percent": -1}),
        ("data_is_stale", {"hours": 0}),
    ],
)
async def test_mistakes_are_refused(
    home: HomeAssistant, loaded: MockConfigEntry, name: str, options: dict[str, Any]
) -> None:
    """The automation is there, and says that it does not work."""
    await automate(home, condition=on(home, name, loaded, **options))
    assert not is_up(home)


@pytest.mark.parametrize(
    ("name", "so", "not_so"),
    [
        ("is_asleep", {"asleep": True}, {"asleep": False}),
        ("is_in_bed", {"in_bed": True}, {"in_bed": False}),
        ("workout_going_on", {"workout_since_ts": 1768464000.0}, {"workout_since_ts": None}),
    ],
)
async def test_the_present(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    name: str,
    so: dict[str, Any],
    not_so: dict[str, Any],
) -> None:
    """What is not known is not so."""
    runs = await automate(home, condition=on(home, name, loaded))
    assert is_up(home)
    assert not await passes(home, runs)
    loaded.runtime_data.async_show_live(LiveView(**so))
    assert await passes(home, runs)
    loaded.runtime_data.async_show_live(LiveView(**not_so))
    assert not await passes(home, runs)


async def test_any_of_them(
    home: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Somebody is asleep, whatever is known of the others."""
    runs = await automate(home, condition=on(home, "is_asleep", loaded, other, behavior="any"))
    assert not await passes(home, runs)
    loaded.runtime_data.async_show_live(LiveView(asleep=True))
    assert await passes(home, runs)
    await home.config_entries.async_unload(other.entry_id)
    assert await passes(home, runs)


async def test_all_of_them(
    home: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Nobody may be awake, unknown, or away with their file closed."""
    runs = await automate(home, condition=on(home, "is_asleep", loaded, other, behavior="all"))
    loaded.runtime_data.async_show_live(LiveView(asleep=True))
    assert not await passes(home, runs), "nothing is known of the other"
    other.runtime_data.async_show_live(LiveView(asleep=False))
    assert not await passes(home, runs)
    other.runtime_data.async_show_live(LiveView(asleep=True))
    assert await passes(home, runs)
    await home.config_entries.async_unload(other.entry_id)
    assert not await passes(home, runs)
    await home.config_entries.async_unload(loaded.entry_id)
    assert not await passes(home, runs)


async def test_a_target_that_means_nobody(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """All of nobody is not so."""
    condition = on(home, "is_asleep", loaded, behavior="all")
    condition["target"] = {"entity_id": "sensor.somebody_else"}
    runs = await automate(home, condition=condition)
    assert not await passes(home, runs)


async def test_worn(home: HomeAssistant, banded: MockConfigEntry, link: FakeLink) -> None:
    """Not known of a band out of reach."""
    runs = await automate(home, condition=on(home, "is_worn", banded))
    assert not await passes(home, runs)
    link.show(worn=True)
    assert not await passes(home, runs)
    link.show(phase=LinkPhase.WAITING)
    assert await passes(home, runs)
    link.show(worn=False)
    assert not await passes(home, runs)


async def test_without_a_band_nothing_is_worn(home: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nobody knows."""
    runs = await automate(home, condition=on(home, "is_worn", loaded))
    assert not await passes(home, runs)


async def show(entry: MockConfigEntry, recovery: float | None) -> None:
    """Let today's recovery be worked out; None for a night that gives none."""
    row = night_of(DAY, {} if recovery is None else {"recovery": recovery})
    coordinator: OpenStrapCoordinator = entry.runtime_data
    await coordinator.worker.async_run(lambda store: store.save_day(row))
    await coordinator.async_load()


@pytest.mark.parametrize(
    ("name", "so", "not_so"),
    [
        ("recovery_is", (33.5, 66.4), (33.4, 66.5)),
        ("recovery_below", (0.0, 33.4), (33.5, 100.0)),
        ("recovery_above", (66.5, 100.0), (66.4, 0.0)),
    ],
)
async def test_recovery(
    home: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    *,
    name: str,
    so: tuple[float, ...],
    not_so: tuple[float, ...],
) -> None:
    """Of whole points, as they are shown; that of yesterday says nothing of today."""
    runs = await automate(home, condition=on(home, name, loaded, **OPTIONS[name]))
    assert not await passes(home, runs)
    await show(loaded, None)
    assert not await passes(home, runs)
    for recovery in so:
        await show(loaded, recovery)
        assert await passes(home, runs), recovery
    for recovery in not_so:
        await show(loaded, recovery)
        assert not await passes(home, runs), recovery
    await show(loaded, so[0])
    freezer.move_to("2026-01-16T00:00:01Z")
    assert not await passes(home, runs)


async def test_stale_data(
    home: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """By the newest record; where there is none, nothing is out of date."""
    runs = await automate(home, condition=on(home, "data_is_stale", loaded, hours=3))
    assert not await passes(home, runs)
    await loaded.runtime_data.async_ingest(inners(minute(int(dt_util.utcnow().timestamp()) - 60)))
    freezer.move_to("2026-01-15T10:59:00Z")
    assert not await passes(home, runs)
    freezer.move_to("2026-01-15T11:00:00Z")
    assert await passes(home, runs)


async def test_whoever_waits_for_a_change_is_called(
    home: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """With every change of a wearer, until they stop."""
    assert await async_setup_component(home, "automation", {})
    config = await helper.async_validate_condition_config(home, on(home, "is_asleep", loaded))
    checker = await helper.async_from_config(home, config)
    assert checker.needs_polling, "targets, loading and the clock change things as well"
    action = Mock()
    stop = await checker.async_track_changes(action)
    loaded.runtime_data.async_show_live(LiveView(asleep=True))
    assert action.call_count == 1
    assert checker.async_check()
    stop()
    loaded.runtime_data.async_show_live(LiveView(asleep=False))
    assert action.call_count == 1
    checker.async_unload()
